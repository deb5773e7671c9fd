package plan

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// card returns an operation whose results have the given types and which takes so much scratch per row. Every element
// of its results depends on every element of its operands.
func card(scratch int, results ...ir.Type) *ir.Op {
	op := &ir.Op{Name: "some", Types: func([]ir.Type) ([]ir.Type, error) { return results, nil },
		Eval: func(ys, xs []ir.Tensor) {
			sum := 0.0
			for k, x := range xs {
				for i, v := range x.Data {
					sum += v * float64(1+(i+k)%13)
				}
			}
			for r, y := range ys {
				for i := range y.Data {
					y.Data[i] = math.Sin(sum + float64(i+r))
				}
			}
		}}
	for i := range len(results) - 1 {
		op.Results = append(op.Results, fmt.Sprint("r", i+1))
	}
	if scratch != 0 {
		op.Scratch = func(_ *ir.Node, rows int) int { return scratch * rows }
	}
	return op
}

// elements makes a result element by element of operands of its size.
func elements(ys, xs []ir.Tensor) {
	for i := range ys[0].Data {
		sum := 0.0
		for k, x := range xs {
			sum += float64(k+1) * x.Data[i]
		}
		ys[0].Data[i] = math.Sin(sum)
	}
}

// inPlace returns an operation whose result may lie over the operands named.
func inPlace(operands ...int) *ir.Op {
	op := &ir.Op{Name: "in_place", Types: func(in []ir.Type) ([]ir.Type, error) { return in[:1], nil }, Eval: elements}
	for _, k := range operands {
		op.Over = append(op.Over, ir.Pair{Operand: k})
	}
	return op
}

// stamp returns an operation that overwrites its operand.
func stamp() *ir.Op {
	op := inPlace()
	op.Name, op.Overwrites = "stamp", []ir.Pair{{}}
	return op
}

// view returns an operation whose result is its operand's memory as one axis.
func view() *ir.Op {
	return &ir.Op{Name: "view", View: true, Types: func(in []ir.Type) ([]ir.Type, error) {
		t := in[0]
		t.Shape = ir.Shape{t.Shape.Size()}
		return []ir.Type{t}, nil
	}, Eval: func(ys, xs []ir.Tensor) { copy(ys[0].Data, xs[0].Data) }}
}

// same is a view of the operand's shape.
func same() *ir.Op {
	op := view()
	op.Types = func(in []ir.Type) ([]ir.Type, error) { return in, nil }
	return op
}

// learn returns an operation that overwrites its first operand and its third, and takes so much scratch. What follows
// are scalars.
func learn(scratch int) *ir.Op {
	return &ir.Op{Scratch: func(*ir.Node, int) int { return scratch },
		Name: "learn", Results: []string{"slot"}, Overwrites: []ir.Pair{{}, {Result: 1, Operand: 2}},
		Types: func(in []ir.Type) ([]ir.Type, error) { return []ir.Type{in[0], in[0]}, nil },
		Eval: func(ys, xs []ir.Tensor) {
			rate := 0.5
			for _, x := range xs[3:] {
				rate += x.Data[0]
			}
			for i, g := range xs[1].Data {
				ys[0].Data[i] = math.Sin(xs[0].Data[i] - rate*g + xs[2].Data[i])
				ys[1].Data[i] = math.Cos(xs[2].Data[i] + g)
			}
		}}
}

// maker adds random nodes to a graph.
type maker struct {
	r      *rand.Rand
	b      *ir.Builder
	values []*ir.Value // what may be read
	made   []*ir.Value // likewise, by nodes
	fixed  []*ir.Value // what must not be overwritten
	count  int
}

func (m *maker) pick() *ir.Value {
	if m.r.IntN(3) > 0 { // mostly what was made lately
		return m.values[len(m.values)-1-m.r.IntN(min(4, len(m.values)))]
	}
	return m.values[m.r.IntN(len(m.values))]
}

// alike returns values of the type of v, itself the first.
func (m *maker) alike(v *ir.Value) []*ir.Value {
	list := []*ir.Value{v}
	for _, w := range m.values {
		if w.Type.Equal(v.Type) && m.r.IntN(3) > 0 && len(list) < 3 {
			list = append(list, w)
		}
	}
	return list
}

func (m *maker) size() int { return 1 + m.r.IntN(1<<m.r.IntN(9)) }

func (m *maker) scratch() int {
	if m.r.IntN(4) == 0 {
		return m.r.IntN(500)
	}
	return 0
}

func (m *maker) result(v ...*ir.Value) {
	m.values, m.made = append(m.values, v...), append(m.made, v...)
}

