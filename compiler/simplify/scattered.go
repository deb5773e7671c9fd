package simplify

import "github.com/nnc-lang/nnc/compiler/ir"

// Scattered returns the step where the update of a table touches only the rows that a batch uses, and no gradient of the
// whole table lies in memory: where the update leaves alone what has a gradient of 0, and is all that reads the gradient. It
// returns nil where there is no such table. The bits are the same, but nobody can ask for that gradient any more. The graph's
// layouts are decided.
func Scattered(g *ir.Graph) *ir.Graph {
	if g == nil {
		return nil
	}
	readers := map[*ir.Value]int{}
	for _, n := range g.Nodes {
		for _, v := range n.In {
			readers[v]++
		}
	}
	updates := map[*ir.Node]bool{}
	made := map[*ir.Node]bool{} // the gradients that are gone
	for _, n := range g.Nodes {
		if n.Updates == nil || n.Op.Still == nil || n.Updates.Layout != ir.RowMajor {
			continue
		}
		def := n.Gradient().Def
		if def != nil && def.Op.Scatters && readers[def.Out[0]] == 1 && scatteredPays(n.Updates, def.In[1], g.Recipe.Batch) {
			updates[n], made[def] = true, true
		}
	}
	if len(updates) == 0 {
		return nil
	}
	return ir.Rewrite(g, func(b *ir.Builder, n *ir.Node, in []*ir.Value) ([]*ir.Value, bool) {
		switch {
		case made[n]:
			return nil, true
		case !updates[n]:
			return nil, false
		}
		def := n.Gradient().Def
		operands := append(append([]*ir.Value{}, in...), def.In[1])
		operands[1] = def.In[0]
		results := b.Named(n.Names(), n.Op.Still, operands...)
		results[0].Def.Updates = n.Updates
		return results, true
	})
}

// What a row that is used costs, next to the elements of a table that a gradient and an update go over: measured, it takes as
// long as that many elements of its own and this many besides.
const (
	rowElements = 4
	rowItself   = 64
)

// scatteredPays reports whether a table is large next to the integers of a full batch.
func scatteredPays(table, integers *ir.Value, batch int) bool {
	dim := table.Type.Shape[1]
	return table.Type.Shape.Size() >= rowElements*batch*integers.Type.Shape.Size()*(dim+rowItself)
}
