package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// rule is one optimiser, as a kernel and as PyTorch's definition in float64 for one parameter.
type rule struct {
	kernel func(w, a, b, g []float32, step uint64)
	step   func(w, a, b *float64, g float64, step int)
}

func sgdRule(lr, momentum, dampening, decay float64, nesterov bool) rule {
	return rule{
		kernel: func(w, a, _, g []float32, step uint64) {
			lr, momentum, decay := float32(lr), float32(momentum), float32(decay)
			switch {
			case nesterov:
				Nesterov(nil, w, a, g, 1, lr, step, len(w), momentum, dampening, decay)
			case momentum != 0:
				Momentum(nil, w, a, g, 1, lr, step, len(w), momentum, dampening, decay)
			default:
				SGD(nil, w, g, 1, lr, len(w), decay)
			}
		},
		step: func(w, v, _ *float64, g float64, step int) {
			g += decay * *w
			if momentum != 0 {
				if step == 0 {
					*v = g
				} else {
					*v = momentum**v + (1-dampening)*g
				}
				if nesterov {
					g += momentum * *v
				} else {
					g = *v
				}
			}
			*w -= lr * g
		},
	}
}

func adamRule(lr, beta1, beta2, epsilon, decay float64, decoupled bool) rule {
	return rule{
		kernel: func(w, m, v, g []float32, step uint64) {
			if decoupled {
				rate, root, shrink := AdamWRates(lr, step, beta1, beta2, decay)
				AdamW(nil, w, m, v, g, 1, rate, root, shrink, len(w), beta1, beta2, epsilon)
				return
			}
			rate, root := AdamRates(lr, step, beta1, beta2)
			Adam(nil, w, m, v, g, 1, rate, root, len(w), beta1, beta2, epsilon, decay)
		},
		step: func(w, m, v *float64, g float64, step int) {
			if decoupled {
				*w -= lr * decay * *w
			} else {
				g += decay * *w
			}
			*m += (1 - beta1) * (g - *m)
			*v = beta2**v + (1-beta2)*g*g
			first := *m / (1 - math.Pow(beta1, float64(step+1)))
			second := *v / (1 - math.Pow(beta2, float64(step+1)))
			*w -= lr * first / (math.Sqrt(second) + epsilon)
		},
	}
}

// Slots start as NaN where the first step must not read them: a buffer of momentum is the first gradient.
func TestOptimisersAgreeWithFloat64(t *testing.T) {
	const size, steps = 8, 1001
	nan := float32(math.NaN())
	for name, c := range map[string]struct {
		rule  rule
		start float32 // of the slots
	}{
		"sgd":                              {sgdRule(0.01, 0, 0, 0, false), nan},
		"sgd decay=0.1":                    {sgdRule(0.01, 0, 0, 0.1, false), nan},
		"sgd momentum=0.9":                 {sgdRule(0.01, 0.9, 0, 0, false), nan},
		"sgd momentum=0.9 decay=0.1":       {sgdRule(0.01, 0.9, 0, 0.1, false), nan},
		"sgd momentum=0.5 dampening=0.3":   {sgdRule(0.01, 0.5, 0.3, 0, false), nan},
		"sgd momentum=0.9 dampening=0.999": {sgdRule(0.01, 0.9, 0.999, 0, false), nan},
		"sgd nesterov":                     {sgdRule(0.01, 0.9, 0, 0, true), nan},
		"sgd nesterov decay=0.1":           {sgdRule(0.01, 0.9, 0, 0.1, true), nan},
		"adam":                             {adamRule(0.01, 0.9, 0.999, 1e-8, 0, false), 0},
		"adam decay=0.1":                   {adamRule(0.01, 0.9, 0.999, 1e-8, 0.1, false), 0},
		"adam eps=0.1 betas":               {adamRule(0.02, 0.5, 0.9, 0.1, 0, false), 0},
		"adamw":                            {adamRule(0.01, 0.9, 0.999, 1e-8, 0.01, true), 0},
		"adamw decay=0.5":                  {adamRule(0.01, 0.9, 0.999, 1e-8, 0.5, true), 0},
	} {
		t.Run(name, func(t *testing.T) {
			w, a, b := draw("w", size, true), make([]float32, size), make([]float32, size)
			var w64, a64, b64 [size]float64
			for i := range w {
				a[i], b[i], w64[i] = c.start, c.start, float64(w[i])
			}
			for s := range steps {
				g := draw(fmt.Sprint("g", s), size, true)
				c.rule.kernel(w, a, b, g, uint64(s))
				for i := range g {
					c.rule.step(&w64[i], &a64[i], &b64[i], float64(g[i]), s)
				}
				for i := range w {
					// A step moves w by less than 0.3 and rounds it to 2⁻²⁴ of its size a few times.
					if !assert.InDelta(t, w64[i], float64(w[i]), 3e-7*math.Sqrt(float64(s+1))*max(1, math.Abs(w64[i])), "w[%d] after %d steps", i, s+1) {
						return
					}
				}
			}
		})
	}
}

