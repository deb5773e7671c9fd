package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// The scalar functions that cards use besides those of elementary.go: what Go code calls them, and what they mean. Those
// that begin with a capital are of the runtime's kernel package.
var (
	funcMax = &ir.Function{Name: "max", FLOPs: 1, Piece: above, ONNX: onnxAll(13, "Max"), Eval: func(x ...float64) float64 { return max(x[0], x[1]) }}
	funcMin = &ir.Function{Name: "min", FLOPs: 1, Piece: above, ONNX: onnxAll(13, "Min"), Eval: func(x ...float64) float64 { return min(x[0], x[1]) }}

	// Where(a, b, x, y) is x where a > b, else y.
	funcWhere = &ir.Function{Name: "Where", FLOPs: 1, Piece: above, Eval: func(x ...float64) float64 {
		if x[0] > x[1] {
			return x[2]
		}
		return x[3]
	}, ONNX: func(o ir.ONNX, x ...string) string {
		return o.Add(16, "Where", 1, []string{o.Add(13, "Greater", 1, x[:2])[0], x[2], x[3]})[0]
	}}

	funcAbs  = &ir.Function{Name: "Abs", FLOPs: 1, Piece: signOf, ONNX: onnxAll(13, "Abs"), Eval: func(x ...float64) float64 { return math.Abs(x[0]) }}
	funcSign = &ir.Function{Name: "Sign", FLOPs: 1, Piece: signOf, Eval: func(x ...float64) float64 { return sign(x[0]) }}
)

// above tells the pieces of a function that compares its first two arguments.
func above(x ...float64) int {
	if x[0] > x[1] {
		return 1
	}
	return 0
}

// signOf tells the pieces of a function that has a kink or a jump at 0.
func signOf(x ...float64) int {
	if x[0] > 0 {
		return 1
	}
	return 0
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x // 0, and NaN stays NaN
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func apply(f *ir.Function, args ...ir.Expr) ir.Expr { return ir.Apply{Func: f, Args: args} }
