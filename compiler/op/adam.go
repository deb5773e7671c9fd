package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// moments are samples of an update with the slots m and v and three scalars.
var moments = in(whole(5, 9), whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar, scalar, scalar).positive(3)

var (
	_ = register(func() *ir.Op { return Adam(0.9, 0.999, 1e-8, 0.03, false) },
		in(whole(1), whole(1), whole(1), whole(1), scalar, scalar, scalar).positive(3),
		Sample{Types: moments.Types[:7]}.positive(3))
	_ = register(func() *ir.Op { return Adam(0.9, 0.999, 1e-8, 0.03, true) },
		in(whole(7), whole(7), whole(7), whole(7), whole(7), scalar, scalar, scalar).positive(3).positive(4))
)

// Adam is Adam as PyTorch's: operands W, ∂W, the moments m and v, the scale s of the gradient, and what AdamRates makes
// of the rate.
//
//	g = s·∂W + decay·W;  m = β₁·m + (1 − β₁)·g;  v = β₂·v + (1 − β₂)·g²
//	W −= rate·m / (√v·root + ε), where rate = lr/(1 − β₁ᵗ), root = 1/√(1 − β₂ᵗ)
//
// With amsgrad the largest v so far, a third slot, stands in place of v.
//
// Source: Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015; Reddi, Kale, Kumar, "On the convergence of
// Adam and beyond", ICLR 2018.
func Adam(beta1, beta2, epsilon, decay float64, amsgrad bool) *ir.Op {
	op := adam("adam", beta1, beta2, epsilon, decay, false, amsgrad)
	kernel := "Adam"
	if amsgrad {
		kernel = "AMSGrad"
	}
	op.Emit = update(kernel, beta1, beta2, epsilon, decay)
	return op
}

var (
	_ = register(func() *ir.Op { return AdamW(0.9, 0.999, 1e-8, 0.03, false) }, moments)
	_ = register(func() *ir.Op { return AdamW(0.9, 0.999, 1e-8, 0.03, true) },
		in(whole(7), whole(7), whole(7), whole(7), whole(7), scalar, scalar, scalar, scalar).positive(3).positive(4))
)

// AdamW is Adam with decoupled decay: W is multiplied by 1 − shrink first, shrink being lr·decay, and g = s·∂W.
//
// Source: Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019.
func AdamW(beta1, beta2, epsilon, decay float64, amsgrad bool) *ir.Op {
	op := adam("adamw", beta1, beta2, epsilon, decay, true, amsgrad)
	kernel := "AdamW"
	if amsgrad {
		kernel = "AMSGradW"
	}
	op.Emit = update(kernel, beta1, beta2, epsilon)
	return op
}

func adam(name string, beta1, beta2, epsilon, decay float64, decoupled, amsgrad bool) *ir.Op {
	card := ir.Op{
		Name: name,
		Attrs: ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2},
			{Name: "eps", Value: epsilon}, {Name: "decay", Value: decay}},
		Doc:   "m = β₁·m + (1 − β₁)·s·∂W;  v = β₂·v + (1 − β₂)·(s·∂W)²;  W −= rate·m / (√v·root + ε)",
		FLOPs: flopsOf(0, 12),
	}
	slots, scalars, largest, move := []string{"m", "v"}, []ir.Type{scalar, scalar}, "v", "{rate} m / (√v·root + {eps})"
	if amsgrad {
		slots, largest, move = append(slots, "max"), "v and its largest", "{rate} m / (√max·root + {eps})"
		card.Attrs = append(card.Attrs, ir.Attr{Name: "amsgrad", Value: 1})
		card.Doc = "m = β₁·m + (1 − β₁)·s·∂W;  v = β₂·v + (1 − β₂)·(s·∂W)²;  W −= rate·m / (√(the largest v)·root + ε)"
	}
	penalty := decay
	if decoupled {
		scalars, penalty = append(scalars, scalar), 0
		move = "shrink {0}, then " + move
	}
	card.Formula = "m, " + largest + " = moments of " + gradientText(penalty) + ";  {0} −= " + move
	return updating(card, penalty, slots, scalars, func(e *cell) {
		rate, root := e.scalars[0], e.scalars[1]
		if decoupled {
			e.w -= e.scalars[2] * e.w
		}
		e.moments(beta1, beta2)
		second := e.slots[1]
		if amsgrad {
			e.slots[2] = max(e.slots[2], second)
			second = e.slots[2]
		}
		e.w -= rate * e.slots[0] / (math.Sqrt(second)*root + epsilon)
	})
}

