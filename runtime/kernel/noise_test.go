package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/rng"
)

func noise(step uint64, stream rng.Stream, n, size int, std float32) []float32 {
	x := make([]float32, n*size)
	Noise(nil, x, step, stream, n, size, std)
	return x
}

func TestNoise(t *testing.T) {
	const n = 200_000
	for _, std := range []float32{0, 1e-3, 0.1, 1, 50} {
		sum, squares, neighbours, before := 0.0, 0.0, 0.0, 0.0
		for i, v := range noise(5, rng.New(1, "noise1"), n/100, 100, std) {
			require.False(t, math.IsNaN(float64(v)) || math.IsInf(float64(v), 0), "element %d", i)
			x := float64(v)
			sum, squares, neighbours, before = sum+x, squares+x*x, neighbours+x*before, x
		}
		variance := float64(std) * float64(std)
		// The variance of x is std², that of x² is 2·std⁴ and that of x·y is std⁴; five deviations.
		assert.InDelta(t, 0, sum/n, 5*float64(std)/math.Sqrt(n), "the mean")
		assert.InDelta(t, variance, squares/n, 5*variance*math.Sqrt(2.0/n), "the variance")
		assert.InDelta(t, 0, neighbours/n, 5*variance/math.Sqrt(n), "neighbours are independent")
	}
}

// The rule from the stream's words, with the functions of the mathematical library.
func TestNoiseFollowsItsStream(t *testing.T) {
	stream := rng.New(7, "noise2")
	for _, step := range []uint64{0, 11, 1 << 40} {
		for i, v := range noise(step, stream, 5, 23, 0.3) {
			words := stream.Block(step, uint64(i/4))
			pair := words[i%4/2*2:]
			r := math.Sqrt(-2 * math.Log((float64(pair[0])+0.5)*0x1p-32))
			sin, cos := math.Sincos(2 * math.Pi * float64(pair[1]) * 0x1p-32)
			want := r * cos
			if i%2 == 1 {
				want = r * sin
			}
			assert.InDelta(t, want*float64(float32(0.3)), v, 1e-7*math.Abs(want)+1e-14, "element %d of step %d", i, step)
		}
	}
}

func TestNoiseDependsOnStepStreamAndElementAlone(t *testing.T) {
	stream := rng.New(1, "noise1")
	x := noise(5, stream, 7, 30, 0.5)
	assert.Equal(t, x, noise(5, stream, 7, 30, 0.5), "the same again")
	assert.Equal(t, x, noise(5, stream, 1, 210, 0.5), "how elements make up rows does not count")
	assert.NotEqual(t, x, noise(6, stream, 7, 30, 0.5), "another step")
	assert.NotEqual(t, x, noise(5, rng.New(1, "noise2"), 7, 30, 0.5), "another layer")
	assert.NotEqual(t, x, noise(5, rng.New(2, "noise1"), 7, 30, 0.5), "another seed")
	for n := range 7 {
		for _, size := range []int{1, 3, 5, 30} {
			assert.Equal(t, x[:n*size], noise(5, stream, n, size, 0.5), "fewer rows: the beginning of more")
		}
	}
}

// Rows that are part of a batch have the noise that they have in the whole of it, wherever they begin.
func TestNoiseOfPartsIsThatOfTheWhole(t *testing.T) {
	const size = 2*fillTile + 37
	stream := rng.New(3, "noise1")
	whole := noise(5, stream, 1, size, 0.4)
	for _, w := range widths() {
		for _, from := range []int{0, 1, 2, 3, 4, 7, 96, fillTile - 4, fillTile + 1} {
			for _, workers := range []int{1, 2, 3} {
				part := make([]float32, size-from)
				w.in(func() {
					Noise(pool(t, workers), part, 5, stream.From(uint64(from-from/2)).From(uint64(from/2)), 1, len(part), 0.4)
				})
				require.True(t, sameBits(t, whole[from:], part, "%s: from %d, %d workers", w.name, from, workers))
			}
		}
	}
	// Where the lower half of a block's number overflows within a tile.
	const far = 4 << 32
	all := noise(5, stream.From(far-100), 1, 200, 0.4)
	for i, v := range all {
		require.Equal(t, noise(5, stream.From(far-100+uint64(i)), 1, 1, 0.4)[0], v, i)
	}
}
