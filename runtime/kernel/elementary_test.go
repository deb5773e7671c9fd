package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// ulps returns the distance of got from want in units in the last place of a float32 of want's size.
func ulps(got float32, want float64) float64 {
	magnitude := math.Abs(want)
	switch {
	case math.IsNaN(want) && isNaN(got), float64(got) == want:
		return 0
	case magnitude >= math.MaxFloat32 && math.IsInf(float64(got), 0) && math.Signbit(want) == math.Signbit(float64(got)):
		return 0
	}
	exponent := max(int(math.Float64bits(magnitude)>>52)-1023-23, -149)
	return math.Abs(float64(got)-want) / math.Float64frombits(uint64(exponent+1023)<<52)
}

// allFloats calls f with float32s of every binade and sign, subnormals, zeros, infinities and NaNs among them.
func allFloats(f func(x float32)) {
	const stride = 4099 // a prime: the low bits vary too
	for bits := uint64(0); bits < 1<<32; bits += stride {
		f(math.Float32frombits(uint32(bits)))
	}
	for _, x := range []float32{0, 1, 88, 88.7, 88.8, 103, 104, 700, 1e30, math.MaxFloat32, math.SmallestNonzeroFloat32, 1e-3, float32(math.Inf(1))} {
		for _, step := range []float32{-1e-6, 0, 1e-6} {
			f(x + x*step)
			f(-(x + x*step))
		}
	}
}

// The exact function's value is never further away from one that is computed in float64.
const bound = 0.5001

func TestExpIsCorrectToHalfAnULP(t *testing.T) {
	worst, at, count := 0.0, float32(0), 0
	exp := func(x float32) float32 { return float32(Exp(float64(x))) }
	allFloats(func(x float32) {
		count++
		if e := ulps(exp(x), math.Exp(float64(x))); !(e <= worst) {
			worst, at = e, x
		}
	})
	assert.Greater(t, count, 1_000_000)
	assert.LessOrEqual(t, worst, bound, "at %v: %v, not %v", at, exp(at), math.Exp(float64(at)))
	assert.Greater(t, worst, 0.49, "the test sees no rounding at all")
}

func TestLogIsTheNaturalLogarithm(t *testing.T) {
	worst, at := 0.0, 0.0
	for _, x := range []float64{1, math.Nextafter(1, 0), math.Nextafter(1, 2), math.Sqrt2, math.Nextafter(math.Sqrt2, 2), 1e-300,
		math.SmallestNonzeroFloat64, 0x1p-1022, 0x1p-1030, math.MaxFloat64, 2, 0.5, 3, 10, 1e10} {
		for range 200 {
			want := math.Log(x)
			if x < 0x1p-1022 { // of which math's is wrong on some platforms
				want = math.Log(x*0x1p60) - 60*math.Ln2
			}
			if e := math.Abs(Log(x)-want) / max(math.Abs(want), 0x1p-60); !(e <= worst) {
				worst, at = e, x
			}
			x *= 0.987
		}
	}
	assert.LessOrEqual(t, worst, 2*0x1p-52, "at %v: %v, not %v", at, Log(at), math.Log(at))
	assert.Equal(t, 0.0, Log(1))
	assert.True(t, math.IsInf(Log(0), -1))
	assert.True(t, math.IsInf(Log(math.Inf(1)), 1))
	assert.True(t, math.IsNaN(Log(-1)) && math.IsNaN(Log(math.NaN())))
}

// The binary cross-entropy of one logit: nothing cancels, whatever the logit and the target.
func TestBCELogitsOfAllLogits(t *testing.T) {
	for _, target := range []float32{0, 1e-6, 0.3, 0.999999, 1} {
		worst, at := 0.0, float32(0)
		loss := func(x float32) float32 { return BCELogits(nil, []float32{x}, []float32{target}, 1, 1) }
		exact := func(x float32) float64 {
			away := float64(target)
			if x > 0 {
				away = 1 - away
			}
			return math.Abs(float64(x))*away + math.Log1p(math.Exp(-math.Abs(float64(x))))
		}
		allFloats(func(x float32) {
			if math.IsInf(float64(x), 0) {
				return // defined for finite logits
			}
			if e := ulps(loss(x), exact(x)); !(e <= worst) {
				worst, at = e, x
			}
		})
		assert.LessOrEqual(t, worst, 2.5, "%v at %v: %v, not %v", at, target, loss(at), exact(at))
		assert.Greater(t, worst, 0.5, "the test sees no rounding at all")
	}
}

