package kernel

import (
	"math"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// elementary are the functions of one float32, what they are in float64, how far from that they may be, in units in the
// last place, and the kernel that computes them for many, if there is one.
var elementary = map[string]struct {
	function func(float32) float32
	exact    func(float64) float64
	bound    float64
	kernel   func(p *Pool, y, x []float32, n, size int)
	away     func(x float64) float64 // how much further away they may be; nil: no further
	falls    bool                    // that they fall is no mistake
}{
	"exp":            {function: Exp1, exact: math.Exp, bound: 1.01},
	"exp of shares":  {function: ExpShare1, exact: expShare, bound: 1.01},
	"log":            {function: Log1, exact: math.Log, bound: 0.92, kernel: Logarithm},
	"log rest":       {function: LogRest1, exact: func(x float64) float64 { return math.Log1p(-x) }, bound: 3, falls: true},
	"sigmoid":        {function: Sigmoid1, exact: logistic, bound: 2, kernel: Sigmoid},
	"tanh":           {function: Tanh1, exact: math.Tanh, bound: 1.35, kernel: Tanh},
	"erf":            {function: Erf1, exact: math.Erf, bound: 2.19, kernel: Erf},
	"softplus":       {function: Softplus1, exact: softplus, bound: 1.72, kernel: func(p *Pool, y, x []float32, n, size int) { Softplus(p, y, x, n, size, 1) }},
	"softplus below": {function: SoftplusBelow1, exact: func(x float64) float64 { return softplus(-math.Abs(x)) }, bound: 1.72, falls: true},
	"elu":            {function: ELU1, exact: func(x float64) float64 { return max(x, math.Expm1(min(x, 0))) }, bound: 0.96, kernel: func(p *Pool, y, x []float32, n, size int) { ELU(p, y, x, n, size, 1) }},
	"rsqrt":          {function: RSqrt1, exact: func(x float64) float64 { return 1 / math.Sqrt(x) }, bound: 1.5, kernel: RSqrt, falls: true},
	"sin":            {function: Sin1, exact: func(x float64) float64 { return turns(math.Sin, x) }, bound: 2.48, kernel: Sine, falls: true},
	"cos":            {function: Cos1, exact: func(x float64) float64 { return turns(math.Cos, x) }, bound: 2.39, kernel: Cosine, falls: true},

	// A share of x: where that share is subnormal it is known to 2⁻¹⁴⁹ at most.
	"silu": {function: SiLU1, exact: func(x float64) float64 { return x * logistic(x) }, bound: 2.87, kernel: SiLU, away: func(x float64) float64 { return -0x1p-148 * min(x, 0) }, falls: true},
	"mish": {function: Mish1, exact: func(x float64) float64 { return x * math.Tanh(softplus(x)) }, bound: 4.71, kernel: Mish, away: func(x float64) float64 { return -0x1p-148 * min(x, 0) }, falls: true},

	// Where little is left of x, it does not matter how little.
	"gelu": {function: GELU1, exact: func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 }, bound: 2.19, kernel: GELU, away: func(x float64) float64 { return -0x1p-23 * min(x, 0) }, falls: true},
	"gelu_tanh": {function: GELUTanh1, exact: func(x float64) float64 {
		return x * logistic(2*math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x))
	}, bound: 2.02, kernel: GELUTanh, away: func(x float64) float64 { return -0x1p-23 * min(x, 0) }, falls: true},
}

func expShare(x float64) float64 {
	if x < -87 {
		return 0
	}
	return math.Exp(min(x, 88))
}

func logistic(x float64) float64 {
	if x < 0 {
		return math.Exp(x) / (1 + math.Exp(x))
	}
	return 1 / (1 + math.Exp(-x))
}

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// turns is a function that has no value beyond 12,868.
func turns(f func(float64) float64, x float64) float64 {
	if math.Abs(x) > 12868 {
		return math.NaN()
	}
	return f(x)
}

// nth returns the n-th float32 from −∞ up, −0 before +0; there are countNth.
func nth(n uint32) float32 {
	bits := n + 0x007fffff // NaNs with a sign come first
	if bits < 1<<31 {
		return math.Float32frombits(^bits)
	}
	return math.Float32frombits(bits - 1<<31)
}

const countNth = 2*0x7f800000 + 2

func TestNth(t *testing.T) {
	assert.Equal(t, float32(math.Inf(-1)), nth(0))
	assert.Equal(t, float32(-math.MaxFloat32), nth(1))
	assert.Equal(t, uint32(1<<31), math.Float32bits(nth(countNth/2-1)))
	assert.Equal(t, uint32(0), math.Float32bits(nth(countNth/2)))
	assert.Equal(t, float32(math.Inf(1)), nth(countNth-1))
}

