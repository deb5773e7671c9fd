// Package autodiff turns a forward graph into the graph of a whole training step, and into that of a
// prediction.
//
// What comes in is the graph that check built; what goes out of Step is the same forward pass and loss, then
// the backward pass and the update of every parameter, in the same representation. What goes out of Predict is
// the forward pass as it is in prediction. The package applies the rules on the operations' cards; it knows no
// operation itself but the sum that fan-out needs.
package autodiff

import (
	"cmp"
	"slices"
	"strings"

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
	g.Scalars = append([]*ir.Value{}, forward.Scalars...)
	g.Slots = append([]*ir.Value{}, forward.Slots...)
	b := ir.NewBuilder(&g)
	grads := backward(b, forward)
	update(b, grads)
	return &g
}

// backward adds the backward pass and returns the gradients by what they are of.
func backward(b *ir.Builder, forward *ir.Graph) map[*ir.Value]*ir.Value {
	grads := map[*ir.Value]*ir.Value{forward.Loss: b.Const(1)}
	family := map[*ir.Value][]*ir.Value{} // what is named after a value: the contributions of its uses, and their sums
	var summed []*ir.Value                // values with several uses
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
		b.Layer, b.Scope, b.Pos = n.Layer, n.Scope, n.Pos
		for k, dx := range n.Op.Grad(b, n, dys) {
			x := n.In[k]
			switch {
			case dx == nil:
				continue
			case grads[x] == nil:
				grads[x] = dx
			default:
				summed = append(summed, x)
				grads[x] = b.Node("∂"+x.Name, op.Add(), grads[x], dx)[0]
			}
			for _, v := range []*ir.Value{dx, grads[x]} {
				if numbered(v.Name, "∂"+x.Name) && !slices.Contains(family[x], v) {
					family[x] = append(family[x], v)
				}
			}
		}
	}
	for _, v := range summed {
		rename(grads[v], family[v])
	}
	b.Scope = ""
	return grads
}

// numbered reports whether a name is a plain one, or that with a number behind, as the builder keeps names apart.
func numbered(name, plain string) bool {
	rest, ok := strings.CutPrefix(name, plain)
	return ok && (rest == "" || rest[0] == '\'' && strings.Trim(rest[1:], "0123456789") == "")
}

