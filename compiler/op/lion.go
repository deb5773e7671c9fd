package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	signed = in(whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar, scalar)
	_      = register(func() *ir.Op { return Lion(0.9, 0.99, 0) }, Sample{Types: signed.Types[:5]})
	_      = register(func() *ir.Op { return Lion(0.9, 0.99, 0.03) }, signed)
)

// Lion moves each element by the rate, against a sign: operands W, ∂W, the mean m, the scale s of the gradient, the rate,
// and with decay what LionRates makes beside it, shrink = lr·decay.
//
//	g = s·∂W;  W −= shrink·W;  W −= rate·sign(β₁·m + (1 − β₁)·g), where sign 0 = 0;  m = β₂·m + (1 − β₂)·g
//
// Source: Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023.
func Lion(beta1, beta2, decay float64) *ir.Op {
	kernel, scalars, shrunk := "Lion", []ir.Type{scalar}, ""
	if decay != 0 {
		kernel, scalars, shrunk = "LionDecay", append(scalars, scalar), "shrink {0}, then "
	}
	op := updating(ir.Op{
		Name:    "lion",
		Attrs:   ir.Attrs{{Name: "beta1", Value: beta1}, {Name: "beta2", Value: beta2}, {Name: "decay", Value: decay}},
		Doc:     "W −= shrink·W;  W −= rate·sign(β₁·m + (1 − β₁)·g);  m = β₂·m + (1 − β₂)·g, g = s·∂W",
		Formula: "{0} −= " + shrunk + "{rate} sign({beta1} m + (1 − {beta1}) g), g = {scale}{1};  m = {beta2} m + (1 − {beta2}) g",
		FLOPs:   flopsOf(0, 9),
	}, 0, []string{"m"}, scalars, func(e *cell) {
		direction := beta1*e.slots[0] + (1-beta1)*e.g
		e.slots[0] = beta2*e.slots[0] + (1-beta2)*e.g
		if decay != 0 {
			e.w -= e.scalars[1] * e.w
		}
		switch {
		case direction > 0:
			e.w -= e.scalars[0]
		case direction < 0:
			e.w += e.scalars[0]
		default:
			e.w -= direction // 0, or NaN
		}
	})
	op.Emit = update(kernel, beta1, beta2)
	return op
}

var _ = register(func() *ir.Op { return LionRates(0.1) }, in(real64))

// LionRates is the rate, and shrink = lr·decay.
func LionRates(decay float64) *ir.Op {
	return &ir.Op{
		Name:    "lion_rates",
		Attrs:   ir.Attrs{{Name: "decay", Value: decay}},
		Doc:     "rate = lr, shrink = lr·decay",
		Formula: "{y} = {0}, shrink = {decay} {0}",
		Results: []string{"shrink"},
		Types:   func([]ir.Type) ([]ir.Type, error) { return []ir.Type{scalar, scalar}, nil },
		Eval: func(ys, xs []ir.Tensor) {
			ys[0].Data[0], ys[1].Data[0] = xs[0].Data[0], xs[0].Data[0]*decay
		},
		Emit:  func(*ir.Node) ir.Call { return ir.Call{Kernel: "LionRates", Consts: []ir.Constant{ir.Number(decay)}} },
		FLOPs: flops(0),
	}
}

// LionOptimiser is the optimiser that updates by Lion, at a learning rate.
func LionOptimiser(rate, beta1, beta2, decay float64) *ir.Optimiser {
	o := &ir.Optimiser{Name: "lion", Rate: rate, Update: Lion(beta1, beta2, decay), Slots: []string{"m"}, Scalars: atRate,
		Torch: ir.TorchOptimiser{Class: "Lion", Args: []string{pair("betas", beta1, beta2)}, Decay: decay, Part: "lion"}}
	if decay != 0 {
		o.Decoupled = true
		o.Scalars = func(b *ir.Builder, rate *ir.Value) []*ir.Value { return b.Node("rate", LionRates(decay), rate) }
	}
	return o
}
