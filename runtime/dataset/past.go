package dataset

import (
	"errors"
	"io"

	"github.com/nnc-lang/nnc/runtime/data"
)

// past is the rows of a table that a reader keeps to make windows of them.
type past struct {
	series
	kept  int // rows
	read  int // rows in all
	clear int // rows with a target, up to the last

	blocks, judged []data.Block // of the kept rows: inputs and targets
}

// pastRoom is how many rows there is room for beside those of a window.
const pastRoom = 256

// newPast has room for the windows of s.
func newPast(s *series) *past {
	return &past{series: *s, blocks: newBlocks(s.inputs, s.span()+pastRoom), judged: newBlocks(s.targets, s.span()+pastRoom)}
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
	if keep := p.span() - 1; p.kept == p.span()+pastRoom {
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

// readWindows is Read where rows make windows. Of the columns to keep there are the cells of a window's last row.
func (r *RowReader) readWindows(inputs, targets []data.Block, most int) (int, error) {
	p := r.past
	r.kept = r.kept[:0]
	n := 0
	for n < most && (n == 0 || !r.prompt || r.table.Ready()) {
		cells, err := r.table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		at := p.next()
		target, err := r.judgeRow(p.judged, at, cells)
		if err == nil {
			err = r.encodeRow(p.blocks, at, cells)
		}
		if err != nil {
			return 0, err
		}
		if p.take(target) {
			p.copyTo(inputs, targets, n)
			r.keepCells(cells)
			n++
		}
	}
	switch {
	case n > 0:
		return n, nil
	case p.read < p.span():
		return 0, p.tooFew(r.table.Name, p.read)
	}
	return 0, io.EOF
}

// readAllWindows is ReadAll where rows make windows.
func (r *RowReader) readAllWindows(inputs, targets []data.Port) (*Set, error) {
	s := &r.past.series
	d, err := r.readAllRows(s.inputs, s.targets)
	if err != nil {
		return nil, err
	}
	if d.Rows() < s.span() {
		return nil, s.tooFew(r.table.Name, d.Rows())
	}
	return s.set(d, s.starts(d.Rows(), r.gaps), inputs, targets), nil
}
