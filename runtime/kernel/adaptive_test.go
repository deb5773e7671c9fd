package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	update("AMSGrad", 4, func(p *Pool, d [][]float32, g []float32, size int) {
		AMSGrad(p, d[0], d[1], d[2], d[3], g, 0.5, 0.1, 2, size, 0.9, 0.999, 1e-8, 0.03)
	}),
	update("AMSGradW", 4, func(p *Pool, d [][]float32, g []float32, size int) {
		AMSGradW(p, d[0], d[1], d[2], d[3], g, 0.5, 0.1, 2, 0.01, size, 0.9, 0.999, 1e-8)
	}),
	update("NAdam", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		NAdam(p, d[0], d[1], d[2], g, 0.5, 0.1, 0.2, 2, size, 0.9, 0.999, 1e-8, 0.03)
	}),
	update("RAdam", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		RAdam(p, d[0], d[1], d[2], g, 0.5, 0.1, 1, 1e-8, size, 0.9, 0.999, 0.03)
	}),
	update("RAdam, one of the first steps", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		RAdam(p, d[0], d[1], d[2], g, 1, 0.1, 0, 1, size, 0.9, 0.999, 0)
	}),
	update("Adamax", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		Adamax(p, d[0], d[1], d[2], g, 0.5, 0.1, size, 0.9, 0.999, 1e-8, 0.03)
	}),
	update("RMSprop", 2, func(p *Pool, d [][]float32, g []float32, size int) {
		RMSprop(p, d[0], d[1], g, 0.5, 0.1, size, 0.99, 1e-8, 0.03)
	}),
	update("RMSpropMomentum", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		RMSpropMomentum(p, d[0], d[1], d[2], g, 0.5, 0.1, size, 0.99, 1e-8, 0.9, 0.03)
	}),
	update("CenteredRMSprop", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		CenteredRMSprop(p, d[0], d[1], d[2], g, 0.5, 0.1, size, 0.99, 1e-8, 0.03)
	}),
	update("CenteredRMSpropMomentum", 4, func(p *Pool, d [][]float32, g []float32, size int) {
		CenteredRMSpropMomentum(p, d[0], d[1], d[2], d[3], g, 0.5, 0.1, size, 0.99, 1e-8, 0.9, 0.03)
	}),
	update("Adagrad", 2, func(p *Pool, d [][]float32, g []float32, size int) {
		Adagrad(p, d[0], d[1], g, 0.5, 0.1, 3, size, 0.5, 1e-10, 0.03)
	}),
	firstUpdate("Adagrad, the first step", func(p *Pool, w, sum, g []float32, size int) {
		Adagrad(p, w, sum, g, 0.5, 0.1, 0, size, 0.5, 1e-10, 0.03)
	}),
	update("Adadelta", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		Adadelta(p, d[0], d[1], d[2], g, 0.5, 0.1, size, 0.9, 1e-6, 0.03)
	}),
	update("Lion", 2, func(p *Pool, d [][]float32, g []float32, size int) {
		Lion(p, d[0], d[1], g, 0.5, 0.1, size, 0.9, 0.99)
	}),
	update("LionDecay", 2, func(p *Pool, d [][]float32, g []float32, size int) {
		LionDecay(p, d[0], d[1], g, 0.5, 0.1, 0.01, size, 0.9, 0.99)
	}),
)

// The product of NAdam's momenta is what they give one by one, however many they are and however they rise.
func TestProductOfMomenta(t *testing.T) {
	for _, beta1 := range []float64{0, 0.5, 0.9, 0.9999, 1 - 1e-12} {
		for _, decay := range []float64{0, 1e-5, 0.004, 0.3, 1000} {
			momentum := func(t uint64) float64 { return beta1 * (1 - 0.5*math.Pow(0.96, float64(t)*decay)) }
			product := 1.0
			for step := uint64(1); step <= 5000; step++ {
				product *= momentum(step)
				if step < 10 || step%997 == 0 {
					got, factors := 0.0, 0
					got = nadamProduct(step, beta1, decay, func(t uint64) float64 { factors++; return momentum(t) })
					assert.InDelta(t, product, got, 1e-12*product+1e-17, "β₁ %v, decay %v, step %d", beta1, decay, step)
					assert.LessOrEqual(t, factors, 10_000)
				}
			}
		}
	}
}

