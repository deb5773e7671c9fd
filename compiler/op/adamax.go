package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(func() *ir.Op { return Adamax(0.9, 0.7, 1e-8, 0.03) },
	in(whole(5, 9), whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar).positive(3))

// Adamax is Adam by the largest gradient instead of the mean square, as PyTorch's: operands W, ∂W, the mean m, the largest
// u, the scale s of the gradient, and the rate lr/(1 − β₁ᵗ).
//
//	g = s·∂W + decay·W;  m = β₁·m + (1 − β₁)·g;  u = max(β₂·u, |g| + ε);  W −= rate·m/u
//
// Source: Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015, in PyTorch's form.
func Adamax(beta1, beta2, epsilon, decay float64) *ir.Op {
	op := updating(ir.Op{
		Name: "adamax",
		Attrs: ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2},
			{Name: "eps", Value: epsilon}, {Name: "decay", Value: decay}},
		Doc:     "m = β₁·m + (1 − β₁)·g;  u = max(β₂·u, |g| + ε);  W −= rate·m/u, g = s·∂W + decay·W",
		Formula: "m = mean of g = " + gradientText(decay) + ", u = max({beta2} u, |g| + {eps});  {0} −= {rate} m / u",
		FLOPs:   flopsOf(0, 9),
	}, decay, []string{"m", "u"}, []ir.Type{scalar}, func(e *cell) {
		e.slots[0] = beta1*e.slots[0] + (1-beta1)*e.g
		e.slots[1] = max(beta2*e.slots[1], math.Abs(e.g)+epsilon)
		e.w -= e.scalars[0] * e.slots[0] / e.slots[1]
	})
	op.Emit = update("Adamax", beta1, beta2, epsilon, decay)
	return op
}

var _ = register(func() *ir.Op { return AdamaxRate(0.9) }, in(real64, step).is(1, 0), in(real64, step).is(1, 3))

// AdamaxRate is lr/(1 − β₁ᵗ) of the rate and the number of the step, counted from 0, with t = step + 1.
func AdamaxRate(beta1 float64) *ir.Op {
	return prelude(ir.Op{
		Name:    "adamax_rate",
		Attrs:   ir.Attrs{{Name: "beta1", Value: beta1}},
		Doc:     "rate = lr/(1 − β₁ᵗ)",
		Formula: "{y} = {0} / (1 − {beta1}ᵗ)",
	}, "AdamaxRate", nil, func(lr, t float64) []float64 { return []float64{lr / (1 - math.Pow(beta1, t))} })
}

// AdamaxOptimiser is the optimiser that updates by Adamax, at a learning rate.
func AdamaxOptimiser(rate, beta1, beta2, epsilon, decay float64) *ir.Optimiser {
	return &ir.Optimiser{Name: "adamax", Rate: rate, Update: Adamax(beta1, beta2, epsilon, decay),
		Slots: []string{"m", "u"}, Scalars: rated(AdamaxRate(beta1)),
		Torch: ir.TorchOptimiser{Class: "optim.Adamax", Args: betas(beta1, beta2, epsilon), Decay: decay}}
}