// moments updates the means of the gradient and of its square, slots 0 and 1.
func (e *cell) moments(beta1, beta2 float64) {
	e.slots[0] = beta1*e.slots[0] + (1-beta1)*e.g
	e.slots[1] = beta2*e.slots[1] + (1-beta2)*e.g*e.g
}

var (
	_ = register(func() *ir.Op { return AdamRates(0.9, 0.999) }, in(real64, step).is(1, 3), in(real64, step).is(1, 0))
	_ = register(func() *ir.Op { return AdamWRates(0.9, 0.999, 0.01) }, in(real64, step).is(1, 3))
)

// AdamRates makes Adam's scalars of the rate and the number of the step, counted from 0: lr/(1 − β₁ᵗ) and
// 1/√(1 − β₂ᵗ) with t = step + 1.
func AdamRates(beta1, beta2 float64) *ir.Op {
	return adamRates("adam_rates", "AdamRates", 2, ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2}})
}

// AdamWRates is AdamRates with lr·decay as a third result.
func AdamWRates(beta1, beta2, decay float64) *ir.Op {
	return adamRates("adamw_rates", "AdamWRates", 3,
		ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2}, {Name: "decay", Value: decay}})
}

func adamRates(name, kernel string, results int, attrs ir.Attrs) *ir.Op {
	return prelude(ir.Op{
		Name:    name,
		Attrs:   attrs,
		Doc:     "rate = lr/(1 − β₁ᵗ), root = 1/√(1 − β₂ᵗ), shrink = lr·decay",
		Formula: "{y} = {0} / (1 − {beta1}ᵗ), root = 1 / √(1 − {beta2}ᵗ)",
	}, kernel, []string{"root", "shrink"}[:results-1], func(lr, t float64) []float64 {
		rates := []float64{lr / (1 - math.Pow(attrs.Number("beta1"), t)), 1 / math.Sqrt(1-math.Pow(attrs.Number("beta2"), t))}
		if results == 3 {
			rates = append(rates, lr*attrs.Number("decay"))
		}
		return rates
	})
}

// AdamOptimiser is the optimiser that updates by Adam, at a learning rate.
func AdamOptimiser(rate, beta1, beta2, epsilon, decay float64, amsgrad bool) *ir.Optimiser {
	return &ir.Optimiser{Name: "adam", Rate: rate, Update: Adam(beta1, beta2, epsilon, decay, amsgrad),
		Slots: adamSlots(amsgrad), Scalars: rated(AdamRates(beta1, beta2)),
		Torch: ir.TorchOptimiser{Class: "optim.Adam", Args: append(betas(beta1, beta2, epsilon), flagged("amsgrad", amsgrad)...), Decay: decay}}
}

// AdamWOptimiser is the optimiser that updates by AdamW, at a learning rate. Without decay it is Adam.
func AdamWOptimiser(rate, beta1, beta2, epsilon, decay float64, amsgrad bool) *ir.Optimiser {
	if decay == 0 {
		o := AdamOptimiser(rate, beta1, beta2, epsilon, 0, amsgrad)
		o.Name, o.Torch.Class = "adamw", "optim.AdamW"
		return o
	}
	return &ir.Optimiser{Name: "adamw", Rate: rate, Update: AdamW(beta1, beta2, epsilon, decay, amsgrad),
		Slots: adamSlots(amsgrad), Scalars: rated(AdamWRates(beta1, beta2, decay)), Decoupled: true,
		Torch: ir.TorchOptimiser{Class: "optim.AdamW", Args: append(betas(beta1, beta2, epsilon), flagged("amsgrad", amsgrad)...), Decay: decay}}
}

func adamSlots(amsgrad bool) []string {
	if amsgrad {
		return []string{"m", "v", "max"}
	}
	return []string{"m", "v"}
}