// add adds so many nodes: short and long edges, several results of which some are not read, views, scratch, scalars,
// results in place and results that overwrite.
func (m *maker) add(nodes int) {
	for range nodes {
		m.count++
		m.b.Layer = fmt.Sprint("layer", m.count/3)
		name := fmt.Sprint("v", m.count)
		switch k := m.r.IntN(16); {
		case k < 2 && len(m.made) > 0:
			m.result(m.b.Node(name, view(), m.made[m.r.IntN(len(m.made))])...)
		case k == 2:
			m.b.Node(name, card(0, ir.Type{}), m.pick())
		case k < 7 && len(m.made) > 0:
			operands := m.alike(m.made[len(m.made)-1-m.r.IntN(min(3, len(m.made)))])
			over := m.r.Perm(len(operands))[:1+m.r.IntN(len(operands))]
			op := inPlace(over...)
			if scratch := m.scratch(); scratch > 0 {
				op.Scratch = func(*ir.Node, int) int { return scratch }
			}
			m.result(m.b.Node(name, op, operands...)...)
		case k < 9 && len(m.made) > 0:
			old := m.made[m.r.IntN(len(m.made))]
			if slices.ContainsFunc(m.fixed, func(v *ir.Value) bool { return v.Base() == old.Base() }) {
				continue
			}
			taken := func(v *ir.Value) bool { return v.Base() == old.Base() }
			after := m.b.Node(name, stamp(), old)
			m.values, m.made = slices.DeleteFunc(m.values, taken), slices.DeleteFunc(m.made, taken)
			m.result(after...)
		default:
			types := []ir.Type{ir.Row(m.size())}
			if m.r.IntN(4) == 0 {
				types[0] = ir.Whole(m.size(), 1+m.r.IntN(4))
			}
			for m.r.IntN(3) == 0 {
				types = append(types, ir.Row(m.size()))
			}
			operands := []*ir.Value{m.pick()}
			for m.r.IntN(2) == 0 {
				operands = append(operands, m.pick())
			}
			results := m.b.Node(name, card(m.scratch(), types...), operands...)
			m.result(results[:1+m.r.IntN(len(results))]...)
		}
	}
}

// random returns a training step and a prediction that is its forward pass, with parameters, states that the forward
// pass overwrites, gradients that the prelude may overwrite, and outputs from anywhere.
func random(seed uint64) Graphs {
	r := rand.New(rand.NewPCG(seed, 1))
	g := &ir.Graph{Model: fmt.Sprint("Random", seed), Recipe: ir.Recipe{Batch: 1 + r.IntN(64)}}
	b := ir.NewBuilder(g)
	m := &maker{r: r, b: b, values: []*ir.Value{b.Value(ir.Input, "x", ir.Row(10)), b.Value(ir.Target, "t", ir.Row(3))}}
	var params []*ir.Value
	for i := range 1 + r.IntN(4) {
		params = append(params, b.Value(ir.Param, fmt.Sprint("w", i), ir.Whole(m.size(), 3)))
	}
	m.values = append(m.values, params...)
	m.add(1 + r.IntN(15))
	state := b.Value(ir.State, "state", ir.Whole(7))
	b.Node("state'", stamp(), state)
	m.add(1 + r.IntN(15))
	m.made = append(m.made, b.Node("last", card(0, ir.Row(m.size())), m.pick())...)
	for range 1 + r.IntN(3) {
		g.Outputs = append(g.Outputs, m.made[r.IntN(len(m.made))])
	}
	m.fixed = g.Outputs
	forward := *g
	forward.Nodes = g.Nodes[:len(g.Nodes):len(g.Nodes)]

	b.Phase, b.Layer = ir.Loss, "loss"
	g.Loss = b.Node("loss", card(0, ir.Type{}), g.Outputs[0])[0]
	b.Phase = ir.Backward
	var grads []*ir.Value
	for i, p := range params {
		m.add(1 + r.IntN(10))
		switch {
		case i > 0 && r.IntN(4) == 0 && grads[0].Type.Equal(p.Type):
			grads = append(grads, grads[0])
		default:
			dw := b.Node("∂"+p.Name, card(0, p.Type), m.pick(), m.made[r.IntN(len(m.made))])[0]
			if r.IntN(3) == 0 {
				dw = b.Node("∂view", same(), dw)[0]
			}
			grads = append(grads, dw)
			if r.IntN(3) == 0 {
				m.result(dw)
				m.fixed = append(m.fixed, dw)
			}
		}
	}
	m.add(r.IntN(10))

	b.Phase, b.Layer = ir.Prelude, "prelude"
	rate := b.Node("rate", card(0, ir.Type{}, ir.Type{}), b.Scalar(ir.StepNumber), b.Scalar(ir.LearningRate))
	scalars := []*ir.Value{b.Const(1), rate[0], rate[1]}
	switch r.IntN(3) {
	case 0:
		scalars[0] = b.Node("scale", card(0, ir.Type{}), grads...)[0]
	case 1:
		clipped := map[*ir.Value]*ir.Value{}
		for i, dw := range grads {
			if clipped[dw] == nil {
				clipped[dw] = b.Node("∂clipped", stamp(), dw)[0]
			}
			grads[i] = clipped[dw]
		}
	}
	b.Phase = ir.Update
	for i, p := range params {
		b.Layer = p.Name
		slot := b.Value(ir.Slot, p.Name+".m", p.Type)
		slot.Of = p
		operands := append([]*ir.Value{p, grads[i], slot}, scalars...)
		b.Node(p.Name+"'", learn(r.IntN(3)*r.IntN(500)), operands...)[0].Def.Updates = p
	}

	judge := &ir.Graph{Model: g.Model}
	b = ir.NewBuilder(judge)
	b.Phase = ir.Loss
	y := b.Value(ir.Input, "y", g.Outputs[0].Type)
	terms := b.Node("terms", card(1, ir.Row(m.size()), ir.Row(2)), y, b.Value(ir.Target, "t", ir.Row(3)))
	judge.Outputs = b.Node("loss", card(0, ir.Type{}), b.Node("square", inPlace(0), terms[0])[0])
	return Graphs{Step: g, Predict: &forward, Evaluate: judge}
}

// someWritten says of some layers that they are written out.
func someWritten(g *ir.Graph, seed uint64) map[string]bool {
	r, written := rand.New(rand.NewPCG(seed, 2)), map[string]bool{}
	for _, n := range g.Nodes {
		if r.IntN(6) == 0 {
			written[n.Layer] = true
		}
	}
	return written
}
