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
	_ = register(func() *ir.Op { return ConstantSchedule(10) }, courses...)
	_ = register(func() *ir.Op { return LinearSchedule(10, 0.01) }, courses...)
	_ = register(func() *ir.Op { return LinearSchedule(0, 0) }, courses...)
	_ = register(func() *ir.Op { return CosineSchedule(10, 0.01) }, courses...)
	_ = register(func() *ir.Op { return CosineSchedule(0, 0) }, courses...)
)

// ConstantSchedule keeps lr.
func ConstantSchedule(warmup int) *ir.Op {
	return schedule("constant", "ConstantRate", "{0}", warmup, nil, func(lr, _ float64) float64 { return lr })
}

// LinearSchedule falls to least in a straight line: least + (lr − least)·(1 − k/K).
func LinearSchedule(warmup int, least float64) *ir.Op {
	return schedule("linear", "LinearRate", "{min} + ({0} − {min})·(1 − k/K)", warmup, ir.Attrs{{Name: "min", Value: least}},
		func(lr, q float64) float64 { return least + (lr-least)*(1-q) })
}

// CosineSchedule falls to least along half a wave: least + (lr − least)·½(1 + cos(πk/K)).
//
// Source: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, without restarts.
func CosineSchedule(warmup int, least float64) *ir.Op {
	return schedule("cosine", "CosineRate", "{min} + ({0} − {min})·½(1 + cos(πk/K))", warmup, ir.Attrs{{Name: "min", Value: least}},
		func(lr, q float64) float64 { return least + (lr-least)*(1+math.Cos(math.Pi*q))/2 })
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
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 3 || !in[0].Equal(real64) || !in[1].Equal(step) || !in[2].Equal(step) {
				return nil, fmt.Errorf("operands %v are no rate, step and total", in)
			}
			return []ir.Type{real64}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			lr, s, total, w := xs[0].Data[0], xs[1].Data[0], xs[2].Data[0], float64(warmup)
			if s < w {
				ys[0].Data[0] = lr * (s + 1) / w
				return
			}
			ys[0].Data[0] = course(lr, min((s-w)/(total-w), 1))
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
