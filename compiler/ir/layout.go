package ir

import (
	"fmt"
	"slices"
)

// Layout is the order of a value's elements in memory. Files and the API always speak the value's shape.
type Layout struct {
	order  order
	groups int // of Filters
}

type order uint8

const (
	rowMajor order = iota
	panels
	filters
	channelsLast
)

// The layouts, with Filters.
var (
	// RowMajor has the last axis fastest.
	RowMajor = Layout{order: rowMajor}
	// Panels is for the weight of a product, [out, …]: its outputs in panels of PanelWidth. A panel holds, for each
	// element k of what follows the first axis, the outputs of the panel side by side; the last panel may be narrower.
	// So kernels run lanes over outputs, and a weight of at most PanelWidth outputs is simply transposed.
	Panels = Layout{order: panels}
	// ChannelsLast is for rows of [C, H, W]: as if they were [H, W, C], so that the channels of a position lie side by side.
	ChannelsLast = Layout{order: channelsLast}
)

// Filters is for the weight of a convolution, [out, in/groups, …]: for each group of outputs a matrix in Panels of its
// own, whose terms run over what follows the second axis, the window, and over the channels within that.
func Filters(groups int) Layout { return Layout{order: filters, groups: groups} }

// PanelWidth is the number of outputs in a panel: two vectors of AVX2, one of AVX-512.
const PanelWidth = 16

// Index returns where element i, counted in row-major order, lies in memory.
func (l Layout) Index(s Shape, i int) int {
	switch l.order {
	case panels:
		terms := s[1:].Size()
		return inPanels(i/terms, i%terms, s[0], terms)
	case filters:
		out, in, window := s[0]/l.groups, s[1], s[2:].Size()
		terms := in * window
		group, j, k := i/terms/out, i/terms%out, i%terms
		return group*out*terms + inPanels(j, k%window*in+k/window, out, terms)
	case channelsLast:
		channels, positions := s[0], s[1:].Size()
		row, at := i/s.Size()*s.Size(), i%s.Size()
		return row + at%positions*channels + at/positions
	}
	return i
}

// inPanels returns where element (j, k) of a matrix [out, terms] in panels lies.
func inPanels(j, k, out, terms int) int {
	first := j / PanelWidth * PanelWidth
	return first*terms + k*min(PanelWidth, out-first) + j - first
}

// Of returns the layout, or RowMajor where that is the same for a value of that shape: channels last of one channel, at one
// position, or of what is no image.
func (l Layout) Of(s Shape) Layout {
	if l == ChannelsLast && (len(s) != 3 || s[0] == 1 || s[1]*s[2] == 1) {
		return RowMajor
	}
	return l
}

// String returns nothing for row-major, which needs no mention.
func (l Layout) String() string {
	if l.order == filters && l.groups > 1 {
		return fmt.Sprintf(" in filters of %d groups", l.groups)
	}
	return [...]string{"", " in panels", " in filters", " channels last"}[l.order]
}

// Groups returns the number of groups of Filters.
func (l Layout) Groups() int { return l.groups }

// Order says what an operation asks of the order of elements in memory.
type Order uint8

// What an operation may ask.
const (
	Fixed  Order = iota // Layouts says what each operand and result may be
	Alike               // element by element: those of the first operand's type lie as it does, however that is
	Planes              // channel by channel: the rows of [C, H, W] lie alike, row-major or with channels last
	Free                // each as it likes
)

// Fits reports whether the layouts of a node's operands and results are as its card asks.
func (n *Node) Fits() bool {
	if n.Op.Order == Free {
		return true
	}
	operands, results := n.Wanted()
	for i, v := range n.In {
		if !slices.Contains(operands[i], v.Layout) {
			return false
		}
	}
	for i, v := range n.Out {
		if !slices.Contains(results[i], v.Layout) {
			return false
		}
	}
	return true
}

// Wanted lists the layouts in which a node takes each operand and makes each result, the best first. What must lie alike
// does so as the first of it for which there is a difference.
func (n *Node) Wanted() (operands, results [][]Layout) {
	alike := n.Alike()
	as := RowMajor
	if i := slices.IndexFunc(alike, func(v *Value) bool { return v.Layout != RowMajor }); i >= 0 {
		as = alike[i].Layout
	}
	list := func(values []*Value, result bool) [][]Layout {
		all := make([][]Layout, len(values))
		for i, v := range values {
			if all[i] = n.May(i, result); slices.Contains(alike, v) {
				all[i] = []Layout{as.Of(v.Type.Shape)}
			}
		}
		return all
	}
	return list(n.In, false), list(n.Out, true)
}

// ChannelsLast reports whether the node, whose Order is Planes, works on rows that lie channels last.
func (n *Node) ChannelsLast() bool {
	return slices.ContainsFunc(n.Alike(), func(v *Value) bool { return v.Layout == ChannelsLast })
}

// Layouts says which layouts operands and results may have, the best first. What it does not name is row-major.
type Layouts struct {
	Operands, Results map[int][]Layout
}

// May lists the layouts that operand i, or result i, may have, the best first.
func (n *Node) May(i int, result bool) []Layout {
	v, named := n.In, n.Op.Layouts.Operands
	if result {
		v, named = n.Out, n.Op.Layouts.Results
	}
	may := []Layout{RowMajor}
	if named[i] != nil {
		may = nil
		for _, l := range named[i] {
			may = append(may, l.Of(v[i].Type.Shape))
		}
	}
	return may
}

// Alike lists the operands and results that must lie alike in memory because the node works on them element by
// element, or channel by channel.
func (n *Node) Alike() []*Value {
	var list []*Value
	for _, v := range slices.Concat(n.In, n.Out) {
		switch {
		case n.Op.Order == Alike && v.Type.Equal(n.In[0].Type), n.Op.Order == Planes && v.Type.Batch && len(v.Type.Shape) == 3:
			list = append(list, v)
		}
	}
	return list
}
