package op

import "github.com/nnc-lang/nnc/compiler/ir"

// around draws scores on either side of a margin of 1.
var around = Domain{Least: 0.1, Most: 2.5}

var (
	_ = register(Hinge, in(row(3), row(3)).from(0, around), in(row(4, 9), row(4, 9)).from(0, around))
	_ = register(hinge.gradCard, in(scalar, row(3), row(3)).from(1, around), in(scalar, row(4, 9), row(4, 9)).from(1, around))
	_ = register(WeightedHinge, in(row(1), row(1), row(1)).from(0, around), in(row(4, 9), row(4, 9), row(4, 9)).from(0, around))
	_ = register(hinge.weighted().gradCard, in(scalar, row(4, 9), row(4, 9), row(4, 9)).from(1, around))
)

// Hinge is the mean over all elements of all rows of max(0, 1 − u·x), with u = 2t − 1: +1 for the second class, 1, and −1
// for the first, 0. x and t of one shape, a scalar results. Its derivative where u·x = 1 is 0.
//
// Source: Cortes, Vapnik, "Support-vector networks", 1995.
func Hinge() *ir.Op { return hinge.card() }

// WeightedHinge is the mean of the same terms, each times its element of a third operand.
func WeightedHinge() *ir.Op { return hinge.weighted().card() }

var hinge = func() meanLoss {
	u := ir.Sub(ir.Add(x1, x1), ir.Num(1))
	lack := ir.Sub(ir.Num(1), ir.Mul(u, x0))
	return meanLoss{
		name: "hinge", kernel: "Hinge",
		torch: func(weighted bool) func(*ir.Node) ir.Torch {
			const term = "F.relu(1 - (2 * {1} - 1) * {0})"
			return torchSum(term, term+".sum()", weighted)
		},
		doc:     "loss = mean of max(0, 1 − u·x), with u = 2t − 1",
		formula: "{y} = mean of max(0, 1 − (2 {1} − 1)·{0})",
		term:    apply(funcMax, lack, ir.Num(0)),
		gradDoc: "∂x = −∂loss·u / (n·size) where u·x < 1, else 0, with u = 2t − 1", gradFormula: "{y} = −{weight}(2 {2} − 1) / {count} where (2 {2} − 1)·{1} < 1",
		slope: ir.Mul(apply(funcMax, apply(funcSign, lack), ir.Num(0)), ir.Sub(ir.Num(0), u)), // a NaN's sign is NaN
	}
}()
