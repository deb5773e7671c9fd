package compiler_test

import (
	"fmt"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// names are what a user might call a layer or an input although Go, or the generated code, uses it already.
func names() []string {
	list := strings.Fields(`any append bool cap clear copy error false float32 int int32 len make max min new nil panic
		print range_ string true io kernel nnrt rng weights testing modeltest train data a err f i k m n out options p
		path r s w from_ rows step stage arena params slots streams pool predictor list slab total slices e scale lanes loss
		target forward judge backward update forward1 seed grads t x x_ x_2 Type X dX acts given now random losses counters v at
		rate g backwardUpdate config prelude schedule trace traceForward See`)
	for tok := token.BREAK; tok <= token.VAR; tok++ {
		list = append(list, tok.String())
	}
	return list
}

// TestGeneratedCodeIsValidGo vets what every golden spec and every awkward name becomes, in one module, and runs
// the tests that are written beside the golden specs that are no examples, and beside rounds that lie alike in memory in
// Train alone.
func TestGeneratedCodeIsValidGo(t *testing.T) {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	into := func(folder, name, spec string) {
		out, list, err := compiler.Compile(name+".nn", []byte(spec), compiler.Options{Package: "valid", Verify: true})
		require.NoError(t, err)
		require.NoError(t, list.Err())
		folder = filepath.Join(dir, folder)
		require.NoError(t, os.MkdirAll(folder, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+"_nn.go"), out.Code, 0o644))
		if out.Test != nil {
			require.NoError(t, os.WriteFile(filepath.Join(folder, name+"_nn_test.go"), out.Test, 0o644))
		}
	}
	write := func(name, spec string) { into(name, "model", spec) }
	// The same for the program behind nnc train, which has a method more.
	program := func(name, spec string) {
		out, list, err := compiler.Compile(name+".nn", []byte(spec), compiler.Options{Program: true})
		require.NoError(t, err)
		require.NoError(t, list.Err())
		folder := filepath.Join(dir, name+"_program")
		require.NoError(t, os.MkdirAll(folder, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "model_nn.go"), out.Code, 0o644))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "main.go"), out.Driver, 0o644))
	}
	tested := map[string]bool{} // specs of examples, whose tests are theirs
	tests, err := filepath.Glob("../examples/*/*_nn_test.go")
	require.NoError(t, err)
	for _, path := range tests {
		spec, err := os.ReadFile(strings.TrimSuffix(path, "_nn_test.go") + ".nn")
		require.NoError(t, err)
		tested[string(spec)] = true
	}
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	var golden []string
	for _, path := range files {
		archive, err := txtar.ParseFile(path)
		require.NoError(t, err)
		compiles := slices.ContainsFunc(archive.Files, func(f txtar.File) bool { return f.Name == "model_nn.go" })
		if spec := archive.Files[0]; compiles {
			name := strings.TrimSuffix(spec.Name, ".nn")
			write(name, string(spec.Data))
			program(name, string(spec.Data))
			// The gradients of bert-qa take minutes; TestEncoder compares those of a small one.
			if name != "bert-qa" && !tested[string(spec.Data)] {
				golden = append(golden, "./"+name)
			}
		}
	}
	for i, name := range names() {
		if name == "in" || name == "of" || name == "true" || name == "false" { // reserved by the language itself
			continue
		}
		// Small, so that every operation is written out, and large, so that none is.
		small := fmt.Sprintf("model A%d\ninput %s[2]\nlinear 3; tanh\n%s1_: linear 1\nloss mse; sgd 0.1", i, name, name)
		large := fmt.Sprintf("model B%d\ninput x_in[90]\n%s: linear 80; relu; dropout 0.1\nlinear 3\nloss cross_entropy; adam", i, name)
		folder := fmt.Sprintf("names%d", i/25) // several in a package: vet starts for each anew
		into(folder, fmt.Sprintf("input%d", i), small)
		into(folder, fmt.Sprintf("label%d", i), large)
		if len(name) < 2 || strings.HasPrefix(name, "trace") {
			program(fmt.Sprintf("input%d", i), small)
			program(fmt.Sprintf("label%d", i), large)
		}
	}
	var deep strings.Builder
	deep.WriteString("input x[7]\n")
	for range 150 {
		deep.WriteString("linear 7; tanh\n")
	}
	write("deep", deep.String()+"loss mse; adamw")
	program("deep", deep.String()+"loss mse; adamw")
	write("hundred", hundredLayers())
	program("hundred", hundredLayers())
	write("dropped", "input x[4]\nlinear 3; dropout 0.1\nloss mse; sgd 0.1")
	golden = append(golden, "./hundred", "./dropped")
	write("untrained", "input x[4]\nflatten; relu")
	program("untrained", "input x[4]\nflatten; relu")
	write("classes", "input k[2] of 7\nonehot")
	write("unlike", "input x[3]\nlinear 1\nrepeat 3 { linear 7; dropout 0.3; linear 1 bias=false }\nbatchnorm; linear 3\nloss mse; sgd 0.05 momentum=0.8\nbatch 6")
	write("seedless", "input x[6]\nseed_norm: layernorm")
	write("outs", "input x[4]\nlinear 8; t: relu\nfrom t; a: linear 2\nfrom t; aOut: linear 3\nloss mse a; loss mse aOut; sgd 0.1\nbatch 4")
	golden = append(golden, "./outs")
	write("zeros", "input x[7]\ninit zeros bias=0\nrepeat 3 { linear 7 }\nloss mse; adam")

	mod := "module valid\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => " + root + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644))
	for _, args := range [][]string{{"vet", "-mod=mod", "./..."}, append([]string{"test", "-short", "-mod=mod", "./unlike"}, golden...)} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off")
		text, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", text)
	}
}

