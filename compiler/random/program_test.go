package random

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// program is a folder of generated models with testdata/program/main.go, which trains them.
type program struct {
	folder string
	trials []*trial
}

// environment is what Go's commands run in: nothing but what this module requires is there.
func environment() []string {
	return append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
}

// write writes the program's files.
func (p *program) write() error {
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	main, err := os.ReadFile("testdata/program/main.go")
	if err != nil {
		return err
	}
	var list strings.Builder
	given := &weights.File{}
	list.WriteString("package main\n\nimport \"github.com/nnc-lang/nnc/runtime/nnrt\"\n\nfunc init() {\n")
	files := map[string][]byte{
		"main.go": main,
		"go.mod":  fmt.Appendf(nil, "module models\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => %q\n", root),
	}
	for _, t := range p.trials {
		files[strings.ToLower(t.name)+"_nn.go"] = t.code
		list.WriteString(t.entry())
		t.give(given)
	}
	files["entries.go"] = []byte(list.String() + "}\n")
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(p.folder, name), text, 0o666); err != nil {
			return err
		}
	}
	return weights.Write(filepath.Join(p.folder, "given.safetensors"), given)
}

// run builds and vets the program and returns what it has made.
func (p *program) run() (*weights.File, error) {
	if err := p.write(); err != nil {
		return nil, err
	}
	// With -trimpath a build does not depend on the folder's name, so that it is found in the cache next time.
	if err := p.command("go", "build", "-trimpath", "-o", "models.exe", "."); err != nil {
		return nil, err
	}
	if err := p.command("go", "vet", "."); err != nil {
		return nil, err
	}
	if err := p.command(filepath.Join(p.folder, "models.exe"), "given.safetensors", "made.safetensors"); err != nil {
		return nil, err
	}
	return weights.Read(filepath.Join(p.folder, "made.safetensors"))
}

// command runs a command in the folder.
func (p *program) command(name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Dir, c.Env = p.folder, environment()
	if message, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, message)
	}
	return nil
}

// give adds the start and the rows to what is given.
func (t *trial) give(given *weights.File) {
	add := func(name string, v *ir.Value, x ir.Tensor) {
		shape := v.Type.Shape
		if v.Type.Batch {
			shape = append([]int{x.Rows}, shape...)
		}
		tensor := weights.Tensor{Name: t.name + "/" + name, DType: weights.F32, Shape: shape}
		for _, n := range x.Data {
			if v.Type.Kind == ir.F32 {
				tensor.F32 = append(tensor.F32, float32(n))
			} else {
				tensor.DType, tensor.I64 = weights.I64, append(tensor.I64, int64(n))
			}
		}
		given.Tensors = append(given.Tensors, tensor)
	}
	for _, v := range t.forward.Params {
		add("init/"+v.Name, v, t.start[v])
	}
	all := t.joined()
	rows := 0
	for batch, data := range append(slices.Clone(t.data), all) {
		at := fmt.Sprint(batch)
		if batch == len(t.data) {
			at = "all"
		}
		for v, x := range data {
			add(at+"/"+column(v), v, x)
			if at == "all" {
				rows = x.Rows
			}
		}
	}
	numbers := func(name string, values ...int64) {
		given.Tensors = append(given.Tensors, weights.Tensor{Name: t.name + "/" + name, DType: weights.I64, Shape: []int{len(values)}, I64: values})
	}
	numbers("told", totalSteps, epochSteps)
	numbers("rows", int64(rows))
}

// column is the name of the rows of an input or a target.
func column(v *ir.Value) string {
	if v.Role == ir.Input {
		return "x/" + v.Name
	}
	return "target/" + v.Name
}

// entry returns the statement that adds the model to the program's. It calls the model as the graph says.
func (t *trial) entry() string {
	arrays := func(values []*ir.Value) (list []string) {
		for _, v := range values {
			kind := "floats"
			if v.Type.Kind == ir.I32 {
				kind = "ints"
			}
			list = append(list, fmt.Sprintf("r.%s(%q)", kind, column(v)))
		}
		return list
	}
	in, targets := arrays(t.forward.Inputs), arrays(t.forward.Targets)
	var out, returned, sizes []string
	for i, y := range t.forward.Outputs {
		out = append(out, fmt.Sprintf("out[%d]", i))
		returned = append(returned, fmt.Sprintf("y%d", i))
		sizes = append(sizes, fmt.Sprint(y.Type.Shape.Size()))
	}
	call := func(method string, arguments ...[]string) string {
		return "m." + method + "(" + strings.Join(slices.Concat(arguments...), ", ") + ")"
	}
	var flushed []string
	for batch := range t.sizes {
		if t.flushed(batch) {
			flushed = append(flushed, fmt.Sprint(batch))
		}
	}
	trace := "nil"
	if strings.Contains(string(t.code), ") trace() ") {
		trace = "m.trace"
	}
	continued := "nil"
	if strings.Contains(string(t.code), "func (m *"+t.name+") Generator() ") {
		continued = fmt.Sprintf("func() []generator { return []generator{m.Generator(), m.Predictor().Generator()} }, tokens: %q", column(t.forward.Inputs[0]))
	}
	results := strings.Join(returned, ", ")
	return fmt.Sprintf(`	entries = append(entries, entry{name: %q, batches: %d, flushed: []int{%s}, outputs: %#v, sizes: []int{%s}, losses: %d, make: func(options ...nnrt.Option) model {
		m := New%s(options...)
		return model{
			fixed:    m,
			train:    func(r rows) (float32, error) { return %s },
			loss:     func(r rows) (float32, error) { return %s },
			forward:  func(r rows) ([][]float32, error) { %s, err := %s; return [][]float32{%s}, err },
			predict:  func(r rows, out [][]float32) error { return %s },
			evaluate: func(r rows, out [][]float32, losses []nnrt.Mean) error { return %s },
			trace:    %s,
			continued: %s,
		}
	}})
`, t.name, len(t.sizes), strings.Join(flushed, ", "), t.forward.Ports, strings.Join(sizes, ", "), len(t.forward.Recipe.Losses), t.name,
		call("Train", in, targets), call("Loss", targets), results, call("Forward", in), results,
		call("Predict", in, out), call("Evaluate", in, targets, out, []string{"losses"}), trace, continued)
}
