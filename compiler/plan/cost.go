package plan

import "github.com/nnc-lang/nnc/compiler/ir"

// Layer is what one layer of the spec costs. Parameters that layers share count for the first of them.
type Layer struct {
	Name       string
	Output     ir.Shape // of a row
	Parameters int
	Forward    int // floating-point operations per row
	Backward   int // likewise, 0 where nothing is trained
	Bytes      int // that a row of what it makes takes; 0 for a view
}

// place tells a loss from a layer of the same name: by the statement that it stands in.
type place struct {
	layer string
	pos   ir.Pos
}

// Layers lists a model's inputs and layers in the order of the spec, with the losses left out. The graph is that of
// the step, or of the prediction where there is no step, without what nobody needs but before any layers are joined.
func Layers(g *ir.Graph) []Layer {
	var layers []Layer
	at := map[string]int{}
	find := func(name string) *Layer {
		if _, known := at[name]; !known {
			at[name] = len(layers)
			layers = append(layers, Layer{Name: name})
		}
		return &layers[at[name]]
	}
	for _, v := range g.Inputs {
		l := find(v.Name)
		l.Output, l.Bytes = v.Type.Shape, rowBytes(v)
	}
	counted, losses := map[*ir.Value]bool{}, map[place]bool{}
	for _, n := range g.Nodes {
		switch n.Phase {
		case ir.Forward:
			l := find(n.Layer)
			l.Output = n.Out[0].Type.Shape
			l.Forward += perRow(n)
			for _, v := range n.In {
				if v.Role == ir.Param && !counted[v] {
					counted[v] = true
					l.Parameters += v.Type.Shape.Size()
				}
			}
			if !n.Op.View {
				for _, v := range n.Out {
					l.Bytes += rowBytes(v)
				}
			}
		case ir.Loss:
			losses[place{n.Layer, n.Pos}] = true
		case ir.Backward:
			if !losses[place{n.Layer, n.Pos}] {
				find(n.Layer).Backward += perRow(n)
			}
		}
	}
	return layers
}

// perRow is the number of floating-point operations of a node for each row: 0 where it is done once for all, as the sum
// of two gradients of a weight.
func perRow(n *ir.Node) int {
	if !n.Batched() {
		return 0
	}
	return n.Op.FLOPs(n)
}

// rowBytes is the memory of one row of a value, 0 for what all rows share.
func rowBytes(v *ir.Value) int {
	if !v.Type.Batch {
		return 0
	}
	return 4 * v.Type.Shape.Size()
}

// Parameters is the number of the model's parameters, and of those that training changes.
func (p *Plan) Parameters() (all, trained int) {
	for _, v := range p.Model.Params {
		all += v.Type.Shape.Size()
	}
	for _, n := range p.Model.Nodes {
		if n.Updates != nil {
			trained += n.Updates.Type.Shape.Size()
		}
	}
	return all, trained
}
