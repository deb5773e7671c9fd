package op

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	large = Domain{Least: 1.5, Most: 2.5, Positive: true} // more than the square of a mean
	_     = register(func() *ir.Op { return RMSprop(0.99, 1e-8, 0, 0.03, false) },
		in(whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar).positive(2))
	_ = register(func() *ir.Op { return RMSprop(0.99, 1e-8, 0.9, 0, false) },
		in(whole(5, 9), whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar).positive(2))
	_ = register(func() *ir.Op { return RMSprop(0.99, 1e-8, 0, 0, true) },
		in(whole(5, 9), whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar).from(2, large))
	_ = register(func() *ir.Op { return RMSprop(0.99, 1e-8, 0.9, 0.03, true) },
		in(whole(7), whole(7), whole(7), whole(7), whole(7), scalar, scalar).from(2, large))
)

// RMSprop divides by the root of the mean square of the gradients, as PyTorch's: operands W, ∂W, the mean square v, if
// centered the mean a, with momentum the buffer b, then the scale s of the gradient and the rate.
//
//	g = s·∂W + decay·W;  v = α·v + (1 − α)·g²
//	d = √v + ε;  centered: a = α·a + (1 − α)·g, d = √max(v − a², 0) + ε
//	b = momentum·b + g/d;  W −= rate·b, without momentum W −= rate·g/d
//
// Source: Tieleman, Hinton, "Lecture 6.5: rmsprop", COURSERA 2012; centered: Graves, "Generating sequences with recurrent
// neural networks", 2013.
func RMSprop(alpha, epsilon, momentum, decay float64, centered bool) *ir.Op {
	card := ir.Op{
		Name: "rmsprop",
		Attrs: ir.Attrs{{Name: "alpha", Value: alpha}, {Name: "eps", Value: epsilon}, {Name: "momentum", Value: momentum},
			{Name: "centered", Value: number(centered)}, {Name: "decay", Value: decay}},
		Doc:   "v = α·v + (1 − α)·g²;  W −= rate·g/(√v + ε), g = s·∂W + decay·W",
		FLOPs: flopsOf(0, 9),
	}
	of, root, constants := "v", "√v", []float64{alpha, epsilon}
	kernel := "RMSprop"
	if centered {
		of, root, kernel = "v, mean", "√(v − mean²)", "Centered"+kernel
		card.Doc = "v = α·v + (1 − α)·g²;  a = α·a + (1 − α)·g;  W −= rate·g/(√max(v − a², 0) + ε), g = s·∂W + decay·W"
		card.FLOPs = flopsOf(0, 15)
	}
	move := "{rate} g / (" + root + " + {eps})"
	if momentum != 0 {
		move = "{rate} b, b = {momentum} b + g / (" + root + " + {eps})"
		kernel, constants = kernel+"Momentum", append(constants, momentum)
	}
	card.Formula = of + " = means of g = " + gradientText(decay) + ";  {0} −= " + move
	op := updating(card, decay, rmspropSlots(momentum, centered), []ir.Type{scalar}, func(e *cell) {
		e.slots[0] = alpha*e.slots[0] + (1-alpha)*e.g*e.g
		spread := e.slots[0]
		if centered {
			e.slots[1] = alpha*e.slots[1] + (1-alpha)*e.g
			spread = max(spread-e.slots[1]*e.slots[1], 0)
		}
		move := e.g / (math.Sqrt(spread) + epsilon)
		if momentum != 0 {
			buffer := &e.slots[len(e.slots)-1]
			*buffer = momentum**buffer + move
			move = *buffer
		}
		e.w -= e.scalars[0] * move
	})
	op.Emit = update(kernel, append(constants, decay)...)
	return op
}

// RMSpropOptimiser is the optimiser that updates by RMSprop, at a learning rate.
func RMSpropOptimiser(rate, alpha, epsilon, momentum, decay float64, centered bool) *ir.Optimiser {
	return &ir.Optimiser{Name: "rmsprop", Rate: rate, Update: RMSprop(alpha, epsilon, momentum, decay, centered),
		Slots: rmspropSlots(momentum, centered), Scalars: atRate,
		Torch: ir.TorchOptimiser{Class: "optim.RMSprop", Decay: decay, Args: slices.Concat([]string{"alpha=" + real(alpha), "eps=" + real(epsilon)},
			option("momentum", momentum, 0), flagged("centered", centered))}}
}

func rmspropSlots(momentum float64, centered bool) []string {
	slots := []string{"v"}
	if centered {
		slots = append(slots, "mean")
	}
	if momentum != 0 {
		slots = append(slots, "momentum")
	}
	return slots
}
