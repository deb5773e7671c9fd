package op_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// Eval is what the Scalar says of each element, or the mean of it.
func TestScalarAgreesWithEval(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		if card.Scalar == nil {
			t.Skip("not element by element")
		}
		xs := drawAll(t, rand.New(rand.NewPCG(7, 8)), card, sample)
		want := make([]float64, elements(xs))
		for e := range want {
			want[e] = ir.Evaluate(card.Scalar, leafOf(card, xs, e), nil)
		}
		if card.Mean {
			sum := 0.0
			for _, v := range want {
				sum += v
			}
			want = []float64{sum / float64(len(want))}
		}
		assert.InDeltaSlice(t, want, eval(card, xs, 0)[0].Data, 1e-12)
	})
}

// FLOPs counts the operations of the Scalar that are done for every element: those of scalar operands are done once.
// A mean adds each term.
func TestScalarAgreesWithFLOPs(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		if card.Scalar == nil {
			t.Skip("not element by element")
		}
		_, n := node(card, sample.Types)
		perElement := ir.Operations(ir.Replace(card.Scalar, func(leaf ir.Expr) ir.Expr {
			if arg, ok := leaf.(ir.Arg); ok && sample.Types[arg].Scalar() {
				return ir.Named(fmt.Sprint("operand", arg))
			}
			return leaf
		}))
		if card.Mean {
			perElement++
		}
		size := 0
		for _, typ := range sample.Types {
			size = max(size, typ.Shape.Size())
		}
		assert.Equal(t, perElement*size, card.FLOPs(n))
	})
}

// What is written out for small shapes is what Eval says.
func TestWrittenAgreesWithEval(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		_, n := node(card, sample.Types)
		if card.Written == nil || card.Written(n) == nil {
			t.Skip("not written out")
		}
		xs := drawAll(t, rand.New(rand.NewPCG(9, 10)), card, sample)
		written := card.Written(n)
		ys := eval(card, xs, 0)
		if assert.LessOrEqual(t, len(written), len(ys)) {
			for k, w := range written {
				assert.InDeltaSlice(t, ys[k].Data, writeOut(n, w, xs, n.Out[k].Type).Data, 1e-12, "result %d", k)
			}
		}
	})
}

// writeOut computes a result of that type from its written form. An operand without rows is the same in all.
func writeOut(n *ir.Node, w ir.Written, xs []ir.Tensor, t ir.Type) ir.Tensor {
	y := ir.NewTensor(t, rows)
	total := 0.0
	leaf := func(row int) func(ir.Expr) float64 {
		return func(leaf ir.Expr) float64 {
			switch leaf := leaf.(type) {
			case ir.Elem:
				for i, v := range n.In {
					if v == leaf.Of {
						return xs[i].Data[(row*v.Type.Shape.Size()+leaf.Index)%len(xs[i].Data)]
					}
				}
			case ir.Rows:
				return float64(rows * leaf.Times)
			case ir.Total:
				return total
			}
			panic(fmt.Sprintf("%#v is no leaf of what is written out", leaf))
		}
	}
	size := t.Shape.Size()
	switch w.Sum {
	case ir.NoSum:
		for e := range y.Data {
			y.Data[e] = ir.Evaluate(w.Elem(e%size), leaf(e/size), nil)
		}
	case ir.OverRows:
		for row := range rows {
			for e := range y.Data {
				y.Data[e] += ir.Evaluate(w.Elem(e), leaf(row), nil)
			}
		}
	case ir.InLanes:
		for row := range rows {
			for i := range w.Terms {
				total += ir.Evaluate(w.Elem(i), leaf(row), nil)
			}
		}
		y.Data[0] = ir.Evaluate(w.Post, leaf(0), nil)
	}
	return y
}

// The samples of a card together reach every piece of its definition; so a kernel or a gradient that knows only some
// of them differs from Eval somewhere.
func TestSamplesReachEveryPiece(t *testing.T) {
	for _, entry := range op.Catalogue() {
		card := entry.Make()
		t.Run(fmt.Sprint(card.Name, card.Attrs), func(t *testing.T) { assert.NoError(t, reachPieces(t, entry)) })
	}
}

