package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// torchNet is a net whose state PyTorch has saved, with what it predicts: see testdata/torch/make.py.
type torchNet struct {
	Name, Spec, Map string
	Shared          []string // names of tensors that stand there by another name too
	Inputs          []struct {
		Name     string
		Shape    []int
		Integers bool
		Numbers  []float64
	}
	Predictions [][]float64
}

// TestReadsPyTorchsFiles predicts by files that PyTorch saved of nets with every layer that has tensors, through a map of
// names where PyTorch has others, and compares with its predictions; and writes these files again as they were. That
// PyTorch reads what nnc saves is checked by testdata/torch/check.py.
func TestReadsPyTorchsFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs of models")
	}
	text, err := os.ReadFile("testdata/torch/nets.json")
	require.NoError(t, err)
	var nets []torchNet
	require.NoError(t, json.Unmarshal(text, &nets))
	require.NotEmpty(t, nets)
	command, err := exec.LookPath("nnc")
	require.NoError(t, err)
	environment := append(os.Environ(), cacheDirs(t)...)
	for _, n := range nets {
		t.Run(n.Name, func(t *testing.T) {
			dir := t.TempDir()
			nnc := func(args ...string) string {
				t.Helper()
				var stderr strings.Builder
				cmd := exec.Command(command, args...)
				cmd.Dir, cmd.Env, cmd.Stderr = dir, environment, &stderr
				out, err := cmd.Output()
				require.NoError(t, err, stderr.String())
				return string(out)
			}
			saved, err := filepath.Abs("testdata/torch/" + n.Name + ".safetensors")
			require.NoError(t, err)
			predict := append([]string{"predict", "net.nn", "--weights", saved}, n.write(t, dir)...)
			weigh := []string{"weights", "net.nn", "ours.safetensors", "--torch", "--export", "theirs.safetensors"}
			ours := []string{"weights", "net.nn", saved, "--save", "ours.safetensors"}
			if n.Map != "" {
				predict, weigh, ours = append(predict, "--map", "names.txt"), append(weigh, "--map", "names.txt"), append(ours, "--map", "names.txt")
			}
			n.compare(t, nnc(predict...))

			nnc(ours...)
			nnc(weigh...)
			before, err := weights.Read(saved)
			require.NoError(t, err)
			after, err := weights.Read(filepath.Join(dir, "theirs.safetensors"))
			require.NoError(t, err)
			once := slices.DeleteFunc(before.Tensors, func(tensor weights.Tensor) bool { return slices.Contains(n.Shared, tensor.Name) })
			assert.ElementsMatch(t, once, after.Tensors)
		})
	}
}

// write writes the spec, the map and the rows to a folder, and returns the flags for the latter.
func (n torchNet) write(t *testing.T, dir string) (flags []string) {
	require.NoError(t, os.WriteFile(filepath.Join(dir, "net.nn"), []byte(n.Spec), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "names.txt"), []byte(n.Map), 0o666))
	for _, in := range n.Inputs {
		array := &format.Array{Shape: in.Shape}
		for _, x := range in.Numbers {
			if in.Integers {
				array.Int = append(array.Int, int32(x))
			} else {
				array.Float = append(array.Float, float32(x))
			}
		}
		file, err := os.Create(filepath.Join(dir, in.Name+".npy"))
		require.NoError(t, err)
		require.NoError(t, format.WriteNPY(file, array))
		require.NoError(t, file.Close())
		flags = append(flags, "--data", in.Name+"="+in.Name+".npy")
	}
	return flags
}

// compare compares a table of predictions with PyTorch's in float64.
func (n torchNet) compare(t *testing.T, table string) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+len(n.Predictions))
	difference, length, most, count := 0.0, 0.0, 0.0, 0
	for i, row := range n.Predictions {
		require.Len(t, rows[1+i], len(row))
		for k, want := range row {
			got, err := strconv.ParseFloat(rows[1+i][k], 64)
			require.NoError(t, err)
			d := got - want
			difference += float64(d * d)
			length += float64(want * want)
			most = max(most, math.Abs(d))
			count++
		}
	}
	assert.LessOrEqual(t, math.Sqrt(difference/length), 2e-5)
	assert.LessOrEqual(t, most, 1e-3*math.Sqrt(length/float64(count)))
}
