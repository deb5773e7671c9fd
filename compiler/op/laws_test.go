package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// rows is the size of the batches on which the laws are tried.
const rows = 3

// each runs a law for every sample of every card.
func each(t *testing.T, law func(t *testing.T, card *ir.Op, sample op.Sample)) {
	for _, entry := range op.Catalogue() {
		for _, sample := range entry.Samples {
			card := entry.Make()
			t.Run(fmt.Sprintf("%s%v%v", card.Name, card.Attrs, sample.Types), func(t *testing.T) { law(t, card, sample) })
		}
	}
}

// node applies a card to operands named x0, x1, … in a graph of its own. What it overwrites is states.
func node(card *ir.Op, types []ir.Type) (*ir.Builder, *ir.Node) {
	b := ir.NewBuilder(&ir.Graph{})
	var operands []*ir.Value
	for i, t := range types {
		role := ir.Input
		if slices.ContainsFunc(card.Overwrites, func(p ir.Pair) bool { return p.Operand == i }) {
			role = ir.State
		}
		operands = append(operands, b.Value(role, fmt.Sprintf("x%d", i), t))
	}
	return b, b.Node("y", card, operands...)[0].Def
}

// draw returns a tensor of elements from a domain.
func draw(r *rand.Rand, t ir.Type, d op.Domain) ir.Tensor {
	x := ir.NewTensor(t, rows)
	d.Fill(r, x)
	return x
}

// clearance is how far an operand may move without meeting another piece of a card's Scalar.
const clearance = 0.02

// drawAll fills all operands of a sample. Of a card with a Scalar, no element lies near a place where two pieces of its
// definition meet.
func drawAll(t *testing.T, r *rand.Rand, card *ir.Op, sample op.Sample) []ir.Tensor {
	var xs []ir.Tensor
	for i, typ := range sample.Types {
		xs = append(xs, draw(r, typ, sample.Domain(i)))
	}
	if card.Scalar == nil {
		return xs
	}
	for e := range elements(xs) {
		for try := 0; !clear(card, xs, e); try++ {
			require.Less(t, try, 1000, "the domain leaves no room between the pieces")
			for i, x := range xs {
				if !x.Type.Scalar() {
					x.Data[e] = sample.Domain(i).Element(r, x.Type)
				}
			}
		}
	}
	return xs
}

// clear reports whether the pieces that hold at an element hold around it.
func clear(card *ir.Op, xs []ir.Tensor, e int) bool {
	here := pieces(card, xs, e)
	for i, x := range xs {
		at := e
		if x.Type.Scalar() {
			at = 0
		}
		old := x.Data[at]
		for _, d := range []float64{-clearance, clearance} {
			xs[i].Data[at] = old + d
			there := pieces(card, xs, e)
			xs[i].Data[at] = old
			if !slices.Equal(here, there) {
				return false
			}
		}
	}
	return true
}

// elements is the number of elements of a card's operands, which all have the same but for scalars.
func elements(xs []ir.Tensor) int {
	most := 1
	for _, x := range xs {
		most = max(most, len(x.Data))
	}
	return most
}

// leafOf gives the leaves of a card's Scalar their values at an element.
func leafOf(card *ir.Op, xs []ir.Tensor, e int) func(ir.Expr) float64 {
	return func(leaf ir.Expr) float64 {
		switch leaf := leaf.(type) {
		case ir.Arg:
			return xs[leaf].Data[e%len(xs[leaf].Data)]
		case ir.Named:
			return card.Attrs.Number(string(leaf))
		case ir.Count:
			return float64(elements(xs))
		}
		panic(fmt.Sprintf("a Scalar has no %T", leaf))
	}
}

// pieces lists which pieces of the functions in a card's Scalar hold at an element, in the order of evaluation.
func pieces(card *ir.Op, xs []ir.Tensor, e int) []int {
	var list []int
	ir.Evaluate(card.Scalar, leafOf(card, xs, e), func(a ir.Apply, x []float64) {
		if a.Func.Piece != nil {
			list = append(list, a.Func.Piece(x...))
		}
	})
	return list
}

// eval computes a card's results for operands. Their memory holds something else before.
func eval(card *ir.Op, xs []ir.Tensor, before ...float64) []ir.Tensor {
	types := make([]ir.Type, len(xs))
	for i, x := range xs {
		types[i] = x.Type
	}
	results, err := card.Types(types)
	if err != nil {
		panic(err)
	}
	ys := make([]ir.Tensor, len(results))
	for i, t := range results {
		ys[i] = ir.NewTensor(t, rows)
		for k := range ys[i].Data {
			ys[i].Data[k] = before[i%len(before)]
		}
	}
	card.Eval(ys, xs)
	return ys
}

// run evaluates the nodes of a graph in order.
func run(g *ir.Graph, env map[*ir.Value]ir.Tensor) {
	for _, n := range g.Nodes {
		if _, known := env[n.Out[0]]; known {
			continue
		}
		var xs []ir.Tensor
		for _, v := range n.In {
			if v.Role == ir.Const {
				env[v] = ir.Tensor{Type: v.Type, Rows: 1, Data: []float64{v.Number}}
			}
			xs = append(xs, env[v])
		}
		for i, y := range eval(n.Op, xs, math.NaN()) {
			env[n.Out[i]] = y
		}
	}
}
