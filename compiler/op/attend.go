package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// AttendTile is how many queries attention takes at a time. Sums over queries are joined in blocks of so many.
const AttendTile = 64

// Attention says how queries attend to keys: how many heads there are, how many heads of keys and values these share, and
// whether query i sees keys up to i alone. Masked and Dropped say which operands there are besides queries, keys and values.
type Attention struct {
	Heads, KeyHeads         int
	Causal, Masked, Dropped bool
}

var (
	_ = register(func() *ir.Op { return Attend(Attention{Heads: 1, KeyHeads: 1}) },
		in(row(5, 4), row(5, 4), row(5, 4)),
		in(row(1, 3), row(7, 3), row(7, 3)),
		in(row(70, 17), row(19, 17), row(19, 17)))
	_ = register(func() *ir.Op { return Attend(Attention{Heads: 2, KeyHeads: 2, Causal: true}) },
		in(row(1, 2), row(1, 2), row(1, 2)),
		in(row(67, 6), row(67, 6), row(67, 6)))
	_ = register(func() *ir.Op { return Attend(Attention{Heads: 4, KeyHeads: 2, Masked: true}) },
		in(row(5, 8), row(9, 4), row(9, 4), row(9)).from(3, sparse),
		in(row(5, 8), row(3, 4), row(3, 4), row(5, 3)).from(3, sparse))
	_ = register(func() *ir.Op {
		return Attend(Attention{Heads: 3, KeyHeads: 1, Causal: true, Masked: true, Dropped: true})
	},
		in(row(5, 6), row(5, 2), row(5, 2), row(5, 5), row(3, 5, 5)).from(3, sparse).from(4, sparse))
	_ = register(func() *ir.Op { return Attend(Attention{Heads: 2, KeyHeads: 2, Dropped: true}) },
		in(row(4, 6), row(7, 6), row(7, 6), row(2, 4, 7)).from(3, sparse))
)

// Attend is y = p·v, head by head, with p = softmax(q·kᵀ/√d) along the keys: q and y [n, T, heads·d], k and v [n, S,
// kv_heads·d]; of heads/kv_heads heads that follow each other all take the same keys and values. A mask [n, S] or [n, T, S]
// says by what is not 0 which keys a query may see, and if causal query i sees keys up to i. What multiplies p afterwards is
// a dropout's mask [n, heads, T, S]. A query that sees no key has y = 0. The largest q·kᵀ/√d of a query and the sum of the
// exponentials of what they exceed it by, both [n, heads, T], are the second and third result; of one that sees no key 0 and 1.
//
// Whole rows of softmax are computed for a tile of queries at a time. Sums over keys have terms from the first key on; a
// product with a key that is not seen may be left out.
//
// Source: Vaswani et al., "Attention is all you need", 2017.
func Attend(a Attention) *ir.Op {
	card := &ir.Op{
		Name:     "attend",
		Attrs:    a.attrs(),
		Doc:      "y = softmax(q·kᵀ/√d)·v, head by head",
		Formula:  "{y} = softmax({0}·{1}ᵀ/√d)·{2}, {heads} heads" + a.text(),
		Results:  []string{"top", "total"},
		Saved:    2,
		Constant: []int{3, 4}[:a.others()],
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if err := a.fits(in); err != nil {
				return nil, err
			}
			each := ir.Row(a.Heads, in[0].Shape[0])
			return []ir.Type{in[0], each, each}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			operands := append(slices.Clone(n.In[:3]), n.Out[0], n.Out[1], n.Out[2], dys[0])
			names := []string{"∂" + n.In[0].Name, "∂" + n.In[1].Name, "∂" + n.In[2].Name}
			grads := b.Named(names, AttendGrad(a), append(operands, n.In[3:]...)...)
			return append(grads, make([]*ir.Value, a.others())...)
		},
		Eval: func(ys, xs []ir.Tensor) {
			q, k, v, y := xs[0], xs[1], xs[2], ys[0]
			clear(y.Data)
			a.each(q, k, xs[3:], func(at pairs) {
				top := slices.Max(append(at.scores, math.Inf(-1)))
				if math.IsInf(top, -1) {
					top = 0
				}
				total := 0.0
				for _, s := range at.scores {
					total += math.Exp(s - top)
				}
				if total == 0 {
					total = 1
				}
				ys[1].Data[at.index], ys[2].Data[at.index] = top, total
				for j, s := range at.scores {
					p := math.Exp(s-top) / total * at.keeps(j)
					for c := range at.size {
						y.Data[at.query+c] += p * v.Data[at.key(j)+c]
					}
				}
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "Attend", Operands: append(slices.Clone(n.In[:3]), a.optional(n.In[3:])...), Rows: 1, Geometry: a.geometry(n.In)}
		},
		Torch: func(n *ir.Node) ir.Torch { return a.torch(n) },
		Next:  a.next,
		FLOPs: func(n *ir.Node) int { return 4 * a.seen(n.In) * n.In[0].Type.Shape[1] },
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			return []string{a.onnx(onnx{o}, n, in), "", ""}
		},
	}
	if a.Dropped {
		undropped := a
		undropped.Dropped = false
		card.ONNX = nil // nothing of it is left in prediction
		card.Predict = func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
			return b.Node(n.Out[0].Name, Attend(undropped), in[:len(in)-1]...)
		}
	}
	return card
}