// rename gives the last sum of the contributions to a gradient the plain name, and numbers what comes before it.
func rename(sum *ir.Value, family []*ir.Value) {
	names := make([]string, len(family))
	for i, v := range family {
		names[i] = v.Name
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	sum.Name, names = names[0], names[1:]
	for _, v := range family {
		if v != sum {
			v.Name, names = names[0], names[1:]
		}
	}
}

// update adds what the step computes once for all updates, then the update of every parameter that has a gradient
// and is not frozen.
func update(b *ir.Builder, grads map[*ir.Value]*ir.Value) {
	recipe := b.Graph.Recipe
	var trained []*ir.Value
	for _, p := range b.Graph.Params {
		if grads[p] != nil && !p.Frozen {
			trained = append(trained, p)
		}
	}
	if recipe.Accumulate != nil {
		gather(b, trained, grads)
	}
	b.Phase, b.Layer, b.Pos = ir.Prelude, "prelude", recipe.Optimiser.Pos
	scale := b.Const(1)
	if recipe.Clip != nil {
		b.Pos = recipe.Clip.Pos
		scale = clip(b, recipe.Clip, trained, grads)
	}
	rate := b.Scalar(ir.LearningRate)
	if recipe.Schedule != nil {
		b.Pos = recipe.Schedule.Pos
		operands := []*ir.Value{rate, b.Scalar(ir.StepNumber)}
		if reads := recipe.Schedule.Reads; reads != "" {
			operands = append(operands, b.Scalar(reads))
		}
		rate = b.Node("schedule", recipe.Schedule.Op, operands...)[0]
	}
	var share *ir.Value
	if recipe.Average != nil {
		b.Pos = recipe.Average.Pos
		share = b.Node("share", op.AverageShare(recipe.Average.Decay), b.Scalar(ir.StepNumber))[0]
	}
	b.Pos = recipe.Optimiser.Pos
	all := append([]*ir.Value{scale}, recipe.Optimiser.Scalars(b, rate)...)

	b.Phase = ir.Update
	for _, p := range trained {
		b.Layer, b.Scope = p.Name, p.Scope
		operands := []*ir.Value{p, grads[p]}
		for _, name := range recipe.Optimiser.Slots {
			operands = append(operands, slotOf(b, p, name))
		}
		card, scalars := recipe.Optimiser.Update, all
		if spared := recipe.Optimiser.Spared; spared != nil && len(p.Type.Shape) <= 1 {
			card = spared
			if recipe.Optimiser.Decoupled {
				scalars = all[:len(all)-1]
			}
		}
		updated := b.Node(p.Name+"'", card, append(operands, scalars...)...)[0]
		updated.Def.Updates = p
		if share != nil {
			b.Pos = recipe.Average.Pos
			b.Node(p.Name+"."+ir.AverageSlot+"'", op.Blend(), slotOf(b, p, ir.AverageSlot), updated, share)
			b.Pos = recipe.Optimiser.Pos
		}
	}
	b.Scope = ""
}

// gather makes the gradients of a batch part of those of its step, which grads become.
func gather(b *ir.Builder, params []*ir.Value, grads map[*ir.Value]*ir.Value) {
	b.Phase, b.Layer, b.Pos = ir.Gather, "gather", b.Graph.Recipe.Accumulate.Pos
	share := b.Node("batch.share", op.BatchShare(), b.Scalar(ir.StepRows), b.Scalar(ir.BatchRows))[0]
	for _, p := range params {
		b.Layer, b.Scope = p.Name, p.Scope
		grads[p] = b.Node(p.Name+"."+ir.GradientSlot+"'", op.Blend(), slotOf(b, p, ir.GradientSlot), grads[p], share)[0]
	}
	b.Scope = ""
}

// slotOf adds an array that is kept for a parameter.
func slotOf(b *ir.Builder, p *ir.Value, name string) *ir.Value {
	slot := b.Value(ir.Slot, p.Name+"."+name, p.Type)
	slot.Of = p
	return slot
}

// clip bounds the gradients of the parameters. It returns their scale; where it changes each by itself, grads become
// what is left of them.
func clip(b *ir.Builder, rule *ir.Clip, params []*ir.Value, grads map[*ir.Value]*ir.Value) *ir.Value {
	var all []*ir.Value
	clipped := map[*ir.Value]*ir.Value{} // parameters may share a gradient's memory, of which they have views
	var each func(g *ir.Value) *ir.Value
	each = func(g *ir.Value) *ir.Value {
		switch {
		case clipped[g] != nil:
		case g.Def != nil && g.Def.Op.View:
			clipped[g] = b.Node(g.Name, g.Def.Op, each(g.Def.In[0]))[0]
		default:
			clipped[g] = b.Node(g.Name, rule.Each, g)[0]
		}
		return clipped[g]
	}
	for _, p := range params {
		all = append(all, grads[p])
		if rule.Each != nil {
			b.Scope = p.Scope
			grads[p] = each(grads[p])
		}
	}
	b.Scope = ""
	if rule.Scale == nil {
		return b.Const(1)
	}
	return b.Node("scale", rule.Scale(len(all)), all...)[0]
}

// Predict returns the graph of a prediction: the forward pass to the outputs, where each operation is what its
// card says it is in prediction.
func Predict(forward *ir.Graph) *ir.Graph {
	g := forward.Without(func(n *ir.Node) bool { return n.Phase == ir.Forward })
	g.Targets, g.Loss, g.Recipe.Losses, g.Recipe.Metrics, g.Recipe.Optimiser, g.Recipe.Schedule, g.Recipe.Clip, g.Recipe.Stop, g.Recipe.Average, g.Recipe.Accumulate = nil, nil, nil, nil, nil, nil, nil, nil, nil, nil
	return ir.Rewrite(g, func(b *ir.Builder, n *ir.Node, in []*ir.Value) ([]*ir.Value, bool) {
		if n.Op.Predict == nil {
			return b.Named(n.Names(), n.Op, in...), true // a value of its own: it lies elsewhere than in training
		}
		return n.Op.Predict(b, n, in), true
	}).Without(func(*ir.Node) bool { return true })
}

// Evaluate returns the graph that judges predictions: from the outputs, which are inputs there, and the targets to
// the losses and what they are divided by, which are its outputs; nil if the forward graph has no loss.
func Evaluate(forward *ir.Graph) *ir.Graph {
	if forward.Loss == nil {
		return nil
	}
	g := forward.Without(func(n *ir.Node) bool { return n.Phase == ir.Loss })
	g.Params, g.States, g.Loss = nil, nil, nil
	g.Recipe.Optimiser, g.Recipe.Schedule, g.Recipe.Clip, g.Recipe.Stop, g.Recipe.Average, g.Recipe.Accumulate, g.Recipe.Metrics = nil, nil, nil, nil, nil, nil, nil
	given := map[*ir.Value]*ir.Value{}
	g.Inputs = nil
	for _, v := range append(append([]*ir.Value{}, forward.Inputs...), forward.Outputs...) {
		if given[v] == nil && read(g, v) {
			given[v] = &ir.Value{Name: v.Name, Type: v.Type, Role: ir.Input, Pos: v.Pos}
			g.Inputs = append(g.Inputs, given[v])
		}
	}
	take := func(v *ir.Value) *ir.Value {
		if given[v] != nil {
			return given[v]
		}
		return v
	}
	g.Outputs = nil
	g.Recipe.Losses = nil
	for _, j := range forward.Recipe.Losses {
		shown := []*ir.Value{j.Loss, j.Count}
		if j.Means != nil {
			shown = nil
		}
		for _, m := range j.Means {
			shown = append(shown, m.Value, m.Count)
		}
		for _, v := range shown {
			if v != nil {
				g.Outputs = append(g.Outputs, v)
			}
		}
		j.Output, j.Target = take(j.Output), take(j.Target)
		g.Recipe.Losses = append(g.Recipe.Losses, j)
	}
	return ir.Rewrite(g, func(b *ir.Builder, n *ir.Node, in []*ir.Value) ([]*ir.Value, bool) {
		for i, v := range in {
			in[i] = take(v)
		}
		return b.Named(n.Names(), n.Op, in...), true
	})
}

// read reports whether a node of the graph reads the value.
func read(g *ir.Graph, v *ir.Value) bool {
	for _, n := range g.Nodes {
		for _, x := range n.In {
			if x == v {
				return true
			}
		}
	}
	return false
}
