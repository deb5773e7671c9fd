package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	funcLog      = &ir.Function{Name: "Log1", Doc: "ln x", FLOPs: 1, ONNX: onnxAll(13, "Log"), Eval: func(x ...float64) float64 { return math.Log(x[0]) }, Body: logSteps()}
	funcSoftplus = &ir.Function{Name: "Softplus1", Doc: "ln(1 + eˣ)", FLOPs: 3, ONNX: onnxAll(1, "Softplus"), Eval: func(x ...float64) float64 { return lnOnePlusExp(x[0]) }, Body: softplusSteps()}

	// LogRest1 is what the cross-entropy of a probability has besides.
	funcLogRest = &ir.Function{Name: "LogRest1", Doc: "ln(1 − x)", FLOPs: 4, Eval: func(x ...float64) float64 { return math.Log1p(-x[0]) }, Body: logRestSteps()}

	// SoftplusBelow1 is what the cross-entropy of a logit has of it.
	funcSoftplusBelow = &ir.Function{Name: "SoftplusBelow1", Doc: "ln(1 + e^−|x|)", FLOPs: 3, Eval: func(x ...float64) float64 { return lnOnePlusExp(-math.Abs(x[0])) }, Body: softplusBelowSteps()}
)

func lnOnePlusExp(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// logSteps are k·ln 2 + ln(1 + d) with x = 2ᵏ·(1 + d); a subnormal x is lifted to where it has an exponent. ln 2 stands
// in two parts, of which k times the first is exact.
func logSteps() []ir.Step {
	const up, k, d, d2, p, rest, y = ir.Named("up"), ir.Named("k"), ir.Named("d"), ir.Named("d2"), ir.Named("p"), ir.Named("rest"), ir.Named("y")
	const least, lift = ir.Num(0x1p-126), 23
	outside := apply(funcWhere, ir.Num(0), x0, ir.Num(math.NaN()), ir.Sub(x0, ir.Num(math.Inf(1)))) // −∞ for 0
	return []ir.Step{
		{Name: "up", Value: apply(funcWhere, least, x0, ir.Mul(x0, ir.Num(1<<lift)), x0)},
		{Name: "k", Value: ir.Sub(apply(funcExponent, up), apply(funcWhere, least, x0, ir.Num(lift), ir.Num(0)))},
		{Name: "d", Value: ir.Sub(apply(funcSignificand, up), ir.Num(1))},
		{Name: "d2", Value: ir.Mul(d, d)},
		{Name: "p", Value: polynomial(d, d2, 0.333333313, -0.250008196, 0.200012416, -0.166234091, 0.142015815, -0.131596133, 0.127621993, -0.0763639957)},
		{Name: "rest", Value: ir.Add(ir.Sub(ir.Mul(ir.Mul(d, d2), p), ir.Mul(ir.Num(0.5), d2)), ir.Mul(k, ir.Num(-2.12194440e-4)))},
		{Name: "y", Value: ir.Add(ir.Mul(k, ir.Num(0.693359375)), ir.Add(d, rest))},
		{Name: "z", Value: apply(funcWhere, x0, ir.Num(0), apply(funcWhere, x0, ir.Num(math.MaxFloat32), x0, y), outside)},
	}
}

// logRestSteps are ln u·(x/d) with u = 1 − x and d = 1 − u, which is what is left of x there, or −x where that is nothing:
// the quotient makes up for the rounding of u (Kahan, in HP-15C Advanced Functions Handbook, 1982). Nothing is left of an
// x so near to 0 that ln(1 − x) is −x.
func logRestSteps() []ir.Step {
	const u, d = ir.Named("u"), ir.Named("d")
	return []ir.Step{
		{Name: "u", Value: ir.Sub(ir.Num(1), x0)},
		{Name: "d", Value: ir.Sub(ir.Num(1), u)},
		{Name: "y", Value: apply(funcWhere, apply(funcAbs, d), ir.Num(0), ir.Mul(apply(funcLog, u), ir.Div(x0, d)), ir.Sub(ir.Num(0), x0))},
	}
}

// softplusSteps are max(x, 0) + ln(1 + u) with u = e^−|x| where |x| > 1, and ln 2 + x/2 + an even polynomial nearer to 0,
// where the first would not rise with every step.
func softplusSteps() []ir.Step {
	return lnOnePlusExpSteps(ir.Mul(ir.Num(0.5), x0), func(far ir.Expr) ir.Expr { return ir.Add(apply(funcMax, x0, ir.Num(0)), far) })
}

// softplusBelowSteps are those of −|x|.
func softplusBelowSteps() []ir.Step {
	return lnOnePlusExpSteps(ir.Mul(ir.Num(-0.5), apply(funcAbs, x0)), func(far ir.Expr) ir.Expr { return far })
}

// lnOnePlusExpSteps have the two in which ln(1 + eˣ) and ln(1 + e^−|x|) differ.
func lnOnePlusExpSteps(half ir.Expr, distant func(ir.Expr) ir.Expr) []ir.Step {
	const u, u2, b, v, v2, far, near = ir.Named("u"), ir.Named("u2"), ir.Named("b"), ir.Named("v"), ir.Named("v2"), ir.Named("far"), ir.Named("near")
	return []ir.Step{
		{Name: "b", Value: apply(funcMin, apply(funcAbs, x0), ir.Num(1))},
		{Name: "v", Value: ir.Mul(b, b)},
		{Name: "v2", Value: ir.Mul(v, v)},
		{Name: "near", Value: ir.Add(ir.Num(math.Ln2), ir.Add(half,
			ir.Mul(v, polynomial(v, v2, 0.124999851, -0.00520698726, 0.000343294261, -2.16537646e-05))))},
		{Name: "u", Value: apply(funcExp, ir.Sub(ir.Num(0), apply(funcAbs, x0)))},
		{Name: "u2", Value: ir.Mul(u, u)},
		{Name: "far", Value: distant(ir.Add(u, ir.Mul(u2, polynomial(u, u2, -0.499999106, 0.333284497, -0.249101683, 0.192229792, -0.131086394, 0.0533660911))))},
		{Name: "y", Value: apply(funcWhere, ir.Num(1/math.E), u, far, near)},
	}
}
