package compiler_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

const structureFolder = "testdata/structure"

// structureList is testdata/structure/structure.json.
type structureList struct {
	Nets  []structureNet
	Inits []structureInit
}

// structureNet is a net that PyTorch has trained, and the signature that its model must have.
type structureNet struct {
	parityRun
	Inputs, Targets []structureArray
	Outputs, Frozen []string
}

// structureArray is an argument of a model: []float32, or []int32.
type structureArray struct {
	Name     string
	Integers bool
}

// structureInit is a spec of one layer, linear 64->48, and what PyTorch draws its parameters from.
type structureInit struct {
	Name, Spec   string
	Weight, Bias distribution
}

// distribution is uniform between −Uniform and Uniform, normal with the standard deviation Normal, or Fill alone.
type distribution struct{ Uniform, Normal, Fill float64 }

// TestStructure trains nets of several inputs, outputs and losses as PyTorch did, and compares the way and the end;
// make.py in testdata/structure says with what. Train, the four calls, and a mixture of both must agree to the bit,
// and a frozen parameter must be what it was. What an `init` draws must look like what torch.nn.init draws.
func TestStructure(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(structureFolder, "structure.json"))
	require.NoError(t, err)
	var listed structureList
	require.NoError(t, json.Unmarshal(text, &listed))
	want, err := weights.Read(filepath.Join(structureFolder, "structure.safetensors"))
	require.NoError(t, err)
	folder := t.TempDir()
	listed.generate(t, folder)
	got, err := weights.Read(runProgram(t, folder, filepath.Join(structureFolder, "program", "main.go"), structureFolder))
	require.NoError(t, err)

	worst := map[string]*figures{}
	for _, n := range listed.Nets {
		t.Run(n.Name, func(t *testing.T) {
			compareWithPyTorch(t, n.parityRun, got, want, worst)
			compareForms(t, n.parityRun, got)
			n.compareFrozen(t, got, want)
		})
	}
	for _, kind := range []string{"start", "output", "grad", "losses", "trained", "predicted"} {
		if w := worst[kind]; assert.NotNil(t, w, "nothing of the kind %s was compared", kind) {
			t.Logf("%-9s %4d tensors, the worst: norm %.1e (%s), max %.1e (%s)", kind, w.tensors, w.norm, w.normAt, w.most, w.mostAt)
		}
	}
	for _, s := range listed.Inits {
		t.Run(s.Name, func(t *testing.T) {
			for name, d := range map[string]distribution{"weight": s.Weight, "bias": s.Bias} {
				drawn, ok := got.Tensor(s.Name + "/drawn/linear1." + name)
				require.True(t, ok, name)
				d.describes(t, name, drawn.F32)
			}
		})
	}
}

// compareFrozen asks that what is frozen, and nothing else, ends as it started.
func (n structureNet) compareFrozen(t *testing.T, got, want *weights.File) {
	var kept []string
	for _, b := range want.Tensors {
		name, ok := strings.CutPrefix(b.Name, n.Name+"/init/")
		if !ok {
			continue
		}
		a, ok := got.Tensor(n.Name + "/trained/" + name)
		require.True(t, ok, name)
		same := true
		for i := range b.F32 {
			same = same && math.Float32bits(a.F32[i]) == math.Float32bits(b.F32[i])
		}
		if same {
			kept = append(kept, name)
		}
	}
	assert.ElementsMatch(t, n.Frozen, kept, "frozen, and not changed by training")
}

// describes asks whether drawn may come from the distribution. The standard deviation of a sample of n has itself
// one of σ·√((κ−1)/4n), the mean one of σ/√n; κ is the fourth moment in units of σ⁴. Four of them are allowed.
func (d distribution) describes(t *testing.T, name string, drawn []float32) {
	n := float64(len(drawn))
	var mean, square, most float64
	for _, v := range drawn {
		mean += float64(v) / n
		square += float64(v) * float64(v) / n
		most = max(most, math.Abs(float64(v)))
	}
	std := math.Sqrt(square - mean*mean)
	sigma, moment := d.Normal, 3.0
	switch {
	case d.Uniform > 0:
		sigma, moment = d.Uniform/math.Sqrt(3), 1.8
		assert.LessOrEqual(t, most, float64(float32(d.Uniform)), "the largest of %s", name)
	case d.Normal > 0:
		assert.Greater(t, most, 2*sigma, "the largest of %s: a uniform distribution ends at √3σ", name)
	default:
		for i, v := range drawn {
			require.Equal(t, float32(d.Fill), v, "%s[%d]", name, i)
		}
		return
	}
	assert.InDelta(t, sigma, std, 4*sigma*math.Sqrt((moment-1)/(4*n)), "the standard deviation of %s", name)
	assert.InDelta(t, 0, mean, 4*sigma/math.Sqrt(n), "the mean of %s", name)
}

// generate writes the models of a list to a folder, and models.go with an entry for each.
func (l structureList) generate(t *testing.T, folder string) {
	write := func(name string, text []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o666))
	}
	compile := func(name, spec string) {
		out, list, err := compiler.Compile(name+".nn", []byte(spec), compiler.Options{Package: "main", Model: name, Verify: true})
		require.NoError(t, err)
		require.NoError(t, list.Err(), name)
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

// entry returns the statement that adds the net to the program's models. It calls the model as its inputs, targets
// and outputs say, so that another signature does not build.
func (n structureNet) entry() string {
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
	outputs := strings.Join(returned, ", ")
	return strings.NewReplacer(
		"NAME", n.Name,
		"TRAIN", call("Train", in, targets),
		"LOSS", call("Loss", targets),
		"FORWARD", outputs+", err := "+call("Forward", in)+"; return [][]float32{"+outputs+"}, err",
		"PREDICT", call("Predict", in, out),
	).Replace(`models["NAME"] = func() model {
	m := NewNAME()
	return model{
		params:   m.Params(),
		train:    func(r rows) (float32, error) { return TRAIN },
		forward:  func(r rows) ([][]float32, error) { FORWARD },
		loss:     func(r rows) (float32, error) { return LOSS },
		backward: m.Backward,
		step:     m.Step,
		predict:  func(r rows, out [][]float32) error { return PREDICT },
	}
}
`)
}

// from returns the expression for the array's rows.
func (a structureArray) from(role string) string {
	if a.Integers {
		return fmt.Sprintf("r.ints(%q)", role+"/"+a.Name)
	}
	return fmt.Sprintf("r.floats(%q)", role+"/"+a.Name)
}
