package random

import (
	"maps"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// margin is how far from every place where two pieces of a definition meet a number has to stay, relative to the root mean
// square of what is compared there.
const margin = 1e-3

// draws draws all data while it trains. Where numbers become too large for their rounding to be told, inputs become smaller,
// then the training shorter.
func (t *trial) draws() *course {
	for try := 0; ; try++ {
		t.data = nil
		c := newCourse(t, nil)
		for batch := range t.sizes {
			c.drawBatch()
			c.finishes(batch)
		}
		again := newCourse(t, nil)
		again.train()
		far := slices.IndexFunc(again.seen, func(s seen) bool { return !s.finite() })
		switch {
		case far < 0 && (again.end.finite() || len(t.sizes) == 1):
			return again
		case try < 2:
			t.scale /= 4
		case far > 0:
			t.sizes = t.sizes[:far]
		default:
			t.sizes = t.sizes[:max(1, len(t.sizes)-1)]
		}
	}
}

// drawBatch draws the rows of the next batch until none of them is near such a place, or it takes too long; those that are
// not stay. It leaves the course behind the gradients.
func (c *course) drawBatch() {
	batch := len(c.data)
	c.data = append(c.data, map[*ir.Value]ir.Tensor{})
	var rows []int
	for r := range c.sizes[batch] {
		rows = append(rows, r)
	}
	before := maps.Clone(c.env)
	for try := 0; ; try++ {
		c.draw(batch, rows)
		c.forwards(batch)
		if rows = c.near(c.sizes[batch], margin); len(rows) == 0 {
			return
		}
		if try == 40 {
			c.unclear++
			return
		}
		c.redrawn += len(rows)
		c.env = maps.Clone(before)
	}
}

// near returns the rows for which a function of the forward pass or of a loss is near a place where two pieces of its
// definition meet, or an operation would choose other positions.
func (c *course) near(rows int, margin float64) []int {
	judged := slices.DeleteFunc(slices.Clone(c.step.Nodes), func(n *ir.Node) bool { return n.Phase > ir.Loss })
	return c.nearAt(judged, rows, margin)
}

// nearAt is near for these nodes.
func (c *course) nearAt(nodes []*ir.Node, rows int, margin float64) []int {
	all := map[int]bool{}
	for _, n := range nodes {
		xs := make([]ir.Tensor, len(n.In))
		for i, v := range n.In {
			xs[i] = c.env[v]
			if v.Role == ir.Const {
				xs[i] = ir.Tensor{Type: v.Type, Rows: 1, Data: []float64{v.Number}}
			}
		}
		switch {
		case n.Op.Scalar != nil:
			for e := range kinked(n.Op, xs, margin) {
				all[e*rows/elements(xs)] = true
			}
		case slices.ContainsFunc(n.Out, func(y *ir.Value) bool { return y.Type.Kind == ir.I32 }):
			for r := range c.undecided(n, xs, rows, margin) {
				all[r] = true
			}
		}
	}
	var list []int
	for r := range all {
		list = append(list, r)
	}
	slices.Sort(list)
	return list
}

// elements is the number of elements of a card's operands, which all have the same but for scalars.
func elements(xs []ir.Tensor) int {
	most := 1
	for _, x := range xs {
		most = max(most, len(x.Data))
	}
	return most
}

// kinked returns the elements of a card with a Scalar that are near a place where two pieces of a function meet. One that
// lies there exactly, as what a relu has made 0, does so in float32 too.
func kinked(card *ir.Op, xs []ir.Tensor, margin float64) map[int]bool {
	count := elements(xs)
	evaluate := func(e int, visit func(site int, a ir.Apply, x []float64)) {
		site := 0
		ir.Evaluate(card.Scalar, func(leaf ir.Expr) float64 {
			switch leaf := leaf.(type) {
			case ir.Arg:
				return xs[leaf].Data[e%len(xs[leaf].Data)]
			case ir.Named:
				return card.Attrs.Number(string(leaf))
			}
			return float64(count)
		}, func(a ir.Apply, x []float64) {
			if a.Func.Piece != nil {
				visit(site, a, x)
				site++
			}
		})
	}
	var squares []float64 // of what is compared at each site
	for e := range count {
		evaluate(e, func(site int, _ ir.Apply, x []float64) {
			if site == len(squares) {
				squares = append(squares, 0)
			}
			squares[site] += x[0] * x[0]
		})
	}
	near := map[int]bool{}
	for e := range count {
		evaluate(e, func(site int, a ir.Apply, x []float64) {
			differ := func(d float64) bool {
				below, above := slices.Clone(x), slices.Clone(x)
				below[0] -= d
				above[0] += d
				return a.Func.Piece(below...) != a.Func.Piece(above...)
			}
			if d := margin * math.Sqrt(squares[site]/float64(count)); differ(d) && !differ(1e-13*(math.Abs(x[0])+1e-3*d)) {
				near[e] = true
			}
		})
	}
	return near
}

// undecided returns the rows for which an operation that chooses positions would choose others if its operand were a little
// different.
func (c *course) undecided(n *ir.Node, xs []ir.Tensor, rows int, margin float64) map[int]bool {
	x := xs[0]
	sum := 0.0
	for _, v := range x.Data {
		sum += v * v
	}
	d := margin * math.Sqrt(sum/float64(len(x.Data)))
	near := map[int]bool{}
	for try := range 4 {
		moved := x
		moved.Data = slices.Clone(x.Data)
		for i, v := range moved.Data { // copies of a number stay equal, as they are in float32, and 0 stays 0
			if sign := math.Float64bits(v*(1.1+float64(try))) >> 20 & 1; v != 0 {
				moved.Data[i] += d * float64(2*int(sign)-1)
			}
		}
		ys := make([]ir.Tensor, len(n.Out))
		for i, y := range n.Out {
			ys[i] = ir.NewTensor(y.Type, rows)
		}
		n.Op.Eval(ys, append([]ir.Tensor{moved}, xs[1:]...))
		for k, y := range n.Out {
			if y.Type.Kind != ir.I32 {
				continue
			}
			size := y.Type.Shape.Size()
			for i, v := range ys[k].Data {
				if v != c.env[y].Data[i] {
					near[i/size] = true
				}
			}
		}
	}
	return near
}
