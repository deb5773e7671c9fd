package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Scaling is how often a value gets larger: the rows and columns of [C, H, W]; of [T, D] the positions, H times.
type Scaling struct{ H, W int }

// The ways to enlarge.
const (
	Nearest  = "nearest"
	Bilinear = "bilinear"
)

// suits reports whether rows of a shape can be enlarged.
func (s Scaling) suits(x ir.Shape) error {
	if len(x) < 2 || len(x) > 3 || len(x) == 2 && s.W != 1 {
		return fmt.Errorf("%v has no places to enlarge %d×%d", x, s.H, s.W)
	}
	return nil
}

func (s Scaling) attrs(mode string) ir.Attrs {
	return append(wholes("factorH", s.H, "factorW", s.W), ir.Attr{Name: "mode", Text: mode})
}

// call is the call of a kernel for rows of a shape that is enlarged.
func (s Scaling) call(n *ir.Node, kernel, mode string, x ir.Shape) ir.Call {
	g, _ := gridOf(x)
	name := map[string]string{Nearest: "UpsampleNearest", Bilinear: "UpsampleBilinear"}[mode]
	fields := append(g.lying(n).fields(), wholes("FactorH", s.H, "FactorW", s.W)...)
	return ir.Call{Kernel: name + kernel, Rows: 1, Geometry: &ir.Geometry{Type: "Scaling", Fields: fields}}
}

// madeOf lists the places of size that place number at of size·factor is made of, and their shares.
func madeOf(mode string, at, factor, size int) (places []int, of []float64) {
	middle := (float64(at)+0.5)/float64(factor) - 0.5 // from the middle of the first place
	first := int(max(middle, 0))
	switch share := max(middle, 0) - float64(first); {
	case mode == Nearest:
		return []int{at / factor}, []float64{1}
	case share == 0 || first >= size-1:
		return []int{first}, []float64{1}
	default:
		return []int{first, first + 1}, []float64{1 - share, share}
	}
}

// each goes through the elements of all rows of y, those of x that they are made of, and the shares of these.
func (s Scaling) each(mode string, y, x ir.Tensor, f func(y, x *float64, share float64)) {
	g, _ := gridOf(x.Type.Shape)
	width, height := g.width*s.W, g.height*s.H
	for e := range y.Data {
		k, place := e%g.inner, e/g.inner
		rows, down := madeOf(mode, place/width%height, s.H, g.height)
		columns, across := madeOf(mode, place%width, s.W, g.width)
		plane := place / width / height
		for a, i := range rows {
			for b, j := range columns {
				f(&y.Data[e], &x.Data[((plane*g.height+i)*g.width+j)*g.inner+k], down[a]*across[b])
			}
		}
	}
}

var (
	_ = register(func() *ir.Op { return Upsample(Scaling{2, 3}, Nearest) }, in(row(2, 3, 2)), in(row(3, 1, 1)))
	_ = register(func() *ir.Op { return Upsample(Scaling{3, 1}, Nearest) }, in(row(4, 5)), in(row(2, 3, 4)))
	_ = register(func() *ir.Op { return Upsample(Scaling{2, 3}, Bilinear) }, in(row(2, 3, 4)), in(row(3, 1, 2)))
	_ = register(func() *ir.Op { return Upsample(Scaling{4, 1}, Bilinear) }, in(row(5, 3)))
)

