package op

import "github.com/nnc-lang/nnc/compiler/ir"

// onnx computes the states by an operator of ONNX, whose gates stand in that order of nnc's. The bias is that of the
// product of the states, where it is not part of x.
//
// The operators make the products of their inputs themselves. Where x is a product they are given what it is made of, else
// x and the identity. A position that takes no part they know at the end of a sequence alone. So those that take part are
// brought to the front, in the order in which the layer comes to them, and each position takes the state behind as many of
// them as the layer has come to with it, 0 behind none.
func (r recurrent) onnx(o onnx, n *ir.Node, operator string, order []int, attrs []ir.ONNXAttr, in []string, bias string) string {
	steps, size := n.Out[0].Type.Shape[0], n.Out[0].Type.Shape[1]
	x, weight, own := in[0], "", ""
	if product := productBefore(n.In[0]); product == nil {
		weight = o.identity(r.gates * size)
	} else {
		x, weight = o.Name(product.In[0]), o.Name(product.In[1])
		if len(product.In) > 2 {
			own = o.Name(product.In[2])
		}
	}
	direction, count := "forward", ""
	switch {
	case r.Masked:
		x, count = r.front(o, x, in[len(in)-1], steps)
	case r.Reverse:
		direction = "reverse"
	}
	operands := []string{o.transposed(x, 1, 0, 2), o.unsqueezed(o.gates(weight, size, order), 0), o.unsqueezed(o.gates(in[1], size, order), 0)}
	if own != "" || bias != "" {
		both := []string{own, bias}
		for i, b := range both {
			if both[i] = o.vector(r.gates*size, 0); b != "" {
				both[i] = o.gates(b, size, order)
			}
		}
		operands = append(operands, o.unsqueezed(o.op(13, "Concat", with("axis", 0), both...), 0))
	}
	y := o.op(14, operator, append(with("hidden_size", size, "direction", direction), attrs...), operands...)
	states := o.transposed(o.op(13, "Squeeze", nil, y, o.list(1)), 1, 0, 2) // [T, directions, n, H]
	if r.Masked {
		states = o.op(13, "Pad", with("mode", "constant"), states, o.list(0, 1, 0, 0, 0, 0), o.Floats(nil, 0))
		states = o.gathered(states, count)
	}
	return states
}

// front brings the positions of x that take part to the front, and counts for each position those up to it, in the order in
// which the layer comes to them.
func (r recurrent) front(o onnx, x, mask string, steps int) (sorted, count string) {
	part := o.cast(o.isSet(mask), onnxInt)
	count = o.op(14, "CumSum", with("reverse", int(number(r.Reverse))), part, o.Ints(nil, 1))
	ranks := make([]int, steps) // all different, and all of positions that take part above the others
	for t := range ranks {
		if ranks[t] = steps - 1 - t; r.Reverse {
			ranks[t] = t
		}
	}
	all := o.op(14, "Add", nil, o.op(14, "Mul", nil, part, o.list(steps)), o.list(ranks...))
	places := o.Add(11, "TopK", 2, []string{all, o.list(steps)}, with("axis", 1)...)[1]
	return o.gathered(x, places), count
}

// gates brings the rows of a weight or a bias, so many for each gate, into another order.
func (o onnx) gates(w string, size int, order []int) string {
	if len(order) == 1 {
		return w
	}
	sizes, sorted := make([]int, len(order)), make([]string, len(order))
	for i := range sizes {
		sizes[i] = size
	}
	parts := o.Add(13, "Split", len(order), []string{w, o.list(sizes...)}, with("axis", 0)...)
	for i, gate := range order {
		sorted[i] = parts[gate]
	}
	return o.op(13, "Concat", with("axis", 0), sorted...)
}

// identity is the matrix whose product with anything is that.
func (o onnx) identity(size int) string {
	x := make([]float64, size*size)
	for i := range size {
		x[i*size+i] = 1
	}
	return o.Floats([]int{size, size}, x...)
}
