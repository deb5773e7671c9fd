package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// A group norm has no card of its own: a layer norm of groups of channels, and a scale of each channel. PyTorch has a module
// for the two and what brings the channels together between them.

// groupNorm is the rule of a scale that ends a group norm, and false for another.
func groupNorm(n *ir.Node) (ir.Torch, bool) {
	var absorbed []*ir.Node
	x := n.In[0]
	step := func(card *ir.Op) bool {
		if x.Def == nil || x.Def.Op.Name != card.Name || x.Def.Layer != n.Layer {
			return false
		}
		absorbed = append(absorbed, x.Def)
		x = x.Def.In[0]
		return true
	}
	sequence := step(Transpose(1, 0))
	if !step(Reshape(1)) || !step(LayerNorm(0, false, false)) {
		return ir.Torch{}, false
	}
	norm := absorbed[len(absorbed)-1]
	if norm.In[0].Type.Shape[1] == 1 { // PyTorch refuses that of a single row
		return ir.Torch{}, false
	}
	if len(norm.In) != 1 || !step(Reshape(1)) || sequence && !step(Transpose(1, 0)) {
		return ir.Torch{}, false
	}
	groups, channels := norm.In[0].Type.Shape[0], n.In[1].Type.Shape[0]
	args := pyArgs{fmt.Sprint(groups), fmt.Sprint(channels)}.option("eps", pyNumber(norm.Op.Attrs.Number("eps")), "1e-05")
	call := "{m}({0})"
	if sequence {
		call = alongPositions(call)
	}
	return ir.Torch{Module: args.call("nn.GroupNorm"), Call: call, Absorbs: absorbed, Operands: append([]*ir.Value{x}, n.In[1:]...)}, true
}
