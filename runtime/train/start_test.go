package train

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// Weights mean what they meant: a training that starts from others, on rows from elsewhere, begins with their
// predictions.
func TestInitKeepsTheMeaning(t *testing.T) {
	job := Job{Command: "train", Data: []string{write(t, "plane.csv", plane(60))}, Tables: Tables{Target: []string{"y"}}, Save: filepath.Join(t.TempDir(), "w.safetensors"), JSON: true}
	mustRun(t, newLinear(4, 1, byMSE).model(16, 40), job)
	far := "y,kind,b,a\n1000,blue,50,30\n-500,red,210,3\n900,red,20,31\n"
	job.Data, job.Init, job.Save, job.Valid = []string{write(t, "far.csv", far)}, job.Save, "", "last:2"
	still := func() Model {
		l := newLinear(4, 1, byMSE)
		l.lr = 0
		return l.model(16, 1)
	}
	stdout, stderr := mustRun(t, still(), job)
	rec := resultOf(t, stdout)
	// 100 + 20·a − 3·b is −470 and 660, where the file says −500 and 900
	assert.InDelta(t, (30+240)/2, float64(rec.Metrics["mae"]), 0.05)
	assert.Contains(t, stderr, "statistics are those of "+job.Init)
	job.Rescale = true
	stdout, stderr = mustRun(t, still(), job)
	assert.Greater(t, math.Abs(float64(resultOf(t, stdout).Metrics["mae"])-135), 1.0)
	assert.Contains(t, stderr, "not of "+job.Init)

	// Without a codec there is nothing to take over.
	f, err := weights.Read(job.Init)
	require.NoError(t, err)
	f.Meta = nil
	plain := filepath.Join(t.TempDir(), "plain.safetensors")
	require.NoError(t, weights.Write(plain, f))
	job.Init, job.Rescale = plain, false
	_, stderr = mustRun(t, still(), job)
	assert.Contains(t, stderr, plain+" holds weights only: statistics are those of these rows")
	f.Meta = map[string]string{"nnc.codec": `{"version":1}`}
	require.NoError(t, weights.Write(plain, f))
	_, stderr = mustRun(t, still(), job)
	assert.Contains(t, stderr, "the statistics in "+plain+" are of an earlier nnc")
}

func TestInitOnly(t *testing.T) {
	job := Job{Command: "train", Data: []string{write(t, "plane.csv", plane(60))}, Tables: Tables{Target: []string{"y"}}, Save: filepath.Join(t.TempDir(), "w.safetensors")}
	first := newLinear(4, 1, byMSE)
	mustRun(t, first.model(16, 3), job)
	job.Init, job.Save, job.InitOnly = job.Save, "", []string{"*weight"}
	second := newLinear(4, 1, byMSE)
	second.lr, second.b[0] = 0, 7
	_, stderr := mustRun(t, second.model(16, 1), job)
	assert.Equal(t, first.w, second.w)
	assert.Equal(t, []float32{7}, second.b)
	assert.Contains(t, stderr, "taken over from "+job.Init+": linear1.weight\n")
	assert.Contains(t, stderr, "starting anew: linear1.bias\n")

	for want, patterns := range map[string][]string{
		"--init-only stem.*: no tensor of the model has such a name (they are linear1.weight, linear1.bias)": {"*bias", "stem.*"},
	} {
		j := job
		j.InitOnly = patterns
		code, _, stderr := runJob(t, newLinear(4, 1, byMSE).model(16, 1), j)
		assert.Equal(t, 2, code)
		assert.Contains(t, stderr, want)
	}
	f, err := weights.Read(job.Init)
	require.NoError(t, err)
	k := slices.IndexFunc(f.Tensors, func(t weights.Tensor) bool { return t.Name == "linear1.weight" })
	f.Tensors[k].Name = "linear2.weight"
	require.NoError(t, weights.Write(job.Init, f))
	third := newLinear(4, 1, byMSE)
	third.lr = 0
	mustRun(t, third.model(16, 1), job)
	assert.Equal(t, first.w, third.w, "a layer that shares it names it too")

	f.Tensors[k].Name, f.Tensors[k].Shape = "linear1.weight", []int{4, 1}
	require.NoError(t, weights.Write(job.Init, f))
	code, _, stderr := runJob(t, newLinear(4, 1, byMSE).model(16, 1), job)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, `"linear1.weight": the file has [4, 1], the model wants [1, 4]`)

	f.Tensors = slices.DeleteFunc(f.Tensors, func(t weights.Tensor) bool { return t.Name == "linear1.weight" })
	require.NoError(t, weights.Write(job.Init, f))
	code, _, stderr = runJob(t, newLinear(4, 1, byMSE).model(16, 1), job)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "it has no linear1.weight, which --init-only *weight names")

	job.Init = ""
	code, _, stderr = runJob(t, newLinear(4, 1, byMSE).model(16, 1), job)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "there is no --init")
	job.InitOnly, job.Rescale = nil, true
	code, _, _ = runJob(t, newLinear(4, 1, byMSE).model(16, 1), job)
	assert.Equal(t, 2, code)
}

func TestMatches(t *testing.T) {
	for pattern, want := range map[string]bool{
		"stem.conv.weight": true, "*": true, "stem.*": true, "*.weight": true, "stem.*.weight": true, "*conv*": true, "s*c*t": true,
		"stem": false, "stem.conv": false, "*.bias": false, "": false, "stem.conv.weight.*": false, "*weight*conv*": false, "stem.conv.*v.weight": false,
	} {
		assert.Equal(t, want, matches(pattern, "stem.conv.weight"), pattern)
	}
}
