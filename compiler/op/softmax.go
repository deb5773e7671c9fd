package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(Softmax, in(row(1)), in(row(37)), in(row(4, 9)))

// Softmax turns each row of the last axis into a probability distribution.
func Softmax() *ir.Op {
	return &ir.Op{
		Name:    "softmax",
		Doc:     "y = exp(x) / Σ exp(x), along the last axis",
		Formula: "{y} = exp({0}) / Σ exp({0})",
		Types:   same,
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, SoftmaxGrad(), n.Out[0], dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, columns := xs[0].Matrix()
			for r := range rows {
				softmax(ys[0].Data[r*columns:][:columns], xs[0].Data[r*columns:][:columns])
			}
		},
		Torch: torchCall("F.softmax({0}, -1)"),
		Emit:  alongLast("Softmax"),
		Over:  over(1),
		Next:  eachRow,
		ONNX:  onnxAll(13, "Softmax").card(nil, nil),
		FLOPs: flops(4),
	}
}

var _ = register(SoftmaxGrad, in(row(1), row(1)), in(row(37), row(37)), in(row(4, 9), row(4, 9)))

// SoftmaxGrad is ∂x = y·(∂y − Σ y·∂y), along the last axis.
func SoftmaxGrad() *ir.Op {
	return &ir.Op{
		Name:    "softmax_grad",
		Doc:     "∂x = y·(∂y − Σ y·∂y), along the last axis",
		Formula: "{y} = {0}·({1} − Σ {0}·{1})",
		Types:   same,
		Eval: func(ys, xs []ir.Tensor) {
			rows, columns := xs[0].Matrix()
			for r := range rows {
				y, dy, dx := xs[0].Data[r*columns:][:columns], xs[1].Data[r*columns:][:columns], ys[0].Data[r*columns:][:columns]
				sum := 0.0
				for i := range y {
					sum += y[i] * dy[i]
				}
				for i := range y {
					dx[i] = y[i] * (dy[i] - sum)
				}
			}
		},
		Emit:  alongLast("SoftmaxGrad"),
		Over:  over(2),
		FLOPs: flops(4),
	}
}

// alongLast calls a kernel that works on the last axis at every position.
func alongLast(kernel string) func(*ir.Node) ir.Call {
	return func(n *ir.Node) ir.Call {
		positions, columns := matrix(n.In[0].Type)
		return ir.Call{Kernel: kernel, Rows: positions, Consts: []ir.Constant{ir.Size(columns)}}
	}
}

// softmax writes exp(x) / Σ exp(x) to y and returns log Σ exp(x).
func softmax(y, x []float64) float64 {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	sum := 0.0
	for i, v := range x {
		y[i] = math.Exp(v - top)
		sum += y[i]
	}
	for i := range y {
		y[i] /= sum
	}
	return top + math.Log(sum)
}