func TestSubnormalResultsAreRoundedNotFlushed(t *testing.T) {
	for _, x := range []float32{-87.5, -90, -100, -103} {
		want := float32(math.Exp(float64(x)))
		assert.NotZero(t, want)
		assert.Equal(t, want, float32(Exp(float64(x))))
		assert.LessOrEqual(t, ulps(Exp1(x), math.Exp(float64(x))), 1.01)
		assert.LessOrEqual(t, ulps(Sigmoid1(x), math.Exp(float64(x))), 2.0)
	}
	assert.Zero(t, Sigmoid1(-104))
	smallest := float32(math.SmallestNonzeroFloat32)
	assert.Equal(t, smallest, Tanh1(smallest))
}

func TestElementaryFunctionsAtTheEnds(t *testing.T) {
	inf, minus := float32(math.Inf(1)), float32(math.Copysign(0, -1))
	relu := func(x float32) float32 {
		y := []float32{9}
		ReLU(nil, y, []float32{x}, 1, 1)
		return y[0]
	}
	for _, c := range []struct {
		name      string
		got, want float32
	}{
		{"exp ∞", Exp1(inf), inf}, {"exp −∞", Exp1(-inf), 0}, {"exp 0", Exp1(0), 1}, {"exp −0", Exp1(minus), 1}, {"exp huge", Exp1(math.MaxFloat32), inf},
		{"exp 88.73", Exp1(88.73), inf}, {"exp −104", Exp1(-104), 0},
		{"tanh ∞", Tanh1(inf), 1}, {"tanh −∞", Tanh1(-inf), -1}, {"tanh 0", Tanh1(0), 0}, {"tanh −0", Tanh1(minus), minus},
		{"tanh huge", Tanh1(math.MaxFloat32), 1}, {"tanh −huge", Tanh1(-math.MaxFloat32), -1},
		{"sigmoid ∞", Sigmoid1(inf), 1}, {"sigmoid −∞", Sigmoid1(-inf), 0}, {"sigmoid 0", Sigmoid1(0), 0.5}, {"sigmoid −0", Sigmoid1(minus), 0.5},
		{"log ∞", Log1(inf), inf}, {"log 0", Log1(0), -inf}, {"log −0", Log1(minus), -inf}, {"log 1", Log1(1), 0},
		{"log of the smallest", Log1(math.SmallestNonzeroFloat32), -149 * math.Ln2},
		{"erf ∞", Erf1(inf), 1}, {"erf −∞", Erf1(-inf), -1}, {"erf 0", Erf1(0), 0}, {"erf −0", Erf1(minus), minus},
		{"softplus ∞", Softplus1(inf), inf}, {"softplus −∞", Softplus1(-inf), 0}, {"softplus 0", Softplus1(0), math.Ln2}, {"softplus −0", Softplus1(minus), math.Ln2},
		{"1/√∞", RSqrt1(inf), 0}, {"1/√0", RSqrt1(0), inf}, {"1/√−0", RSqrt1(minus), -inf}, {"1/√4", RSqrt1(4), 0.5},
		{"sin 0", Sin1(0), 0}, {"sin −0", Sin1(minus), minus}, {"cos 0", Cos1(0), 1}, {"cos −0", Cos1(minus), 1},
		{"elu ∞", ELU1(inf), inf}, {"elu −∞", ELU1(-inf), -1}, {"elu 0", ELU1(0), 0}, {"elu −0", ELU1(minus), minus},
		{"gelu ∞", GELU1(inf), inf}, {"gelu 0", GELU1(0), 0}, {"gelu −0", GELU1(minus), minus}, {"gelu −20", GELU1(-20), minus}, {"gelu −huge", GELU1(-math.MaxFloat32), minus},
		{"gelu tanh ∞", GELUTanh1(inf), inf}, {"gelu tanh −0", GELUTanh1(minus), minus}, {"gelu tanh −huge", GELUTanh1(-math.MaxFloat32), minus},
		{"silu ∞", SiLU1(inf), inf}, {"silu −0", SiLU1(minus), minus}, {"silu −huge", SiLU1(-math.MaxFloat32), minus},
		{"mish ∞", Mish1(inf), inf}, {"mish −0", Mish1(minus), minus}, {"mish −huge", Mish1(-math.MaxFloat32), minus},
		{"relu ∞", relu(inf), inf}, {"relu −∞", relu(-inf), 0}, {"relu 0", relu(0), 0}, {"relu −0", relu(minus), 0},
		{"sign 0", Sign(0), 0}, {"sign ∞", Sign(inf), 1}, {"sign −∞", Sign(-inf), -1}, {"abs −∞", Abs(-inf), inf},
		{"abs −0", Abs(minus), 0}, {"where above", Where(1, 0, 2, 3), 2}, {"where equal", Where(0, minus, 2, 3), 3}, {"where below", Where(-inf, 0, 2, 3), 3},
	} {
		assert.Equal(t, math.Float32bits(c.want), math.Float32bits(c.got), "%s is %v, not %v", c.name, c.got, c.want)
	}
	nan := float32(math.NaN())
	for _, v := range []float32{Exp1(nan), Exp1(-nan), Tanh1(nan), Sigmoid1(nan), relu(nan), Where(1, 0, nan, 2), Where(nan, 0, 1, nan), Sign(nan), Abs(nan), Erf1(nan), Log1(nan), Log1(-1), RSqrt1(-1), Sin1(inf), Cos1(-inf), Sin1(12869), GELU1(nan), ELU1(nan), Softplus1(nan), Mish1(nan), SiLU1(nan)} {
		assert.True(t, isNaN(v))
	}
}

