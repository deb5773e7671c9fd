package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return KL(1) }, in(row(1), row(1)))
	_ = register(func() *ir.Op { return KL(3) }, in(row(3), row(3)))
	_ = register(func() *ir.Op { return KL(9) }, in(row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return kl(9).gradCard() }, in(scalar, row(9), row(9)), in(scalar, row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return WeightedKL(9) }, in(row(9), row(9), row(9)), in(row(4, 9), row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return kl(9).weighted().gradCard() }, in(scalar, row(4, 9), row(4, 9), row(4, 9)))
)

// KL is the divergence of log-probabilities x from probabilities t, both along a last axis of so many classes:
// Σ t·(log t − x), in which 0·log 0 is 0, and the mean of that over all positions of all rows. x and t are of one shape, a
// scalar results. It is the mean over all elements of classes·t·(log t − x).
//
// Source: Kullback, Leibler, "On information and sufficiency", 1951.
func KL(classes int) *ir.Op { return kl(classes).card() }

// WeightedKL is the mean of the same terms, each times its element of a third operand.
func WeightedKL(classes int) *ir.Op { return kl(classes).weighted().card() }

func kl(classes int) meanLoss {
	const count = ir.Named("classes")
	return meanLoss{
		name: "kl", kernel: "KL", attrs: ir.Attrs{{Name: "classes", Value: float64(classes)}},
		torch:   func(weighted bool) func(*ir.Node) ir.Torch { return torchKL(classes, weighted) },
		doc:     "loss = mean of classes·t·(log t − x), 0 where t is 0",
		formula: "{y} = mean of {classes}·{1}·(log {1} − {0})",
		// Where t is 0, x may be −∞, but no NaN is to be lost.
		term: ir.Mul(count, apply(funcWhere, x1, ir.Num(0),
			ir.Mul(x1, ir.Sub(apply(funcLog, x1), x0)),
			ir.Mul(x1, apply(funcSign, x0)))),
		gradDoc:     "∂x = −∂loss·classes·t / (n·size)",
		gradFormula: "{y} = −{weight}{classes}·{2} / {count}",
		// It does not depend on x, but for a NaN, which stays one.
		slope: ir.Mul(count, ir.Mul(ir.Sub(ir.Num(0), apply(funcMax, x1, ir.Num(0))), apply(funcAtLeast, apply(funcSign, x0), ir.Num(1)))),
	}
}
