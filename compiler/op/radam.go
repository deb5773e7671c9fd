package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(func() *ir.Op { return RAdam(0.9, 0.999, 0.03) }, moments.positive(6).positive(7), moments.is(6, 0).is(7, 1))

// RAdam is Adam with a rectified rate, as PyTorch's: operands W, ∂W, the moments m and v, the scale s of the gradient, and
// what RAdamRates makes of the rate.
//
//	g = s·∂W + decay·W;  m = β₁·m + (1 − β₁)·g;  v = β₂·v + (1 − β₂)·g²
//	W −= rate·m / (√v·root + least), in the first steps W −= rate·m
//
// Source: Liu, Jiang, He, Chen, Liu, Gao, Han, "On the variance of the adaptive learning rate and beyond", ICLR 2020.
func RAdam(beta1, beta2, decay float64) *ir.Op {
	op := updating(ir.Op{
		Name:    "radam",
		Attrs:   ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2}, {Name: "decay", Value: decay}},
		Doc:     "m = β₁·m + (1 − β₁)·g;  v = β₂·v + (1 − β₂)·g²;  W −= rate·m / (√v·root + least), g = s·∂W + decay·W",
		Formula: "m, v = moments of " + gradientText(decay) + ";  {0} −= {rate} m / (√v·root + least)",
		FLOPs:   flopsOf(0, 12),
	}, decay, []string{"m", "v"}, []ir.Type{scalar, scalar, scalar}, func(e *cell) {
		e.moments(beta1, beta2)
		e.w -= e.scalars[0] * e.slots[0] / (math.Sqrt(e.slots[1])*e.scalars[1] + e.scalars[2])
	})
	op.Emit = update("RAdam", beta1, beta2, decay)
	return op
}

var _ = register(func() *ir.Op { return RAdamRates(0.9, 0.999, 1e-8) }, in(real64, step).is(1, 0), in(real64, step).is(1, 30))

// RAdamRates makes RAdam's scalars of the rate and the number of the step, counted from 0, with t = step + 1. With
// ρ∞ = 2/(1 − β₂) − 1 and ρ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ), where ρ > 5 they are the rate
// lr/(1 − β₁ᵗ)·√(1 − β₂ᵗ)·√((ρ−4)(ρ−2)ρ∞/((ρ∞−4)(ρ∞−2)ρ)), the root 1 and the least ε. Else they are lr/(1 − β₁ᵗ), 0 and
// 1: nothing is divided by.
func RAdamRates(beta1, beta2, epsilon float64) *ir.Op {
	return prelude(ir.Op{
		Name:    "radam_rates",
		Attrs:   ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2}, {Name: "eps", Value: epsilon}},
		Doc:     "rate = lr/(1 − β₁ᵗ)·√(1 − β₂ᵗ)·√((ρ−4)(ρ−2)ρ∞/((ρ∞−4)(ρ∞−2)ρ)), root = 1, least = ε where ρ > 5; else lr/(1 − β₁ᵗ), 0, 1",
		Formula: "{y} = {0} / (1 − {beta1}ᵗ), rectified by {beta2} once there have been enough steps: then root = 1, least = {eps}, before 0 and 1",
	}, "RAdamRates", []string{"root", "least"}, func(lr, t float64) []float64 {
		plain, left, limit := lr/(1-math.Pow(beta1, t)), math.Pow(beta2, t), 2/(1-beta2)-1
		length := limit - 2*t*left/(1-left)
		if length <= 5 {
			return []float64{plain, 0, 1}
		}
		rectified := math.Sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length))
		return []float64{plain * math.Sqrt(1-left) * rectified, 1, epsilon}
	})
}

// RAdamOptimiser is the optimiser that updates by RAdam, at a learning rate.
func RAdamOptimiser(rate, beta1, beta2, epsilon, decay float64) *ir.Optimiser {
	return &ir.Optimiser{Name: "radam", Rate: rate, Update: RAdam(beta1, beta2, decay),
		Slots: []string{"m", "v"}, Scalars: rated(RAdamRates(beta1, beta2, epsilon)),
		Torch: ir.TorchOptimiser{Class: "optim.RAdam", Args: betas(beta1, beta2, epsilon), Decay: decay}}
}
