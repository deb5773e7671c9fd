package op

import (
	"math"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Schedules that multiply the rate by gamma again and again. What they count is e: the epochs of the whole run, ⌊s/E⌋
// with E steps in each, or the steps k behind the warm-up.

var bySteps, byEpochs = []Sample{in(real64, step).is(1, 3), in(real64, step).is(1, 10), in(real64, step).is(1, 35)},
	[]Sample{in(real64, step, step).is(1, 3).is(2, 4), in(real64, step, step).is(1, 11).is(2, 4), in(real64, step, step).is(1, 35).is(2, 4)}

var (
	_ = register(func() *ir.Op { return StepSchedule(5, 7, 0.5, false) }, bySteps...)
	_ = register(func() *ir.Op { return StepSchedule(5, 3, 0.5, true) }, byEpochs...)
	_ = register(func() *ir.Op { return MultistepSchedule(5, []int{4, 5, 30}, 0.5, false) }, bySteps...)
	_ = register(func() *ir.Op { return MultistepSchedule(5, []int{0, 2, 8}, 0.5, true) }, byEpochs...)
	_ = register(func() *ir.Op { return ExponentialSchedule(5, 0.9, false) }, bySteps...)
	_ = register(func() *ir.Op { return ExponentialSchedule(5, 0.9, true) }, byEpochs...)
)

// StepSchedule is lr·gamma^⌊e/n⌋.
func StepSchedule(warmup, n int, gamma float64, epochs bool) *ir.Op {
	return decay("step", "StepRate", "{0}·{gamma}^⌊e/{n}⌋", warmup, epochs, gamma, ir.Attrs{{Name: "n", Value: float64(n)}},
		[]ir.Constant{ir.Size(n), ir.Number(gamma)}, "({e} // "+strconv.Itoa(n)+")", func(e float64) float64 { return math.Floor(e / float64(n)) })
}

// MultistepSchedule is lr·gammaᵐ, where m of the numbers at, which rise, are e or less.
func MultistepSchedule(warmup int, at []int, gamma float64, epochs bool) *ir.Op {
	attrs, consts := ir.Attrs{}, []ir.Constant{ir.Number(gamma)}
	var list []string
	for _, n := range at {
		list = append(list, strconv.Itoa(n))
		attrs = append(attrs, ir.Attr{Name: "n", Value: float64(n)})
		consts = append(consts, ir.Size(n))
	}
	return decay("multistep", "MultistepRate", "{0}·{gamma}^how many n ≤ e", warmup, epochs, gamma, attrs, consts, "sum(n <= {e} for n in ["+strings.Join(list, ", ")+"])", func(e float64) (m float64) {
		for _, n := range at {
			if float64(n) <= e {
				m++
			}
		}
		return m
	})
}

// ExponentialSchedule is lr·gammaᵉ.
func ExponentialSchedule(warmup int, gamma float64, epochs bool) *ir.Op {
	return decay("exponential", "ExponentialRate", "{0}·{gamma}ᵉ", warmup, epochs, gamma, nil,
		[]ir.Constant{ir.Number(gamma)}, "({e})", func(e float64) float64 { return e })
}

// decay returns the card of a schedule that multiplies lr by gamma as often as times says of e, and python of {e}.
func decay(shape, kernel, formula string, warmup int, epochs bool, gamma float64, attrs ir.Attrs, consts []ir.Constant, python string, times func(e float64) float64) *ir.Op {
	counted := "({1} - " + strconv.Itoa(warmup) + ")"
	if epochs {
		counted = "{1} // {2}"
	}
	c := schedule{shape: shape, kernel: kernel, formula: formula + ", e of steps", warmup: warmup, consts: consts,
		attrs:  append(attrs, ir.Attr{Name: "gamma", Value: gamma}, ir.Attr{Name: "every", Text: "steps"}),
		python: "{0} * " + real(gamma) + " ** " + strings.ReplaceAll(python, "{e}", counted),
		rate:   func(lr, s, _ float64) float64 { return lr * math.Pow(gamma, times(s-float64(warmup))) }}
	if epochs {
		c.kernel, c.formula, c.given = kernel+"ByEpoch", formula+", e of epochs", 1
		c.attrs[len(c.attrs)-1].Text = "epochs"
		c.rate = func(lr, s, steps float64) float64 { return lr * math.Pow(gamma, times(math.Floor(s/steps))) }
	}
	return c.card()
}
