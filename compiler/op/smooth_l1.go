package op

import "github.com/nnc-lang/nnc/compiler/ir"

var (
	_ = register(func() *ir.Op { return SmoothL1(1) }, in(row(3), row(3)), in(row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return SmoothL1(0.5) }, in(row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return smoothL1(0.5).gradCard() }, in(scalar, row(3), row(3)), in(scalar, row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return WeightedSmoothL1(0.5) }, in(row(1), row(1), row(1)), in(row(4, 9), row(4, 9), row(4, 9)))
	_ = register(func() *ir.Op { return smoothL1(0.5).weighted().gradCard() }, in(scalar, row(4, 9), row(4, 9), row(4, 9)))
)

// SmoothL1 is the mean over all elements of all rows of ½e²/β where |e| < β, else |e| − ½β, with e = x − t: x and t of
// one shape, a scalar results. It is Huber's loss of δ = β over β.
//
// Source: Girshick, "Fast R-CNN", ICCV 2015, in PyTorch's form.
func SmoothL1(beta float64) *ir.Op { return smoothL1(beta).card() }

// WeightedSmoothL1 is the mean of the same terms, each times its element of a third operand.
func WeightedSmoothL1(beta float64) *ir.Op { return smoothL1(beta).weighted().card() }

func smoothL1(beta float64) meanLoss {
	const limit = ir.Named("beta")
	e := ir.Sub(x0, x1)
	size := apply(funcAbs, e)
	share := ir.Div(e, limit) // at most 1 where it is multiplied: e² may be too small for a float32
	return meanLoss{
		name: "smooth_l1", kernel: "SmoothL1", attrs: ir.Attrs{{Name: "beta", Value: beta}},
		torch:   reducedTorch("F.smooth_l1_loss({0}, {1}, beta=" + pyNumber(beta) + ")"),
		doc:     "loss = mean, with e = x − t, of ½e²/beta where |e| < beta, else |e| − ½·beta",
		formula: "{y} = mean of ½e²/{beta} up to |e| = {beta}, linear beyond, e = {0} − {1}",
		term: apply(funcWhere, limit, size,
			ir.Mul(ir.Mul(ir.Num(0.5), e), share),
			ir.Sub(size, ir.Mul(ir.Num(0.5), limit))),
		gradDoc:     "∂x = ∂loss·e / (n·size), where e = (x − t)/beta is cut to ±1",
		gradFormula: "{y} = {weight}e / {count}, e = ({1} − {2})/{beta} cut to ±1",
		slope:       apply(funcMax, apply(funcMin, share, ir.Num(1)), ir.Num(-1)),
	}
}
