package op

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// A schedule makes the rate of a step of lr, the number s of the step from 0, and, where it has an end, the total N of
// steps. For s below the warm-up w it is lr·(s + 1)/w; then it is what a card says, with k = s − w and K = N − w; behind
// the last step it stays what it is at k = K.

var courses = []Sample{
	in(real64, step, step).is(1, 3).is(2, 40), in(real64, step, step).is(1, 10).is(2, 40),
	in(real64, step, step).is(1, 39).is(2, 40), in(real64, step, step).is(1, 50).is(2, 40)}

var (
	_ = register(func() *ir.Op { return ConstantSchedule(10) }, in(real64, step).is(1, 3), in(real64, step).is(1, 10))
	_ = register(func() *ir.Op { return LinearSchedule(10, 0.01) }, courses...)
	_ = register(func() *ir.Op { return LinearSchedule(0, 0) }, courses...)
	_ = register(func() *ir.Op { return CosineSchedule(10, 0.01) }, courses...)
	_ = register(func() *ir.Op { return CosineSchedule(0, 0) }, courses...)
	_ = register(func() *ir.Op { return OneCycleSchedule(0.3, 25, 1e4) }, append(courses, in(real64, step, step).is(1, 0).is(2, 40))...)
	_ = register(func() *ir.Op { return OneCycleSchedule(0.05, 10, 100) }, in(real64, step, step).is(1, 0).is(2, 20),
		in(real64, step, step).is(1, 0).is(2, 10), in(real64, step, step).is(1, 0).is(2, 1), in(real64, step, step).is(1, 3).is(2, 4))
)

// ConstantSchedule keeps lr. It needs no total.
func ConstantSchedule(warmup int) *ir.Op {
	return schedule{shape: "constant", kernel: "ConstantRate", formula: "{0}", warmup: warmup, python: "{0}",
		rate: func(lr, _, _ float64) float64 { return lr }}.card()
}

// LinearSchedule falls to least in a straight line: least + (lr − least)·(1 − k/K).
func LinearSchedule(warmup int, least float64) *ir.Op {
	return schedule{shape: "linear", kernel: "LinearRate", formula: fallTo(least, "(1 − k/K)"), warmup: warmup, given: 1,
		attrs: ir.Attrs{{Name: "min", Value: least}}, consts: []ir.Constant{ir.Number(least)},
		python: fallsTo(least, "(1 - "+progressed(warmup)+")"),
		rate: func(lr, s, total float64) float64 {
			return least + (lr-least)*(1-progress(s, total, warmup))
		}}.card()
}

// CosineSchedule falls to least along half a wave: least + (lr − least)·½(1 + cos(πk/K)).
//
// Source: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, without restarts.
func CosineSchedule(warmup int, least float64) *ir.Op {
	return schedule{shape: "cosine", kernel: "CosineRate", formula: fallTo(least, "½(1 + cos(πk/K))"), warmup: warmup, given: 1,
		attrs: ir.Attrs{{Name: "min", Value: least}}, consts: []ir.Constant{ir.Number(least)},
		python: "wave({0}, " + real(least) + ", " + progressed(warmup) + ")", parts: []string{"wave"},
		rate: func(lr, s, total float64) float64 {
			return wave(lr, least, progress(s, total, warmup))
		}}.card()
}

