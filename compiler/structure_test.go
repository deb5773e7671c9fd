package compiler_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/weights"
)

const structureFiles = "testdata/structure/structure"

// TestStructure trains nets of several inputs, outputs and losses as PyTorch did, and compares the way and the end;
// make.py in testdata/structure says with what. Train, the four calls, and a mixture of both must agree to the bit,
// and a frozen parameter must be what it was. What an `init` draws must look like what torch.nn.init draws.
func TestStructure(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	listed, want := readNets(t, structureFiles)
	got := listed.train(t, structureFiles+".safetensors")

	worst := deviations{}
	for _, n := range listed.Nets {
		t.Run(n.Name, func(t *testing.T) {
			compareWithPyTorch(t, n, got, want, worst)
			compareForms(t, n, got)
			n.compareFrozen(t, got, want)
		})
	}
	worst.log(t)
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
func (n *trainedNet) compareFrozen(t *testing.T, got, want *weights.File) {
	var kept []string
	for _, b := range want.Tensors {
		name, ok := strings.CutPrefix(b.Name, n.Net+"/init/")
		if !ok {
			continue
		}
		a, ok := got.Tensor(n.Name + "/trained/" + name)
		require.True(t, ok, name)
		same := true
		for i := range b.F32 {
			same = same && math.Float32bits(a.F32[i]) == math.Float32bits(b.F32[i])
		}
		if same && !slices.Contains(n.Unmoved, name) {
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
