package op

import (
	"fmt"
	"math"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var _ = register(func() *ir.Op { return MaskedFill(-1.5) },
	in(row(5, 2), row(5)).from(1, sparse),
	in(row(40, 3), row(40)).from(1, sparse),
	in(row(1, 1), row(1)).from(1, sparse))

// LeftOut is the score of positions that take no part, which stands for −∞.
const LeftOut = -math.MaxFloat32

// MaskedFill is x where the mask is not 0, at the other positions a number: x and y [n, T, …], the mask [n, T].
func MaskedFill(fill float64) *ir.Op {
	return &ir.Op{
		Name:     "masked_fill",
		Attrs:    ir.Attrs{{Name: "fill", Value: fill}},
		Doc:      "y = x where the mask is not 0, else a number",
		Formula:  "{y} = {0} where {1} ≠ 0, else {fill}",
		Constant: []int{1},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x, mask := in[0], in[1]
			if !x.Batch || x.Kind != ir.F32 || len(x.Shape) < 2 || !mask.Equal(ir.Row(x.Shape[0])) {
				return nil, fmt.Errorf("a mask %v does not say which positions of %v take part", mask, x)
			}
			return in[:1], nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return append(b.Node("∂"+n.In[0].Name, MaskedFill(0), dys[0], n.In[1]), nil)
		},
		Eval: func(ys, xs []ir.Tensor) {
			inner := len(xs[0].Data) / len(xs[1].Data)
			for i, x := range xs[0].Data {
				if ys[0].Data[i] = x; xs[1].Data[i/inner] == 0 {
					ys[0].Data[i] = fill
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := cutAt(n.In[0].Type.Shape, 0).call("MaskedFill")
			call.Consts = append(call.Consts, ir.Number(fill))
			return call
		},
		Torch: func(n *ir.Node) ir.Torch {
			others := strings.Repeat(", None", len(n.In[0].Type.Shape)-1)
			value := pyNumber(fill)
			if fill == LeftOut {
				value = "torch.finfo(torch.float32).min"
			}
			return ir.Torch{Call: fmt.Sprintf("{0}.masked_fill(({1} == 0)[..., %s], %s)", strings.TrimPrefix(others, ", "), value)}
		},
		FLOPs: flopsOf(0, 0),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			w := onnx{o}
			part := w.unsqueezed(w.isSet(in[1]), until(2, 1+len(n.In[0].Type.Shape))...)
			return []string{w.op(16, "Where", nil, part, in[0], o.Floats(nil, fill))}
		},
		Over: over(1),
	}
}
