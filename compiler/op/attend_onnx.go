package op

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// onnx computes attention without dropout: since opset 23 there is an operator. What comes of a query that sees no key is not
// the same everywhere there, and 0 here.
//
// Before that, scores of keys that a query does not see become the lowest number, and their probabilities 0, so that a query
// that sees none has a sum of 0.
func (a Attention) onnx(o onnx, n *ir.Node, in []string) string {
	queries, width, keys := n.In[0].Type.Shape[0], n.In[0].Type.Shape[1], n.In[1].Type.Shape[0]
	size, sharing := width/a.Heads, a.Heads/a.KeyHeads
	if o.Opset() >= 23 {
		return a.operator(o, n, in)
	}
	// [n, heads, T, d], or, where several heads share keys, [n, kv_heads, sharing, T, d]: an axis more, which keys have 1 of.
	heads, axes := []int{a.KeyHeads}, 4
	alike, order, turned, back := []int{a.KeyHeads}, []int{0, 2, 1, 3}, []int{0, 2, 3, 1}, []int{0, 2, 1, 3}
	if sharing > 1 {
		heads, axes = append(heads, sharing), 5
		alike, order, turned, back = append(alike, 1), []int{0, 2, 3, 1, 4}, []int{0, 2, 3, 4, 1}, []int{0, 3, 1, 2, 4}
	}
	split := func(x string, positions int, heads, order []int) string {
		dims := append(append([]int{0, positions}, heads...), size)
		return o.transposed(o.reshaped(x, dims...), order...)
	}
	q := o.op(14, "Mul", nil, in[0], o.Floats(nil, 1/math.Sqrt(float64(size))))
	scores := o.op(13, "MatMul", nil, split(q, queries, heads, order), split(in[1], keys, alike, turned))
	seen := a.seenONNX(o, n, in, axes)
	if seen != "" {
		scores = o.op(16, "Where", nil, seen, scores, o.Floats(nil, LeftOut))
	}
	p := o.op(13, "Softmax", with("axis", -1), scores)
	if a.Masked {
		p = o.op(16, "Where", nil, seen, p, o.Floats(nil, 0))
	}
	y := o.op(13, "MatMul", nil, p, split(in[2], keys, alike, order))
	return o.reshaped(o.transposed(y, back...), 0, queries, width)
}

// operator computes it by the operator of that name. Its mask is for each query: ONNX Runtime takes no other.
func (a Attention) operator(o onnx, n *ir.Node, in []string) string {
	queries := n.In[0].Type.Shape[0]
	attrs := with("q_num_heads", a.Heads, "kv_num_heads", a.KeyHeads, "scale", 1/math.Sqrt(float64(n.In[0].Type.Shape[1]/a.Heads)))
	if !a.Masked {
		return o.op(23, "Attention", append(attrs, with("is_causal", int(number(a.Causal)))...), in...)
	}
	seen := a.seenONNX(o, n, in, 4) // [n, 1, T or 1, S]
	each := seen
	if !a.Causal && len(n.In[3].Type.Shape) == 1 {
		each = o.op(13, "Expand", nil, seen, o.list(1, 1, queries, 1))
	}
	y := o.op(23, "Attention", attrs, in[0], in[1], in[2], each)
	some := o.isSet(o.reduced("ReduceMax", o.cast(seen, onnxFloat), false, 1, 3))
	return o.op(16, "Where", nil, o.unsqueezed(some, 2), y, o.Floats(nil, 0))
}

// seenONNX is where a query sees a key, as it goes with scores of so many axes; "" where each sees all.
func (a Attention) seenONNX(o onnx, n *ir.Node, in []string, axes int) string {
	seen := ""
	if a.Causal {
		queries, keys := n.In[0].Type.Shape[0], n.In[1].Type.Shape[0]
		seen = o.op(16, "LessOrEqual", nil, o.upTo(keys), o.unsqueezed(o.upTo(queries), 1))
	}
	if !a.Masked {
		return seen
	}
	part, between := o.isSet(in[3]), until(1, axes-1) // [n, S] for all heads and queries, or [n, T, S] for all heads
	if len(n.In[3].Type.Shape) == 2 {
		between = until(1, axes-2)
	}
	part = o.unsqueezed(part, between...)
	if seen == "" {
		return part
	}
	return o.op(7, "And", nil, part, seen)
}
