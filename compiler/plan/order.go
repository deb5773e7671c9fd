package plan

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// early returns the step with every update right behind the node that makes its gradient, as far as nothing reads
// later what it overwrites, so that the gradient's memory is soon free again. What is written out as arithmetic stays
// where it is: it shares loops with its neighbours, and its gradients are small. Where no update gets before a node of
// the backward pass, because the scale of all gradients is known last, the graph stays as it is, and so it does where
// updates come after several batches.
func early(g *ir.Graph, written map[string]bool) *ir.Graph {
	if g.Recipe.Accumulate != nil {
		return g
	}
	moves := func(n *ir.Node) bool {
		if n.Updates != nil {
			def := n.Gradient().Home().Def
			return !written[n.Layer] && def != nil && !written[def.Layer]
		}
		return n.Phase > ir.Backward
	}
	missing := map[*ir.Node]int{}       // how many nodes a node that moves still waits for
	waited := map[*ir.Node][]*ir.Node{} // which of them wait for a node
	var waiting []*ir.Node
	for _, n := range g.Nodes {
		if moves(n) {
			waiting = append(waiting, n)
			for m := range before(g, n) {
				missing[n]++
				waited[m] = append(waited[m], n)
			}
		}
	}
	scheduled := *g
	scheduled.Nodes = nil
	put := func(n *ir.Node) {
		scheduled.Nodes = append(scheduled.Nodes, n)
		for _, m := range waited[n] {
			missing[m]--
		}
	}
	for _, n := range g.Nodes {
		if moves(n) {
			continue
		}
		put(n)
		for k := 0; k < len(waiting); {
			if m := waiting[k]; missing[m] == 0 {
				waiting = slices.Delete(waiting, k, k+1)
				put(m)
				k = 0 // what waited for it may be in front
			} else {
				k++
			}
		}
	}
	for i, n := range scheduled.Nodes[1:] {
		if n.Phase == ir.Backward && scheduled.Nodes[i].Phase == ir.Update {
			return &scheduled
		}
	}
	return g // nothing is gained
}

// before is the set of nodes that a node of prelude or update must come after: those that make its operands, those
// that read what it overwrites, and the loss.
func before(g *ir.Graph, n *ir.Node) map[*ir.Node]bool {
	set := map[*ir.Node]bool{}
	for _, v := range n.In {
		if v.Def != nil {
			set[v.Base().Def], set[v.Def] = true, true
		}
	}
	overwritten := map[*ir.Value]bool{}
	for _, pair := range n.Op.Overwrites {
		overwritten[n.In[pair.Operand].Base()] = true
	}
	for _, m := range g.Nodes {
		if m.Phase == ir.Loss || slices.ContainsFunc(m.In, func(v *ir.Value) bool { return overwritten[v.Base()] }) {
			set[m] = true
		}
	}
	delete(set, n)
	delete(set, nil)
	return set
}
