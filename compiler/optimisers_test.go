package compiler_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// TestOptimisers lets every optimiser take 1,001 steps along the gradients that PyTorch's took, and compares the parameters
// on the way and the optimiser's memory at the end; make.py in testdata/optimisers says with what.
func TestOptimisers(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	const files = "testdata/optimisers/optimisers"
	text, err := os.ReadFile(files + ".json")
	require.NoError(t, err)
	var listed struct {
		Steps []int
		Runs  []struct{ Name, Spec string }
	}
	require.NoError(t, json.Unmarshal(text, &listed))
	want, err := weights.Read(files + ".safetensors")
	require.NoError(t, err)

	folder := t.TempDir()
	var entries strings.Builder
	fmt.Fprintf(&entries, "package main\n\nfunc init() {\nkept = %#v\n", listed.Steps)
	words := map[string]bool{}
	for _, r := range listed.Runs {
		out, list, err := compiler.Compile(r.Name+".nn", []byte(r.Spec), compiler.Options{Package: "main", Model: r.Name, Verify: true})
		require.NoError(t, err)
		require.Empty(t, list, r.Name)
		require.NoError(t, os.WriteFile(filepath.Join(folder, r.Name+"_nn.go"), out.Code, 0o666))
		entries.WriteString(strings.ReplaceAll(`runs["NAME"] = func() model {
	m := NewNAME()
	return model{params: m.Params(), state: m.State, loss: m.Loss, backward: m.Backward, step: m.Step,
		train: func(x [][]float32, target []float32) (float32, error) { return m.Train(x[0], x[1], x[2], x[3], x[4], target) },
		forward: func(x [][]float32) error { _, err := m.Forward(x[0], x[1], x[2], x[3], x[4]); return err },
	}
}
`, "NAME", r.Name))
		lines := strings.Split(strings.TrimSpace(r.Spec), "\n")
		words[strings.Fields(lines[len(lines)-1])[0]] = true
	}
	entries.WriteString("}\n")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "models.go"), []byte(entries.String()), 0o666))
	for _, w := range compiler.Words() {
		if w.Kind == "optimiser" {
			assert.True(t, words[w.Name], "no run has %s", w.Name)
		}
	}
	got := built(t, folder, "testdata/optimisers/main.go")

	worst := deviations{"parameter": {}, "slot": {}}
	for _, b := range want.Tensors {
		a, ok := got.Tensor(b.Name)
		if !assert.True(t, ok, "the model gives no %s", b.Name) || !assert.Len(t, a.F32, len(b.F32), b.Name) {
			continue
		}
		norm, most := distance(a.F32, b.F32)
		kind := "parameter"
		if strings.Contains(b.Name, "/slots/") {
			kind = "slot"
		}
		worst[kind].add(norm, most, b.Name)
		if !(norm <= afterTraining.norm && most <= afterTraining.most) {
			t.Errorf("%s is not PyTorch's: norm %.2e, max %.2e", b.Name, norm, most)
		}
	}
	for _, a := range got.Tensors {
		_, ok := want.Tensor(a.Name)
		assert.True(t, ok || strings.Contains(a.Name, "/wc."), "PyTorch has no %s", a.Name)
	}
	for _, kind := range []string{"parameter", "slot"} {
		w := worst[kind]
		t.Logf("%-9s %4d tensors, the worst: norm %.1e (%s), max %.1e (%s)", kind, w.tensors, w.norm, w.normAt, w.most, w.mostAt)
	}
}

// TestOptimisersTrain trains a net with every optimiser as PyTorch did, and compares the way and the end; train.py in
// testdata/optimisers says with what.
func TestOptimisersTrain(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	const files = "testdata/optimisers/training"
	listed, want := readNets(t, files)
	got := listed.train(t, files+".safetensors")
	worst := deviations{}
	for _, n := range listed.Nets {
		t.Run(n.Name, func(t *testing.T) {
			compareWithPyTorch(t, n, got, want, worst)
			compareForms(t, n, got)
			n.compareFrozen(t, got, want)
		})
	}
	worst.log(t, "state")
}
