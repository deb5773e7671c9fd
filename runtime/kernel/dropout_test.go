package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/rng"
)

func mask(step uint64, stream rng.Stream, n, size int, probability float64) []float32 {
	m := make([]float32, n*size)
	DropoutMask(nil, m, step, stream, n, size, probability)
	return m
}

func TestDropoutMask(t *testing.T) {
	const n = 200_000
	for _, p := range []float64{0, 0.01, 0.1, 0.25, 0.5, 0.9} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			m := mask(5, rng.New(1, "dropout1"), n/100, 100, p)
			zeros, neighbours := 0, 0
			kept := float32(1 / (1 - p))
			for i, v := range m {
				switch v {
				case 0:
					zeros++
					if i > 0 && m[i-1] == 0 {
						neighbours++
					}
				case kept:
				default:
					t.Fatalf("element %d is %v, neither 0 nor %v", i, v, kept)
				}
			}
			assert.InDelta(t, p*n, float64(zeros), 5*math.Sqrt(n*p*(1-p)), "the share of zeros, five deviations")
			// Pairs overlap, hence the larger deviation: Var = n·p²(1−p)(1+3p) for runs of two.
			assert.InDelta(t, p*p*n, float64(neighbours), 5*math.Sqrt(n*p*p*(1-p)*(1+3*p))+1, "neighbours are independent")
		})
	}
}

// The rule to the bit, from the stream's words.
func TestDropoutMaskFollowsItsStream(t *testing.T) {
	stream := rng.New(7, "dropout2")
	for _, p := range []float64{0.1, 0.5, 1.0 / 3} {
		for i, v := range mask(11, stream, 3, 23, p) {
			want := float32(1 / (1 - p))
			if float64(stream.Block(11, uint64(i/4))[i%4]) < math.Floor(p*(1<<32)) {
				want = 0
			}
			assert.Equal(t, want, v, "element %d at %v", i, p)
		}
	}
}

func TestDropoutMaskDependsOnStepStreamAndElementAlone(t *testing.T) {
	stream := rng.New(1, "dropout1")
	m := mask(5, stream, 7, 30, 0.5)
	assert.Equal(t, m, mask(5, stream, 7, 30, 0.5), "the same again")
	assert.Equal(t, m, mask(5, stream, 1, 210, 0.5), "how elements make up rows does not count")
	assert.NotEqual(t, m, mask(6, stream, 7, 30, 0.5), "another step")
	assert.NotEqual(t, m, mask(5, rng.New(1, "dropout2"), 7, 30, 0.5), "another layer")
	assert.NotEqual(t, m, mask(5, rng.New(2, "dropout1"), 7, 30, 0.5), "another seed")
	for n := range 7 {
		for _, size := range []int{1, 3, 5, 30} {
			assert.Equal(t, m[:n*size], mask(5, stream, n, size, 0.5), "fewer rows: the beginning of more")
		}
	}
}

// Rows that are part of a batch have the masks that they have in the whole of it, wherever they begin.
func TestMasksOfPartsAreThoseOfTheWhole(t *testing.T) {
	const size = 2*fillTile + 37
	stream := rng.New(3, "dropout1")
	whole, x := make([]float32, size), draw("x", size, true)
	DropoutMask(nil, whole, 5, stream, 1, size, 0.4)
	pool := NewPool(2)
	for _, from := range []int{0, 1, 2, 3, 4, 7, 96, fillTile - 4, fillTile + 1} {
		for _, p := range []*Pool{nil, pool} {
			part, y := make([]float32, size-from), make([]float32, size-from)
			DropoutMask(p, part, 5, stream.From(uint64(from)), 1, len(part), 0.4)
			require.Equal(t, whole[from:], part, "from %d", from)
			clear(part)
			Dropout(p, part, y, x[from:], 5, stream.From(uint64(from-from/2)).From(uint64(from/2)), 1, len(part), 0.4)
			require.Equal(t, whole[from:], part, "from %d", from)
			for i, m := range part {
				require.Equal(t, x[from+i]*m, y[i])
			}
		}
	}
	// Where the lower half of a block's number overflows within a tile.
	const far = 4 << 32
	one, all := make([]float32, 1), make([]float32, 200)
	DropoutMask(nil, all, 5, stream.From(far-100), 1, len(all), 0.4)
	for i, m := range all {
		DropoutMask(nil, one, 5, stream.From(far-100+uint64(i)), 1, 1, 0.4)
		require.Equal(t, one[0], m, i)
	}
}