// The float64 functions themselves, within a few units of 2⁻⁵³.
func TestFloat64Functions(t *testing.T) {
	relative := func(got, want float64) float64 {
		if got == want {
			return 0
		}
		return math.Abs(got-want) / math.Abs(want)
	}
	worst := map[string]float64{}
	note := func(name string, e float64) { worst[name] = max(worst[name], e) }
	for i := -700_000; i <= 700_000; i += 7 {
		x := float64(i) / 1000
		note("exp", relative(Exp(x), math.Exp(x)))
	}
	for i := range 100_001 {
		x := float64(i) / 100_000
		assert.InDelta(t, math.Cos(x*math.Pi), Cos(x*math.Pi), 0x1p-52, "cos %v", x*math.Pi)
	}
	for name, e := range worst {
		assert.LessOrEqual(t, e, 8*0x1p-53, name)
	}
	assert.Equal(t, math.Inf(1), Exp(701))
	assert.Zero(t, Exp(-701))
	assert.Equal(t, 1.0, Exp(0))
	assert.Equal(t, []float64{1, -1}, []float64{Cos(0), Cos(math.Pi)}, "a schedule begins and ends where it says")
}

func TestFunctionsThatElementaryOnesAreMadeOf(t *testing.T) {
	for _, x := range []float32{0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999997, 3.3, -3.7, 1<<22 - 0.5, 1 - 1<<22, 1<<22 - 1} {
		assert.Equal(t, float32(math.RoundToEven(float64(x))), Round(x), "%v", x)
	}
	for k := -126; k <= 127; k++ {
		assert.Equal(t, float32(math.Ldexp(1, k)), PowerOfTwo(float32(k)))
	}
	for _, c := range [][3]float32{{1, -2, -1}, {-1, 2, 1}, {float32(math.Inf(1)), -1, float32(math.Inf(-1))}, {0, -1, float32(math.Copysign(0, -1))}} {
		assert.Equal(t, math.Float32bits(c[2]), math.Float32bits(CopySign(c[0], c[1])), "%v", c)
	}
}

func TestReLUGradIsZeroAtZero(t *testing.T) {
	minus := float32(math.Copysign(0, -1))
	dx := []float32{9, 9, 9, 9}
	ReLUGrad(nil, dx, []float32{0, minus, math.SmallestNonzeroFloat32, 2}, []float32{5, 6, 7, 8}, 2, 2)
	assert.Equal(t, []float32{0, 0, 7, 8}, dx)
}