// Upsample makes H×W places of each: of nearest the same element, of bilinear a mixture of those whose middles lie around
// its own, as torch.nn.functional.interpolate without aligned corners.
func Upsample(factor Scaling, mode string) *ir.Op {
	return &ir.Op{
		Name:    "upsample",
		Attrs:   factor.attrs(mode),
		Doc:     "y = x with each place made several",
		Formula: "{y} = {0} enlarged {factorH}×{factorW}, {mode}",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			x := in[0]
			if err := factor.suits(x.Shape); err != nil {
				return nil, err
			}
			if !x.Batch || x.Kind != ir.F32 {
				return nil, fmt.Errorf("x %v is no row of numbers", x)
			}
			return []ir.Type{ir.Row(resized(x.Shape, func(size int) int { return size * factor.H }, func(size int) int { return size * factor.W })...)}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			return b.Node("∂"+n.In[0].Name, UpsampleGrad(factor, mode), dys[0])
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			factor.each(mode, ys[0], xs[0], func(y, x *float64, share float64) { *y += share * *x })
		},
		Emit:  func(n *ir.Node) ir.Call { return factor.call(n, "", mode, n.In[0].Type.Shape) },
		Torch: func(n *ir.Node) ir.Torch { return factor.torch(mode, n.In[0].Type.Shape) },
		FLOPs: flops(mixing(mode)),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			scales := []float64{1, 1, float64(factor.H), float64(factor.W)}
			if len(n.In[0].Type.Shape) == 2 {
				scales = []float64{1, float64(factor.H), 1}
			}
			attrs := with("mode", "nearest", "coordinate_transformation_mode", "asymmetric", "nearest_mode", "floor")
			if mode == Bilinear {
				attrs = with("mode", "linear", "coordinate_transformation_mode", "half_pixel")
			}
			return []string{onnx{o}.op(13, "Resize", attrs, in[0], "", o.Floats([]int{len(scales)}, scales...))}
		},
		Order: ir.Planes,
	}
}

// torch is the rule for rows of that shape. What PyTorch calls nearest rounds where a place begins, so that it may miss one:
// nearest-exact takes the middle of a place, and so the right one.
func (s Scaling) torch(mode string, x ir.Shape) ir.Torch {
	call := func(sizes, mode string) string {
		return fmt.Sprintf("F.interpolate({0}, scale_factor=%s, mode=%q)", sizes, mode)
	}
	switch sequence := len(x) == 2; {
	case mode == Nearest && sequence:
		return ir.Torch{Call: alongPositions(call(pySizes(s.H), "nearest-exact"))}
	case mode == Nearest:
		return ir.Torch{Call: call(pySizes(s.H, s.W), "nearest-exact")}
	case sequence:
		return ir.Torch{Call: alongPositions(call(pySizes(s.H), "linear"))}
	}
	return ir.Torch{Call: call(pySizes(s.H, s.W), "bilinear")}
}

// mixing is how many operations a place takes: none, or to mix two of two that have been mixed.
func mixing(mode string) int {
	if mode == Nearest {
		return 0
	}
	return 9
}

var (
	_ = register(func() *ir.Op { return UpsampleGrad(Scaling{2, 3}, Nearest) }, in(row(2, 4, 6)))
	_ = register(func() *ir.Op { return UpsampleGrad(Scaling{5, 1}, Nearest) }, in(row(10, 3)))
	_ = register(func() *ir.Op { return UpsampleGrad(Scaling{3, 2}, Bilinear) }, in(row(2, 9, 4)), in(row(3, 3, 2)))
	_ = register(func() *ir.Op { return UpsampleGrad(Scaling{2, 1}, Bilinear) }, in(row(6, 3)))
)

// UpsampleGrad is ∂x of Upsample: the sum over the places of ∂y, in row-major order, of the share that x has in each.
func UpsampleGrad(factor Scaling, mode string) *ir.Op {
	return &ir.Op{
		Name:    "upsample_grad",
		Attrs:   factor.attrs(mode),
		Doc:     "∂x = Σ ∂y over the places that x has a share in, times the share",
		Formula: "{y} = Σ {0} over the places that each element has a share in, {factorH}×{factorW}, {mode}",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			dy := in[0]
			if err := factor.suits(dy.Shape); err != nil {
				return nil, err
			}
			x := resized(dy.Shape, func(size int) int { return size / factor.H }, func(size int) int { return size / factor.W })
			if whole := x.Size() * factor.H * factor.W; whole != dy.Shape.Size() || !dy.Batch || dy.Kind != ir.F32 {
				return nil, fmt.Errorf("∂y %v is not %d×%d times anything", dy, factor.H, factor.W)
			}
			return []ir.Type{ir.Row(x...)}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			factor.each(mode, xs[0], ys[0], func(dy, dx *float64, share float64) { *dx += share * *dy })
		},
		Emit:  func(n *ir.Node) ir.Call { return factor.call(n, "Grad", mode, n.Out[0].Type.Shape) },
		FLOPs: flops(1 + mixing(mode)),
		Order: ir.Planes,
	}
}
