package plan

import (
	"cmp"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// buffer is a value's or a scratch's need of memory: size float32s from node start to node end, inclusive.
type buffer struct {
	value      *ir.Value // nil for scratch
	node       *ir.Node  // whose scratch it is
	size       int
	start, end int
	offset     int
}

// lives lists the buffers of a program, in the order in which they are made.
func lives(p *Program, keep bool) []*buffer {
	g := p.Graph
	var buffers []*buffer
	owner := map[*ir.Value]*buffer{}
	elsewhere := map[*ir.Value]bool{}
	if !keep {
		for _, v := range g.Outputs {
			elsewhere[v.Base()] = true
		}
	}
	for i, n := range g.Nodes {
		for _, v := range n.In {
			if b := owner[v.Base()]; b != nil {
				b.end = i
			}
		}
		if n.Op.View {
			continue
		}
		for k, v := range n.Out {
			if v.Type.Scalar() || n.Overwrites(k) != nil || elsewhere[v] {
				continue
			}
			b := &buffer{value: v, size: size(v.Type, p.Rows), start: i, end: i}
			owner[v] = b
			buffers = append(buffers, b)
		}
		if n.Op.Scratch != nil {
			if size := n.Op.Scratch(n, p.Rows); size > 0 {
				buffers = append(buffers, &buffer{node: n, size: size, start: i, end: i})
			}
		}
	}
	if keep {
		for _, v := range append(Gradients(g), g.Outputs...) {
			if b := owner[v.Base()]; b != nil {
				b.end = len(g.Nodes)
			}
		}
	}
	return buffers
}

func size(t ir.Type, rows int) int {
	if t.Batch {
		return rows * t.Shape.Size()
	}
	return t.Shape.Size()
}

// bound returns the largest sum of sizes that are needed at one time.
func bound(buffers []*buffer) int {
	most := 0
	for _, at := range buffers { // the sum only grows where a buffer starts
		sum := 0
		for _, b := range buffers {
			if b.start <= at.start && at.start <= b.end {
				sum += align(b.size)
			}
		}
		most = max(most, sum)
	}
	return most
}

// firstFit takes the buffers in order, puts each at the lowest offset that is free for its whole life, and
// returns the arena's length.
//
// Source: Pisarchyk, Lee, "Efficient memory management for deep neural net inference", 2020, which compares
// such orders.
func firstFit(buffers []*buffer, order func(a, b *buffer) int) int {
	sorted := slices.Clone(buffers)
	slices.SortStableFunc(sorted, order)
	arena := 0
	var placed []*buffer // by offset
	for _, b := range sorted {
		offset := 0
		for _, other := range placed {
			if other.start > b.end || b.start > other.end {
				continue
			}
			if other.offset >= offset+align(b.size) {
				break
			}
			offset = max(offset, other.offset+align(other.size))
		}
		b.offset = offset
		at, _ := slices.BinarySearchFunc(placed, b, func(x, y *buffer) int { return cmp.Compare(x.offset, y.offset) })
		placed = slices.Insert(placed, at, b)
		arena = max(arena, offset+align(b.size))
	}
	return arena
}

func bySize(a, b *buffer) int  { return b.size - a.size }
func byStart(a, b *buffer) int { return a.start - b.start }
func byArea(a, b *buffer) int  { return b.size*(b.end-b.start+1) - a.size*(a.end-a.start+1) }
