package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(func() *ir.Op { return Adadelta(0.9, 1e-6, 0.03) },
	in(whole(5, 9), whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar).positive(2).positive(3))

// Adadelta takes steps as large as those before, as PyTorch's: operands W, ∂W, the mean square v of the gradients, that of
// the steps, delta, the scale s of the gradient, and the rate.
//
//	g = s·∂W + decay·W;  v = ρ·v + (1 − ρ)·g²
//	δ = √(delta + ε)/√(v + ε)·g;  delta = ρ·delta + (1 − ρ)·δ²;  W −= rate·δ
//
// Source: Zeiler, "ADADELTA: an adaptive learning rate method", 2012.
func Adadelta(rho, epsilon, decay float64) *ir.Op {
	op := updating(ir.Op{
		Name:    "adadelta",
		Attrs:   ir.Attrs{{Name: "rho", Value: rho}, {Name: "eps", Value: epsilon}, {Name: "decay", Value: decay}},
		Doc:     "v = ρ·v + (1 − ρ)·g²;  δ = √(delta + ε)/√(v + ε)·g;  delta = ρ·delta + (1 − ρ)·δ²;  W −= rate·δ, g = s·∂W + decay·W",
		Formula: "v = mean of g², g = " + gradientText(decay) + ";  {0} −= {rate} δ, δ = √(delta + {eps}) / √(v + {eps}) g;  delta = mean of δ²",
		FLOPs:   flopsOf(0, 16),
	}, decay, []string{"v", "delta"}, []ir.Type{scalar}, func(e *cell) {
		e.slots[0] = rho*e.slots[0] + (1-rho)*e.g*e.g
		move := math.Sqrt(e.slots[1]+epsilon) / math.Sqrt(e.slots[0]+epsilon) * e.g
		e.slots[1] = rho*e.slots[1] + (1-rho)*move*move
		e.w -= e.scalars[0] * move
	})
	op.Emit = update("Adadelta", rho, epsilon, decay)
	return op
}

// AdadeltaOptimiser is the optimiser that updates by Adadelta, at a learning rate.
func AdadeltaOptimiser(rate, rho, epsilon, decay float64) *ir.Optimiser {
	return &ir.Optimiser{Name: "adadelta", Rate: rate, Update: Adadelta(rho, epsilon, decay), Slots: []string{"v", "delta"}, Scalars: atRate,
		Torch: ir.TorchOptimiser{Class: "optim.Adadelta", Args: []string{"rho=" + real(rho), "eps=" + real(epsilon)}, Decay: decay}}
}
