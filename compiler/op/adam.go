package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(func() *ir.Op { return Adam(0.1, 0.9, 0.999, 1e-8, 0.03) },
	in(whole(1), whole(1), whole(1), whole(1), step),
	in(whole(5, 9), whole(5, 9), whole(5, 9), whole(5, 9), step))

// Adam is Adam as PyTorch's: operands W, ∂W, the moments m and v, and the number s of the step from 0.
//
//	g = ∂W + decay·W;  m = β₁·m + (1 − β₁)·g;  v = β₂·v + (1 − β₂)·g²
//	W −= lr/(1 − β₁ˢ⁺¹) · m / (√v/√(1 − β₂ˢ⁺¹) + ε)
//
// Source: Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015.
func Adam(lr, beta1, beta2, epsilon, decay float64) *ir.Op {
	return adam("adam", "Adam", lr, beta1, beta2, epsilon, decay, false)
}

var _ = register(func() *ir.Op { return AdamW(0.1, 0.9, 0.999, 1e-8, 0.03) },
	in(whole(5, 9), whole(5, 9), whole(5, 9), whole(5, 9), step))

// AdamW is Adam with decoupled decay: W is multiplied by 1 − lr·decay first, and g = ∂W.
//
// Source: Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019.
func AdamW(lr, beta1, beta2, epsilon, decay float64) *ir.Op {
	return adam("adamw", "AdamW", lr, beta1, beta2, epsilon, decay, true)
}

func adam(name, kernel string, lr, beta1, beta2, epsilon, decay float64, decoupled bool) *ir.Op {
	return &ir.Op{
		Name: name,
		Attrs: ir.Attrs{{Name: "lr", Value: lr}, {Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2},
			{Name: "eps", Value: epsilon}, {Name: "decay", Value: decay}},
		Doc:        "m = β₁·m + (1 − β₁)·∂W;  v = β₂·v + (1 − β₂)·∂W²;  W −= lr·m̂ / (√v̂ + ε)",
		Formula:    "m, v = moments of {1};  {0} −= {lr} m̂ / (√v̂ + {eps})",
		Types:      updateTypes(2),
		Results:    []string{"m", "v"},
		Overwrites: []int{0, 2, 3},
		FLOPs:      flops(12),
		Eval: func(ys, xs []ir.Tensor) {
			t := xs[4].Data[0] + 1
			c1, c2 := 1-math.Pow(beta1, t), 1-math.Pow(beta2, t)
			for i, w := range xs[0].Data {
				g := xs[1].Data[i]
				if decoupled {
					w -= lr * decay * w
				} else {
					g += decay * w
				}
				m := beta1*xs[2].Data[i] + (1-beta1)*g
				v := beta2*xs[3].Data[i] + (1-beta2)*g*g
				ys[0].Data[i] = w - lr/c1*m/(math.Sqrt(v)/math.Sqrt(c2)+epsilon)
				ys[1].Data[i], ys[2].Data[i] = m, v
			}
		},
		Emit: update(kernel, lr, beta1, beta2, epsilon, decay),
	}
}
