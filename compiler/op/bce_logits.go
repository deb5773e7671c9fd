package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(BCELogits, in(row(1), row(1)), in(row(3), row(3)), in(row(4, 9), row(4, 9)))
	_ = register(bceLogits.gradCard, in(scalar, row(1), row(1)), in(scalar, row(4, 9), row(4, 9)))
	_ = register(WeightedBCELogits, in(row(1), row(1), row(1)), in(row(4, 9), row(4, 9), row(4, 9)))
	_ = register(bceLogits.weighted().gradCard, in(scalar, row(1), row(1), row(1)), in(scalar, row(4, 9), row(4, 9), row(4, 9)))
)

// BCELogits is the binary cross-entropy of logits x and targets t in [0, 1]: the mean over all elements of
// all rows of max(x, 0) − x·t + log(1 + exp(−|x|)), which is stable for every finite x. It is computed as x·(1 − t), or x·(0 − t)
// where x is negative, plus the logarithm: nothing cancels.
func BCELogits() *ir.Op { return bceLogits.card() }

// WeightedBCELogits is the mean of the same terms, each times its element of a third operand.
func WeightedBCELogits() *ir.Op { return bceLogits.weighted().card() }

var bceLogits = meanLoss{
	name: "bce_logits", kernel: "BCELogits",
	torch:   reducedTorch("F.binary_cross_entropy_with_logits({0}, {1})"),
	doc:     "loss = mean of max(x, 0) − x·t + log(1 + exp(−|x|))",
	formula: "{y} = mean of max({0}, 0) − {0}·{1} + log(1 + exp(−|{0}|))",
	term:    ir.Add(ir.Mul(x0, ir.Sub(apply(funcWhere, x0, ir.Num(0), ir.Num(1), ir.Num(0)), x1)), apply(funcSoftplusBelow, x0)),
	gradDoc: "∂x = ∂loss·(sigmoid(x) − t) / (n·size)", gradFormula: "{y} = {weight}(sigmoid({1}) − {2}) / {count}",
	slope: ir.Sub(apply(funcSigmoid, x0), x1),
}
