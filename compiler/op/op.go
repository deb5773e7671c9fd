// Package op is the catalogue of operations: one file per operation, holding its card and the cards of its
// gradients. What comes in are types and attributes; what goes out are cards of package ir. The package knows
// neither the language's words nor Go source. The laws in op_test.go hold for every card that is registered.
package op

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Entry is a card of the catalogue with samples of its operands, which feed the laws.
type Entry struct {
	Make    func() *ir.Op
	Samples []Sample
}

// Sample is the types of a card's operands, and where their elements are drawn from.
type Sample struct {
	Types   []ir.Type
	domains map[int]Domain
}

// Domain is where the elements of an operand are drawn from: uniformly from ±[Least, Most], or from [Least, Most] if
// Positive. So Least keeps away from a kink at 0. Elements that are Apart are spread evenly over the domain instead, in
// random order, so that none of them are equal or close. Where Sparse, every other element is 0, by chance.
type Domain struct {
	Least, Most float64
	Positive    bool
	Apart       bool
	Sparse      bool
}

// Fill draws the elements of x. Integers that have a limit lie below it, the others are whole.
func (d Domain) Fill(r *rand.Rand, x ir.Tensor) {
	for i, k := range r.Perm(len(x.Data)) {
		part := d
		if d.Apart {
			width := (d.Most - d.Least) / float64(len(x.Data))
			middle := d.Least + (float64(k)+0.5)*width
			part.Least, part.Most = middle, middle
		}
		x.Data[i] = part.Element(r, x.Type)
	}
}

// Element draws one element, which may be close to others.
func (d Domain) Element(r *rand.Rand, t ir.Type) float64 {
	if t.Limit > 0 {
		return float64(r.IntN(t.Limit))
	}
	if d.Sparse && r.IntN(2) == 0 {
		return 0
	}
	x := d.Least + (d.Most-d.Least)*r.Float64()
	if !d.Positive && r.IntN(2) == 0 {
		x = -x
	}
	if t.Kind == ir.I32 || t.Kind == ir.I64 {
		return math.Round(x)
	}
	return x
}

// Domain returns where the elements of operand i come from.
func (s Sample) Domain(i int) Domain {
	if d, ok := s.domains[i]; ok {
		return d
	}
	return Domain{Least: 0.1, Most: 1.1}
}

// Catalogue returns every registered card, once for each set of attributes worth testing.
func Catalogue() []Entry { return entries }

// Applied applies every card of the catalogue to operands of its first sample.
func Applied() []*ir.Node {
	var nodes []*ir.Node
	for _, entry := range Catalogue() {
		b := ir.NewBuilder(&ir.Graph{})
		var operands []*ir.Value
		for _, t := range entry.Samples[0].Types {
			operands = append(operands, b.Value(ir.Input, "x", t))
		}
		nodes = append(nodes, b.Node("y", entry.Make(), operands...)[0].Def)
	}
	return nodes
}

var entries []Entry

func register(card func() *ir.Op, samples ...Sample) struct{} {
	entries = append(entries, Entry{card, samples})
	return struct{}{}
}

// in is a sample of those operand types.
func in(types ...ir.Type) Sample { return Sample{Types: types} }

// from draws the elements of operand i from another domain.
func (s Sample) from(i int, d Domain) Sample {
	domains := map[int]Domain{i: d}
	for k, other := range s.domains {
		domains[k] = other
	}
	s.domains = domains
	return s
}

// positive draws the elements of operand i from positive numbers: a variance, a probability.
func (s Sample) positive(i int) Sample {
	return s.from(i, Domain{Least: 0.1, Most: 1.1, Positive: true})
}

// is lets a scalar operand be one number.
func (s Sample) is(i int, x float64) Sample {
	return s.from(i, Domain{Least: x, Most: x, Positive: true})
}

// row, whole and the scalars shorten the samples.
var (
	row    = ir.Row
	whole  = ir.Whole
	scalar = ir.Type{}
	step   = ir.Type{Kind: ir.I64}
	real64 = ir.Type{Kind: ir.F64}
)

// same is the Types of an operation whose operands all have the result's type.
func same(in []ir.Type) ([]ir.Type, error) {
	for _, t := range in[1:] {
		if !t.Equal(in[0]) {
			return nil, fmt.Errorf("operands of types %v and %v", in[0], t)
		}
	}
	return in[:1], nil
}

// matrix returns a type's extent as a matrix whose columns are the last axis, per row of the batch.
func matrix(t ir.Type) (positions, columns int) {
	columns = t.Shape.Last()
	return t.Shape.Size() / columns, columns
}

// flops counts k operations per element of the last operand.
func flops(k int) func(*ir.Node) int {
	return func(n *ir.Node) int { return k * n.In[len(n.In)-1].Type.Shape.Size() }
}

// flopsOf counts k operations per element of operand i.
func flopsOf(i, k int) func(*ir.Node) int {
	return func(n *ir.Node) int { return k * n.In[i].Type.Shape.Size() }
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
