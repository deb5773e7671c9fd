package dataset

import "github.com/nnc-lang/nnc/runtime/data"

// Set is rows of model values, the inputs' and the targets', in memory.
type Set struct {
	inputs, targets []field
	weights         []float32 // of all rows; nil: all count alike
	rows            []int     // the rows that belong to it, in order; of a text, where each begins
	windows         *windows  // of a text
	naive           *naive    // of windows of a table's rows; nil: there is none

	questions *Questions // whose windows the rows are; then nothing stands in the fields
}

// field is one port's values of all rows: a block, or the bytes that its numbers are made from.
type field struct {
	port    data.Port
	size    int // of a row
	step    int // from a row to the next, which may share values with it; 0: size
	block   data.Block
	bytes   []uint8
	divisor float32 // of bytes
	text    ids     // a row is as many of them as it has values, from where it begins
	further int     // symbols of text behind that
}

// Rows is the number of rows.
func (d *Set) Rows() int { return len(d.rows) }

// Subset is the rows of d at the given positions. It shares d's memory.
func (d *Set) Subset(rows []int) *Set {
	s := &Set{inputs: d.inputs, targets: d.targets, weights: d.weights, naive: d.naive, questions: d.questions, rows: make([]int, len(rows))}
	for i, r := range rows {
		s.rows[i] = d.rows[r]
	}
	return s
}

// White is the largest model value that input i can have, 0 where its values are not those of bytes.
func (d *Set) White(i int) float32 {
	if f := &d.inputs[i]; f.bytes != nil {
		return data.ByteRange / f.divisor
	}
	return 0
}

// Gather copies the rows at the given positions to one block per input and per target. Blocks hold at least
// that many rows; nil leaves the inputs or the targets out.
func (d *Set) Gather(rows []int, inputs, targets []data.Block) {
	if d.questions != nil {
		d.questions.gather(d.rows, rows, inputs, targets)
		return
	}
	for i, b := range inputs {
		d.inputs[i].gather(b, d.rows, rows)
	}
	for i, b := range targets {
		d.targets[i].gather(b, d.rows, rows)
	}
}

func (f *field) gather(dst data.Block, index, rows []int) {
	n := f.size
	for i, r := range rows {
		at := f.start(index[r])
		switch {
		case f.text != nil:
			f.text.copy(dst.Int[i*n:(i+1)*n], index[r]+f.further)
		case f.bytes != nil:
			to := dst.Float[i*n : (i+1)*n]
			for j, b := range f.bytes[at : at+n] {
				to[j] = float32(b) / f.divisor
			}
		case f.block.Int != nil:
			copy(dst.Int[i*n:(i+1)*n], f.block.Int[at:at+n])
		default:
			copy(dst.Float[i*n:(i+1)*n], f.block.Float[at:at+n])
		}
	}
}

// start is where a row begins.
func (f *field) start(row int) int {
	if f.step > 0 {
		return row * f.step
	}
	return row * f.size
}
