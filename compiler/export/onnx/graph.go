package onnx

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Missing returns the nodes whose cards do not say what they are in ONNX, one of each statement of the spec.
func Missing(g *ir.Graph) []*ir.Node {
	var missing []*ir.Node
	said := map[ir.Pos]bool{}
	for _, n := range g.Nodes {
		if n.Op.ONNX == nil && !said[n.Pos] {
			said[n.Pos] = true
			missing = append(missing, n)
		}
	}
	return missing
}

// New makes a model of the graph of a prediction, in which no node is Missing. Its file has that opset, 0 being the lowest
// that suffices. Weights are the graph's parameters and states by their names, in the order in which they are to stand in
// the file; those that no operator reads are returned instead.
func New(g *ir.Graph, weights []Tensor, opset int) (m *Model, unread []Tensor, err error) {
	if err := CheckOpset(opset); err != nil {
		return nil, nil, err
	}
	for now := max(opset, Lowest); ; {
		b := newBuilder(now)
		b.graph(g, weights)
		if b.needs <= now {
			return b.finish(g, weights)
		}
		if opset != 0 {
			return nil, nil, fmt.Errorf("opset %d is too low: %s needs %d", opset, b.needer, b.needs)
		}
		now = b.needs // what rules decide by it may be something else now
	}
}

// graph adds what the graph is made of.
func (b *Builder) graph(g *ir.Graph, weights []Tensor) {
	for _, t := range weights {
		b.fixed(t.Name)
		b.model.Weights = append(b.model.Weights, t)
	}
	for _, v := range g.Inputs {
		b.fixed(v.Name)
		b.values[v] = v.Name
		b.model.Inputs = append(b.model.Inputs, portOf(v, v.Name))
	}
	for _, list := range [][]*ir.Value{g.Params, g.States} {
		for _, v := range list {
			b.values[v] = v.Name
		}
	}
	for _, n := range g.Nodes {
		b.node(n, fmt.Sprintf("%s:%d", g.File, n.Pos.Line))
	}
	for i, v := range g.Outputs {
		b.scope = g.Ports[i]
		b.output(b.values[v], portOf(v, g.Ports[i]))
	}
}

// node adds the operators of a node. What they make is called as what the node makes.
func (b *Builder) node(n *ir.Node, place string) {
	b.scope, b.place = n.Layer, place
	in := make([]string, len(n.In))
	for i, v := range n.In {
		in[i] = b.Name(v)
	}
	first := len(b.model.Nodes)
	for i, result := range n.Op.ONNX(b, n, in) {
		v := n.Out[i]
		b.values[v] = result
		if at, made := b.made[result]; made && at >= first {
			b.wishes[result] = v.Name
			b.model.Values = append(b.model.Values, portOf(v, result))
		}
	}
}

// output makes a value an output of the model. One that is an input too, or another output, is copied.
func (b *Builder) output(value string, p Port) {
	_, made := b.made[value]
	if _, again := b.outputs[value]; again || !made {
		value = b.Add(1, "Identity", 1, []string{value})[0]
	}
	b.outputs[value] = p.Name
	b.model.Outputs = append(b.model.Outputs, p)
}

// portOf is a value as a port of that name. Integers are int64.
func portOf(v *ir.Value, name string) Port {
	p := Port{Name: name, Type: Float}
	if v.Type.Kind == ir.I32 || v.Type.Kind == ir.I64 {
		p.Type = Int64
	}
	if v.Type.Batch {
		p.Shape = append(p.Shape, Rows)
	}
	p.Shape = append(p.Shape, wide(v.Type.Shape)...)
	return p
}

// finish is the model, without what contributes to no output.
func (b *Builder) finish(g *ir.Graph, weights []Tensor) (m *Model, unread []Tensor, err error) {
	m = &b.model
	read := map[string]bool{}
	for value := range b.outputs {
		read[value] = true
	}
	var live []Node
	for _, n := range slices.Backward(m.Nodes) {
		if slices.ContainsFunc(n.Out, func(out string) bool { return read[out] }) {
			live = append(live, n)
			for _, in := range n.In {
				read[in] = true
			}
		}
	}
	slices.Reverse(live)
	m.Nodes = live
	for _, t := range weights {
		if !read[t.Name] {
			unread = append(unread, t)
		}
	}
	m.Weights = slices.DeleteFunc(m.Weights, func(t Tensor) bool { return !read[t.Name] })
	m.Values = slices.DeleteFunc(m.Values, func(p Port) bool {
		_, is := b.outputs[p.Name]
		return is || !read[p.Name] // of an output its port says it
	})
	m.IR, m.Opsets = formats[b.opset-Lowest], map[string]int64{"": int64(b.opset)}
	m.Producer, m.Name, m.Doc = producer, g.Model, g.Doc
	return m, unread, b.name()
}