// placeOf is where a float32 stands in that order.
func placeOf(x float32) uint32 {
	bits := math.Float32bits(x)
	if bits>>31 == 1 {
		return ^bits - 0x007fffff
	}
	return bits + 1<<31 - 0x007fffff
}

// finding is the worst that was found of a function, and what is wrong.
type finding struct {
	ulps         float64
	at           float32
	falls, other int // how often it falls; how often the kernel has other bits
	fallsAt      float32
}

// examine tries a function from one place in the order of all float32s to another.
func examine(name string, from, to uint32) (f finding) {
	e := elementary[name]
	const batch = 4096
	x, y := make([]float32, batch), make([]float32, batch)
	last := float32(math.Inf(-1))
	for at := uint64(from); at < uint64(to); at += batch {
		count := min(batch, int(uint64(to)-at))
		for i := range count {
			x[i] = nth(uint32(at) + uint32(i))
		}
		if e.kernel != nil {
			e.kernel(nil, y, x, 1, count)
		}
		for i, v := range x[:count] {
			got, want := e.function(v), e.exact(float64(v))
			if e.kernel != nil && math.Float32bits(got) != math.Float32bits(y[i]) {
				f.other++
			}
			if got < last && !e.falls {
				f.falls++
				f.fallsAt = v
			}
			last = got
			if e.away != nil && math.Abs(float64(got)-want) <= e.away(float64(v)) {
				continue
			}
			if d := ulps(got, want); !(d <= f.ulps) {
				f.ulps, f.at = d, v
			}
		}
	}
	return f
}

func (f finding) check(t *testing.T, name string) {
	t.Helper()
	e := elementary[name]
	assert.LessOrEqual(t, f.ulps, e.bound, "%s(%v) is %v, not %v", name, f.at, e.function(f.at), e.exact(float64(f.at)))
	assert.Zero(t, f.falls, "%s falls at %v", name, f.fallsAt)
	assert.Zero(t, f.other, "the kernel of %s has other bits", name)
}

// Around every place where something changes: the borders of the reduction by ln 2, those between formulas and binades.
func TestElementaryFunctionsAtTheirBorders(t *testing.T) {
	borders := []float32{0, 0.6, 1, 4, 5.75, 10, 13, 20, 87, 88.72284, 89, 105, 126 * math.Ln2, 12868}
	for k := range 160 {
		half := float32((float64(k) + 0.5) * math.Ln2)
		borders = append(borders, half, half/2, float32(float64(k)*math.Pi/4))
	}
	for exponent := -149; exponent < 128; exponent++ {
		borders = append(borders, float32(math.Ldexp(1, exponent)))
	}
	for name := range elementary {
		var worst finding
		for _, x := range borders {
			for _, x := range []float32{x, -x} {
				at := placeOf(x)
				f := examine(name, at-500, at+500)
				f.check(t, name)
				worst.ulps = max(worst.ulps, f.ulps)
			}
		}
		assert.Greater(t, worst.ulps, 0.5, "the test of %s sees no rounding at all", name)
	}
}

// All float32s take minutes for each function: NNC_LONG=1 tries them (with -timeout 3h), else a 500th of them.
func TestElementaryFunctionsForAllFloats(t *testing.T) {
	const parts = 4000
	stride := 500
	if os.Getenv("NNC_LONG") != "" {
		stride = 1
	}
	for name := range elementary {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := make([]finding, parts)
			var all sync.WaitGroup
			for worker := range 2 {
				all.Add(1)
				go func() {
					defer all.Done()
					for part := worker; part < parts; part += 2 {
						from := uint64(part) * countNth / parts
						to := from + countNth/parts/uint64(stride) + 2 // the next part's first, too
						found[part] = examine(name, uint32(from), uint32(min(to, countNth)))
					}
				}()
			}
			all.Wait()
			var worst finding
			for _, f := range found {
				if f.ulps > worst.ulps {
					worst.ulps, worst.at = f.ulps, f.at
				}
				if f.falls > 0 {
					worst.falls, worst.fallsAt = worst.falls+f.falls, f.fallsAt
				}
				worst.other += f.other
			}
			worst.check(t, name)
			t.Logf("%s: at most %.4f units in the last place, at %v", name, worst.ulps, worst.at)
		})
	}
	nan := float32(math.NaN())
	for name, e := range elementary {
		assert.True(t, isNaN(e.function(nan)), name)
	}
}
