package kernel

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// activation is a kernel of one array, and its gradient's, of which the first is x, or y if ofResult.
type activation struct {
	name     string
	kernel   func(p *Pool, y, x []float32, n, size int)
	mapped   func(y, x []float32, n, size int) Map
	grad     func(p *Pool, dx, x, dy []float32, n, size int)
	gradMap  func(dx, x, dy []float32, n, size int) Map
	ofResult bool
	slope    func(x float64) float64 // in float64
	away     float64                 // how far the slope may be from that
}

var activations = []activation{
	{"GELU", GELU, MapGELU, GELUGrad, MapGELUGrad, false, func(x float64) float64 {
		return math.Erfc(-x/math.Sqrt2)/2 + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
	}, 0x1p-22},
	{"GELUTanh", GELUTanh, MapGELUTanh, GELUTanhGrad, MapGELUTanhGrad, false, func(x float64) float64 {
		v, slope := math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x), math.Sqrt(2/math.Pi)*(1+3*0.044715*x*x)
		return (1+math.Tanh(v))/2 + x/2/math.Cosh(v)/math.Cosh(v)*slope
	}, 0x1p-22},
	{"SiLU", SiLU, MapSiLU, SiLUGrad, MapSiLUGrad, false, func(x float64) float64 {
		p := 1 / (1 + math.Exp(-x))
		return p + x*p/(1+math.Exp(x))
	}, 0x1p-22},
	{"Mish", Mish, MapMish, MishGrad, MapMishGrad, false, func(x float64) float64 {
		w := math.Tanh(math.Log1p(math.Exp(x)))
		return w + x/(1+math.Exp(-x))*(1-w*w)
	}, 0x1p-22},
	{"SELU", SELU, MapSELU, SELUGrad, MapSELUGrad, false, func(x float64) float64 {
		if x > 0 {
			return 1.0507009873554805
		}
		return 1.0507009873554805 * 1.6732632423543772 * math.Exp(x)
	}, 0x1p-22},
	{"Softsign", Softsign, MapSoftsign, SoftsignGrad, MapSoftsignGrad, false, func(x float64) float64 {
		return 1 / (1 + math.Abs(x)) / (1 + math.Abs(x))
	}, 0x1p-22},
	{"Negative", Negative, MapNegative, NegativeGrad, MapNegativeGrad, false, func(x float64) float64 {
		if x > 0 {
			return 0
		}
		return 1
	}, 0},
	{"ReLU6", ReLU6, MapReLU6, ReLU6Grad, MapReLU6Grad, true, func(x float64) float64 { return passes(x, 0, 6) }, 0},
	{"Hardsigmoid", Hardsigmoid, MapHardsigmoid, HardsigmoidGrad, MapHardsigmoidGrad, false, func(x float64) float64 { return passes(x, -3, 3) / 6 }, 0x1p-26},
	{"Hardswish", Hardswish, MapHardswish, HardswishGrad, MapHardswishGrad, false, func(x float64) float64 {
		switch {
		case x <= -3:
			return 0
		case x >= 3:
			return 1
		}
		return x/3 + 0.5
	}, 0x1p-22},
	{"ELU",
		func(p *Pool, y, x []float32, n, size int) { ELU(p, y, x, n, size, 1.5) },
		func(y, x []float32, n, size int) Map { return MapELU(y, x, n, size, 1.5) },
		func(p *Pool, dx, x, dy []float32, n, size int) { ELUGrad(p, dx, x, dy, n, size, 1.5) },
		func(dx, x, dy []float32, n, size int) Map { return MapELUGrad(dx, x, dy, n, size, 1.5) }, false, func(x float64) float64 {
			if x > 0 {
				return 1
			}
			return 1.5 * math.Exp(x)
		}, 0x1p-22},
	{"LeakyReLU",
		func(p *Pool, y, x []float32, n, size int) { LeakyReLU(p, y, x, n, size, 0.25) },
		func(y, x []float32, n, size int) Map { return MapLeakyReLU(y, x, n, size, 0.25) },
		func(p *Pool, dx, x, dy []float32, n, size int) { LeakyReLUGrad(p, dx, x, dy, n, size, 0.25) },
		func(dx, x, dy []float32, n, size int) Map { return MapLeakyReLUGrad(dx, x, dy, n, size, 0.25) }, false, func(x float64) float64 {
			if x > 0 {
				return 1
			}
			return 0.25
		}, 0},
	{"Softplus",
		func(p *Pool, y, x []float32, n, size int) { Softplus(p, y, x, n, size, 0.5) },
		func(y, x []float32, n, size int) Map { return MapSoftplus(y, x, n, size, 0.5) },
		func(p *Pool, dx, x, dy []float32, n, size int) { SoftplusGrad(p, dx, x, dy, n, size, 0.5) },
		func(dx, x, dy []float32, n, size int) Map { return MapSoftplusGrad(dx, x, dy, n, size, 0.5) }, false, func(x float64) float64 {
			return 1 / (1 + math.Exp(-x/2))
		}, 0x1p-22},
	{"Hardtanh",
		func(p *Pool, y, x []float32, n, size int) { Hardtanh(p, y, x, n, size, -0.5, 2) },
		func(y, x []float32, n, size int) Map { return MapHardtanh(y, x, n, size, -0.5, 2) },
		func(p *Pool, dx, y, dy []float32, n, size int) { HardtanhGrad(p, dx, y, dy, n, size, -0.5, 2) },
		func(dx, y, dy []float32, n, size int) Map { return MapHardtanhGrad(dx, y, dy, n, size, -0.5, 2) }, true, func(x float64) float64 {
			return passes(x, -0.5, 2)
		}, 0},
}

