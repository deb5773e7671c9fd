package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// The error function, and the functions of GELU, which are made of the normal distribution Φ(x) = ½(1 + erf(x/√2)). The
// error of GELU is 2.19 units in the last place from 0 on; below it is less than |x|·2⁻²², and that of the slopes
// less than 2⁻²² everywhere.
var (
	funcErf = &ir.Function{Name: "Erf1", Doc: "erf(x)", FLOPs: 1, ONNX: onnxAll(13, "Erf"), Eval: func(x ...float64) float64 { return math.Erf(x[0]) }, Body: erfSteps()}

	funcGELU      = &ir.Function{Name: "GELU1", Doc: "x·Φ(x)", FLOPs: 2, ONNX: onnxGELU("none", geluONNX), Eval: func(x ...float64) float64 { return x[0] * normal(x[0]) }, Body: geluSteps()}
	funcGELUSlope = &ir.Function{Name: "GELUSlope1", Doc: "the derivative of x·Φ(x)", FLOPs: 4, Eval: func(x ...float64) float64 {
		return normal(x[0]) + x[0]*math.Exp(-x[0]*x[0]/2)/math.Sqrt(2*math.Pi)
	}, Body: geluSlopeSteps()}
)

// onnxGELU is the operator in that form where there is one, else what other operators make of it.
func onnxGELU(form string, other onnxRule) onnxRule {
	return func(o ir.ONNX, x ...string) string {
		if o.Opset() >= 20 {
			return o.Add(20, "Gelu", 1, x, ir.ONNXAttr{Name: "approximate", Value: form})[0]
		}
		return other(o, x...)
	}
}

func geluONNX(o ir.ONNX, x ...string) string {
	twice := ir.Add(ir.Num(1), apply(funcErf, ir.Mul(x0, ir.Num(math.Sqrt2/2))))
	return onnxOf(ir.Mul(ir.Mul(ir.Num(0.5), x0), twice), nil)(o, x...)
}

func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// erfSteps are 1 − eᵗ with t = −|x|² − S, where S is nearly |x|. What rounds, rounds little before it is added to
// something that grows with every step, so that the sum does. As 1 − 2ᵏ − 2ᵏ·s nothing cancels near 0.
func erfSteps() []ir.Step {
	const a, u, t, k, s, g = ir.Named("a"), ir.Named("u"), ir.Named("t"), ir.Named("k"), ir.Named("s"), ir.Named("g")
	steps := append([]ir.Step{
		{Name: "a", Value: apply(funcMin, apply(funcAbs, x0), ir.Num(4))},
		{Name: "u", Value: ir.Mul(a, a)},
		{Name: "t", Value: ir.Sub(ir.Sub(ir.Mul(a, polynomial(a, u, -0.128379166, 0.363380462, -0.102776624, 0.0191490222, 0.000167359045,
			-0.00167363766, 0.000636313169, -0.000118586002, 9.35934531e-06)), a), u)},
	}, reduced()...)
	return append(steps,
		ir.Step{Name: "g", Value: apply(funcPower, k)},
		ir.Step{Name: "y", Value: apply(funcCopySign, ir.Sub(ir.Sub(ir.Num(1), g), ir.Mul(g, s)), x0)},
	)
}

// geluSteps are x·Φ(x), where Φ(−|x|) = ½eᵗ with t = −½x² − S; beyond 13 it is less than any normal number.
func geluSteps() []ir.Step {
	const a, b, b2, t, k, s, h, part, lower, p = ir.Named("a"), ir.Named("b"), ir.Named("b2"), ir.Named("t"), ir.Named("k"), ir.Named("s"), ir.Named("h"), ir.Named("part"), ir.Named("lower"), ir.Named("p")
	steps := append([]ir.Step{
		{Name: "a", Value: apply(funcAbs, x0)},
		{Name: "b", Value: apply(funcMin, a, ir.Num(5.75))},
		{Name: "b2", Value: ir.Mul(b, b)},
		{Name: "t", Value: apply(funcMax, ir.Sub(ir.Mul(b, polynomial(b, b2, -0.797886252, 0.181712553, -0.0364326872, 0.00497634662,
			-0.00016801928, -9.40495884e-05, 1.89578404e-05, -1.19162542e-06)), ir.Mul(ir.Mul(ir.Num(0.5), a), a)), ir.Num(-86.5))},
	}, reduced()...)
	return append(steps,
		ir.Step{Name: "h", Value: apply(funcPower, ir.Sub(k, ir.Num(1)))},
		ir.Step{Name: "part", Value: ir.Mul(h, s)},
		ir.Step{Name: "lower", Value: apply(funcWhere, a, ir.Num(13), ir.Num(0), ir.Add(h, part))},
		ir.Step{Name: "p", Value: apply(funcWhere, x0, ir.Num(0), ir.Sub(ir.Sub(ir.Num(1), h), part), lower)},
		ir.Step{Name: "y", Value: ir.Mul(x0, p)},
	)
}

// geluSlopeSteps are e^−½x²·P(|x|) below 0, and 1 less that above, where P(a) = Φ(−a)·e^½a² − a/√2π. Beyond 13 that is less
// than any normal number.
func geluSlopeSteps() []ir.Step {
	const b, b2, p, k, s, e, lower = ir.Named("b"), ir.Named("b2"), ir.Named("p"), ir.Named("k"), ir.Named("s"), ir.Named("e1"), ir.Named("lower")
	steps := append([]ir.Step{
		{Name: "b", Value: apply(funcMin, apply(funcAbs, x0), ir.Num(6))},
		{Name: "b2", Value: ir.Mul(b, b)},
		{Name: "p", Value: polynomial(b, b2, 0.49999994, -0.797878981, 0.249918237, -0.132518739, 0.061163906, -0.0243235789, 0.007945708,
			-0.0019771806, 0.000340357568, -3.52900897e-05, 1.63628806e-06)},
		{Name: "t", Value: apply(funcMax, ir.Mul(ir.Mul(ir.Num(-0.5), x0), x0), ir.Num(-86.5))},
	}, reduced()...)
	return append(steps,
		ir.Step{Name: "e1", Value: ir.Mul(ir.Add(ir.Num(1), s), apply(funcPower, k))},
		ir.Step{Name: "lower", Value: apply(funcWhere, ir.Num(-122), k, ir.Num(0), ir.Mul(e, p))},
		ir.Step{Name: "y", Value: apply(funcWhere, x0, ir.Num(0), ir.Sub(ir.Num(1), lower), lower)},
	)
}
