package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// The elementary functions are described here once, in float32 operations that every platform has and none of which is
// fused; the runtime's Go and its assembly are written from these steps. They have no branches: what holds on one side of
// a border is computed on both.
//
// The coefficients are this project's own: minimax fits in float64, by reweighted least squares, then rounded to float32.
// The errors are measured over all float32s (by a test of the runtime's kernel package under NNC_LONG=1): exp 1.01 units
// in the last place, log 0.92, tanh 1.34, sigmoid 2.00, erf 2.19, softplus 1.72; each is monotone. What the others have
// stands with them. A NaN stays one, but not its payload.

// Functions are those that have a Body.
func Functions() []*ir.Function {
	return []*ir.Function{funcExp, funcExpShare, funcLog, funcLogRest, funcSigmoid, funcTanh, funcErf, funcSoftplus, funcSoftplusBelow, funcRSqrt, funcSin, funcCos,
		funcELU, funcSiLU, funcSiLUSlope, funcMish, funcMishSlope, funcGELU, funcGELUSlope, funcGELUTanh, funcGELUTanhSlope}
}

var (
	funcExp      = &ir.Function{Name: "Exp1", Doc: "eˣ", FLOPs: 1, ONNX: onnxAll(13, "Exp"), Eval: func(x ...float64) float64 { return math.Exp(x[0]) }, Body: expSteps()}
	funcExpShare = &ir.Function{Name: "ExpShare1", Doc: "eˣ from −87 to 88, 0 below", FLOPs: 1, Eval: func(x ...float64) float64 { return expShare(x[0]) }, Body: expShareSteps()}
	funcSigmoid  = &ir.Function{Name: "Sigmoid1", Doc: "1 / (1 + e⁻ˣ)", FLOPs: 3, ONNX: onnxAll(13, "Sigmoid"), Eval: func(x ...float64) float64 { return logistic(x[0]) }, Body: sigmoidSteps()}
	funcTanh     = &ir.Function{Name: "Tanh1", Doc: "tanh(x)", FLOPs: 1, ONNX: onnxAll(13, "Tanh"), Eval: func(x ...float64) float64 { return math.Tanh(x[0]) }, Body: tanhSteps()}
)

// The primitives that only the functions' steps use.
var (
	// Round(x) is x as a whole number, halves to even, for |x| < 2²².
	funcRound = &ir.Function{Name: "Round", FLOPs: 1, Eval: func(x ...float64) float64 { return math.RoundToEven(x[0]) }}

	// PowerOfTwo(k) is 2ᵏ for a whole k from −126 to 127; any number for a NaN.
	funcPower = &ir.Function{Name: "PowerOfTwo", FLOPs: 1, Eval: func(x ...float64) float64 { return math.Exp2(x[0]) }}

	// Exponent(x) and Significand(x) are k and m of x = 2ᵏ·m with √½ ≤ m < √2, for a normal x above 0.
	funcExponent    = &ir.Function{Name: "Exponent", FLOPs: 1, Eval: func(x ...float64) float64 { k, _ := exponent(x[0]); return k }}
	funcSignificand = &ir.Function{Name: "Significand", FLOPs: 1, Eval: func(x ...float64) float64 { _, m := exponent(x[0]); return m }}

	funcSqrt = &ir.Function{Name: "Sqrt", FLOPs: 1, Eval: func(x ...float64) float64 { return math.Sqrt(x[0]) }}

	// CopySign(x, y) is |x| with the sign of y.
	funcCopySign = &ir.Function{Name: "CopySign", FLOPs: 1, Eval: func(x ...float64) float64 { return math.Copysign(x[0], x[1]) }}
)

func exponent(x float64) (k, m float64) {
	m, whole := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, whole = 2*m, whole-1
	}
	return float64(whole), m
}

// polynomial is c₀ + c₁x + c₂x² + … from the inside, two terms at a time: so fewer operations wait for each other.
func polynomial(x, square ir.Expr, c ...float64) ir.Expr {
	if len(c) == 1 {
		return ir.Num(c[0])
	}
	sum := ir.Add(ir.Num(c[0]), ir.Mul(ir.Num(c[1]), x))
	if len(c) > 2 {
		sum = ir.Add(sum, ir.Mul(square, polynomial(x, square, c[2:]...)))
	}
	return sum
}

// reduced are the steps from t to k and s: t = k·ln 2 + r with a whole k and |r| ≤ ½ ln 2, and s = eʳ − 1, so that
// eᵗ = 2ᵏ·(1 + s). ln 2 stands in two parts, of which the first has so few bits that k times it is exact.
func reduced() []ir.Step {
	const t, k, r, r2, q = ir.Named("t"), ir.Named("k"), ir.Named("r"), ir.Named("r2"), ir.Named("q")
	return []ir.Step{
		{Name: "k", Value: apply(funcRound, ir.Mul(t, ir.Num(math.Log2E)))},
		{Name: "r", Value: ir.Sub(ir.Sub(t, ir.Mul(k, ir.Num(0.693359375))), ir.Mul(k, ir.Num(-2.12194440e-4)))},
		{Name: "r2", Value: ir.Mul(r, r)},
		{Name: "q", Value: polynomial(r, r2, 0.4999999403953552, 0.1666651964187622, 0.04166839271783829, 0.008368780836462975, 0.001381446490995586)},
		{Name: "s", Value: ir.Add(r, ir.Mul(r2, q))},
	}
}