// Where the sums are steep, a million steps take no longer than a thousand.
func TestLongRunsOfNAdam(t *testing.T) {
	for _, decay := range []float64{0, 1e-9, 1e-5, 0.004, 0.1, 1e9} {
		rate, next, root := NAdamRates(0.5, math.MaxUint64-2, 0.999999, 0.999, decay)
		assert.InDelta(t, 1, root, 1e-7)
		mu := 0.999999 * (1 - 0.5*math.Pow(0.96, decay*float64(math.MaxUint64)))
		assert.InEpsilon(t, 0.5*(1-mu), float64(rate), 1e-6, "decay %v", decay)
		assert.InEpsilon(t, 0.5*mu, float64(next), 1e-6, "decay %v", decay)
	}
}

// The first steps of RAdam divide by nothing; with β₂ = 0.999 they are five.
func TestRAdamBeginsByMomentum(t *testing.T) {
	for step := range uint64(20) {
		rate, root, least := RAdamRates(0.5, step, 0.9, 0.999, 1e-3)
		if step < 5 {
			assert.Equal(t, []float32{0, 1}, []float32{root, least}, "step %d", step)
			assert.InEpsilon(t, 0.5/(1-math.Pow(0.9, float64(step+1))), float64(rate), 1e-6)
		} else {
			assert.Equal(t, []float32{1, 1e-3}, []float32{root, least}, "step %d", step)
		}
	}
	_, root, _ := RAdamRates(0.5, 1_000_000, 0.9, 0.5, 1e-3)
	assert.Zero(t, root, "with a short memory there are never enough steps")
}

// Lion moves by its rate whatever the gradient's size is, and not where it is 0.
func TestLionMovesByTheSign(t *testing.T) {
	inf := float32(math.Inf(1))
	w, m := []float32{1, 1, 1, 1, 1, 1, 4}, make([]float32, 7)
	Lion(nil, w, m, []float32{1e18, -1e-30, 0, float32(math.Copysign(0, -1)), inf, -inf, 0}, 1, 0.25, 7, 0.9, 0.99)
	assert.Equal(t, []float32{0.75, 1.25, 1, 1, 0.75, 1.25, 4}, w)
	LionDecay(nil, w, make([]float32, 7), make([]float32, 7), 1, 0.25, 0.5, 7, 0.9, 0.99)
	assert.Equal(t, float32(2), w[6], "decay alone")
}

// AMSGrad's step does not grow when gradients vanish: the largest square stays.
func TestAMSGradKeepsTheLargest(t *testing.T) {
	w, m, v, most := []float32{0}, []float32{0}, []float32{0}, []float32{0}
	AMSGrad(nil, w, m, v, most, []float32{2}, 1, 0.1, 1, 1, 0, 0.5, 0, 0)
	AMSGrad(nil, w, m, v, most, []float32{0}, 1, 0.1, 1, 1, 0, 0.5, 0, 0)
	assert.Equal(t, []float32{1, 2}, []float32{v[0], most[0]})
}

// The variance of equal gradients is 0 and not, by rounding, less: PyTorch may give NaN there.
func TestCenteredVarianceIsNotNegative(t *testing.T) {
	const size = 64
	w, v, mean, g := make([]float32, size), make([]float32, size), make([]float32, size), make([]float32, size)
	for i := range g {
		g[i] = 1 + float32(i)/100
	}
	for range 3000 {
		CenteredRMSprop(nil, w, v, mean, g, 1, 1e-6, size, 0.9, 1, 0)
	}
	negative := 0
	for i := range w {
		if v[i] < float32(mean[i]*mean[i]) {
			negative++
		}
		assert.False(t, math.IsNaN(float64(w[i])))
	}
	assert.Positive(t, negative, "the test does not show it")
}

// Adagrad's sum begins where it is told to, whatever stands in its memory before the first step.
func TestAdagradBeginsAtItsInitial(t *testing.T) {
	w, sum := []float32{1}, []float32{float32(math.NaN())}
	Adagrad(nil, w, sum, []float32{2}, 1, 0.5, 0, 1, 12, 0, 0)
	assert.Equal(t, []float32{0.75, 16}, []float32{w[0], sum[0]})
	assert.Equal(t, []float32{0.5, 0.25, 0.125}, []float32{AdagradRate(0.5, 0, 1), AdagradRate(0.5, 1, 1), AdagradRate(0.5, 3, 1)})
}

func BenchmarkOptimisers(b *testing.B) {
	const size = 20_000
	for _, s := range specimens {
		if s.area != optimiser {
			continue
		}
		c := s.at(0, 0)
		d, src := arrays("dst", c.dst, size, false), arrays("src", c.src, size, false)
		for _, array := range d[1:] {
			for i, v := range array {
				array[i] = Abs(v)
			}
		}
		b.Run(fmt.Sprint(s.name), func(b *testing.B) {
			for range b.N {
				c.run(nil, d, src, size)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/size, "ns/parameter")
		})
	}
}
