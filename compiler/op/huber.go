package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return Huber(1) }, in(row(3), row(3)), in(row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return Huber(0.5) }, in(row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return huber(0.5).gradCard() }, in(scalar, row(3), row(3)), in(scalar, row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return WeightedHuber(0.5) }, in(row(1), row(1), row(1)), in(row(4, 9), row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return huber(0.5).weighted().gradCard() }, in(scalar, row(4, 9), row(4, 9), row(4, 9)))
)

// Huber is the mean over all elements of all rows of ½e² where |e| ≤ δ, else δ(|e| − ½δ), with e = x − t: x and t of one
// shape, a scalar results.
//
// Source: Huber, "Robust estimation of a location parameter", 1964.
func Huber(delta float64) *ir.Op { return huber(delta).card() }

// WeightedHuber is the mean of the same terms, each times its element of a third operand.
func WeightedHuber(delta float64) *ir.Op { return huber(delta).weighted().card() }

func huber(delta float64) meanLoss {
	const limit = ir.Named("delta")
	e := ir.Sub(x0, x1)
	size := apply(funcAbs, e)
	return meanLoss{
		name: "huber", kernel: "Huber", attrs: ir.Attrs{{Name: "delta", Value: delta}},
		torch:   reducedTorch("F.huber_loss({0}, {1}, delta=" + pyNumber(delta) + ")"),
		doc:     "loss = mean, with e = x − t, of ½e² where |e| ≤ delta, else delta·(|e| − ½·delta)",
		formula: "{y} = mean of ½e² up to |e| = {delta}, linear beyond, e = {0} − {1}",
		term: apply(funcWhere, size, limit,
			ir.Mul(limit, ir.Sub(size, ir.Mul(ir.Num(0.5), limit))),
			ir.Mul(ir.Num(0.5), ir.Mul(e, e))),
		gradDoc:     "∂x = ∂loss·e / (n·size), where e = x − t is cut to ±delta",
		gradFormula: "{y} = {weight}e / {count}, e = {1} − {2} cut to ±{delta}",
		slope:       apply(funcMax, apply(funcMin, e, limit), ir.Sub(ir.Num(0), limit)),
	}
}
