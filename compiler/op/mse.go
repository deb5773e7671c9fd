package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(MSE, in(row(1), row(1)), in(row(3), row(3)), in(row(4, 9), row(4, 9)))
	_ = register(mse.gradCard, in(scalar, row(1), row(1)), in(scalar, row(4, 9), row(4, 9)))
	_ = register(WeightedMSE, in(row(1), row(1), row(1)), in(row(4, 9), row(4, 9), row(4, 9)))
	_ = register(mse.weighted().gradCard, in(scalar, row(1), row(1), row(1)), in(scalar, row(4, 9), row(4, 9), row(4, 9)))
)

// MSE is the mean of (x − t)² over all elements of all rows: x and t of one shape, a scalar results.
func MSE() *ir.Op { return mse.card() }

// WeightedMSE is the mean of the same terms, each times its element of a third operand.
func WeightedMSE() *ir.Op { return mse.weighted().card() }

var mse = meanLoss{
	name: "mse", kernel: "MSE",
	torch: reducedTorch("F.mse_loss({0}, {1})"),
	doc:   "loss = mean of (x − t)²", formula: "{y} = mean of ({0} − {1})²",
	term:    ir.Mul(ir.Sub(x0, x1), ir.Sub(x0, x1)),
	gradDoc: "∂x = ∂loss·2(x − t) / (n·size)", gradFormula: "{y} = {weight}2 ({1} − {2}) / {count}",
	slope: ir.Sub(x0, x1), factor: 2,
}
