package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

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