func passes(x, least, most float64) float64 {
	if x > least && x < most {
		return 1
	}
	return 0
}

var _ = also(slices.Concat(specimensOf(activations), []specimen{
	unary("Logarithm", Logarithm, MapLogarithm), binary("LogarithmGrad", LogarithmGrad, MapLogarithmGrad), unary("Erf", Erf, MapErf),
	unary("RSqrt", RSqrt, MapRSqrt), unary("Sine", Sine, MapSine), unary("Cosine", Cosine, MapCosine),
})...)

func specimensOf(activations []activation) (all []specimen) {
	for _, a := range activations {
		all = append(all, unary(a.name, a.kernel, a.mapped), binary(a.name+"Grad", a.grad, a.gradMap))
	}
	return all
}

// slopes computes an activation and its slope at each x.
func (a activation) slopes(x []float32) []float32 {
	y, dx, dy := make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x))
	for i := range dy {
		dy[i] = 1
	}
	a.kernel(nil, y, x, 1, len(x))
	if !a.ofResult {
		y = x
	}
	a.grad(nil, dx, y, dy, 1, len(x))
	return dx
}

// The slopes are those of the definitions, to a share of 1: all are between −0.2 and 1.8.
func TestSlopesOfActivations(t *testing.T) {
	var x []float32
	for i := -20_000; i <= 20_000; i++ {
		x = append(x, float32(i)/1000)
	}
	for _, far := range []float32{1e-30, 1e-6, 30, 100, 1e10, 1e30, math.MaxFloat32} {
		x = append(x, far, -far)
	}
	for _, a := range activations {
		for i, got := range a.slopes(x) {
			if want := a.slope(float64(x[i])); !(math.Abs(float64(got)-want) <= a.away) {
				assert.Fail(t, fmt.Sprintf("the slope of %s at %v is %v, not %v", a.name, x[i], got, want))
				break
			}
		}
	}
}

// As PyTorch has them.
func TestSlopesAtKinks(t *testing.T) {
	kinks := map[string]map[float32]float64{
		"SELU": {0: 1.0507009873554805 * 1.6732632423543772}, "ELU": {0: 1.5}, "LeakyReLU": {0: 0.25},
		"Negative": {0: 1}, "ReLU6": {0: 0, 6: 0}, "Hardtanh": {-0.5: 0, 2: 0}, "Hardsigmoid": {-3: 0, 3: 0}, "Hardswish": {-3: 0, 3: 1},
	}
	for _, a := range activations {
		for x, want := range kinks[a.name] {
			assert.Equal(t, float32(want), a.slopes([]float32{x})[0], "%s at %v", a.name, x)
		}
		delete(kinks, a.name)
	}
	assert.Empty(t, kinks)
}
