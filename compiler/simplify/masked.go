package simplify

import "github.com/nnc-lang/nnc/compiler/ir"

// product is the value of an element of x ∘ y.
var product = ir.Key(ir.Mul(ir.Arg(0), ir.Arg(1)))

// Masked draws a mask and multiplies by it in one pass over memory, where the multiplication is not part of another
// operation and the first to read the mask. The mask stays, for the gradient.
func Masked(g *ir.Graph, written map[string]bool) *ir.Graph {
	lists, read := map[*ir.Node][]*ir.Node{}, map[*ir.Node]bool{}
	for _, n := range g.Nodes {
		if mask := drawn(n); mask != nil && !read[mask] && !written[n.Layer] && mask.Scope == n.Scope && mask.Phase == n.Phase {
			lists[n] = []*ir.Node{mask, n}
		}
		for _, v := range n.In {
			read[v.Base().Def] = true
		}
	}
	return ir.Join(g, lists, inTurn)
}

// drawn is what draws the mask that n multiplies by, nil if n does something else.
func drawn(n *ir.Node) *ir.Node {
	if !n.Map() || ir.Key(n.Op.Scalar) != product {
		return nil
	}
	mask := n.In[1].Def
	if n.In[0] == n.In[1] || mask == nil || !mask.Op.Random || mask.Op.Fused != nil {
		return nil
	}
	return mask
}