// expSteps bounds x to where eˣ is neither 0 nor ∞, and a little beyond. 2ᵏ is two factors, because neither a number
// beyond 2¹²⁷ nor one below 2⁻¹²⁶ is one: the second product rounds what is subnormal.
func expSteps() []ir.Step {
	const k, s, half = ir.Named("k"), ir.Named("s"), ir.Named("half")
	steps := append([]ir.Step{{Name: "t", Value: apply(funcMin, apply(funcMax, x0, ir.Num(-105)), ir.Num(89))}}, reduced()...)
	return append(steps,
		ir.Step{Name: "half", Value: apply(funcRound, ir.Mul(k, ir.Num(0.5)))},
		ir.Step{Name: "y", Value: ir.Mul(ir.Mul(ir.Add(ir.Num(1), s), apply(funcPower, half)), apply(funcPower, ir.Sub(k, half)))},
	)
}

// expShareSteps are eˣ of what is 0 at most but for rounding, where what is below 2⁻¹²⁵ counts as nothing: processors take several
// times as long where a product is subnormal, as it is for what a mask hides.
func expShareSteps() []ir.Step {
	const k, s, y = ir.Named("k"), ir.Named("s"), ir.Named("y")
	steps := append([]ir.Step{{Name: "t", Value: apply(funcMin, apply(funcMax, x0, ir.Num(-87)), ir.Num(88))}}, reduced()...)
	return append(steps,
		ir.Step{Name: "y", Value: ir.Mul(ir.Add(ir.Num(1), s), apply(funcPower, k))},
		ir.Step{Name: "z", Value: apply(funcWhere, ir.Num(-87), x0, ir.Num(0), y)},
	)
}

func expShare(x float64) float64 {
	if x < -87 {
		return 0
	}
	return math.Exp(min(x, 88))
}

// sigmoidSteps are y = 2⁻ᵏ/(1 + (2⁻ᵏ + s)) with e^|x| = 2ᵏ·(1 + s), of −|x|, and 1 − y of |x|: whatever rounds, rounds
// in one direction as x grows, so that it is monotone. Where 2⁻ᵏ would be subnormal it is two factors.
func sigmoidSteps() []ir.Step {
	const k, s, least, g, y = ir.Named("k"), ir.Named("s"), ir.Named("normal"), ir.Named("g"), ir.Named("y")
	steps := append([]ir.Step{{Name: "t", Value: apply(funcMin, apply(funcAbs, x0), ir.Num(105))}}, reduced()...)
	return append(steps,
		ir.Step{Name: "normal", Value: apply(funcMin, k, ir.Num(126))},
		ir.Step{Name: "g", Value: apply(funcPower, ir.Sub(ir.Num(0), least))},
		ir.Step{Name: "y", Value: ir.Mul(ir.Div(g, ir.Add(ir.Num(1), ir.Add(g, s))), apply(funcPower, ir.Sub(least, k)))},
		ir.Step{Name: "z", Value: apply(funcWhere, x0, ir.Num(0), ir.Sub(ir.Num(1), y), y)},
	)
}

// tanhSteps are 1 − 2/(e^2|x| + 1) above 0.6, which is 1 from 10 on; below, where that cancels, a polynomial.
func tanhSteps() []ir.Step {
	const x, k, s, u, u2, near, far = ir.Named("a"), ir.Named("k"), ir.Named("s"), ir.Named("u"), ir.Named("u2"), ir.Named("near"), ir.Named("far")
	steps := append([]ir.Step{
		{Name: "a", Value: apply(funcAbs, x0)},
		{Name: "t", Value: apply(funcMin, ir.Mul(ir.Num(2), x), ir.Num(20))},
	}, reduced()...)
	power := ir.Mul(ir.Add(ir.Num(1), s), apply(funcPower, k))
	return append(steps,
		ir.Step{Name: "far", Value: ir.Sub(ir.Num(1), ir.Div(ir.Num(2), ir.Add(power, ir.Num(1))))},
		ir.Step{Name: "u", Value: ir.Mul(x, x)},
		ir.Step{Name: "u2", Value: ir.Mul(u, u)},
		ir.Step{Name: "near", Value: ir.Add(x, ir.Mul(ir.Mul(x, u), polynomial(u, u2, -0.33333299, 0.13331958, -0.05378668, 0.02080538, -0.00590586)))},
		ir.Step{Name: "y", Value: apply(funcCopySign, apply(funcWhere, x, ir.Num(0.6), far, near), x0)},
	)
}
