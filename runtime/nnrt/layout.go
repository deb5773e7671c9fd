package nnrt

import "github.com/nnc-lang/nnc/runtime/kernel"

// Layout is the order in which the elements of a tensor lie in memory.
type Layout struct {
	order  order
	groups int // of Filters
}

type order uint8

const (
	rowMajor order = iota
	panels
	filters
)

// The layouts, with Filters.
var (
	// RowMajor is the shape's own order, the last axis fastest.
	RowMajor = Layout{order: rowMajor}

	// Panels is the order of the weights of products, [out, in, …], where the axes after the first count as one: panels
	// of 16 outputs, one after the other. A panel holds, for each input upwards, the weights of its outputs side by side.
	// The last panel is narrower, if it has to be: nothing is padded. Up to 16 outputs, this is the transposed matrix
	// [in, out].
	Panels = Layout{order: panels}
)

// Filters is the order of the weights of convolutions, [out, in/groups, …], in so many groups: for each group of outputs a
// matrix in Panels of its own, whose inputs are numbered by the window's elements, what follows the second axis, and by
// the channels within that.
func Filters(groups int) Layout { return Layout{order: filters, groups: groups} }

// inward copies src [shape] to memory; outward copies memory to dst [shape].
func (l Layout) inward(memory, src []float32, shape []int) {
	switch out, in, window := extents(shape); l.order {
	case rowMajor:
		copy(memory, src)
	case panels:
		kernel.ToPanels(nil, memory, src, out, in*window)
	case filters:
		kernel.ToFilters(nil, memory, src, out, in*l.groups, window, l.groups)
	}
}

func (l Layout) outward(dst, memory []float32, shape []int) {
	switch out, in, window := extents(shape); l.order {
	case rowMajor:
		copy(dst, memory)
	case panels:
		kernel.FromPanels(nil, dst, memory, out, in*window)
	case filters:
		kernel.FromFilters(nil, dst, memory, out, in*l.groups, window, l.groups)
	}
}

// extents returns the first axis of a shape, the second, and all others as one.
func extents(shape []int) (out, in, window int) {
	sizes := [3]int{1, 1, 1}
	for i, size := range shape {
		sizes[min(i, 2)] *= size
	}
	return sizes[0], sizes[1], sizes[2]
}
