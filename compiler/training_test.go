package compiler_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// netList is what one program trains and draws: testdata/structure/structure.json.
type netList struct {
	Nets  []*trainedNet
	Inits []startedLayer
}

// trainedNet is a spec, how it is trained, and the signature that its model must have. The tensors that are given for
// it begin with Net, those that the program makes with Name.
type trainedNet struct {
	Name, Net, Spec    string
	Rows, Batch, Steps int
	Inputs, Targets    []argument
	Outputs, Frozen    []string

	State     []string // what training changes beside the parameters, by name
	Scheduled bool     // the learning rate depends on how many steps there are
	Averaged  bool     // averages of the parameters predict
	Deep      bool     // the first gradients have no closer bounds than what training leads to
	Unmoved   []string // parameters whose gradients are 0 but for what rounding leaves

	Accumulate, Updates int // the batches of a step, and the steps, where they are not those of batches

	ByHand bool // the learning rates that are given are set, step by step
}

// argument is an array of rows that a model takes: []float32, or []int32. A single one may have no name.
type argument struct {
	Name     string
	Integers bool
}

// startedLayer is a spec of one layer, linear 64->48, and what PyTorch draws its parameters from.
type startedLayer struct {
	Name, Spec   string
	Weight, Bias distribution
}

// distribution is uniform between −Uniform and Uniform, normal with the standard deviation Normal, or Fill alone.
type distribution struct{ Uniform, Normal, Fill float64 }

// readNets reads what a make.py has written: name.json, and the tensors in name.safetensors.
func readNets(t *testing.T, name string) (netList, *weights.File) {
	text, err := os.ReadFile(name + ".json")
	require.NoError(t, err)
	var listed netList
	require.NoError(t, json.Unmarshal(text, &listed))
	tensors, err := weights.Read(name + ".safetensors")
	require.NoError(t, err)
	return listed, tensors
}

// train compiles the specs into one program with testdata/training/main.go, runs it on a file of tensors, and returns
// those that it makes.
func (l netList) train(t *testing.T, tensors string) *weights.File {
	folder := t.TempDir()
	l.generate(t, folder)
	return built(t, folder, "testdata/training/main.go", tensors)
}

// built builds the program that a main file and the generated files in a folder make, runs it with those arguments and the
// name of a file of tensors, and returns what it has written there.
func built(t *testing.T, folder, main string, arguments ...string) *weights.File {
	source, err := os.ReadFile(main)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.go"), source, 0o666))
	program, out := buildIn(t, folder), filepath.Join(folder, "made.safetensors")
	message, err := exec.Command(program, append(arguments, out)...).CombinedOutput()
	require.NoError(t, err, "%s", message)
	made, err := weights.Read(out)
	require.NoError(t, err)
	return made
}

// buildIn builds the program whose files are in a folder, and returns its path.
func buildIn(t *testing.T, folder string) string {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	mod := fmt.Appendf(nil, "module training\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => %q\n", root)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "go.mod"), mod, 0o666))

	// With -trimpath a build does not depend on the folder's name, so that it is found in the cache next time.
	build := exec.Command("go", "build", "-trimpath", "-o", "training.exe", ".")
	build.Dir = folder
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
	message, err := build.CombinedOutput()
	require.NoError(t, err, "%s", message)
	return filepath.Join(folder, "training.exe")
}

// generate writes the models of a list to a folder, and models.go with an entry for each.
func (l netList) generate(t *testing.T, folder string) {
	write := func(name string, text []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o666))
	}
	compile := func(name, spec string) {
		out, list, err := compiler.Compile(name+".nn", []byte(spec), compiler.Options{Package: "main", Model: name, Verify: true})
		require.NoError(t, err)
		require.NoError(t, list.Err(), name)
		require.Empty(t, list, name)
		write(name+"_nn.go", out.Code)
	}
	var entries strings.Builder
	entries.WriteString("package main\n\n")
	if len(l.Inits) > 0 {
		entries.WriteString("import \"github.com/nnc-lang/nnc/runtime/nnrt\"\n\n")
	}
	entries.WriteString("func init() {\n")
	for _, n := range l.Nets {
		compile(n.Name, n.Spec)
		entries.WriteString(n.entry())
	}
	for _, s := range l.Inits {
		compile(s.Name, s.Spec)
		fmt.Fprintf(&entries, "inits[%q] = func() []nnrt.Param { return New%s().Params() }\n", s.Name, s.Name)
	}
	entries.WriteString("}\n")
	write("models.go", []byte(entries.String()))
}

