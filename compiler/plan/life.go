package plan

import (
	"cmp"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// buffer is a need of memory: size float32s from node start to node end, inclusive. It is what one value or several
// lie in, one after the other, or a node's scratch.
type buffer struct {
	values     []*ir.Value
	node       *ir.Node // whose scratch it is
	size       int
	start, end int
	offset     int
}

// lives lists the buffers of a program, in the order in which they are made.
func lives(p *Program) []*buffer {
	g := p.Graph
	last := map[*ir.Value]int{} // the last node that reads the value or a view of it
	for i, n := range g.Nodes {
		for _, v := range n.In {
			last[v.Base()] = i
		}
	}
	for _, v := range p.Kept {
		last[v.Base()] = len(g.Nodes)
	}
	var buffers []*buffer
	owner := map[*ir.Value]*buffer{}
	join := func(v *ir.Value, b *buffer) {
		owner[v] = b
		b.values = append(b.values, v)
		b.end = max(b.end, last[v])
	}
	for i, n := range g.Nodes {
		if n.Op.View {
			continue
		}
		for k, v := range n.Out {
			_, read := last[v]
			switch old := n.Overwrites(k); {
			case old != nil:
				if b := owner[old.Base()]; b != nil {
					join(v, b)
				}
			case v.Type.Scalar() || p.Outside[v] || !read:
			default:
				b := over(n, k, i, owner, size(v.Type, p.Rows))
				if b == nil {
					b = &buffer{size: size(v.Type, p.Rows), start: i, end: i}
					buffers = append(buffers, b)
				}
				join(v, b)
			}
		}
		if n.Op.Scratch != nil {
			if size := n.Op.Scratch(n, p.Rows); size > 0 {
				buffers = append(buffers, &buffer{node: n, size: size, start: i, end: i})
			}
		}
	}
	return buffers
}

// over returns the buffer of an operand that result k of node i may lie over: nobody reads it later, and it has the
// result's size and elements; nil if there is none.
func over(n *ir.Node, k, i int, owner map[*ir.Value]*buffer, size int) *buffer {
	for _, pair := range n.Op.Over {
		if pair.Result != k || n.In[pair.Operand].Type.Kind != n.Out[k].Type.Kind {
			continue
		}
		b := owner[n.In[pair.Operand].Base()]
		if b != nil && b.end <= i && b.size == size && !otherwise(n, k, b, owner) {
			return b
		}
	}
	return nil
}

// otherwise reports whether a node needs a buffer for something else than result k and what that may lie over.
func otherwise(n *ir.Node, k int, b *buffer, owner map[*ir.Value]*buffer) bool {
	for operand, v := range n.In {
		if owner[v.Base()] == b && !slices.Contains(n.Op.Over, ir.Pair{Result: k, Operand: operand}) {
			return true
		}
	}
	for _, pair := range n.Op.Overwrites {
		if owner[n.In[pair.Operand].Base()] == b {
			return true
		}
	}
	return slices.ContainsFunc(n.Out[:k], func(v *ir.Value) bool { return owner[v] == b })
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

// firstFit takes the buffers in order, puts each at the lowest offset that is free for its whole life beside those that
// are fixed, and returns the arena's length.
//
// Source: Pisarchyk, Lee, "Efficient memory management for deep neural net inference", 2020, which compares
// such orders.
func firstFit(buffers, fixed []*buffer, order func(a, b *buffer) int) int {
	sorted := slices.Clone(buffers)
	slices.SortStableFunc(sorted, order)
	arena := 0
	byOffset := func(a, b *buffer) int { return cmp.Compare(a.offset, b.offset) }
	placed := slices.SortedStableFunc(slices.Values(fixed), byOffset)
	for _, b := range fixed {
		arena = max(arena, b.offset+align(b.size))
	}
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
		at, _ := slices.BinarySearchFunc(placed, b, byOffset)
		placed = slices.Insert(placed, at, b)
		arena = max(arena, offset+align(b.size))
	}
	return arena
}

func bySize(a, b *buffer) int  { return b.size - a.size }
func byStart(a, b *buffer) int { return a.start - b.start }
func byArea(a, b *buffer) int  { return b.size*(b.end-b.start+1) - a.size*(a.end-a.start+1) }
