package kernel

import "sync/atomic"

// workspace is memory in which a tile of a product puts operands as the assembly wants them.
type workspace struct {
	b       [besides * block * panel]float32 // a block of B of a few strips, each row by row
	a       []float32                        // rows of A, a block of each, stridePacked apart
	factors [block * fewRows]float32
	sums    [mostAcross * fewRows]float32
	more    []float32 // what attention needs, or a weight turned
}

// stridePacked is the distance of rows of A that are copied. It is no power of 2, since the addresses of the rows that
// one loop reads would then share a few places in the first-level cache.
const stridePacked = block + 16

// besides is the number of strips whose B is copied together if it lies row by row: reading a little from each of many
// rows, which lie in different pages, takes long.
const besides = 4

// left returns room for the rows of A of a tile.
func (w *workspace) left() []float32 {
	if w.a == nil {
		w.a = make([]float32, chunk*stridePacked)
	}
	return w.a
}

// floats returns room for so many elements.
func (w *workspace) floats(elements int) []float32 {
	if len(w.more) < elements {
		w.more = make([]float32, elements)
	}
	return w.more[:elements]
}

// idle are the workspaces that nobody uses: as many as there have been tiles at the same time, but no more than fit, of half
// a megabyte each. They stay, so that a product allocates nothing but the first time, unless more goroutines than that
// multiply at once.
var idle [64]atomic.Pointer[workspace]

// borrow returns a workspace with anything in it.
func borrow() *workspace {
	for i := range idle {
		if idle[i].Load() != nil {
			if w := idle[i].Swap(nil); w != nil {
				return w
			}
		}
	}
	return new(workspace)
}

func (w *workspace) giveBack() {
	for i := range idle {
		if idle[i].CompareAndSwap(nil, w) {
			return
		}
	}
}

// take cuts so many float32s off the scratch.
func take(scratch *[]float32, count int) []float32 {
	taken := (*scratch)[:count:count]
	*scratch = (*scratch)[count:]
	return taken
}
