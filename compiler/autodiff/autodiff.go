// Package autodiff turns a forward graph into the graph of a whole training step, and into that of a
// prediction.
//
// What comes in is the graph that check built; what goes out of Step is the same forward pass and loss, then
// the backward pass and the update of every parameter, in the same representation. What goes out of Predict is
// the forward pass as it is in prediction. The package applies the rules on the operations' cards; it knows no
// operation itself but the sum that fan-out needs.
package autodiff

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// Step returns the graph of one training step, nil if the forward graph has no loss.
//
// The backward pass visits the nodes of forward and loss in reverse (Griewank, Walther, "Evaluating
// Derivatives", 2008, §3.2). Where a value was used more than once, its gradient is the sum of what its uses
// contribute. A frozen parameter has no update; nothing then needs its gradient, which simplify leaves out.
func Step(forward *ir.Graph) *ir.Graph {
	if forward.Loss == nil {
		return nil
	}
	g := *forward
	g.Nodes = append([]*ir.Node{}, forward.Nodes...)
	b := ir.NewBuilder(&g)
	grads := map[*ir.Value]*ir.Value{g.Loss: b.Const(1)}

	b.Phase = ir.Backward
	for i := len(forward.Nodes) - 1; i >= 0; i-- {
		n := forward.Nodes[i]
		dys := make([]*ir.Value, len(n.Out))
		reached := false
		for k, y := range n.Out {
			dys[k] = grads[y]
			reached = reached || dys[k] != nil
		}
		if !reached || n.Op.Grad == nil {
			continue
		}
		b.Layer, b.Pos = n.Layer, n.Pos
		for k, dx := range n.Op.Grad(b, n, dys) {
			x := n.In[k]
			switch {
			case dx == nil:
			case grads[x] == nil:
				grads[x] = dx
			default:
				grads[x] = b.Node("∂"+x.Name, op.Add(), grads[x], dx)[0]
			}
		}
	}

	b.Phase = ir.Update
	b.Pos = g.Recipe.Optimiser.Pos
	for _, p := range forward.Params {
		if grads[p] != nil && !p.Frozen {
			update(b, g.Recipe.Optimiser, p, grads[p])
		}
	}
	return &g
}

// update adds the optimiser's rule for one parameter, and its slots.
func update(b *ir.Builder, rule *ir.Optimiser, p, grad *ir.Value) {
	b.Layer = p.Name
	operands := []*ir.Value{p, grad}
	for _, name := range rule.Slots {
		slot := b.Value(ir.Slot, p.Name+"."+name, p.Type)
		slot.Of, slot.Layout = p, p.Layout
		operands = append(operands, slot)
	}
	if rule.Counts {
		operands = append(operands, b.Counter())
	}
	b.Node(p.Name+"'", rule.Op, operands...)
}

// Predict returns the graph of a prediction: the forward pass to the outputs, where each operation is what its
// card says it is in prediction.
func Predict(forward *ir.Graph) *ir.Graph {
	g := *forward
	g.Targets, g.Nodes, g.Outputs, g.Loss, g.Counter = nil, nil, nil, nil, nil
	g.Recipe.Losses, g.Recipe.Metrics, g.Recipe.Optimiser = nil, nil, nil
	b := ir.NewBuilder(&g)
	becomes := map[*ir.Value]*ir.Value{}
	now := func(v *ir.Value) *ir.Value {
		if w, ok := becomes[v]; ok {
			return w
		}
		return v
	}
	for _, n := range forward.Nodes {
		if n.Phase != ir.Forward {
			continue
		}
		if n.Op.Infer != nil {
			becomes[n.Out[0]] = now(n.Op.Infer(n))
			continue
		}
		operands := make([]*ir.Value, len(n.In))
		for i, v := range n.In {
			operands[i] = now(v)
			if v.Role == ir.Counter {
				operands[i] = b.Counter()
			}
		}
		b.Layer, b.Pos = n.Layer, n.Pos
		for i, v := range b.Node(n.Out[0].Name, n.Op, operands...) {
			becomes[n.Out[i]] = v
		}
	}
	for _, v := range forward.Outputs {
		g.Outputs = append(g.Outputs, now(v))
	}
	return &g
}
