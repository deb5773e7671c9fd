package op

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// PyTorch has one module for all layers of a recurrent word, nn.LSTM, where nothing but the layers themselves is done in it.
// Where a mask says which positions take part, or values between layers are dropped out, each direction of each layer is a
// call of the function that such a module calls.

// modules are PyTorch's modules by the names of cards, the functions that they call, and what gives the final states of both
// directions of the topmost layer.
var modules = map[string]struct{ module, function, final string }{
	"rnn":  {"nn.RNN", "torch.rnn_tanh", "{m}({0})[1][-2:].transpose(0, 1).flatten(1)"},
	"gru":  {"nn.GRU", "torch.gru", "{m}({0})[1][-2:].transpose(0, 1).flatten(1)"},
	"lstm": {"nn.LSTM", "torch.lstm", "{m}({0})[1][0][-2:].transpose(0, 1).flatten(1)"},
}

// direction is one direction of a layer, with the product of its inputs that stands before it.
type direction struct {
	node     *ir.Node
	x        *ir.Value   // what flows into the layer
	weights  []*ir.Value // of the input and the state, then their biases if there are any
	absorbed []*ir.Node
}

// directionOf returns the direction that a node computes; false if nothing in its layer makes its inputs.
func directionOf(n *ir.Node) (direction, bool) {
	inputs := n.In[0].Def
	if inputs == nil || inputs.Layer != n.Layer || inputs.Op.Name != Linear(true).Name {
		return direction{}, false
	}
	d := direction{n, inputs.In[0], []*ir.Value{inputs.In[1], n.In[1]}, []*ir.Node{inputs}}
	if len(inputs.In) == 3 {
		bias := inputs.In[2]
		if bias.Def == nil { // the state's product has one of its own
			d.weights = append(d.weights, bias, n.In[2])
		} else {
			d.weights = append(d.weights, bias.Def.In...)
			d.absorbed = append(d.absorbed, bias.Def)
		}
	}
	return d, true
}

// torch is the rule of one direction of a layer.
func (r recurrent) torch(n *ir.Node) ir.Torch {
	d, whole := directionOf(n)
	if !whole {
		return ir.Torch{}
	}
	if !r.Masked && !r.Apart && !r.Reverse {
		return stack([]direction{d}, "{m}({0})[0]")
	}
	t := ir.Torch{Absorbs: d.absorbed, Operands: append([]*ir.Value{d.x}, d.weights...), Parts: []string{"recurrence"}}
	weights := "{1}, {2}"
	if len(d.weights) == 4 {
		weights += ", {3}, {4}"
	}
	args := pyArgs{modules[n.Op.Name].function, "{0}", "[" + weights + "]"}
	if r.Masked {
		args = append(args, fmt.Sprintf("mask={%d}", len(t.Operands)))
		t.Operands = append(t.Operands, n.In[len(n.In)-1])
	}
	if r.Reverse {
		args = append(args, "reverse=True")
	}
	t.Call = args.call("recurrence")
	return t
}

// stack is the rule of a node that ends the directions of a layer, and with it those of the layers below.
func stack(top []direction, call string) ir.Torch {
	t := ir.Torch{Call: call}
	var x *ir.Value
	var tensors []*ir.Value
	layers := 0
	for each := top; each != nil; layers++ {
		for _, d := range each {
			tensors = append(tensors, d.weights...)
			t.Absorbs = append(t.Absorbs, d.absorbed...)
			if layers > 0 || len(top) > 1 {
				t.Absorbs = append(t.Absorbs, d.node)
			}
		}
		x = each[0].x
		if each = below(x, top[0].node); each != nil && x.Def != each[0].node {
			t.Absorbs = append(t.Absorbs, x.Def)
		}
	}
	t.Operands = append([]*ir.Value{x}, tensors...)
	in, hidden := x.Type.Shape[1], top[0].weights[1].Type.Shape[1]
	args := pyArgs{fmt.Sprint(in), fmt.Sprint(hidden)}.option("num_layers", fmt.Sprint(layers), "1").
		option("bias", pyBool(len(top[0].weights) == 4), "True").option("batch_first", "True", "").
		option("bidirectional", pyBool(len(top) > 1), "False")
	t.Module = args.call(modules[top[0].node.Op.Name].module)
	return t
}

// below returns the directions of the layer that makes x, nil unless they are of the word that top belongs to.
func below(x *ir.Value, top *ir.Node) []direction {
	if x.Def == nil || x.Def.Layer != top.Layer {
		return nil
	}
	ways := []*ir.Node{x.Def}
	if x.Def.Op.Name == Concat(1, 0).Name {
		ways = ways[:0]
		for _, v := range x.Def.In {
			ways = append(ways, v.Def)
		}
	}
	return directionsOf(ways, top.Op.Name)
}

// directionsOf returns what some nodes compute, nil unless all are directions of that name.
func directionsOf(ways []*ir.Node, name string) []direction {
	var list []direction
	for _, n := range ways {
		if n == nil || n.Op.Name != name {
			return nil
		}
		d, whole := directionOf(n)
		if !whole {
			return nil
		}
		list = append(list, d)
	}
	return list
}

// bothDirections is the rule of a node that joins the two directions of a layer, all their states or the final ones; false if it
// joins anything else, or such as are no module.
func bothDirections(n *ir.Node) (ir.Torch, bool) {
	var ways, between []*ir.Node
	for _, v := range n.In {
		for v.Def != nil && v.Def.Layer == n.Layer && slices.Contains([]string{Reshape(1).Name, Slice(0, 1, 0).Name}, v.Def.Op.Name) {
			between = append(between, v.Def)
			v = v.Def.In[0]
		}
		if v.Def == nil || v.Def.Layer != n.Layer {
			return ir.Torch{}, false
		}
		ways = append(ways, v.Def)
	}
	kind, recurrent := modules[ways[0].Op.Name]
	list := directionsOf(ways, ways[0].Op.Name)
	if !recurrent || len(list) != 2 || ways[0].Op.Torch(ways[0]).Module == "" {
		return ir.Torch{}, false
	}
	call := "{m}({0})[0]"
	if len(between) > 0 {
		call = kind.final
	}
	t := stack(list, call)
	t.Absorbs = append(t.Absorbs, between...)
	return t, true
}
