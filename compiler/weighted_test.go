package compiler_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// weightedCase is a case of testdata/weighted, which make.py there describes.
type weightedCase struct {
	Name, Spec           string
	Integers             bool
	Losses               []float64
	Whole                float64
	GradWeight, GradBias []float64
}

// TestRowWeights compares losses that go by a weight for each row, their gradients, and the evaluation of several
// batches with PyTorch's in float64. Weights of 1 must leave every bit as it is without weights, and Train must do what
// the four calls do.
func TestRowWeights(t *testing.T) {
	text, err := os.ReadFile("testdata/weighted/weighted.json")
	require.NoError(t, err)
	var cases []weightedCase
	require.NoError(t, json.Unmarshal(text, &cases))
	folder := t.TempDir()
	write := func(name string, text []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o666))
	}
	entries := "package main\n\nimport \"github.com/nnc-lang/nnc/runtime/nnrt\"\n\nfunc init() {\n"
	for _, c := range cases {
		for _, weighs := range []bool{true, false} {
			model := c.Name + map[bool]string{true: "Weighted", false: "Plain"}[weighs]
			out, list, err := compiler.Compile(model+".nn", []byte(c.Spec), compiler.Options{Package: "main", Model: model, Verify: true, RowWeights: weighs})
			require.NoError(t, err)
			require.NoError(t, list.Err(), c.Name)
			write(model+"_nn.go", out.Code)
			entries += c.entry(model, weighs)
		}
	}
	source, err := os.ReadFile("testdata/weighted/main.go")
	require.NoError(t, err)
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	write("models.go", []byte(entries+"}\n"))
	write("main.go", source)
	write("go.mod", fmt.Appendf(nil, "module weighted\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => %q\n", root))
	cmd := exec.Command("go", "run", "-trimpath", ".")
	cmd.Dir, cmd.Stdin = folder, bytes.NewReader(text)
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", stderr.String())
	var results map[string]struct {
		Losses                 []float64
		Whole                  float64
		GradWeight, GradBias   []float64
		Trained, Plain, Called []float32
	}
	require.NoError(t, json.Unmarshal(out, &results))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			got := results[c.Name]
			require.Len(t, got.Losses, len(c.Losses))
			require.Len(t, got.GradWeight, len(c.GradWeight))
			require.Len(t, got.GradBias, len(c.GradBias))
			assert.InDeltaSlice(t, c.Losses, got.Losses, 2e-6)
			assert.InDelta(t, c.Whole, got.Whole, 2e-6)
			assert.InDeltaSlice(t, c.GradWeight, got.GradWeight, 2e-6)
			assert.InDeltaSlice(t, c.GradBias, got.GradBias, 2e-6)
			assert.Equal(t, got.Plain, got.Trained, "weights of 1 change nothing")
			half := len(got.Called) / 2
			assert.Equal(t, got.Called[:half], got.Called[half:], "Train is the four calls")
		})
	}
}

// entry returns the statement that adds a model to the program's.
func (c *weightedCase) entry(model string, weighs bool) string {
	target, weights, of := "t", "", "plain"
	if c.Integers {
		target = "ints(t)"
	}
	if weighs {
		weights, of = ", w", "weighted"
	}
	return strings.NewReplacer("OF", of, "NAME", c.Name, "MODEL", model, "TARGET", target, "WEIGHTS", weights).Replace(`
	OF["NAME"] = func() model {
		m := NewMODEL()
		return model{
			params:   m.Params(),
			train:    func(x, t, w []float32) (float32, error) { return m.Train(x, TARGETWEIGHTS) },
			loss:     func(_, t, w []float32) (float32, error) { return m.Loss(TARGETWEIGHTS) },
			forward:  m.Forward,
			backward: m.Backward,
			step:     m.Step,
			evaluate: func(x, t, w, out []float32, losses []nnrt.Mean) error { return m.Evaluate(x, TARGETWEIGHTS, out, losses) },
		}
	}
`)
}