// As in PyTorch, 1 − dampening is rounded once: from float32s, 1 − 0.999 would be off by 5e-5.
func TestDampeningLeavesTheExactShare(t *testing.T) {
	for name, kernel := range map[string]func(p *Pool, w, v, g []float32, scale, rate float32, step uint64, size int, momentum float32, dampening float64, decay float32){
		"momentum": Momentum, "nesterov": Nesterov,
	} {
		v := []float32{0}
		kernel(nil, []float32{0}, v, []float32{1}, 1, 0.1, 1, 1, 0.9, 0.999, 0)
		assert.Equal(t, []float32{0.001}, v, name)
	}
}

// Shares are rounded once: from float32s, 1 − 0.999 would be off by 5e-5.
func TestAdamsMomentsTakeTheExactShare(t *testing.T) {
	for name, kernel := range map[string]func(m, v []float32){
		"adam":  func(m, v []float32) { Adam(nil, []float32{0}, m, v, []float32{1}, 1, 0.1, 1, 1, 0.99, 0.999, 1e-8, 0) },
		"adamw": func(m, v []float32) { AdamW(nil, []float32{0}, m, v, []float32{1}, 1, 0.1, 1, 0, 1, 0.99, 0.999, 1e-8) },
	} {
		m, v := []float32{0}, []float32{0}
		kernel(m, v)
		assert.Equal(t, []float32{0.01}, m, name)
		assert.Equal(t, []float32{0.001}, v, name)
	}
}

// A scale, a power of two here, so that nothing is rounded, acts on the gradient and not on the decay.
func TestScaleIsTheGradients(t *testing.T) {
	for name, kernel := range map[string]func(w, a, b, g []float32, scale float32){
		"sgd":       func(w, _, _, g []float32, scale float32) { SGD(nil, w, g, scale, 0.1, 5, 0) },
		"sgd decay": func(w, _, _, g []float32, scale float32) { SGD(nil, w, g, scale, 0.1, 5, 0.3) },
		"momentum":  func(w, a, _, g []float32, scale float32) { Momentum(nil, w, a, g, scale, 0.1, 1, 5, 0.9, 0, 0.3) },
		"nesterov":  func(w, a, _, g []float32, scale float32) { Nesterov(nil, w, a, g, scale, 0.1, 1, 5, 0.9, 0, 0.3) },
		"adam": func(w, a, b, g []float32, scale float32) {
			Adam(nil, w, a, b, g, scale, 0.1, 2, 5, 0.9, 0.99, 0.1, 0.3)
		},
		"adamw": func(w, a, b, g []float32, scale float32) {
			AdamW(nil, w, a, b, g, scale, 0.1, 2, 0.3, 5, 0.9, 0.99, 0.1)
		},
	} {
		results := func(g []float32, scale float32) [][]float32 {
			all := arrays("state", []extent{whole(5), whole(5), whole(5)}, 1, false)
			kernel(all[0], all[1], all[2], g, scale)
			return all
		}
		g := draw("g", 5, true)
		scaled := make([]float32, len(g))
		for i, v := range g {
			scaled[i] = v / 4
		}
		assert.Equal(t, results(scaled, 1), results(g, 0.25), name)
		assert.NotEqual(t, results(g, 1), results(g, 0.25), name)
	}
}

