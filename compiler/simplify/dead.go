package simplify

import "github.com/nnc-lang/nnc/compiler/ir"

// Dead leaves out the nodes that contribute neither to an output nor to the loss nor to an update: above all
// the gradient of the input, for which the backward pass of the first layer is the dearest product.
func Dead(g *ir.Graph) *ir.Graph {
	needed := map[*ir.Value]bool{g.Loss: true}
	for _, v := range g.Outputs {
		needed[v] = true
	}
	live := make([]bool, len(g.Nodes))
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		n := g.Nodes[i]
		live[i] = n.Phase == ir.Update
		for _, v := range n.Out {
			live[i] = live[i] || needed[v]
		}
		if live[i] {
			for _, v := range n.In {
				needed[v] = true
			}
		}
	}
	kept := *g
	kept.Nodes = nil
	for i, n := range g.Nodes {
		if live[i] {
			kept.Nodes = append(kept.Nodes, n)
		}
	}
	if g.Counter != nil && !needed[g.Counter] {
		kept.Counter = nil
	}
	return &kept
}
