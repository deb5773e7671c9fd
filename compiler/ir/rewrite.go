package ir

import (
	"fmt"
	"slices"
)

// Rule rewrites one node. It adds nodes in the place of n, whose operands have become in, and returns what n's
// results become, nil or nothing for one that is gone and that nothing reads any more; ok is false where the rule leaves
// the node as it is.
type Rule func(b *Builder, n *Node, in []*Value) (out []*Value, ok bool)

// Rewrite returns the graph with every node rewritten by the rule, in order. The graph that it is given does not
// change, nor do its values: a node whose operands have become others is made anew, with results of the same names.
func Rewrite(g *Graph, rule Rule) *Graph {
	out := *g
	for _, list := range []*[]*Value{&out.Inputs, &out.Targets, &out.Params, &out.States, &out.Slots, &out.Scalars} {
		*list = slices.Clip(*list) // a rule may add to them
	}
	b := NewBuilder(&out)
	out.Nodes, out.Outputs = nil, nil
	becomes := map[*Value]*Value{}
	now := func(v *Value) *Value {
		w, ok := becomes[v]
		if !ok {
			return v
		}
		return w
	}
	needed := func(v *Value, by any) *Value {
		w := now(v)
		if w == nil {
			panic(fmt.Sprintf("ir: a rule leaves out %s, which %v needs", v.Name, by))
		}
		return w
	}
	for _, n := range g.Nodes {
		in := make([]*Value, len(n.In))
		same := true
		for i, v := range n.In {
			in[i] = now(v)
			same = same && in[i] == v
		}
		for _, v := range n.Out {
			delete(b.names, v.Name) // free again for what the node becomes
		}
		b.Phase, b.Layer, b.Scope, b.Pos = n.Phase, n.Layer, n.Scope, n.Pos
		results, ok := rule(b, n, in)
		switch {
		case !ok && same:
			for _, v := range n.Out {
				b.names[v.Name]++
			}
			out.Nodes = append(out.Nodes, n)
			continue
		case !ok:
			for i, v := range n.In {
				in[i] = needed(v, n)
			}
			results = b.Named(n.Names(), n.Op, in...)
			for i, v := range results {
				v.Layout = n.Out[i].Layout
			}
			results[0].Def.Updates = n.Updates
		}
		for i, v := range n.Out {
			if becomes[v] = nil; i < len(results) {
				becomes[v] = results[i]
			}
		}
	}
	for _, v := range g.Outputs {
		out.Outputs = append(out.Outputs, needed(v, "an output"))
	}
	if g.Loss != nil {
		out.Loss = needed(g.Loss, "the loss")
	}
	out.Recipe.Losses = criteria(g.Recipe.Losses, now)
	out.Recipe.Metrics = criteria(g.Recipe.Metrics, now)
	return &out
}

// criteria returns losses or metrics of the values that theirs have become.
func criteria(list []Criterion, now func(*Value) *Value) []Criterion {
	var become []Criterion
	for _, c := range list {
		c.Output, c.Target, c.Loss, c.Count = now(c.Output), now(c.Target), now(c.Loss), now(c.Count)
		become = append(become, c)
	}
	return become
}

// Without returns the graph with those nodes left out that keep is false for, and with the step scalars that then
// nothing reads.
func (g *Graph) Without(keep func(*Node) bool) *Graph {
	out := *g
	out.Nodes, out.Scalars = nil, nil
	read := map[*Value]bool{}
	for _, n := range g.Nodes {
		if keep(n) {
			out.Nodes = append(out.Nodes, n)
			for _, v := range n.In {
				read[v] = true
			}
		}
	}
	for _, v := range g.Scalars {
		if read[v] {
			out.Scalars = append(out.Scalars, v)
		}
	}
	return &out
}
