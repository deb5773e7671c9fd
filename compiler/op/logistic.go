package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Activations that are made of eˣ. Their errors in units in the last place: SiLU 1.88 from 0 on and 2.87 below, Mish 3.03
// and 4.71, ELU 0.96; where Φ or σ is subnormal, |x|·2⁻¹⁴⁹ is added. GELU's tanh form has 2.02 from 0 on, and
// below an error of less than |x|·2⁻²². That of the slopes is less than 2⁻²² everywhere.
var (
	funcELU = &ir.Function{Name: "ELU1", Doc: "eˣ − 1 up to 0, x above", FLOPs: 2, ONNX: onnxAll(6, "Elu"), Eval: func(x ...float64) float64 {
		return max(x[0], 0) + math.Expm1(min(x[0], 0))
	}, Body: eluSteps()}

	funcSiLU      = &ir.Function{Name: "SiLU1", Doc: "x / (1 + e⁻ˣ)", FLOPs: 4, ONNX: siluONNX, Eval: func(x ...float64) float64 { return x[0] * logistic(x[0]) }, Body: siluSteps()}
	funcSiLUSlope = &ir.Function{Name: "SiLUSlope1", Doc: "the derivative of x / (1 + e⁻ˣ)", FLOPs: 8, Eval: func(x ...float64) float64 {
		p := logistic(x[0])
		return p + x[0]*p*(1-p)
	}, Body: shareSlope(x0, x0)}

	funcMish = &ir.Function{Name: "Mish1", Doc: "x·tanh(ln(1 + eˣ))", FLOPs: 4, ONNX: mishONNX, Eval: func(x ...float64) float64 {
		return x[0] * math.Tanh(lnOnePlusExp(x[0]))
	}, Body: mishSteps()}
	funcMishSlope = &ir.Function{Name: "MishSlope1", Doc: "the derivative of x·tanh(ln(1 + eˣ))", FLOPs: 8, Eval: func(x ...float64) float64 {
		w := math.Tanh(lnOnePlusExp(x[0]))
		return w + x[0]*logistic(x[0])*(1-w*w)
	}, Body: mishSlopeSteps()}

	funcGELUTanh = &ir.Function{Name: "GELUTanh1", Doc: "½x·(1 + tanh(√(2/π)·(x + 0.044715x³)))", FLOPs: 7, ONNX: onnxGELU("tanh", geluTanhONNX), Eval: func(x ...float64) float64 {
		return x[0] * logistic(x[0]*(geluLinear+geluCubic*x[0]*x[0]))
	}, Body: geluTanhSteps()}
	funcGELUTanhSlope = &ir.Function{Name: "GELUTanhSlope1", Doc: "the derivative of ½x·(1 + tanh(√(2/π)·(x + 0.044715x³)))", FLOPs: 12, Eval: func(x ...float64) float64 {
		p := logistic(x[0] * (geluLinear + geluCubic*x[0]*x[0]))
		return p + p*(1-p)*x[0]*(geluLinear+3*geluCubic*x[0]*x[0])
	}, Body: geluTanhSlopeSteps()}
)

// ½(1 + tanh v) is the logistic function of 2v; these are 2√(2/π), and 0.044715 times that.
const (
	geluLinear = 1.5957691216057308
	geluCubic  = 0.044715 * geluLinear
)

// eluSteps are 2ᵏ − 1 + 2ᵏ·s, so that nothing cancels near 0.
func eluSteps() []ir.Step {
	const k, s, g, y = ir.Named("k"), ir.Named("s"), ir.Named("g"), ir.Named("y")
	steps := append([]ir.Step{{Name: "t", Value: apply(funcMin, apply(funcMax, x0, ir.Num(-20)), ir.Num(1))}}, reduced()...)
	return append(steps,
		ir.Step{Name: "g", Value: apply(funcPower, k)},
		ir.Step{Name: "y", Value: apply(funcCopySign, ir.Add(ir.Sub(g, ir.Num(1)), ir.Mul(g, s)), x0)},
		ir.Step{Name: "z", Value: apply(funcWhere, x0, ir.Num(0), x0, y)},
	)
}

// shares are the steps from v, which has the sign of x, to p = 1/(1 + e⁻ᵛ). With e^|v| = 2ᵏ·(1 + s) and g = 2⁻ᵏ it is g/(1 + g + s) below 0, and above
// ½ + ½(1 − g + s)/(1 + g + s), where the rounding errors of a quotient near ½ are halved.
func shares(v ir.Expr) []ir.Step {
	const k, s, least, g, share = ir.Named("k"), ir.Named("s"), ir.Named("normal"), ir.Named("g"), ir.Named("share")
	steps := append([]ir.Step{{Name: "t", Value: apply(funcMin, apply(funcAbs, v), ir.Num(105))}}, reduced()...)
	return append(steps,
		ir.Step{Name: "normal", Value: apply(funcMin, k, ir.Num(126))},
		ir.Step{Name: "g", Value: apply(funcPower, ir.Sub(ir.Num(0), least))},
		ir.Step{Name: "share", Value: ir.Div(apply(funcWhere, x0, ir.Num(0), ir.Add(ir.Sub(ir.Num(1), g), s), g), ir.Add(ir.Add(ir.Num(1), g), s))},
		ir.Step{Name: "p", Value: apply(funcWhere, x0, ir.Num(0), ir.Add(ir.Num(0.5), ir.Mul(ir.Num(0.5), share)), ir.Mul(share, apply(funcPower, ir.Sub(least, k))))},
	)
}

