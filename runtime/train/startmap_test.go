package train

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// theirs is a weight file of another program: a matrix with a row more than the model takes, and a tensor that nobody
// uses.
func theirs(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "theirs.safetensors")
	require.NoError(t, weights.Write(path, &weights.File{Tensors: []weights.Tensor{
		{Name: "fc.weight", DType: weights.F32, Shape: []int{2, 4}, F32: []float32{1, 2, 3, 4, 5, 6, 7, 8}},
		{Name: "pooler.bias", DType: weights.F32, Shape: []int{1}, F32: []float32{9}},
	}}))
	return path
}

// A training begins with a part of what another program has saved; what its map lets start anew does so, and remarks tell.
func TestInitByAMapThatCuts(t *testing.T) {
	job := Job{Command: "train", Data: []string{write(t, "plane.csv", plane(60))}, Tables: Tables{Target: []string{"y"}}, Init: theirs(t)}
	started := func(mapping string, only ...string) (int, *linear, string) {
		job.Map, job.InitOnly = write(t, "names.map", mapping), only
		l := newLinear(4, 1, byMSE)
		l.lr, l.b[0] = 0, 7
		code, _, stderr := runJob(t, l.model(16, 1), job)
		return code, l, stderr
	}
	taken := func(l *linear, stderr string) {
		t.Helper()
		assert.Equal(t, []float32{1, 2, 3, 4}, l.w)
		assert.Equal(t, []float32{7}, l.b)
		assert.Contains(t, stderr, "taken over from "+job.Init+": linear1.weight\n")
		assert.Contains(t, stderr, "of linear1.weight the first 1 of 2 rows\n")
		assert.Contains(t, stderr, "in "+job.Init+", but not used: pooler.bias\n")
		assert.Contains(t, stderr, "starting anew: linear1.bias\n")
	}
	const cut, anew = "fc.weight[:1] = linear1.weight\n", "- = *.bias\n"
	for _, mapping := range []string{cut + anew, cut + anew + "pooler.* = -"} {
		code, l, stderr := started(mapping)
		require.Zero(t, code, stderr)
		taken(l, stderr)
	}
	code, l, stderr := started(cut, "*.weight")
	require.Zero(t, code, stderr)
	taken(l, stderr)
	code, l, stderr = started(cut+anew, "linear1.*")
	require.Zero(t, code, stderr)
	taken(l, stderr)

	for mapping, want := range map[string]string{
		cut:                              "missing in the file:\n    \"linear1.bias\" [1]",
		cut + "#":                        "\n  lines such as `- = linear1.bias` in ",
		"fc.* = linear1.*\n" + anew:      `the file has [2, 4], the model wants [1, 4]`,
		"fc.weight[:3] = linear1.weight": `names.map:1:1: "fc.weight": its shape is [2, 4]: there are no 3 rows to take`,
		cut + "- = linear2.*":            `names.map:2:5: the model has no tensor "linear2.*"`,
		cut + "- = linear1.*":            `names.map:2:5: "linear1.weight" is to start anew, but is in the weights`,
	} {
		code, l, stderr := started(mapping)
		assert.Equal(t, 1, code, mapping)
		assert.Contains(t, stderr, want)
		assert.Equal(t, []float32{0, 0, 0, 0}, l.w)
	}

	// Only a training has anything start anew.
	job.Weights, job.Init, job.InitOnly, job.Command = job.Init, "", nil, "predict"
	job.Map = write(t, "names.map", cut+anew+"pooler.* = -")
	code, _, stderr = runJob(t, newLinear(4, 1, byMSE).model(16, 1), job)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, `names.map:2:1: by this line "*.bias" starts anew, which only nnc train --init can have`)
}
