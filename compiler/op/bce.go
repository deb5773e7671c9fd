package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// likely draws probabilities where the logarithms are not cut.
var likely = Domain{Least: 0.1, Most: 0.9, Positive: true}

var (
	_ = register(BCE, in(row(1), row(1)).from(0, likely), in(row(3), row(3)).from(0, likely), in(row(4, 9), row(4, 9)).from(0, likely))
	_ = register(bce.gradCard, in(scalar, row(1), row(1)).from(1, likely), in(scalar, row(4, 9), row(4, 9)).from(1, likely))
	_ = register(WeightedBCE, in(row(1), row(1), row(1)).from(0, likely), in(row(4, 9), row(4, 9), row(4, 9)).from(0, likely))
	_ = register(bce.weighted().gradCard, in(scalar, row(1), row(1), row(1)).from(1, likely), in(scalar, row(4, 9), row(4, 9), row(4, 9)).from(1, likely))
)

// BCE is the binary cross-entropy of probabilities x and targets t in [0, 1]: the mean over all elements of all rows of
// −(t·log x + (1 − t)·log(1 − x)), where each logarithm is at least −100. The derivative's denominator x(1 − x) is at
// least 1e-12. It is not a number where x is no probability.
func BCE() *ir.Op { return bce.card() }

// WeightedBCE is the mean of the same terms, each times its element of a third operand.
func WeightedBCE() *ir.Op { return bce.weighted().card() }

// funcAtLeast is max as a bound that only keeps what is not defined from being so: samples, which have some room around
// them, do not get there.
var funcAtLeast = &ir.Function{Name: "max", FLOPs: 1, Eval: func(x ...float64) float64 { return math.Max(x[0], x[1]) }}

var bce = meanLoss{
	name: "bce", kernel: "BCE",
	torch:   reducedTorch("F.binary_cross_entropy({0}, {1})"),
	doc:     "loss = mean of −(t·log x + (1 − t)·log(1 − x)), each logarithm at least −100",
	formula: "{y} = mean of −({1}·log {0} + (1 − {1})·log(1 − {0}))",
	term: ir.Sub(ir.Num(0), ir.Add(
		ir.Mul(x1, apply(funcAtLeast, apply(funcLog, x0), ir.Num(-100))),
		ir.Mul(ir.Sub(ir.Num(1), x1), apply(funcAtLeast, apply(funcLogRest, x0), ir.Num(-100))))),
	gradDoc:     "∂x = ∂loss·(x − t)/max(x·(1 − x), 1e-12) / (n·size)",
	gradFormula: "{y} = {weight}({1} − {2}) / max({1}·(1 − {1}), 1e-12) / {count}",
	slope:       ir.Div(ir.Sub(x0, x1), apply(funcAtLeast, ir.Mul(x0, ir.Sub(ir.Num(1), x0)), ir.Num(1e-12))),
}
