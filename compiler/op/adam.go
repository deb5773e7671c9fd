package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var moments = in(whole(5, 9), whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar, scalar, scalar).positive(3)

var _ = register(func() *ir.Op { return Adam(0.9, 0.999, 1e-8, 0.03) },
	in(whole(1), whole(1), whole(1), whole(1), scalar, scalar, scalar).positive(3),
	Sample{Types: moments.Types[:7]}.positive(3))

// Adam is Adam as PyTorch's: operands W, ∂W, the moments m and v, the scale s of the gradient, and what AdamRates makes
// of the rate.
//
//	g = s·∂W + decay·W;  m = β₁·m + (1 − β₁)·g;  v = β₂·v + (1 − β₂)·g²
//	W −= rate·m / (√v·root + ε), where rate = lr/(1 − β₁ᵗ), root = 1/√(1 − β₂ᵗ)
//
// Source: Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015.
func Adam(beta1, beta2, epsilon, decay float64) *ir.Op {
	op := adam("adam", beta1, beta2, epsilon, decay, false)
	op.Types = updateTypes(2, scalar, scalar)
	op.Emit = update("Adam", beta1, beta2, epsilon, decay)
	return op
}

var _ = register(func() *ir.Op { return AdamW(0.9, 0.999, 1e-8, 0.03) }, moments)

// AdamW is Adam with decoupled decay: W is multiplied by 1 − shrink first, shrink being lr·decay, and g = s·∂W.
//
// Source: Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019.
func AdamW(beta1, beta2, epsilon, decay float64) *ir.Op {
	op := adam("adamw", beta1, beta2, epsilon, decay, true)
	op.Types = updateTypes(2, scalar, scalar, scalar)
	op.Emit = update("AdamW", beta1, beta2, epsilon)
	return op
}

func adam(name string, beta1, beta2, epsilon, decay float64, decoupled bool) *ir.Op {
	formula := "m, v = moments of {scale}{1};  {0} −= {rate} m / (√v·root + {eps})"
	switch {
	case decay == 0:
	case decoupled:
		formula = "m, v = moments of {scale}{1};  {0} −= shrink {0}, then {rate} m / (√v·root + {eps})"
	default:
		formula = "m, v = moments of {scale}{1} + {decay} {0};  {0} −= {rate} m / (√v·root + {eps})"
	}
	return &ir.Op{
		Name: name,
		Attrs: ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2},
			{Name: "eps", Value: epsilon}, {Name: "decay", Value: decay}},
		Doc:        "m = β₁·m + (1 − β₁)·s·∂W;  v = β₂·v + (1 − β₂)·(s·∂W)²;  W −= rate·m / (√v·root + ε)",
		Formula:    formula,
		Results:    []string{"m", "v"},
		Overwrites: overwritten(2),
		Order:      ir.Alike,
		FLOPs:      flopsOf(0, 12),
		Eval: func(ys, xs []ir.Tensor) {
			scale, rate, root := xs[4].Data[0], xs[5].Data[0], xs[6].Data[0]
			for i, w := range xs[0].Data {
				g := scale * xs[1].Data[i]
				if decoupled {
					w -= xs[7].Data[0] * w
				} else {
					g += decay * w
				}
				m := beta1*xs[2].Data[i] + (1-beta1)*g
				v := beta2*xs[3].Data[i] + (1-beta2)*g*g
				ys[0].Data[i] = w - rate*m/(math.Sqrt(v)*root+epsilon)
				ys[1].Data[i], ys[2].Data[i] = m, v
			}
		},
	}
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
	return &ir.Op{
		Name:    name,
		Attrs:   attrs,
		Doc:     "rate = lr/(1 − β₁ᵗ), root = 1/√(1 − β₂ᵗ), shrink = lr·decay",
		Formula: "{y} = {0} / (1 − {beta1}ᵗ), root = 1 / √(1 − {beta2}ᵗ)",
		Results: []string{"root", "shrink"}[:results-1],
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 2 || !in[0].Equal(real64) || !in[1].Equal(step) {
				return nil, fmt.Errorf("operands %v are no rate and no step", in)
			}
			return make([]ir.Type, results), nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			lr, t := xs[0].Data[0], xs[1].Data[0]+1
			ys[0].Data[0] = lr / (1 - math.Pow(attrs.Number("beta1"), t))
			ys[1].Data[0] = 1 / math.Sqrt(1-math.Pow(attrs.Number("beta2"), t))
			if results == 3 {
				ys[2].Data[0] = lr * attrs.Number("decay")
			}
		},
		Emit: func(*ir.Node) ir.Call {
			call := ir.Call{Kernel: kernel}
			for _, a := range attrs {
				call.Consts = append(call.Consts, ir.Number(a.Value))
			}
			return call
		},
		FLOPs: flops(0),
	}
}

// AdamOptimiser is the optimiser that updates by Adam, at a learning rate.
func AdamOptimiser(rate, beta1, beta2, epsilon, decay float64) *ir.Optimiser {
	return twoMoments(rate, Adam(beta1, beta2, epsilon, decay), AdamRates(beta1, beta2))
}

// AdamWOptimiser is the optimiser that updates by AdamW, at a learning rate.
func AdamWOptimiser(rate, beta1, beta2, epsilon, decay float64) *ir.Optimiser {
	return twoMoments(rate, AdamW(beta1, beta2, epsilon, decay), AdamWRates(beta1, beta2, decay))
}

func twoMoments(rate float64, update, rates *ir.Op) *ir.Optimiser {
	return &ir.Optimiser{
		Name:   update.Name,
		Update: update,
		Slots:  []string{"m", "v"},
		Rate:   rate,
		Scalars: func(b *ir.Builder, rate *ir.Value) []*ir.Value {
			return b.Node("rate", rates, rate, b.Scalar(ir.StepNumber))
		},
	}
}