var (
	_ = register(func() *ir.Op { return AttendGrad(Attention{Heads: 2, KeyHeads: 2, Causal: true}) }, attendGradSample(67, 67, 6, 6, 2))
	_ = register(func() *ir.Op { return AttendGrad(Attention{Heads: 1, KeyHeads: 1}) }, attendGradSample(1, 7, 3, 3, 1), attendGradSample(70, 19, 17, 17, 1))
	_ = register(func() *ir.Op { return AttendGrad(Attention{Heads: 4, KeyHeads: 2, Masked: true, Dropped: true}) },
		attendGradSample(5, 3, 8, 4, 4, row(3), row(4, 5, 3)).from(7, sparse).from(8, sparse),
		attendGradSample(5, 3, 8, 4, 4, row(5, 3), row(4, 5, 3)).from(7, sparse).from(8, sparse))
)

// attendGradSample is a sample of queries of T positions of that width, and of keys.
func attendGradSample(queries, keys, width, keyWidth, heads int, others ...ir.Type) Sample {
	q, k, each := row(queries, width), row(keys, keyWidth), row(heads, queries)
	return in(append([]ir.Type{q, k, k, q, each, each, q}, others...)...).positive(5)
}

// AttendGrad is, with p and its dropout's mask m as they were, and D = Σ ∂y·y along a head: ∂p = m∘(∂y·vᵀ),
// ∂v = (m∘p)ᵀ·∂y, ∂s = p∘(∂p − D)/√d, ∂q = ∂s·k and ∂k = ∂sᵀ·q. p is computed again from q, k and what Attend kept of it.
//
// Sums over queries are joined in blocks of a tile's queries, head after head where several share keys; those over keys in
// blocks of 256.
//
// Source: Dao et al., "FlashAttention", 2022.
func AttendGrad(a Attention) *ir.Op {
	return &ir.Op{
		Name:    "attend_grad",
		Attrs:   a.attrs(),
		Doc:     "∂q, ∂k and ∂v of attention",
		Formula: "{y}, {y1}, {y2} = ∂({0}, {1}, {2}) of attention from {6}",
		Results: []string{"∂k", "∂v"},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) < 7 {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			each := ir.Row(a.Heads, in[0].Shape[0])
			if err := a.fits(append(slices.Clone(in[:3]), in[7:]...)); err != nil {
				return nil, err
			}
			if !in[3].Equal(in[0]) || !in[6].Equal(in[0]) || !in[4].Equal(each) || !in[5].Equal(each) {
				return nil, fmt.Errorf("results %v and ∂y %v are not those of queries %v", in[3:6], in[6], in[0])
			}
			return in[:3], nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			q, k, v, y, top, total, dy := xs[0], xs[1], xs[2], xs[3], xs[4], xs[5], xs[6]
			for _, d := range ys {
				clear(d.Data)
			}
			dq, dk, dv := ys[0], ys[1], ys[2]
			a.each(q, k, xs[7:], func(at pairs) {
				dots := 0.0
				for c := range at.size {
					dots += dy.Data[at.query+c] * y.Data[at.query+c]
				}
				for j, s := range at.scores {
					p, dp, key := math.Exp(s-top.Data[at.index])/total.Data[at.index], 0.0, at.key(j)
					for c := range at.size {
						dv.Data[key+c] += p * at.keeps(j) * dy.Data[at.query+c]
						dp += dy.Data[at.query+c] * v.Data[key+c] * at.keeps(j)
					}
					ds := p * (dp - dots) * at.scale
					for c := range at.size {
						dq.Data[at.query+c] += ds * k.Data[key+c]
						dk.Data[key+c] += ds * q.Data[at.query+c]
					}
				}
			})
		},
		Emit: func(n *ir.Node) ir.Call {
			return ir.Call{Kernel: "AttendGrad", Operands: append(slices.Clone(n.In[:7]), a.optional(n.In[7:])...), Rows: 1,
				Geometry: a.geometry(append(slices.Clone(n.In[:3]), n.In[7:]...))}
		},
		FLOPs: func(n *ir.Node) int { return 10 * a.seen(n.In) * n.In[0].Type.Shape[1] },
	}
}

