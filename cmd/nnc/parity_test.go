package main

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// TestTrainIsPyTorchs trains by the command, from PyTorch's initial weights on the same rows in the same order,
// and compares the weights that it saves after 100 steps with PyTorch's in float64: a run for each loss. All
// losses and optimisers are compared in package compiler, without the command.
func TestTrainIsPyTorchs(t *testing.T) {
	if testing.Short() {
		t.Skip("builds four programs")
	}
	const folder = "../../compiler/testdata/parity"
	text, err := os.ReadFile(filepath.Join(folder, "parity.json"))
	require.NoError(t, err)
	var runs []struct{ Name, Net, Spec string }
	require.NoError(t, json.Unmarshal(text, &runs))
	reference, err := weights.Read(filepath.Join(folder, "parity.safetensors"))
	require.NoError(t, err)
	command, err := exec.LookPath("nnc")
	require.NoError(t, err)
	environment := append(os.Environ(), cacheDirs(t)...)

	wanted := map[string]bool{"MSEMomentum": true, "MAEAdamW": true, "CrossEntropyAdam": true, "BCELogitsNesterov": true}
	for _, r := range runs {
		if !wanted[r.Name] {
			continue
		}
		delete(wanted, r.Name)
		t.Run(r.Name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "m.nn"), []byte(r.Spec), 0o666))
			for _, name := range []string{"x", "target"} {
				tensor, ok := reference.Tensor(r.Net + "/" + name)
				require.True(t, ok)
				array := &format.Array{Shape: tensor.Shape, Float: tensor.F32}
				if !tensor.DType.Float() {
					array.Int = make([]int32, len(tensor.I64))
					for i, v := range tensor.I64 {
						array.Int[i] = int32(v)
					}
				}
				file, err := os.Create(filepath.Join(dir, name+".npy"))
				require.NoError(t, err)
				require.NoError(t, format.WriteNPY(file, array))
				require.NoError(t, file.Close())
			}
			start := &weights.File{}
			for _, layer := range []string{"linear1", "linear2", "linear3"} {
				for _, name := range []string{layer + ".weight", layer + ".bias"} {
					tensor, ok := reference.Tensor(r.Net + "/init/" + name)
					require.True(t, ok)
					start.Tensors = append(start.Tensors, weights.Tensor{Name: name, DType: weights.F32, Shape: tensor.Shape, F32: tensor.F32})
				}
			}
			require.NoError(t, weights.Write(filepath.Join(dir, "start.safetensors"), start))

			train := exec.Command(command, "train", "m.nn", "--data", "x=x.npy", "--data", "target=target.npy",
				"--init", "start.safetensors", "--shuffle=false", "--scale", "none", "--valid", "0", "--steps", "100", "--save", "end.safetensors")
			train.Dir, train.Env = dir, environment
			output, err := train.CombinedOutput()
			require.NoError(t, err, "%s", output)

			end, err := weights.Read(filepath.Join(dir, "end.safetensors"))
			require.NoError(t, err)
			require.Len(t, end.Tensors, 6)
			for _, a := range end.Tensors {
				b, ok := reference.Tensor(r.Name + "/trained/" + a.Name)
				require.True(t, ok, a.Name)
				difference, length, most := 0.0, 0.0, 0.0
				for i := range b.F32 {
					d := float64(a.F32[i]) - float64(b.F32[i])
					difference += d * d
					length += float64(b.F32[i]) * float64(b.F32[i])
					most = max(most, math.Abs(d))
				}
				assert.LessOrEqual(t, math.Sqrt(difference/length), 2e-5, a.Name)
				assert.LessOrEqual(t, most, 1e-3*math.Sqrt(length/float64(len(b.F32))), a.Name)
			}
		})
	}
	assert.Empty(t, wanted)
}
