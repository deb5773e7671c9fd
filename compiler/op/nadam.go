package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(func() *ir.Op { return NAdam(0.9, 0.999, 1e-8, 0.03) }, moments)

// NAdam is Adam that looks ahead by its momentum, as PyTorch's: operands W, ∂W, the moments m and v, the scale s of the
// gradient, and what NAdamRates makes of the rate.
//
//	g = s·∂W + decay·W;  m = β₁·m + (1 − β₁)·g;  v = β₂·v + (1 − β₂)·g²
//	W −= (rate·g + next·m) / (√v·root + ε)
//
// Source: Dozat, "Incorporating Nesterov momentum into Adam", ICLR 2016 workshop, in PyTorch's form.
func NAdam(beta1, beta2, epsilon, decay float64) *ir.Op {
	op := updating(ir.Op{
		Name: "nadam",
		Attrs: ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2},
			{Name: "eps", Value: epsilon}, {Name: "decay", Value: decay}},
		Doc:     "m = β₁·m + (1 − β₁)·g;  v = β₂·v + (1 − β₂)·g²;  W −= (rate·g + next·m) / (√v·root + ε), g = s·∂W + decay·W",
		Formula: "m, v = moments of g = " + gradientText(decay) + ";  {0} −= ({rate} g + next m) / (√v·root + {eps})",
		FLOPs:   flopsOf(0, 14),
	}, decay, []string{"m", "v"}, []ir.Type{scalar, scalar, scalar}, func(e *cell) {
		e.moments(beta1, beta2)
		e.w -= (e.scalars[0]*e.g + e.scalars[1]*e.slots[0]) / (math.Sqrt(e.slots[1])*e.scalars[2] + epsilon)
	})
	op.Emit = update("NAdam", beta1, beta2, epsilon, decay)
	return op
}

var _ = register(func() *ir.Op { return NAdamRates(0.9, 0.999, 0.004) }, in(real64, step).is(1, 0), in(real64, step).is(1, 30))

// NAdamRates makes NAdam's scalars of the rate and the number of the step, counted from 0, with t = step + 1:
// lr·(1 − μₜ)/(1 − M), lr·μₜ₊₁/(1 − M·μₜ₊₁) and 1/√(1 − β₂ᵗ), where μᵢ = β₁·(1 − ½·0.96^(i·decay)) and M = μ₁·…·μₜ.
func NAdamRates(beta1, beta2, decay float64) *ir.Op {
	return prelude(ir.Op{
		Name:    "nadam_rates",
		Attrs:   ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2}, {Name: "momentum_decay", Value: decay}},
		Doc:     "rate = lr·(1 − μₜ)/(1 − M), next = lr·μₜ₊₁/(1 − M·μₜ₊₁), root = 1/√(1 − β₂ᵗ)",
		Formula: "{y} = {0} (1 − μₜ) / (1 − μ₁·…·μₜ), next = {0} μₜ₊₁ / (1 − μ₁·…·μₜ₊₁), root = 1 / √(1 − {beta2}ᵗ), μᵢ = {beta1} (1 − ½·0.96^(i·{momentum_decay}))",
	}, "NAdamRates", []string{"next", "root"}, func(lr, t float64) []float64 {
		momentum := func(i float64) float64 { return beta1 * (1 - 0.5*math.Pow(0.96, i*decay)) }
		product := 1.0
		for i := 1.0; i <= t; i++ {
			product *= momentum(i)
		}
		next := momentum(t + 1)
		return []float64{lr * (1 - momentum(t)) / (1 - product), lr * next / (1 - product*next), 1 / math.Sqrt(1-math.Pow(beta2, t))}
	})
}

// NAdamOptimiser is the optimiser that updates by NAdam, at a learning rate.
func NAdamOptimiser(rate, beta1, beta2, epsilon, momentumDecay, decay float64) *ir.Optimiser {
	return &ir.Optimiser{Name: "nadam", Rate: rate, Update: NAdam(beta1, beta2, epsilon, decay),
		Slots: []string{"m", "v"}, Scalars: rated(NAdamRates(beta1, beta2, momentumDecay)),
		Torch: ir.TorchOptimiser{Class: "optim.NAdam", Decay: decay,
			Args: append(betas(beta1, beta2, epsilon), "momentum_decay="+real(momentumDecay))}}
}
