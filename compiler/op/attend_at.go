package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return AttendAt(Attention{Heads: 2, KeyHeads: 2, Causal: true}, 67) }, attendAtSample(2, 2, 3, 67, 40))
	_ = register(func() *ir.Op { return AttendAt(Attention{Heads: 4, KeyHeads: 2, Causal: true}, 16) }, attendAtSample(4, 2, 5, 16, 0), attendAtSample(4, 2, 17, 16, 15))
)

// attendAtSample is a sample of a position of a sequence of so many.
func attendAtSample(heads, keyHeads, size, positions, at int) Sample {
	q, k := row(1, heads*size), row(1, keyHeads*size)
	return in(q, k, k, keptKeys(keyHeads, size, positions), whole(positions, keyHeads*size), step).is(5, float64(at))
}

// keyPanel is how many keys lie side by side where they are kept.
const keyPanel = 16

// keptKeys is the type of the keys of a sequence as they are kept, divided by √d: [kv_heads, ⌈T/16⌉, d, 16], so that a query's
// products with many keys are computed at once.
func keptKeys(heads, size, positions int) ir.Type {
	return ir.Whole(heads, (positions+keyPanel-1)/keyPanel, size, keyPanel)
}

// AttendAt is Attend, causal, at one position t of a sequence of so many: q [n, 1, heads·d], k and v [n, 1, kv_heads·d]
// become the key, by √d, and the value of the position among those that are kept, keys [kv_heads, ⌈T/16⌉, d, 16] and values
// [T, kv_heads·d], and the query attends to those up to t. It is one sequence: of several rows each takes the place of the
// one before.
func AttendAt(a Attention, positions int) *ir.Op {
	return &ir.Op{
		Name:       "attend_at",
		Attrs:      append(a.attrs(), wholes("positions", positions)...),
		Doc:        "y = softmax(q·kᵀ/√d)·v, head by head, with the keys and values up to the position",
		Formula:    "{y} = softmax({0}·keysᵀ/√d)·values up to the position, {heads} heads; {1} and {2} join them",
		Results:    []string{"keys", "values"},
		Saved:      2,
		Overwrites: []ir.Pair{{Result: 1, Operand: 3}, {Result: 2, Operand: 4}},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 6 {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			q, k, v := in[0], in[1], in[2]
			if !onePosition(q) || !onePosition(k) || !v.Equal(k) {
				return nil, fmt.Errorf("%v, %v and %v are no position of a sequence", q, k, v)
			}
			if err := (Attention{Heads: a.Heads, KeyHeads: a.KeyHeads}).fits(in[:3]); err != nil {
				return nil, err
			}
			if !in[3].Equal(keptKeys(a.KeyHeads, q.Shape[1]/a.Heads, positions)) || !in[4].Equal(ir.Whole(positions, k.Shape[1])) || !in[5].Equal(step) {
				return nil, fmt.Errorf("%v and %v do not keep the keys and values of %d positions such as %v, at %v", in[3], in[4], positions, k, in[5])
			}
			return []ir.Type{q, in[3], in[4]}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			q, k, v, at := xs[0], xs[1], xs[2], int(xs[5].Data[0])
			keys, values := ys[1].Data, ys[2].Data
			copy(keys, xs[3].Data)
			copy(values, xs[4].Data)
			width, keyWidth := q.Type.Shape[1], k.Type.Shape[1]
			size := width / a.Heads
			root := math.Sqrt(float64(size))
			kept := func(t, c int) int { // where element c of the key of position t is
				panels := (positions + keyPanel - 1) / keyPanel
				return ((c/size*panels+t/keyPanel)*size+c%size)*keyPanel + t%keyPanel
			}
			for r := range q.Rows {
				copy(values[at*keyWidth:], v.Data[r*keyWidth:][:keyWidth])
				past := ir.NewTensor(ir.Row(at+1, keyWidth), 1)
				for c := range keyWidth {
					keys[kept(at, c)] = k.Data[r*keyWidth+c] / root
					for t := range at + 1 {
						past.Data[t*keyWidth+c] = keys[kept(t, c)] * root
					}
				}
				one := ir.Row(1, width)
				query := ir.Tensor{Type: one, Rows: 1, Data: q.Data[r*width:][:width]}
				seen := ir.Tensor{Type: past.Type, Rows: 1, Data: slices.Clone(values[:(at+1)*keyWidth])}
				each := ir.NewTensor(ir.Row(a.Heads, 1), 1)
				Attend(Attention{Heads: a.Heads, KeyHeads: a.KeyHeads}).Eval(
					[]ir.Tensor{{Type: one, Rows: 1, Data: ys[0].Data[r*width:][:width]}, each, ir.NewTensor(each.Type, 1)}, []ir.Tensor{query, past, seen})
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			sequence := func(t ir.Type) *ir.Value { return &ir.Value{Type: ir.Row(positions, t.Shape[1])} }
			of := []*ir.Value{sequence(n.In[0].Type), sequence(n.In[1].Type)}
			return ir.Call{Kernel: "AttendAt", Rows: 1, Geometry: a.geometry(of)}
		},
		FLOPs: func(n *ir.Node) int { return 4 * positions * n.In[0].Type.Shape[1] },
	}
}

// next is the Next of Attend.
func (a Attention) next(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
	if !a.Causal || a.Masked || a.Dropped {
		return nil
	}
	k := n.In[1].Type.Shape
	keys := b.Value(ir.Kept, n.Layer+".keys", keptKeys(a.KeyHeads, k[1]/a.KeyHeads, k[0]))
	values := b.Value(ir.Kept, n.Layer+".values", ir.Whole(k...))
	out := b.Node(n.Out[0].Name, AttendAt(a, k[0]), in[0], in[1], in[2], keys, values, b.Scalar(ir.Position))
	return []*ir.Value{out[0], nil, nil}
}
