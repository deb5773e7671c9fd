package op

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// A prelu has no card of its own: what x is above 0, and below it, scaled, are added. PyTorch has a module for it.

// prelu is the rule of an addition that ends a prelu, and false for another.
func prelu(n *ir.Node) (ir.Torch, bool) {
	above, scaled := n.In[0].Def, n.In[1].Def
	if above == nil || scaled == nil || above.Op.Name != ReLU().Name || scaled.Op.Name != Scale(true, false).Name || len(scaled.In) != 2 {
		return ir.Torch{}, false
	}
	x, below := above.In[0], scaled.In[0].Def
	if below == nil || below.Op.Name != Negative().Name || below.In[0] != x || above.Layer != n.Layer || scaled.Layer != n.Layer || below.Layer != n.Layer {
		return ir.Torch{}, false
	}
	w := scaled.In[1]
	t := ir.Torch{Module: fmt.Sprintf("nn.PReLU(%d)", w.Type.Shape[0]), Call: "{m}({0})",
		Absorbs: []*ir.Node{above, scaled, below}, Operands: []*ir.Value{x, w}}
	if w.Type.Shape[0] == 1 {
		t.Module = "nn.PReLU()"
	} else if len(x.Type.Shape) == 2 {
		t.Call = alongPositions(t.Call)
	}
	return t, true
}
