package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return RowShares(1) }, in(row()).positive(0))
	_ = register(func() *ir.Op { return RowShares(4, 9) }, in(row()).positive(0))
	_ = register(func() *ir.Op { return RowShares(3) }, in(row()).is(0, 0))
)

// RowShares makes of a weight w for each row, [n], the factor u = n·w / Σw of a mean over the elements of rows of the
// shape dims, [n, dims…]: the mean of u·e is Σ w·e / Σw, where e is a row's mean. Weights of 1 make factors of exactly 1.
// Σw is its second result. Where that is 0, so are all factors.
func RowShares(dims ...int) *ir.Op {
	return &ir.Op{
		Name:    "row_shares",
		Doc:     "u = n·w / Σw, for every element of a row; 0 where Σw is",
		Formula: "{y} = n {0} / Σ {0}",
		Results: []string{"total"},
		Saved:   1,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if !in[0].Equal(row()) {
				return nil, fmt.Errorf("%v is not a number for each row", in[0])
			}
			return []ir.Type{row(dims...), {}}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			n := len(xs[0].Data)
			total := sumOf(xs[0].Data)
			size := len(ys[0].Data) / n
			for i := range ys[0].Data {
				ys[0].Data[i] = ratio(float64(n)*xs[0].Data[i/size], total)
			}
			ys[1].Data[0] = total
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "RowShares", Rows: 1, Consts: []ir.Constant{ir.Size(n.Out[0].Type.Shape.Size())}}
		},
		FLOPs: flopsOf(0, 3),
	}
}

func sumOf(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum
}

// ratio is x / y, 0 where y is 0.
func ratio(x, y float64) float64 {
	if y == 0 {
		return 0
	}
	return x / y
}
