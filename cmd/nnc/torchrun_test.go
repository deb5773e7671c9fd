package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTorchrun trains small specs by nnc and by the programs that it exports for PyTorch, alone and under torchrun, and
// compares the weights. It needs a Python that has torch, numpy and safetensors, which NNC_PYTHON names.
func TestTorchrun(t *testing.T) {
	python := os.Getenv("NNC_PYTHON")
	if python == "" {
		t.Skip("NNC_PYTHON names no Python with PyTorch")
	}
	command, err := exec.LookPath("nnc")
	require.NoError(t, err)
	script, err := filepath.Abs("../../compiler/export/pytorch/testdata/parity.py")
	require.NoError(t, err)
	const rows = 203 // batches of 14, of which the last one leaves a process without a row
	var table strings.Builder
	table.WriteString("a,b,y,k\n")
	for i := range rows {
		a, b := math.Sin(float64(i)), math.Cos(float64(3*i*i))
		fmt.Fprintf(&table, "%.6f,%.6f,%.6f,%s\n", a, b, 50+a-2*b*b, []string{"no", "yes"}[i*i%3%2])
	}
	for name, c := range map[string]struct{ spec, target string }{
		// a bias before a norm has no gradient but noise, which adam would make large
		"numbers": {"linear 8; batchnorm; tanh; linear 1\nloss mse\nschedule cosine warmup=3\nclip 0.5\naverage decay=0.8\nsgd 0.05 momentum=0.9", "y"},
		"classes": {"linear 8; tanh; dropout 0.3; linear 2\nloss cross_entropy class_weights=balanced\naccumulate 2\nadam 0.01", "k"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			spec, data := filepath.Join(folder, "small.nn"), filepath.Join(folder, "small.csv")
			text := "model Small\ninput x[2]\n" + c.spec + "\nbatch 14\nepochs 3\n"
			require.NoError(t, os.WriteFile(spec, []byte(text), 0o644))
			require.NoError(t, os.WriteFile(data, []byte(table.String()), 0o644))
			cmd := exec.Command(python, script, spec, "--nnc", command, "--data", data, "--target", c.target, "--features", "a,b")
			cmd.Env = append(os.Environ(), cacheDirs(t)...)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			require.Len(t, lines, 3)
			for i, most := range []float64{3e-6, 3e-5, 1e-12} { // nnc and one process; one and two; the same in float64
				fields := strings.Fields(lines[i])
				difference, err := strconv.ParseFloat(fields[len(fields)-2], 64)
				require.NoError(t, err, lines[i])
				assert.LessOrEqual(t, difference, most, lines[i])
			}
		})
	}
}