// torch is the rule of an attention. A dropout of the probabilities is a module of its own, which holds nothing.
func (a Attention) torch(n *ir.Node) ir.Torch {
	args := pyArgs{"{0}", "{1}", "{2}"}.plus(a.Heads).option("kv_heads", fmt.Sprint(a.KeyHeads), fmt.Sprint(a.Heads))
	if a.Causal {
		args = append(args, "causal=True")
	}
	if a.Masked {
		args = append(args, "mask={3}")
	}
	if !a.Dropped {
		return ir.Torch{Call: args.call("attend"), Parts: []string{"attention"}}
	}
	t := torchDropout(n.In[len(n.In)-1])
	if t.Call != "" {
		t.Call, t.Parts = append(args, "dropout={m}").call("attend"), append(t.Parts, "attention")
	}
	return t
}

// attrs lists what tells cards apart.
func (a Attention) attrs() ir.Attrs {
	attrs := wholes("heads", a.Heads)
	if a.KeyHeads != a.Heads {
		attrs = append(attrs, wholes("kv_heads", a.KeyHeads)...)
	}
	for _, is := range []struct {
		name string
		so   bool
	}{{"causal", a.Causal}, {"masked", a.Masked}, {"dropped", a.Dropped}} {
		if is.so {
			attrs = append(attrs, ir.Attr{Name: is.name, Text: "true"})
		}
	}
	return attrs
}

// text ends a formula.
func (a Attention) text() string {
	text := ""
	if a.Causal {
		text += ", keys up to the query"
	}
	if a.Masked {
		text += ", where {3} ≠ 0"
	}
	if a.Dropped {
		text += fmt.Sprintf(", probabilities times {%d}", 2+a.others())
	}
	return text
}

// others is the number of operands behind queries, keys and values.
func (a Attention) others() int { return int(number(a.Masked) + number(a.Dropped)) }

// optional is mask and dropout's mask, nil where there is none.
func (a Attention) optional(others []*ir.Value) []*ir.Value {
	list := make([]*ir.Value, 2)
	if a.Masked {
		list[0] = others[0]
	}
	if a.Dropped {
		list[1] = others[len(others)-1]
	}
	return list
}

