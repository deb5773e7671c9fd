package simplify

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Normalised lets what normalises by running statistics follow the product before it, where the product's columns are the
// channels: the card says of which operations it is then made (Op.Columns).
func Normalised(g *ir.Graph, written map[string]bool) *ir.Graph {
	return ir.Rewrite(g, func(b *ir.Builder, n *ir.Node, in []*ir.Value) ([]*ir.Value, bool) {
		if n.Op.Columns == nil || written[n.Layer] || !columns(n.In[0]) || n.In[0].Def.Scope != n.Scope {
			return nil, false // a product of another round does not take it along
		}
		return n.Op.Columns(b, n, in), true
	})
}

// columns reports whether a product has made the value, whose columns are its channels: the last axis, but of images the
// first where they lie last.
func columns(v *ir.Value) bool {
	if v.Def == nil || !v.Def.Op.Maps {
		return false
	}
	return len(v.Type.Shape) != 3 || slices.Contains(v.Def.Op.Layouts.Results[0], ir.ChannelsLast)
}