// In the first step all corrections cancel: Adam moves by lr against the gradient's sign, whatever its size.
func TestAdamsFirstStepIsTheLearningRate(t *testing.T) {
	w, m, v := []float32{1, 1, 1, 1}, make([]float32, 4), make([]float32, 4)
	rate, root := AdamRates(0.125, 0, 0.9, 0.999)
	Adam(nil, w, m, v, []float32{1e-4, -1e-4, 1e4, 0}, 1, rate, root, 4, 0.9, 0.999, 1e-12, 0)
	assert.InDeltaSlice(t, []float32{0.875, 1.125, 0.875, 1}, w, 1e-6)
}

func TestDecayAloneShrinks(t *testing.T) {
	w, zero := []float32{4}, []float32{0}
	SGD(nil, w, zero, 1, 0.5, 1, 0.5)
	assert.Equal(t, []float32{3}, w, "w −= lr·decay·w")
	rate, root, shrink := AdamWRates(0.5, 0, 0.9, 0.999, 0.5)
	AdamW(nil, w, []float32{0}, []float32{0}, zero, 1, rate, root, shrink, 1, 0.9, 0.999, 1e-8)
	assert.Equal(t, []float32{2.25}, w, "w −= lr·decay·w, and no moment")
}

func TestPower(t *testing.T) {
	for _, x := range []float64{0, 0.5, 0.9, 0.999, 1} {
		assert.Equal(t, 1.0, power(x, 0))
		assert.Equal(t, x, power(x, 1))
		assert.Equal(t, x*x, power(x, 2))
		for _, n := range []uint64{3, 7, 10, 100, 1001, 123_456} {
			want := math.Pow(x, float64(n))
			assert.InDelta(t, want, power(x, n), 1e-11*want+math.SmallestNonzeroFloat64, "%v to the %d", x, n)
		}
	}
	assert.Equal(t, 1024.0, power(2, 10))
	assert.Zero(t, power(0.999, 1<<62), "a long run ends at no correction, not at NaN")
}

// Large parameters are shared out, small ones not; assembly takes whole registers and what is left.
func TestManyStepsGiveTheSameBits(t *testing.T) {
	steps := 10
	if testing.Short() { // as under the race detector
		steps = 2
	}
	for _, s := range specimens {
		if s.area != optimiser {
			continue
		}
		for _, size := range []int{3, 77, worthDescending - 1, worthDescending + descentTile + 5} {
			c := s.at(0, 0)
			start := arrays("state", c.dst, size, false)
			results := func(p *Pool) [][]float32 {
				d := clone(start)
				for step := range steps {
					c.run(p, d, [][]float32{draw(fmt.Sprint("g", step), size, true)}, size)
				}
				return d
			}
			var want [][]float32
			portably(func() { want = results(nil) })
			for _, workers := range []int{1, 2, 3, 7} {
				for i, got := range results(pool(t, workers)) {
					sameBits(t, want[i], got, "%s of %d elements, array %d, %d workers", s.name, size, i, workers)
				}
			}
		}
	}
}

func TestKernelsAllocateNothing(t *testing.T) {
	for _, s := range specimens {
		if s.area != optimiser && s.area != reduction && s.area != movement {
			continue
		}
		for _, at := range [][3]int{{5, 3, 2}, {2 * worthDescending}, {3000, 50, 3}} {
			at = s.within(at)
			n, c := at[0], s.at(at[1], at[2])
			d, src := arrays("dst", c.dst, n, false), arrays("src", c.src, n, false)
			for name, p := range map[string]*Pool{"alone": nil, "two": pool(t, 2)} {
				assert.Zero(t, allocations(func() { c.run(p, d, src, n) }), "%s of %v, %s", s.name, at, name)
			}
		}
	}
}

// allocations returns how often f allocates. Those of the whole program are counted, also the runtime's as it clears away
// earlier tests' pools: what f itself does, it does every time.
func allocations(f func()) (fewest float64) {
	fewest = testing.AllocsPerRun(3, f)
	for range 9 {
		if fewest == 0 {
			break
		}
		fewest = min(fewest, testing.AllocsPerRun(3, f))
	}
	return fewest
}
