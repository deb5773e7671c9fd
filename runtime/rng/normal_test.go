package rng

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// standard returns n numbers from the standard normal distribution.
func standard(n int, name string) []float32 {
	x := make([]float32, n)
	New(0, name).Normal(x, 1)
	return x
}

// below is the share of the standard normal distribution below x.
func below(x float64) float64 { return (1 + math.Erf(x/math.Sqrt2)) / 2 }

func TestNormalHasTheMomentsOfItsDistribution(t *testing.T) {
	const n, std = 200_000, 0.02
	x := make([]float32, n)
	New(0, "linear1.weight").Normal(x, std)
	var moments [5]float64
	for _, v := range x {
		for k, power := 1, float64(v)/float64(float32(std)); k < len(moments); k++ {
			moments[k] += power / n
			power *= float64(v) / float64(float32(std))
		}
	}
	// The variance of the mean of xᵏ is (E x²ᵏ − (E xᵏ)²)/n, of which five roots are allowed.
	for k, want := range []struct{ mean, variance float64 }{1: {0, 1}, 2: {1, 2}, 3: {0, 15}, 4: {3, 96}} {
		assert.InDelta(t, want.mean, moments[k], 5*math.Sqrt(want.variance/n), "moment %d", k)
	}
}

// The largest distance between the shares below x, drawn and of the distribution, times √n, is above 1.95 once
// in a thousand (Kolmogorov, Smirnov).
func TestNormalHasTheSharesOfItsDistribution(t *testing.T) {
	const n = 100_000
	for _, name := range []string{"a", "b", "c"} {
		x := standard(n, name)
		slices.Sort(x)
		worst := 0.0
		for i, v := range x {
			share := below(float64(v))
			worst = max(worst, share-float64(i)/n, float64(i+1)/n-share)
		}
		assert.Less(t, worst*math.Sqrt(n), 1.95, name)
	}
}

func TestNormalHasTails(t *testing.T) {
	const n = 1_000_000
	x := standard(n, "tails")
	for _, from := range []float64{1, 2, 3, 4} {
		for _, sign := range []float64{-1, 1} {
			count, share := 0.0, below(-from)
			for _, v := range x {
				if sign*float64(v) > from {
					count++
				}
			}
			assert.InDelta(t, n*share, count, 5*math.Sqrt(n*share)+1, "beyond %v", sign*from)
		}
	}
}

func TestNormalsAreIndependent(t *testing.T) {
	const n = 100_000
	x := standard(n+4, "neighbours")
	for lag := 1; lag <= 4; lag++ {
		sum, squares := 0.0, 0.0
		for i := range n {
			a, b := float64(x[i]), float64(x[i+lag])
			sum += a * b
			squares += (a*a - 1) * (b*b - 1)
		}
		assert.InDelta(t, 0, sum/n, 5/math.Sqrt(n), "lag %d", lag)
		assert.InDelta(t, 0, squares/n, 5*2/math.Sqrt(n), "squares, lag %d", lag)
	}
}

func TestNormalOfAPrefixIsAPrefix(t *testing.T) {
	long := standard(11, "x")
	for n := range long {
		assert.Equal(t, long[:n], standard(n, "x"))
	}
}

// What float64 leaves of ln, sin and cos is at most a few units in the last place, at the ends of the range too.
func TestLnAndCircleAreAccurate(t *testing.T) {
	words := []uint32{0, 1, 2, 1 << 29, 1<<29 - 1, 1<<29 + 1, 1 << 30, 1<<30 - 1, 1<<30 + 1, 3 << 29, 3<<29 - 1, 1 << 31, 1<<31 - 1,
		1<<31 + 1, 3 << 30, 3<<30 - 1, 7 << 29, 1<<32 - 1, 1<<32 - 2}
	for i := range uint64(5000) {
		block := New(0, "words").Block(0, i)
		words = append(words, block[:]...)
	}
	for _, w := range words {
		u := (float64(w) + 0.5) * 0x1p-32
		assert.InEpsilon(t, math.Log(u), ln(u), 1e-15, "ln %v", u)
		cos, sin := circle(w)
		assert.InDelta(t, math.Cos(2*math.Pi*(float64(w)*0x1p-32)), cos, 1e-15, "cos of %d", w)
		assert.InDelta(t, math.Sin(2*math.Pi*(float64(w)*0x1p-32)), sin, 1e-15, "sin of %d", w)
		assert.InDelta(t, 1, cos*cos+sin*sin, 1e-15)
	}
	for _, c := range []struct {
		word     uint32
		cos, sin float64
	}{{0, 1, 0}, {1 << 30, 0, 1}, {1 << 31, -1, 0}, {3 << 30, 0, -1}} {
		cos, sin := circle(c.word)
		assert.Equal(t, [2]float64{c.cos, c.sin}, [2]float64{cos + 0, sin + 0}, "a quarter turn is exact")
	}
}