// OneCycleSchedule rises from lr/div to lr along half a wave, until u = rise·N − 1, then falls along another one to
// lr/(div·final) in the last step, as PyTorch's OneCycleLR. Where u is not above 0 it falls alone.
//
// Source: Smith, Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2018.
func OneCycleSchedule(rise, div, final float64) *ir.Op {
	return schedule{shape: "onecycle", kernel: "OneCycleRate", given: 1, whole: true,
		formula: "up from {0}/{div} to {0} until u = {rise}·N − 1, then down to {0}/({div}·{final_div}), along half waves",
		attrs:   ir.Attrs{{Name: "rise", Value: rise}, {Name: "div", Value: div}, {Name: "final_div", Value: final}},
		consts:  []ir.Constant{ir.Number(rise), ir.Number(div), ir.Number(final)},
		python:  "one_cycle({0}, {1}, {2}, rise=" + real(rise) + ", div=" + real(div) + ", final_div=" + real(final) + ")",
		parts:   []string{"one_cycle"},
		rate: func(lr, s, total float64) float64 {
			u := rise*total - 1
			s = min(s, total-1)
			if u > 0 && s <= u {
				return wave(lr/div, lr, s/u)
			}
			return wave(lr, lr/(div*final), max(s-u, 0)/(total-1-u))
		}}.card()
}

// progress is k/K, 1 from the end on.
func progress(s, total float64, warmup int) float64 {
	return min((s-float64(warmup))/(total-float64(warmup)), 1)
}

// wave goes from one number to another along half a wave, as q goes from 0 to 1.
func wave(from, to, q float64) float64 { return to + (from-to)*(1+math.Cos(math.Pi*q))/2 }

// fallTo writes the formula of a rate that falls to least along a course from 1 to 0.
func fallTo(least float64, course string) string {
	if least == 0 {
		return "{0}·" + course
	}
	return "{min} + ({0} − {min})·" + course
}

// progressed is progress as Python, and fallsTo what falls to least along a course.
func progressed(warmup int) string {
	if warmup == 0 {
		return "{1} / {2}"
	}
	w := strconv.Itoa(warmup)
	return "({1} - " + w + ") / ({2} - " + w + ")"
}

func fallsTo(least float64, course string) string {
	if least == 0 {
		return "{0} * " + course
	}
	return real(least) + " + ({0} - " + real(least) + ") * " + course
}

// schedule describes the card of a schedule.
type schedule struct {
	shape, kernel, formula string
	warmup                 int
	whole                  bool          // it has no warm-up
	given                  int           // 1: behind the step there is an operand that counts steps, else 0
	attrs                  ir.Attrs      // behind shape and warm-up
	consts                 []ir.Constant // of the kernel, behind the warm-up
	rate                   func(lr, s, given float64) float64
	python                 string   // the same as Python, of {0}, {1} and {2}, as long as the training goes
	parts                  []string // that it needs
}

func (c schedule) card() *ir.Op {
	attrs := ir.Attrs{{Name: "shape", Text: c.shape}}
	var consts []ir.Constant
	if !c.whole {
		attrs = append(attrs, ir.Attr{Name: "warmup", Value: float64(c.warmup)})
		consts = append(consts, ir.Size(c.warmup))
	}
	formula := "{y} = " + c.formula
	if c.warmup > 0 {
		formula += " behind {warmup} steps of warm-up"
	}
	return &ir.Op{
		Name:    "schedule",
		Attrs:   append(attrs, c.attrs...),
		Doc:     "rate = lr·(s + 1)/w in the warm-up, then by its shape",
		Formula: formula,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 2+c.given || !in[0].Equal(real64) || !in[1].Equal(step) || !in[1+c.given].Equal(step) {
				return nil, fmt.Errorf("operands %v are no rate and steps", in)
			}
			return []ir.Type{real64}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			lr, s, w := xs[0].Data[0], xs[1].Data[0], float64(c.warmup)
			if s < w {
				ys[0].Data[0] = lr * (s + 1) / w
				return
			}
			ys[0].Data[0] = c.rate(lr, s, xs[1+c.given].Data[0])
		},
		Emit:  func(*ir.Node) ir.Call { return ir.Call{Kernel: c.kernel, Consts: slices.Concat(consts, c.consts)} },
		Torch: func(*ir.Node) ir.Torch { return ir.Torch{Call: c.python, Parts: c.parts} },
		FLOPs: func(*ir.Node) int { return 0 },
	}
}
