package simplify

import "github.com/nnc-lang/nnc/compiler/ir"

// Chain makes one pass over memory of element-wise operations that follow each other.
func Chain(g *ir.Graph, written map[string]bool) *ir.Graph {
	return fuse(g, written, mostMaps, (*ir.Node).Map, (*ir.Node).Map)
}
