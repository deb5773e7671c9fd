package compiler_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

const parityFolder = "testdata/parity"

// parityRun is an entry of testdata/parity/parity.json.
type parityRun struct {
	Name, Net, Spec    string
	Rows, Batch, Steps int
}

// bound is how far a tensor a may be from PyTorch's b: ‖a−b‖/‖b‖, and max|a−b| in units of b's root mean square.
type bound struct{ norm, most float64 }

var (
	// afterTraining is the criterion of parity. Single elements get no bound of their own: those near 0 are
	// sums of larger numbers, and PyTorch's own float32 misses its float64 there.
	afterTraining = bound{2e-5, 1e-3}
	// beforeTraining is for the first step, where no error has been fed back yet.
	beforeTraining = bound{1e-6, 1e-5}
	// lossBound is how far the loss of each step may be, relative to it.
	lossBound = 1e-5
)

// TestParity trains every spec of testdata/parity as PyTorch did, from the same start on the same rows in the
// same order, and compares the way and the end; make.py there says with what. Train, the four calls, and a
// mixture of both must moreover agree to the bit.
func TestParity(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(parityFolder, "parity.json"))
	require.NoError(t, err)
	var runs []parityRun
	require.NoError(t, json.Unmarshal(text, &runs))
	want, err := weights.Read(filepath.Join(parityFolder, "parity.safetensors"))
	require.NoError(t, err)
	got, err := weights.Read(trainAll(t, runs, parityFolder))
	require.NoError(t, err)

	worst := map[string]*figures{}
	for _, r := range runs {
		t.Run(r.Name, func(t *testing.T) {
			compareWithPyTorch(t, r, got, want, worst)
			compareForms(t, r, got)
		})
	}
	for _, kind := range []string{"start", "output", "grad", "losses", "trained", "predicted"} {
		if w := worst[kind]; assert.NotNil(t, w, "nothing of the kind %s was compared", kind) {
			t.Logf("%-9s %4d tensors, the worst: norm %.1e (%s), max %.1e (%s)", kind, w.tensors, w.norm, w.normAt, w.most, w.mostAt)
		}
	}
}

// figures are the largest deviations met among tensors of a kind, and where.
type figures struct {
	tensors        int
	norm, most     float64
	normAt, mostAt string
}

func (f *figures) add(norm, most float64, at string) {
	f.tensors++
	if norm > f.norm {
		f.norm, f.normAt = norm, at
	}
	if most > f.most {
		f.most, f.mostAt = most, at
	}
}

func compareWithPyTorch(t *testing.T, r parityRun, got, want *weights.File, worst map[string]*figures) {
	for _, b := range want.Tensors {
		owner, name, _ := strings.Cut(b.Name, "/")
		kind, _, _ := strings.Cut(name, "/")
		if owner != r.Net && owner != r.Name || kind == "x" || kind == "target" || kind == "init" {
			continue
		}
		a, ok := got.Tensor(r.Name + "/" + name)
		if !assert.True(t, ok, "the model gives no %s", name) || !assert.Len(t, a.F32, len(b.F32), name) {
			continue
		}
		norm, most := distance(a.F32, b.F32)
		limit := afterTraining
		switch kind {
		case "start", "output", "grad":
			limit = beforeTraining
		case "losses":
			norm, most = relative(a.F32, b.F32)
			limit = bound{lossBound, lossBound}
		}
		if worst[kind] == nil {
			worst[kind] = &figures{}
		}
		worst[kind].add(norm, most, r.Name+" "+name)
		if !(norm <= limit.norm && most <= limit.most) {
			t.Errorf("%s: %s is not PyTorch's: norm %.2e (at most %.0e), max %.2e (at most %.0e)",
				r.Name, name, norm, limit.norm, most, limit.most)
		}
	}
}

