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
	r := newRewriting(g)
	for _, n := range g.Nodes {
		in, same := r.operands(n)
		r.begin(n)
		results, ok := rule(r.b, n, in)
		switch {
		case !ok && same:
			r.keep(n)
		case !ok:
			r.again(n, in)
		default:
			r.become(n.Out, results)
		}
	}
	return r.end(g)
}

// Join returns the graph with each list of nodes made one node, at the place of that one of them which it is listed by. It
// applies the operation that join makes of the list, to the operands that join names. Its results are those of all nodes
// of the list, in order, and bear their names.
func Join(g *Graph, lists map[*Node][]*Node, join func(list []*Node) (op *Op, in []*Value)) *Graph {
	r := newRewriting(g)
	joined := map[*Node]bool{}
	for _, list := range lists {
		for _, n := range list {
			joined[n] = true
		}
	}
	for _, n := range g.Nodes {
		list := lists[n]
		if list != nil {
			one := *list[0]
			one.Op, one.In = join(list)
			one.Out = nil
			for _, m := range list {
				one.Out = append(one.Out, m.Out...)
			}
			n = &one
		} else if joined[n] {
			continue
		}
		in, same := r.operands(n)
		r.begin(n)
		if same && list == nil {
			r.keep(n)
		} else {
			r.again(n, in)
		}
	}
	return r.end(g)
}

// rewriting is a graph that is made of another.
type rewriting struct {
	g       Graph
	b       *Builder
	becomes map[*Value]*Value
}

func newRewriting(g *Graph) *rewriting {
	r := &rewriting{g: *g, becomes: map[*Value]*Value{}}
	for _, list := range []*[]*Value{&r.g.Inputs, &r.g.Targets, &r.g.Params, &r.g.States, &r.g.Slots, &r.g.Kept, &r.g.Scalars} {
		*list = slices.Clip(*list) // a rule may add to them
	}
	r.b = NewBuilder(&r.g)
	r.g.Nodes, r.g.Outputs = nil, nil
	return r
}

// now is what a value has become: itself, or nil where a rule has left it out.
func (r *rewriting) now(v *Value) *Value {
	w, ok := r.becomes[v]
	if !ok {
		return v
	}
	return w
}

// needed is the same for a value that something needs.
func (r *rewriting) needed(v *Value, by any) *Value {
	w := r.now(v)
	if w == nil {
		panic(fmt.Sprintf("ir: a rule leaves out %s, which %v needs", v.Name, by))
	}
	return w
}

// operands lists what a node's operands have become, and reports whether that is themselves.
func (r *rewriting) operands(n *Node) (in []*Value, same bool) {
	in, same = make([]*Value, len(n.In)), true
	for i, v := range n.In {
		in[i] = r.now(v)
		same = same && in[i] == v
	}
	return in, same
}

// begin prepares the builder for what a node becomes, which may take the names of its results.
func (r *rewriting) begin(n *Node) {
	for _, v := range n.Out {
		delete(r.b.names, v.Name)
	}
	r.b.Phase, r.b.Layer, r.b.Scope, r.b.Pos = n.Phase, n.Layer, n.Scope, n.Pos
}

// keep takes a node as it is.
func (r *rewriting) keep(n *Node) {
	for _, v := range n.Out {
		r.b.names[v.Name]++
	}
	r.g.Nodes = append(r.g.Nodes, n)
}

// again makes a node anew, with other operands.
func (r *rewriting) again(n *Node, in []*Value) {
	for i, v := range n.In {
		in[i] = r.needed(v, n)
	}
	results := r.b.Named(n.Names(), n.Op, in...)
	for i, v := range results {
		v.Layout = n.Out[i].Layout
	}
	results[0].Def.Updates = n.Updates
	r.become(n.Out, results)
}

// become notes what results have become.
func (r *rewriting) become(old, results []*Value) {
	for i, v := range old {
		if r.becomes[v] = nil; i < len(results) {
			r.becomes[v] = results[i]
		}
	}
}

// end returns the graph that has been made.
func (r *rewriting) end(g *Graph) *Graph {
	for _, v := range g.Outputs {
		r.g.Outputs = append(r.g.Outputs, r.needed(v, "an output"))
	}
	if g.Loss != nil {
		r.g.Loss = r.needed(g.Loss, "the loss")
	}
	r.g.Recipe.Losses = criteria(g.Recipe.Losses, r.now)
	r.g.Recipe.Metrics = criteria(g.Recipe.Metrics, r.now)
	return &r.g
}

// criteria returns losses or metrics of the values that theirs have become.
func criteria(list []Criterion, now func(*Value) *Value) []Criterion {
	var become []Criterion
	for _, c := range list {
		c.Output, c.Target, c.Loss, c.Count, c.Mask = now(c.Output), now(c.Target), now(c.Loss), now(c.Count), now(c.Mask)
		means := c.Means
		c.Means = nil
		for _, m := range means {
			c.Means = append(c.Means, Mean{now(m.Value), now(m.Count)})
		}
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
