package dataset

import (
	"strconv"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// windows is where the rows of a set come from that are views of a text: its symbols [from, to).
type windows struct{ from, to, size int }

// Epoch is d as an epoch reads it. Of a text these are other windows in each: ⌊length/size⌋ that begin, one behind the
// other, at an offset drawn by (seed, epoch); the last of them ends with the text at the latest, and may thus overlap the one before
// it. Any other set is the same in every epoch.
func (d *Set) Epoch(seed uint64, epoch int) *Set {
	w := d.windows
	if w == nil {
		return d
	}
	offset := int(rng.New(seed, "windows."+strconv.Itoa(epoch)).Uint64(0) % uint64(w.size))
	e := &Set{inputs: d.inputs, targets: d.targets, windows: w, rows: make([]int, len(d.rows))}
	for i := range e.rows {
		e.rows[i] = min(w.from+offset+i*w.size, w.to-w.size-1)
	}
	return e
}

// whole makes d as many windows as an epoch reads.
func (d *Set) whole() {
	w := d.windows
	for len(d.rows) < (w.to-w.from)/w.size {
		d.rows = append(d.rows, w.to-w.size-1)
	}
}