// hundredLayers is a deep net, of layers that are written out and of calls, whose step needs all that a step can have.
func hundredLayers() string {
	var spec strings.Builder
	spec.WriteString("input x[12]\n")
	for i := range 50 {
		spec.WriteString("linear 6; tanh; linear 16; tanh\n")
		if i%10 == 9 {
			spec.WriteString("layer" + fmt.Sprint(i) + "x: linear 40; relu\n")
		}
	}
	spec.WriteString("linear 3\nloss cross_entropy\nadamw 0.001\nclip 1.0\nschedule cosine warmup=10\nbatch 16\n")
	return spec.String()
}

// compiled returns the Go source of a spec.
func compiled(t *testing.T, spec string) string {
	out, list, err := compiler.Compile("model.nn", []byte(spec), compiler.Options{Package: "model", Verify: true})
	require.NoError(t, err)
	require.NoError(t, list.Err())
	return string(out.Code)
}

// Names of the spec are those of the interface, whatever the code calls its own things.
func TestInterfaceKeepsTheNamesOfTheSpec(t *testing.T) {
	code := compiled(t, `
input n[3]
input m[4]
input a[2]
input err[2]
from n
concat m
concat a
concat err
linear 5; tanh
trunk: tanh
from trunk; p: linear 2
from trunk; x_1: linear 3
loss mse p
loss cross_entropy x_1
sgd 0.01`)
	for _, want := range []string{
		"Train(n, m, a, err, p []float32, x_1 []int32) (float32, error)",
		"Forward(n, m, a, err []float32) ([]float32, []float32, error)",
		"Loss(p []float32, x_1 []int32) (float32, error)",
		"Predict(n, m, a, err, p, x_1 []float32) error",
		"Evaluate(n, m, a, err, p []float32, x_1 []int32, pOut, x_1Out []float32, losses []nnrt.Mean) error",
	} {
		assert.Contains(t, code, want)
	}
}