// fits says what does not fit among queries, keys, values, mask and dropout's mask.
func (a Attention) fits(in []ir.Type) error {
	if len(in) != 3+a.others() {
		return fmt.Errorf("%d operands", len(in))
	}
	q, k, v := in[0], in[1], in[2]
	for _, t := range in {
		if !t.Batch || t.Kind != ir.F32 {
			return fmt.Errorf("%v is no array of numbers for each row", t)
		}
	}
	if len(q.Shape) != 2 || len(k.Shape) != 2 || !k.Equal(v) || a.Heads%a.KeyHeads != 0 || q.Shape[1]%a.Heads != 0 ||
		k.Shape[1] != q.Shape[1]/a.Heads*a.KeyHeads || a.Causal && q.Shape[0] != k.Shape[0] {
		return fmt.Errorf("queries %v, keys %v and values %v do not fit %d heads", q, k, v, a.Heads)
	}
	queries, keys := q.Shape[0], k.Shape[0]
	if a.Masked && !in[3].Equal(ir.Row(keys)) && !in[3].Equal(ir.Row(queries, keys)) {
		return fmt.Errorf("a mask %v does not say which of %d keys %d queries see", in[3], keys, queries)
	}
	if a.Dropped && !in[len(in)-1].Equal(ir.Row(a.Heads, queries, keys)) {
		return fmt.Errorf("%v does not multiply probabilities of %d queries and %d keys", in[len(in)-1], queries, keys)
	}
	return nil
}

// geometry is the kernel's struct for those operands.
func (a Attention) geometry(in []*ir.Value) *ir.Geometry {
	q, k := in[0].Type.Shape, in[1].Type.Shape
	fields := wholes("Heads", a.Heads, "KeyHeads", a.KeyHeads, "Queries", q[0], "Keys", k[0], "Size", q[1]/a.Heads, "Tile", AttendTile)
	if a.Causal {
		fields = append(fields, ir.Attr{Name: "Causal", Text: "true"})
	}
	if a.Masked && len(in[3].Type.Shape) == 2 {
		fields = append(fields, ir.Attr{Name: "MaskPerQuery", Text: "true"})
	}
	return &ir.Geometry{Type: "Attention", Fields: fields}
}

// seen is the number of pairs of a query and a key, of a row, that masks do not decide about.
func (a Attention) seen(in []*ir.Value) int {
	queries, keys := in[0].Type.Shape[0], in[1].Type.Shape[0]
	if a.Causal {
		return queries * (queries + 1) / 2
	}
	return queries * keys
}

// pairs is a query of a head and its keys.
type pairs struct {
	index       int       // among those of [n, heads, T]
	query       int       // where it begins in q
	first, step int       // where its first key begins in k, and how far behind it the next
	size        int       // of a head
	scale       float64   // 1/√d
	scores      []float64 // q·kᵀ/√d, −∞ for a key that it does not see
	dropout     []float64 // nil where there is none
}

// key returns where a key begins in k and v.
func (p pairs) key(j int) int { return p.first + j*p.step }

// keeps returns what dropout makes of the probability of key j.
func (p pairs) keeps(j int) float64 {
	if p.dropout == nil {
		return 1
	}
	return p.dropout[j]
}

// each calls f for every query of every head.
func (a Attention) each(q, k ir.Tensor, others []ir.Tensor, f func(pairs)) {
	queries, keys := q.Type.Shape[0], k.Type.Shape[0]
	size, step := q.Type.Shape[1]/a.Heads, k.Type.Shape[1]
	at := pairs{size: size, step: step, scale: 1 / math.Sqrt(float64(size)), scores: make([]float64, keys)}
	for at.index = range q.Rows * a.Heads * queries {
		r, h, i := at.index/queries/a.Heads, at.index/queries%a.Heads, at.index%queries
		at.query = (r*queries+i)*a.Heads*size + h*size
		at.first = r*keys*step + h/(a.Heads/a.KeyHeads)*size
		for j := range at.scores {
			at.scores[j] = math.Inf(-1)
			if a.sees(others, r, i, j, queries, keys) {
				at.scores[j] = 0
				for c := range size {
					at.scores[j] += q.Data[at.query+c] * k.Data[at.key(j)+c] * at.scale
				}
			}
		}
		if a.Dropped {
			at.dropout = others[len(others)-1].Data[at.index*keys:][:keys]
		}
		f(at)
	}
}

// sees tells whether query i of a row sees key j.
func (a Attention) sees(others []ir.Tensor, r, i, j, queries, keys int) bool {
	if a.Causal && j > i {
		return false
	}
	if !a.Masked {
		return true
	}
	if mask := others[0]; len(mask.Type.Shape) == 2 {
		return mask.Data[(r*queries+i)*keys+j] != 0
	}
	return others[0].Data[r*keys+j] != 0
}
