package dataset

import "github.com/nnc-lang/nnc/runtime/data"

// past is the rows that are kept of one series.
type past struct {
	*series
	room  int // rows that there is room for
	kept  int // rows
	read  int // rows in all
	clear int // rows with a target, up to the last

	blocks, judged []data.Block // of the kept rows: inputs and targets
}

// fewPast is the room that a series begins with, of which there may be many with few rows.
const fewPast = 16

// most is how much room a series needs, so that each row is moved once at most.
func (p *past) most() int { return p.span() + max(p.span(), fewPast) }

// grow makes more room.
func (p *past) grow() {
	p.room = min(p.most(), max(fewPast, 2*p.room))
	blocks, judged := newBlocks(p.inputs, p.room), newBlocks(p.targets, p.room)
	for i, b := range p.blocks {
		copyRows(blocks[i], 0, b, 0, p.kept, p.inputs[i].Size())
	}
	for i, b := range p.judged {
		copyRows(judged[i], 0, b, 0, p.kept, p.targets[i].Size())
	}
	p.blocks, p.judged = blocks, judged
}

func newBlocks(ports []data.Port, rows int) []data.Block {
	blocks := make([]data.Block, len(ports))
	for i, p := range ports {
		blocks[i] = data.NewBlock(p, rows)
	}
	return blocks
}

// next makes room for a row, and returns its place.
func (p *past) next() int {
	keep := p.span() - 1
	switch {
	case p.kept < p.room:
	case p.room < p.most():
		p.grow()
	default:
		for i, b := range p.blocks {
			copyRows(b, 0, b, p.kept-keep, keep, p.inputs[i].Size())
		}
		for i, b := range p.judged {
			copyRows(b, 0, b, p.kept-keep, keep, p.targets[i].Size())
		}
		p.kept = keep
	}
	return p.kept
}

// take counts the row at that place, and reports whether a window, with all its targets, ends with it.
func (p *past) take(target bool) bool {
	p.kept++
	p.read++
	p.clear++
	if !target {
		p.clear = 0
	}
	return p.kept >= p.span() && p.clear >= p.ahead
}

// copyTo copies the last window and its targets to row n of a model's blocks.
func (p *past) copyTo(inputs, targets []data.Block, n int) {
	for i, b := range inputs {
		copyRows(b, n*p.Window, p.blocks[i], p.kept-p.span(), p.Window, p.inputs[i].Size())
	}
	for i, b := range targets {
		copyRows(b, n*p.ahead, p.judged[i], p.kept-p.ahead, p.ahead, p.targets[i].Size())
	}
}

// copyRows copies n rows of that size.
func copyRows(dst data.Block, to int, src data.Block, from, n, size int) {
	if dst.Int != nil {
		copy(dst.Int[to*size:(to+n)*size], src.Int[from*size:(from+n)*size])
		return
	}
	copy(dst.Float[to*size:(to+n)*size], src.Float[from*size:(from+n)*size])
}
