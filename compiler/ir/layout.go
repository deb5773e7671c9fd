package ir

import "slices"

// Layout is the order of a value's elements in memory. Files and the API always speak the value's shape.
type Layout uint8

// The layouts.
const (
	// RowMajor has the last axis fastest.
	RowMajor Layout = iota
	// Panels is for the weight of a product, [out, …]: its outputs in panels of PanelWidth. A panel holds, for each
	// element k of what follows the first axis, the outputs of the panel side by side; the last panel may be narrower.
	// So kernels run lanes over outputs, and a weight of at most PanelWidth outputs is simply transposed.
	Panels
)

// PanelWidth is the number of outputs in a panel: two vectors of AVX2, one of AVX-512.
const PanelWidth = 16

// Index returns where element i, counted in row-major order, lies in memory.
func (l Layout) Index(s Shape, i int) int {
	if l == RowMajor {
		return i
	}
	terms := s[1:].Size()
	out, k := i/terms, i%terms
	first := out / PanelWidth * PanelWidth
	return first*terms + k*min(PanelWidth, s[0]-first) + out - first
}

// String returns nothing for row-major, which needs no mention.
func (l Layout) String() string { return [...]string{"", " in panels"}[l] }

// Order says what an operation asks of the order of elements in memory.
type Order uint8

// What an operation may ask.
const (
	Fixed Order = iota // Layouts says what each operand and result may be
	Alike              // element by element: those of the first operand's type lie as it does, however that is
	Free               // each as it likes
)

// Fits reports whether the layouts of a node's operands and results are as its card asks.
func (n *Node) Fits() bool {
	switch n.Op.Order {
	case Free:
		return true
	case Alike:
		return !slices.ContainsFunc(n.Alike(), func(v *Value) bool { return v.Layout != n.In[0].Layout })
	}
	for i, v := range n.In {
		if !slices.Contains(n.May(i, false), v.Layout) {
			return false
		}
	}
	for i, v := range n.Out {
		if !slices.Contains(n.May(i, true), v.Layout) {
			return false
		}
	}
	return true
}

// Layouts says which layouts operands and results may have, the best first. What it does not name is row-major.
type Layouts struct {
	Operands, Results map[int][]Layout
}

var rowMajor = []Layout{RowMajor}

// May lists the layouts that operand i, or result i, may have, the best first.
func (n *Node) May(i int, result bool) []Layout {
	named := n.Op.Layouts.Operands
	if result {
		named = n.Op.Layouts.Results
	}
	if may := named[i]; may != nil {
		return may
	}
	return rowMajor
}

// Alike lists the operands and results that must lie alike in memory because the node works on them element by
// element.
func (n *Node) Alike() []*Value {
	if n.Op.Order != Alike {
		return nil
	}
	var list []*Value
	for _, v := range slices.Concat(n.In, n.Out) {
		if v.Type.Equal(n.In[0].Type) {
			list = append(list, v)
		}
	}
	return list
}