func siluSteps() []ir.Step {
	return append(shares(x0), ir.Step{Name: "y", Value: ir.Mul(x0, ir.Named("p"))})
}

// geluArgument is 2√(2/π)·(x + 0.044715x³).
func geluArgument(x ir.Expr) ir.Expr {
	return ir.Mul(x, ir.Add(ir.Num(geluLinear), ir.Mul(ir.Num(geluCubic), ir.Mul(x, x))))
}

func geluTanhSteps() []ir.Step {
	steps := append([]ir.Step{{Name: "v", Value: geluArgument(x0)}}, shares(ir.Named("v"))...)
	return append(steps, ir.Step{Name: "y", Value: ir.Mul(x0, ir.Named("p"))})
}

// shareSlope are the steps from v to p + slope·p·(1 − p) with p = 1/(1 + e⁻ᵛ), where the slope has the sign of v: as the
// lesser of p and 1 − p is known more exactly, both are made of that.
func shareSlope(v, slope ir.Expr) []ir.Step {
	const least, p = ir.Named("least"), ir.Named("p")
	return []ir.Step{
		{Name: "least", Value: apply(funcSigmoid, ir.Sub(ir.Num(0), apply(funcAbs, v)))},
		{Name: "p", Value: apply(funcWhere, slope, ir.Num(0), ir.Sub(ir.Num(1), least), least)},
		{Name: "y", Value: ir.Add(p, ir.Mul(slope, ir.Mul(least, ir.Sub(ir.Num(1), least))))},
	}
}

// geluTanhSlopeSteps bound x to where the slope is neither 0 nor 1, because what grows like x³ does not reach ∞ there.
func geluTanhSlopeSteps() []ir.Step {
	const b, slope = ir.Named("b"), ir.Named("slope")
	return append([]ir.Step{
		{Name: "b", Value: apply(funcMin, apply(funcMax, x0, ir.Num(-10)), ir.Num(10))},
		{Name: "slope", Value: ir.Mul(b, ir.Add(ir.Num(geluLinear), ir.Mul(ir.Num(3*geluCubic), ir.Mul(b, b))))},
	}, shareSlope(geluArgument(b), slope)...)
}

// mishSteps are x·n/(n + 2) with n = e²ˣ + 2eˣ, which is x from 20 on.
func mishSteps() []ir.Step {
	const n = ir.Named("n")
	return []ir.Step{
		{Name: "e1", Value: apply(funcExp, apply(funcMin, x0, ir.Num(20)))},
		{Name: "n", Value: ir.Mul(ir.Named("e1"), ir.Add(ir.Named("e1"), ir.Num(2)))},
		{Name: "y", Value: ir.Mul(x0, ir.Div(n, ir.Add(n, ir.Num(2))))},
	}
}

// mishSlopeSteps are (n·(n + 2) + 4x·e·(e + 1))/(n + 2)² with the same n and e = eˣ.
func mishSlopeSteps() []ir.Step {
	const b, e, n, d = ir.Named("b"), ir.Named("e1"), ir.Named("n"), ir.Named("d")
	return []ir.Step{
		{Name: "b", Value: apply(funcMin, x0, ir.Num(20))},
		{Name: "e1", Value: apply(funcExp, b)},
		{Name: "n", Value: ir.Mul(e, ir.Add(e, ir.Num(2)))},
		{Name: "d", Value: ir.Add(n, ir.Num(2))},
		{Name: "y", Value: ir.Div(ir.Add(ir.Mul(n, d), ir.Mul(ir.Num(4), ir.Mul(b, ir.Mul(e, ir.Add(e, ir.Num(1)))))), ir.Mul(d, d))},
	}
}

func siluONNX(o ir.ONNX, x ...string) string {
	return o.Add(14, "Mul", 1, []string{x[0], o.Add(13, "Sigmoid", 1, x)[0]})[0]
}

// mishONNX is the operator where there is one.
func mishONNX(o ir.ONNX, x ...string) string {
	if o.Opset() >= 18 {
		return o.Add(18, "Mish", 1, x)[0]
	}
	return o.Add(14, "Mul", 1, []string{x[0], o.Add(13, "Tanh", 1, o.Add(1, "Softplus", 1, x))[0]})[0]
}

// geluTanhONNX is x·sigmoid(x·(2√(2/π) + 0.0713…·x²)).
func geluTanhONNX(o ir.ONNX, x ...string) string {
	v := ir.Mul(x0, ir.Add(ir.Num(geluLinear), ir.Mul(ir.Num(geluCubic), ir.Mul(x0, x0))))
	return onnxOf(ir.Mul(x0, apply(funcSigmoid, v)), nil)(o, x...)
}
