package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return Rope(2, 10000) }, in(row(1, 2)), in(row(5, 6)))
	_ = register(func() *ir.Op { return Rope(16, 10) }, in(row(7, 48)))
	_ = register(func() *ir.Op { return RopeGrad(6, 100) }, in(row(5, 12)))
)

// Rope turns the positions of a sequence x [n, T, heads·d], each head by itself: of position t the pair (x[i], x[i + d/2]),
// for i below d/2, by the angle t·base^(−2i/d).
//
// Source: Su et al., "RoFormer", 2021, with pairs of halves.
func Rope(size int, base float64) *ir.Op {
	card := rotation(size, base, 1)
	card.Name, card.Doc, card.Formula = "rope", "pairs of x turned by their position", "{y} = {0} turned by the position"
	card.Grad = func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
		return b.Node("∂"+n.In[0].Name, RopeGrad(size, base), dys[0])
	}
	card.Torch = torchCall(fmt.Sprintf("rope({0}, %d, %s)", size, pyNumber(base)), "rope")
	card.Next = func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
		return b.Named(n.Names(), RopeAt(size, n.In[0].Type.Shape[0], base), in[0], b.Scalar(ir.Position))
	}
	return card
}

// RopeGrad is ∂x = ∂y turned back.
func RopeGrad(size int, base float64) *ir.Op {
	card := rotation(size, base, -1)
	card.Name, card.Doc, card.Formula = "rope_grad", "∂x = ∂y turned back", "{y} = {0} turned back by the position"
	return card
}

// rotation is a card that turns by angles times sign.
func rotation(size int, base, sign float64) *ir.Op {
	return &ir.Op{
		Attrs: ir.Attrs{{Name: "size", Value: float64(size)}, {Name: "base", Value: base}},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if x := in[0]; !x.Batch || x.Kind != ir.F32 || len(x.Shape) != 2 || size%2 != 0 || x.Shape[1]%size != 0 {
				return nil, fmt.Errorf("%v has no positions of heads of %d", x, size)
			}
			return in[:1], nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			positions, width := xs[0].Type.Shape[0], xs[0].Type.Shape[1]
			turnHeads(ys[0].Data, xs[0].Data, size, base, func(at int) float64 { return sign * float64(at/width%positions) })
		},
		Emit: func(n *ir.Node) ir.Call {
			shape := n.In[0].Type.Shape
			return ir.Call{Kernel: map[bool]string{true: "Rope", false: "RopeGrad"}[sign > 0], Rows: 1, Geometry: rotationOf(shape[0], shape[1], size, base)}
		},
		Over:  over(1),
		FLOPs: flops(3),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			w, positions, width := onnx{o}, n.In[0].Type.Shape[0], n.In[0].Type.Shape[1]
			cosines, sines := make([]float64, positions*size/2), make([]float64, positions*size/2)
			for i := range sines {
				half := size / 2
				sines[i], cosines[i] = math.Sincos(sign * float64(i/half) * math.Pow(base, -2*float64(i%half)/float64(size)))
			}
			dims := []int{positions, 1, size / 2}
			cosine, sine := o.Floats(dims, cosines...), o.Floats(dims, sines...)
			halves := o.Add(13, "Split", 2, []string{w.reshaped(in[0], 0, positions, width/size, size), w.list(size/2, size/2)}, with("axis", 3)...)
			times := func(x, y string) string { return w.op(14, "Mul", nil, x, y) }
			a := w.op(14, "Sub", nil, times(halves[0], cosine), times(halves[1], sine))
			b := w.op(14, "Add", nil, times(halves[1], cosine), times(halves[0], sine))
			return []string{w.reshaped(w.op(13, "Concat", with("axis", 3), a, b), 0, positions, width)}
		},
	}
}
