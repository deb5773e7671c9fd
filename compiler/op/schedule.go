package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// A schedule makes the rate of a step of lr, the number s of the step from 0, and the total N of steps. For s below
// the warm-up w it is lr·(s + 1)/w; then it is what a card says, with k = s − w and K = N − w; behind the last step it
// stays what it is at k = K.

var courses = []Sample{
	in(real64, step, step).is(1, 3).is(2, 40), in(real64, step, step).is(1, 10).is(2, 40),
	in(real64, step, step).is(1, 39).is(2, 40), in(real64, step, step).is(1, 50).is(2, 40)}

var (
	_ = register(func() *ir.Op { return ConstantSchedule(10) }, in(real64, step).is(1, 3), in(real64, step).is(1, 10))
	_ = register(func() *ir.Op { return LinearSchedule(10, 0.01) }, courses...)
	_ = register(func() *ir.Op { return LinearSchedule(0, 0) }, courses...)
	_ = register(func() *ir.Op { return CosineSchedule(10, 0.01) }, courses...)
	_ = register(func() *ir.Op { return CosineSchedule(0, 0) }, courses...)
)

// ConstantSchedule keeps lr. It needs no total.
func ConstantSchedule(warmup int) *ir.Op {
	op := schedule("constant", "ConstantRate", "{0}", warmup, nil, func(lr, _ float64) float64 { return lr })
	op.Types = courseTypes(2)
	return op
}

// LinearSchedule falls to least in a straight line: least + (lr − least)·(1 − k/K).
func LinearSchedule(warmup int, least float64) *ir.Op {
	return schedule("linear", "LinearRate", fallTo(least, "(1 − k/K)"), warmup, ir.Attrs{{Name: "min", Value: least}},
		func(lr, q float64) float64 { return least + (lr-least)*(1-q) })
}

// CosineSchedule falls to least along half a wave: least + (lr − least)·½(1 + cos(πk/K)).
//
// Source: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, without restarts.
func CosineSchedule(warmup int, least float64) *ir.Op {
	return schedule("cosine", "CosineRate", fallTo(least, "½(1 + cos(πk/K))"), warmup, ir.Attrs{{Name: "min", Value: least}},
		func(lr, q float64) float64 { return least + (lr-least)*(1+math.Cos(math.Pi*q))/2 })
}

// fallTo writes the formula of a rate that falls to least along a course from 1 to 0.
func fallTo(least float64, course string) string {
	if least == 0 {
		return "{0}·" + course
	}
	return "{min} + ({0} − {min})·" + course
}

// schedule returns the card of a schedule that is course(lr, k/K) behind the warm-up.
func schedule(shape, kernel, formula string, warmup int, more ir.Attrs, course func(lr, q float64) float64) *ir.Op {
	attrs := append(ir.Attrs{{Name: "shape", Text: shape}, {Name: "warmup", Value: float64(warmup)}}, more...)
	if warmup > 0 {
		formula += " behind {warmup} steps of warm-up"
	}
	return &ir.Op{
		Name:    "schedule",
		Attrs:   attrs,
		Doc:     "rate = lr·(s + 1)/w in the warm-up, then by its shape",
		Formula: "{y} = " + formula,
		Types:   courseTypes(3),
		Eval: func(ys, xs []ir.Tensor) {
			lr, s, w := xs[0].Data[0], xs[1].Data[0], float64(warmup)
			switch {
			case s < w:
				ys[0].Data[0] = lr * (s + 1) / w
			case len(xs) == 2:
				ys[0].Data[0] = course(lr, 0)
			default:
				ys[0].Data[0] = course(lr, min((s-w)/(xs[2].Data[0]-w), 1))
			}
		},
		Emit: func(*ir.Node) ir.Call {
			call := ir.Call{Kernel: kernel, Consts: []ir.Constant{ir.Size(warmup)}}
			for _, a := range more {
				call.Consts = append(call.Consts, ir.Number(a.Value))
			}
			return call
		},
		FLOPs: func(*ir.Node) int { return 0 },
	}
}

// courseTypes is the Types of a schedule: of the rate, the step, and for three operands the total, comes a rate.
func courseTypes(operands int) func(in []ir.Type) ([]ir.Type, error) {
	return func(in []ir.Type) ([]ir.Type, error) {
		if _, err := same(in[1:]); len(in) != operands || !in[0].Equal(real64) || !in[1].Equal(step) || err != nil {
			return nil, fmt.Errorf("operands %v are no rate and steps", in)
		}
		return []ir.Type{real64}, nil
	}
}