// Products that are used twice stand in a variable, rounded: Go fuses a product with an addition of a later statement.
func TestSharedProductsAreRounded(t *testing.T) {
	code := compiled(t, "input x[2]\na: linear 2\nmul a; add a\nloss huber weight=0.5; loss mse weight=0.25; sgd 0.1")
	assert.Regexp(t, `\be(_\d+)? := float32\([^=\n]* \* `, code)
	assert.NotRegexp(t, `(?m)^\s*\w+ := [\w.\[\]]+ ?\* ?[\w.\[\]]+$`, code, "a bare product")
}

// What is to happen in a step is told by its formula, decay and all.
func TestFormulasOfUpdatesAreWhole(t *testing.T) {
	for optimiser, want := range map[string]string{
		"adamw 0.1 decay=0.02":               "linear1.weight −= shrink linear1.weight, then rate m",
		"adam 0.1 decay=0.03":                "moments of ∂linear1.weight + 0.03 linear1.weight",
		"sgd 0.1 momentum=0.9":               "v = 0.9 v + g, g = ∂linear1.weight;",
		"sgd 0.1 momentum=0.9 decay=1":       "g = ∂linear1.weight + 1 linear1.weight;",
		"sgd 0.1 momentum=0.9 dampening=0.5": "v = 0.9 v + (1 − 0.5) g",
	} {
		assert.Contains(t, compiled(t, "linear 10->1\nloss mse; "+optimiser), want, optimiser)
	}
}

// A schedule is told what it needs to know, and nothing else.
func TestSchedulesAreToldWhatTheyNeed(t *testing.T) {
	total, epoch, loss := "func (m *Model) SetTotalSteps(n uint64)", "func (m *Model) SetEpochSteps(n uint64)", "func (m *Model) EpochDone(loss float64)"
	for schedule, want := range map[string]string{
		"constant warmup=4": "", "linear": total, "cosine": total, "onecycle": total, "step 3": epoch, "step 3 every=steps": "",
		"multistep [1, 2]": epoch, "multistep [1, 2] every=steps": "", "exponential 0.9": epoch, "exponential 0.9 every=steps": "", "plateau": loss,
	} {
		code := compiled(t, "linear 10->1\nloss mse; sgd; schedule "+schedule)
		for _, method := range []string{total, epoch, loss} {
			assert.Equal(t, method == want, strings.Contains(code, method), "%s: %s", schedule, method)
		}
	}
}

// An element of ∂h2 and the gradient of h2 in a round are told apart.
func TestRoundsAndElementsHaveNamesOfTheirOwn(t *testing.T) {
	code := compiled(t, "input x[2]\nh2: linear 2\nrepeat 1 { linear 2; relu }\nloss mse; sgd 0.6")
	assert.Contains(t, code, "dH2_0")
	assert.Contains(t, code, "repeat1r0Linear1")
	assert.Contains(t, code, "rate:      0.6,", "in the digits of the spec")
}

// Rounds that are alike are elements of arrays, and one function for each phase.
func TestRoundsAreNotWrittenAgain(t *testing.T) {
	spec := "block Layer(w) { residual { linear 2*w; relu; dropout 0.1; linear w }; tanh }\ninput x[12]\nlinear 24\nrepeat %d { Layer 24 }\n" +
		"linear 3\nloss cross_entropy; adamw; clip 1; schedule linear"
	twenty, forty := compiled(t, fmt.Sprintf(spec, 20)), compiled(t, fmt.Sprintf(spec, 40))
	lines := func(code string) int { return strings.Count(code, "\n") }
	assert.Less(t, lines(twenty), 1500)
	// A round more is a row of each of five tables of offsets, and a row for each of six layers in the comment.
	assert.Equal(t, 20*(5+6), lines(forty)-lines(twenty))
	for _, name := range []string{"Forward", "Backward", "Update"} {
		assert.Equal(t, 1, strings.Count(twenty, "func (m *Model) layer1"+name+"("))
		assert.Equal(t, 1, strings.Count(twenty, "\tm.layer1"+name+"("), "in a loop")
	}
}
