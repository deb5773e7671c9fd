package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// farthest is the largest |x| of which the sine and the cosine are computed.
const farthest = 12868

// short is a function of float64s that is NaN beyond farthest.
func short(f func(x float64) float64) func(x ...float64) float64 {
	return func(x ...float64) float64 {
		if math.Abs(x[0]) > farthest {
			return math.NaN()
		}
		return f(x[0])
	}
}

// 1/√x, the sine and the cosine. The error of 1/√x is 1.50 units in the last place, of two operations that are exact but
// for rounding. Those of the sine and the cosine are 2.48 and 2.39 up to |x| = 12,868, 2¹³ quarter turns; beyond that, and at ±∞,
// they are NaN.
var (
	funcRSqrt = &ir.Function{Name: "RSqrt1", Doc: "1 / √x", FLOPs: 2, ONNX: rsqrtONNX, Eval: func(x ...float64) float64 { return 1 / math.Sqrt(x[0]) },
		Body: []ir.Step{{Name: "y", Value: ir.Div(ir.Num(1), apply(funcSqrt, x0))}}}

	funcSin = &ir.Function{Name: "Sin1", Doc: "sin(x) for |x| ≤ 12868, else NaN", FLOPs: 1, ONNX: onnxAll(7, "Sin"), Eval: short(math.Sin), Body: turnSteps(false)}
	funcCos = &ir.Function{Name: "Cos1", Doc: "cos(x) for |x| ≤ 12868, else NaN", FLOPs: 1, ONNX: onnxAll(7, "Cos"), Eval: short(math.Cos), Body: turnSteps(true)}
)

func rsqrtONNX(o ir.ONNX, x ...string) string {
	return o.Add(13, "Reciprocal", 1, o.Add(13, "Sqrt", 1, x))[0]
}

// turnSteps are the polynomials of the sine and the cosine of r, where x = k·π/2 + r with a whole k and |r| ≤ π/4. π/2 stands
// in parts of 11 bits, so that k times each of them but the last is exact: 68 bits in all, since no float32
// comes closer to a multiple of it than some 2⁻³⁰. What k leaves when divided by 4, from −2 to 2, says which of the two it is, and its sign.
func turnSteps(cosine bool) []ir.Step {
	const a, k, r, v, v2, left, odd, sin, cos = ir.Named("a"), ir.Named("k"), ir.Named("r"), ir.Named("v"), ir.Named("v2"), ir.Named("left"), ir.Named("odd"), ir.Named("sin"), ir.Named("cos")
	turned := ir.Expr(a)
	for _, part := range []float64{1.5703125, 0.0004837512969970703, 7.549533620476723e-08, 2.5632829192545614e-12, 6.123234262925839e-17} {
		turned = ir.Sub(turned, ir.Mul(k, ir.Num(part)))
	}
	even, quarter, sign := sin, cos, ir.Expr(left)
	if cosine {
		even, quarter, sign = cos, sin, ir.Sub(ir.Num(0), left)
	}
	steps := []ir.Step{
		{Name: "a", Value: apply(funcWhere, apply(funcAbs, x0), ir.Num(farthest), ir.Num(math.NaN()), x0)},
		{Name: "k", Value: apply(funcRound, ir.Mul(a, ir.Num(2/math.Pi)))},
		{Name: "r", Value: turned},
		{Name: "v", Value: ir.Mul(r, r)},
		{Name: "v2", Value: ir.Mul(v, v)},
		{Name: "sin", Value: ir.Add(r, ir.Mul(ir.Mul(r, v), polynomial(v, v2, -0.166666552, 0.00833218917, -0.000195182918)))},
		{Name: "cos", Value: ir.Add(ir.Sub(ir.Num(1), ir.Mul(ir.Num(0.5), v)), ir.Mul(v2, polynomial(v, v2, 0.0416666456, -0.00138873106, 2.44325674e-05)))},
		{Name: "left", Value: ir.Sub(k, ir.Mul(ir.Num(4), apply(funcRound, ir.Mul(ir.Num(0.25), k))))},
		{Name: "odd", Value: ir.Sub(ir.Num(1), apply(funcAbs, left))}, // 0 if k is odd; else 1, or −1
		{Name: "y", Value: apply(funcWhere, apply(funcAbs, odd), ir.Num(0.5), ir.Mul(odd, even), ir.Mul(sign, quarter))},
	}
	if !cosine { // −0 stays −0
		steps = append(steps, ir.Step{Name: "z", Value: apply(funcWhere, apply(funcAbs, a), ir.Num(0x1p-12), ir.Named("y"), a)})
	}
	return steps
}
