package simplify

import "github.com/nnc-lang/nnc/compiler/ir"

// Dead leaves out the nodes that have no effect and contribute neither to an output nor to the loss nor to what has
// an effect: above all the gradient of the input, for which the backward pass of the first layer is the dearest
// product.
func Dead(g *ir.Graph) *ir.Graph {
	needed := map[*ir.Value]bool{g.Loss: true}
	for _, v := range g.Outputs {
		needed[v] = true
	}
	live := map[*ir.Node]bool{}
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		n := g.Nodes[i]
		live[n] = n.Effect()
		for _, v := range n.Out {
			live[n] = live[n] || needed[v]
		}
		if live[n] {
			for _, v := range n.In {
				needed[v] = true
			}
		}
	}
	return g.Without(func(n *ir.Node) bool { return live[n] })
}
