package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(MAE, in(row(1), row(1)), in(row(3), row(3)), in(row(4, 9), row(4, 9)))
	_ = register(mae.gradCard, in(scalar, row(1), row(1)), in(scalar, row(4, 9), row(4, 9)))
	_ = register(WeightedMAE, in(row(1), row(1), row(1)), in(row(4, 9), row(4, 9), row(4, 9)))
	_ = register(mae.weighted().gradCard, in(scalar, row(1), row(1), row(1)), in(scalar, row(4, 9), row(4, 9), row(4, 9)))
)

// MAE is the mean of |x − t| over all elements of all rows: x and t of one shape, a scalar results. Its derivative
// where x = t is 0.
func MAE() *ir.Op { return mae.card() }

// WeightedMAE is the mean of the same terms, each times its element of a third operand.
func WeightedMAE() *ir.Op { return mae.weighted().card() }

var mae = meanLoss{
	name: "mae", kernel: "MAE",
	torch: reducedTorch("F.l1_loss({0}, {1})"),
	doc:   "loss = mean of |x − t|", formula: "{y} = mean of |{0} − {1}|",
	term:    apply(funcAbs, ir.Sub(x0, x1)),
	gradDoc: "∂x = ∂loss·sign(x − t) / (n·size)", gradFormula: "{y} = {weight}sign({1} − {2}) / {count}",
	slope: apply(funcSign, ir.Sub(x0, x1)),
}
