package op

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	summed = in(whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar, step).positive(2)
	_      = register(func() *ir.Op { return Adagrad(0.5, 1e-10, 0.03) }, summed.is(5, 3), summed.is(5, 0))
)

// Adagrad divides by the root of the sum of all squares of the gradients, as PyTorch's: operands W, ∂W, the sum, the scale s
// of the gradient, the rate, and the number of the step.
//
//	g = s·∂W + decay·W;  sum += g², where the first step adds to initial;  W −= rate·g/(√sum + ε)
//
// Source: Duchi, Hazan, Singer, "Adaptive subgradient methods for online learning and stochastic optimization", JMLR 2011.
func Adagrad(initial, epsilon, decay float64) *ir.Op {
	op := updating(ir.Op{
		Name:    "adagrad",
		Attrs:   ir.Attrs{{Name: "initial", Value: initial}, {Name: "eps", Value: epsilon}, {Name: "decay", Value: decay}},
		Doc:     "sum += g², in the first step to initial;  W −= rate·g/(√sum + ε), g = s·∂W + decay·W",
		Formula: "sum += g², from {initial} on, g = " + gradientText(decay) + ";  {0} −= {rate} g / (√sum + {eps})",
		FLOPs:   flopsOf(0, 7),
	}, decay, []string{"sum"}, []ir.Type{scalar, step}, func(e *cell) {
		if e.scalars[1] == 0 {
			e.slots[0] = initial
		}
		e.slots[0] += e.g * e.g
		e.w -= e.scalars[0] * e.g / (math.Sqrt(e.slots[0]) + epsilon)
	})
	op.Emit = update("Adagrad", initial, epsilon, decay)
	if decay == 0 && epsilon > 0 { // 0/0 is no 0
		op.Still = scattered(op, "EmbeddingAdagrad", initial, epsilon)
	}
	return op
}

var _ = register(func() *ir.Op { return AdagradRate(0.1) }, in(real64, step).is(1, 0), in(real64, step).is(1, 3))

// AdagradRate is lr/(1 + step·decay) of the rate and the number of the step, counted from 0.
func AdagradRate(decay float64) *ir.Op {
	return prelude(ir.Op{
		Name:    "adagrad_rate",
		Attrs:   ir.Attrs{{Name: "lr_decay", Value: decay}},
		Doc:     "rate = lr/(1 + step·lr_decay)",
		Formula: "{y} = {0} / (1 + {lr_decay} {1})",
	}, "AdagradRate", nil, func(lr, t float64) []float64 { return []float64{lr / (1 + (t-1)*decay)} })
}

// AdagradOptimiser is the optimiser that updates by Adagrad, at a learning rate.
func AdagradOptimiser(rate, rateDecay, initial, epsilon, decay float64) *ir.Optimiser {
	return &ir.Optimiser{Name: "adagrad", Rate: rate, Update: Adagrad(initial, epsilon, decay), Slots: []string{"sum"},
		Torch: ir.TorchOptimiser{Class: "optim.Adagrad", Decay: decay, Args: slices.Concat(option("lr_decay", rateDecay, 0),
			option("initial_accumulator_value", initial, 0), []string{"eps=" + real(epsilon)})},
		Scalars: func(b *ir.Builder, rate *ir.Value) []*ir.Value {
			count := b.Scalar(ir.StepNumber)
			return append(b.Node("rate", AdagradRate(rateDecay), rate, count), count)
		}}
}
