// Package simplify rewrites a graph into one that means the same and costs less: one file per rewrite.
//
// What comes in and what goes out is a graph. The package knows operations only by their cards.
package simplify

import "github.com/nnc-lang/nnc/compiler/ir"

// rewrites are applied in this order.
var rewrites = []func(g *ir.Graph, written map[string]bool) *ir.Graph{
	func(g *ir.Graph, _ map[string]bool) *ir.Graph { return Dead(g) },
	Normalised,
	Epilogue,
	Masked,
	Chain,
}

// Graph applies every rewrite. It does not change what it is given. A nil graph stays nil. written says which layers are
// written out as arithmetic: those stay single operations, which share loops anyway.
func Graph(g *ir.Graph, written map[string]bool) *ir.Graph {
	if g == nil {
		return nil
	}
	for _, rewrite := range rewrites {
		g = rewrite(g, written)
	}
	return g
}