// entry returns the statement that adds the net to the program's nets. It calls the model as its inputs, targets
// and outputs say, so that another signature does not build.
func (n *trainedNet) entry() string {
	var in, targets, out, returned []string
	for _, a := range n.Inputs {
		in = append(in, a.from("x"))
	}
	for _, a := range n.Targets {
		targets = append(targets, a.from("target"))
	}
	for i := range n.Outputs {
		out = append(out, fmt.Sprintf("out[%d]", i))
		returned = append(returned, fmt.Sprintf("y%d", i))
	}
	call := func(method string, arguments ...[]string) string {
		var all []string
		for _, a := range arguments {
			all = append(all, a...)
		}
		return "m." + method + "(" + strings.Join(all, ", ") + ")"
	}
	results := strings.Join(returned, ", ")
	var prepared, more string
	if n.Scheduled {
		prepared = n.told()
		more = "steps: m.Steps,\n"
	}
	if n.ByHand {
		more = "steps: m.Steps,\nsetLR: m.SetLR,\n"
	}
	if n.Accumulate > 0 {
		more += "flush: m.Flush,\n"
		if !n.Scheduled && !n.ByHand {
			more += "steps: m.Steps,\n"
		}
	}
	if n.Averaged {
		more += "averaged: true,\n"
	}
	return strings.NewReplacer(
		"NAME", n.Name,
		"TRAIN", call("Train", in, targets),
		"LOSS", call("Loss", targets),
		"FORWARD", results+", err := "+call("Forward", in)+"; return [][]float32{"+results+"}, err",
		"PREDICT", call("Predict", in, out),
		"PREPARE", prepared,
		"MORE", more,
	).Replace(fmt.Sprintf(`nets = append(nets, &net{name: "NAME", of: %q, rows: %d, batch: %d, steps: %d, outputs: %#v, frozen: %#v, state: %#v,
	model: func() model {
		m := NewNAME()
		PREPARE
		return model{
			params:   m.Params(),
			train:    func(r rows) (float32, error) { return TRAIN },
			forward:  func(r rows) ([][]float32, error) { FORWARD },
			loss:     func(r rows) (float32, error) { return LOSS },
			backward: m.Backward,
			step:     m.Step,
			predict:  func(r rows, out [][]float32) error { return PREDICT },
			save:     m.SaveTo,
			MORE
		}
	}})
`, n.Net, n.Rows, n.Batch, n.Steps, n.Outputs, n.Frozen, n.State))
}

// told returns the statement that tells the model's schedule what it needs to know.
func (n *trainedNet) told() string {
	switch schedule := scheduleLine.FindString(n.Spec); {
	case strings.Contains(schedule, "constant"), strings.Contains(schedule, "every=steps"):
		return ""
	case strings.Contains(schedule, "step"), strings.Contains(schedule, "exponential"):
		return fmt.Sprintf("m.SetEpochSteps(%d)\n", n.epoch())
	}
	return fmt.Sprintf("m.SetTotalSteps(%d)\n", n.updates())
}

// epoch is the number of steps of an epoch.
func (n *trainedNet) epoch() int {
	batches, each := (n.Rows+n.Batch-1)/n.Batch, max(n.Accumulate, 1)
	return (batches + each - 1) / each
}

// updates is the number of steps.
func (n *trainedNet) updates() int {
	if n.Accumulate > 0 {
		return n.Updates
	}
	return n.Steps
}

// from returns the expression for the array's rows.
func (a argument) from(role string) string {
	if a.Integers {
		return fmt.Sprintf("r.ints(%q)", path.Join(role, a.Name))
	}
	return fmt.Sprintf("r.floats(%q)", path.Join(role, a.Name))
}