func reachPieces(t *testing.T, entry op.Entry) error {
	card := entry.Make()
	if card.Scalar == nil {
		return nil
	}
	reached := map[string]map[int]bool{} // the pieces of each function in the Scalar, by its text and arguments
	for _, sample := range entry.Samples {
		xs := drawAll(t, rand.New(rand.NewPCG(11, 12)), card, sample)
		for e := range elements(xs) {
			ir.Evaluate(card.Scalar, leafOf(card, xs, e), func(a ir.Apply, x []float64) {
				if a.Func.Piece == nil {
					return
				}
				k := fmt.Sprintf("%s%v", a.Func.Name, a.Args)
				if reached[k] == nil {
					reached[k] = map[int]bool{}
				}
				reached[k][a.Func.Piece(x...)] = true
			})
		}
	}
	var list []error
	for k, pieces := range reached {
		if !pieces[0] || !pieces[1] {
			list = append(list, fmt.Errorf("%s is never decided otherwise: reach it with Sample.from", k))
		}
	}
	return errors.Join(list...)
}

// The laws see what a relu6 does above 6: samples that do not go there are refused, and where they do, so is the
// gradient of ReLU.
func TestLawsSeeEveryPiece(t *testing.T) {
	function := func(f func(x, y float64) float64, name string) *ir.Function {
		return &ir.Function{Name: name, FLOPs: 1, Eval: func(x ...float64) float64 { return f(x[0], x[1]) },
			Piece: func(x ...float64) int {
				if x[0] > x[1] {
					return 1
				}
				return 0
			}}
	}
	larger := function(func(x, y float64) float64 { return max(x, y) }, "max")
	smaller := function(func(x, y float64) float64 { return min(x, y) }, "min")
	card := op.ReLU()
	relu := card.Grad
	card.Name = "relu6"
	card.Scalar = ir.Apply{Func: smaller, Args: []ir.Expr{ir.Apply{Func: larger, Args: []ir.Expr{ir.Arg(0), ir.Num(0)}}, ir.Num(6)}}
	card.Eval = func(ys, xs []ir.Tensor) {
		for i, x := range xs[0].Data {
			ys[0].Data[i] = min(max(x, 0), 6)
		}
	}
	relu6 := func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
		mask := &ir.Op{
			Name:  "relu6_mask",
			Types: func(in []ir.Type) ([]ir.Type, error) { return in, nil },
			Eval: func(ys, xs []ir.Tensor) {
				for i, x := range xs[0].Data {
					ys[0].Data[i] = 0
					if x > 0 && x < 6 {
						ys[0].Data[i] = 1
					}
				}
			},
		}
		return b.Node("dx", op.Mul(), dys[0], b.Node("mask", mask, n.In[0])[0])
	}
	entry := func(d op.Domain) op.Entry {
		return op.Entry{Make: func() *ir.Op { return card }, Samples: []op.Sample{op.In(d, ir.Row(37))}}
	}
	near, wide := entry(op.Domain{Least: 0.1, Most: 1.1}), entry(op.Domain{Least: 0.1, Most: 12})
	assert.ErrorContains(t, reachPieces(t, near), "never decided otherwise")
	assert.NoError(t, reachPieces(t, wide))

	card.Grad = relu
	assert.NoError(t, compareGrad(t, card, near.Samples[0], []int{0}), "where no sample goes, ReLU's gradient passes")
	assert.ErrorContains(t, compareGrad(t, card, wide.Samples[0], []int{0}), "differences say")
	card.Grad = relu6
	assert.NoError(t, compareGrad(t, card, wide.Samples[0], []int{0}))
	card.Grad = func(*ir.Builder, *ir.Node, []*ir.Value) []*ir.Value { return []*ir.Value{nil} }
	assert.ErrorContains(t, compareGrad(t, card, wide.Samples[0], []int{0}), "it has one: false")
}
