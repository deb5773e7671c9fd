package plan

import (
	"fmt"
	"math/rand/v2"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// card returns an operation whose results have the given types and which takes so much scratch per row.
func card(scratch int, results ...ir.Type) *ir.Op {
	op := &ir.Op{Name: "some", Types: func([]ir.Type) ([]ir.Type, error) { return results, nil }}
	for i := range len(results) - 1 {
		op.Results = append(op.Results, fmt.Sprint("r", i+1))
	}
	if scratch != 0 {
		op.Scratch = func(_ *ir.Node, rows int) int { return scratch * rows }
	}
	return op
}

// view returns an operation whose result is its operand's memory as one axis.
func view() *ir.Op {
	return &ir.Op{Name: "view", View: true, Types: func(in []ir.Type) ([]ir.Type, error) {
		t := in[0]
		t.Shape = ir.Shape{t.Shape.Size()}
		return []ir.Type{t}, nil
	}}
}

// learn returns an operation that overwrites its first operand and its third, and takes so much scratch.
func learn(scratch int) *ir.Op {
	return &ir.Op{Scratch: func(*ir.Node, int) int { return scratch },
		Name: "learn", Results: []string{"slot"}, Overwrites: []int{0, 2},
		Types: func(in []ir.Type) ([]ir.Type, error) { return []ir.Type{in[0], in[0]}, nil }}
}

// random returns a training step and a prediction: a random DAG with short and long edges, several results,
// views, scratch, scalars, outputs from anywhere, and parameters that are overwritten.
func random(seed uint64) (step, predict *ir.Graph) {
	r := rand.New(rand.NewPCG(seed, 1))
	g := &ir.Graph{Model: fmt.Sprint("Random", seed), Recipe: ir.Recipe{Batch: 1 + r.IntN(64)}}
	b := ir.NewBuilder(g)
	values := []*ir.Value{b.Value(ir.Input, "x", ir.Row(10)), b.Value(ir.Target, "t", ir.Row(3))}
	var made []*ir.Value
	pick := func() *ir.Value {
		if r.IntN(3) > 0 { // mostly what was made lately
			return values[len(values)-1-r.IntN(min(4, len(values)))]
		}
		return values[r.IntN(len(values))]
	}
	size := func() int { return 1 + r.IntN(1<<r.IntN(10)) }
	add := func(nodes int) {
		for i := range nodes {
			var results []*ir.Value
			switch k := r.IntN(10); {
			case k < 2 && len(made) > 0:
				results = b.Node(fmt.Sprint("view", i), view(), made[r.IntN(len(made))])
			case k == 2:
				b.Node(fmt.Sprint("scalar", i), card(0, ir.Type{}), pick())
			default:
				types := []ir.Type{ir.Row(size())}
				if r.IntN(4) == 0 {
					types[0] = ir.Whole(size(), 1+r.IntN(4))
				}
				if r.IntN(4) == 0 {
					types = append(types, ir.Row(size()))
				}
				scratch := 0
				if r.IntN(4) == 0 {
					scratch = r.IntN(500)
				}
				operands := []*ir.Value{pick()}
				for r.IntN(2) == 0 {
					operands = append(operands, pick())
				}
				results = b.Node(fmt.Sprint("v", i), card(scratch, types...), operands...)
			}
			values, made = append(values, results...), append(made, results...)
		}
	}
	add(1 + r.IntN(30))
	made = append(made, b.Node("last", card(0, ir.Row(size())), pick())...)
	for range 1 + r.IntN(3) {
		g.Outputs = append(g.Outputs, made[r.IntN(len(made))])
	}
	forward := *g
	forward.Nodes = g.Nodes[:len(g.Nodes):len(g.Nodes)]

	b.Phase = ir.Loss
	g.Loss = b.Node("loss", card(0, ir.Type{}), g.Outputs[0])[0]
	b.Phase = ir.Backward
	add(1 + r.IntN(30))
	var grads []*ir.Value
	for i := range 1 + r.IntN(4) {
		p := b.Value(ir.Param, fmt.Sprint("w", i), ir.Whole(size(), 3))
		slot := b.Value(ir.Slot, p.Name+".m", p.Type)
		grad := b.Node("∂"+p.Name, card(0, p.Type), pick())[0]
		if r.IntN(3) == 0 {
			grad = b.Node("∂view", &ir.Op{Name: "view", View: true, Types: func(in []ir.Type) ([]ir.Type, error) { return in, nil }}, grad)[0]
		}
		grads = append(grads, p, grad, slot)
	}
	b.Phase = ir.Update
	for i := 0; i < len(grads); i += 3 {
		b.Node(grads[i].Name+"'", learn(r.IntN(3)*r.IntN(500)), grads[i:i+3]...)
	}
	forward.Params = g.Params
	return g, &forward
}
