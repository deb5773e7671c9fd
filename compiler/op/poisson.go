package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(Poisson, in(row(1), row(1)), in(row(3), row(3)), in(row(4, 9), row(4, 9)))
	_ = register(poisson.gradCard, in(scalar, row(1), row(1)), in(scalar, row(4, 9), row(4, 9)))
	_ = register(WeightedPoisson, in(row(1), row(1), row(1)), in(row(4, 9), row(4, 9), row(4, 9)))
	_ = register(poisson.weighted().gradCard, in(scalar, row(1), row(1), row(1)), in(scalar, row(4, 9), row(4, 9), row(4, 9)))
)

// Poisson is the mean of exp(x) − t·x over all elements of all rows: the negative logarithm of a count's probability by
// Poisson's law, x being the logarithm of its rate, without the part that does not depend on x. x and t of one shape, a
// scalar results.
func Poisson() *ir.Op { return poisson.card() }

// WeightedPoisson is the mean of the same terms, each times its element of a third operand.
func WeightedPoisson() *ir.Op { return poisson.weighted().card() }

var poisson = meanLoss{
	name: "poisson", kernel: "Poisson",
	torch: reducedTorch("F.poisson_nll_loss({0}, {1})"),
	doc:   "loss = mean of exp(x) − t·x", formula: "{y} = mean of exp({0}) − {1}·{0}",
	term:    ir.Sub(apply(funcExp, x0), ir.Mul(x1, x0)),
	gradDoc: "∂x = ∂loss·(exp(x) − t) / (n·size)", gradFormula: "{y} = {weight}(exp({1}) − {2}) / {count}",
	slope: ir.Sub(apply(funcExp, x0), x1),
}
