package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(LogSoftmax, in(row(1)), in(row(37)), in(row(4, 9)))

// LogSoftmax is the logarithm of the softmax of each row of the last axis: x less its largest element and the logarithm
// of what is left of the sum, so that nothing overflows.
func LogSoftmax() *ir.Op {
	return &ir.Op{
		Name:    "log_softmax",
		Doc:     "y = x − log Σ exp(x), along the last axis",
		Formula: "{y} = {0} − log Σ exp({0})",
		Types:   same,
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, LogSoftmaxGrad(), n.Out[0], dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			rows, columns := xs[0].Matrix()
			for r := range rows {
				x, y := xs[0].Data[r*columns:][:columns], ys[0].Data[r*columns:][:columns]
				logSum := softmax(y, x)
				for i, v := range x {
					y[i] = v - logSum
				}
			}
		},
		Torch: torchCall("F.log_softmax({0}, -1)"),
		Emit:  alongLast("LogSoftmax"),
		Over:  over(1),
		Next:  eachRow,
		ONNX:  onnxAll(13, "LogSoftmax").card(nil, nil),
		FLOPs: flops(4),
	}
}

// The first operand is a logarithm of probabilities.
var _ = register(LogSoftmaxGrad, in(row(1), row(1)), in(row(37), row(37)), in(row(4, 9), row(4, 9)))

// LogSoftmaxGrad is ∂x = ∂y − exp(y)·Σ ∂y, along the last axis.
func LogSoftmaxGrad() *ir.Op {
	return &ir.Op{
		Name:    "log_softmax_grad",
		Doc:     "∂x = ∂y − exp(y)·Σ ∂y, along the last axis",
		Formula: "{y} = {1} − exp({0})·Σ {1}",
		Types:   same,
		Eval: func(ys, xs []ir.Tensor) {
			rows, columns := xs[0].Matrix()
			for r := range rows {
				y, dy, dx := xs[0].Data[r*columns:][:columns], xs[1].Data[r*columns:][:columns], ys[0].Data[r*columns:][:columns]
				sum := sumOf(dy)
				for i := range y {
					dx[i] = dy[i] - math.Exp(y[i])*sum
				}
			}
		},
		Emit:  alongLast("LogSoftmaxGrad"),
		Over:  over(1),
		FLOPs: flops(5),
	}
}
