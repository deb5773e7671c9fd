package simplify

import "github.com/nnc-lang/nnc/compiler/ir"

// Epilogue takes element-wise operations into the product whose result they work on: an activation, a residual's
// addition, a dropout's mask, and backwards the gradients of these behind the product that makes a layer's ∂x. They then
// work on sums that are still in the first-level cache, and where nobody else reads a value in between, it needs no memory.
func Epilogue(g *ir.Graph, written map[string]bool) *ir.Graph {
	return fuse(g, written, 1+mostMaps, func(n *ir.Node) bool { return n.Op.Maps && n.Out[0].Type.Batch }, (*ir.Node).Follows)
}