// compareForms compares the steps of Train with those of the four calls, and with a mixture of both.
func compareForms(t *testing.T, r parityRun, got *weights.File) {
	compared := 0
	for _, a := range got.Tensors {
		name, ok := strings.CutPrefix(a.Name, r.Name+"/")
		if !ok || !strings.HasPrefix(name, "trained/") && name != "losses" && !strings.HasPrefix(name, "predicted") {
			continue
		}
		for _, form := range []string{"calls", "mixed"} {
			b, ok := got.Tensor(r.Name + "/" + form + "/" + name)
			require.True(t, ok, name)
			compared++
			for i := range a.F32 {
				if math.Float32bits(a.F32[i]) != math.Float32bits(b.F32[i]) {
					t.Errorf("%s: %s[%d] is %v by Train, but %v by %s", r.Name, name, i, a.F32[i], b.F32[i], form)
					break
				}
			}
		}
	}
	require.NotZero(t, compared)
}

// distance returns ‖a−b‖/‖b‖ and max|a−b|/rms(b); where b is 0 throughout, 0 if a is so too.
func distance(a, b []float32) (norm, most float64) {
	var difference, length float64
	for i := range b {
		d := float64(a[i]) - float64(b[i])
		difference += d * d
		length += float64(b[i]) * float64(b[i])
		most = max(most, math.Abs(d))
	}
	if difference == 0 {
		return 0, 0
	}
	return math.Sqrt(difference / length), most / math.Sqrt(length/float64(len(b)))
}

// relative returns the root mean square and the maximum of |a−b|/|b|.
func relative(a, b []float32) (norm, most float64) {
	for i := range b {
		d := math.Abs(float64(a[i])-float64(b[i])) / math.Abs(float64(b[i]))
		norm += d * d / float64(len(b))
		most = max(most, d)
	}
	return math.Sqrt(norm), most
}

// trainAll compiles the specs into one program, runs it on the parity.json and parity.safetensors of a folder, and
// returns the file that it has written.
func trainAll(t *testing.T, runs []parityRun, given string) string {
	folder := t.TempDir()
	write := func(name string, text []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o666))
	}
	registry := bytes.NewBufferString("package main\n\nfunc init() {\n")
	for _, r := range runs {
		out, list, err := compiler.Compile(r.Name+".nn", []byte(r.Spec), compiler.Options{Package: "main", Model: r.Name, Verify: true})
		require.NoError(t, err)
		require.Empty(t, list, r.Name)
		write(r.Name+"_nn.go", out.Code)
		targets, element := "floats", "float32"
		if strings.Contains(r.Spec, "cross_entropy") {
			targets, element = "classes", "int32"
		}
		fmt.Fprintf(registry, "\tmodels[%q] = func(r *run) { %s(r, func() model[%s] { return New%s() }) }\n", r.Name, targets, element, r.Name)
	}
	registry.WriteString("}\n")
	write("models.go", registry.Bytes())
	return runProgram(t, folder, filepath.Join(parityFolder, "program", "main.go"), given)
}

// runProgram builds the Go files of a folder with the main.go at a path, runs the program on another folder, and
// returns the file of tensors that it has written.
func runProgram(t *testing.T, folder, program, given string) string {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	source, err := os.ReadFile(program)
	require.NoError(t, err)
	mod := fmt.Appendf(nil, "module parity\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => %q\n", root)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.go"), source, 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "go.mod"), mod, 0o666))

	// With -trimpath a build does not depend on the folder's name, so that it is found in the cache next time.
	build := exec.Command("go", "build", "-trimpath", "-o", "parity.exe", ".")
	build.Dir = folder
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
	message, err := build.CombinedOutput()
	require.NoError(t, err, "%s", message)
	data, err := filepath.Abs(given)
	require.NoError(t, err)
	file := filepath.Join(folder, "trained.safetensors")
	message, err = exec.Command(filepath.Join(folder, "parity.exe"), data, file).CombinedOutput()
	require.NoError(t, err, "%s", message)
	return file
}
