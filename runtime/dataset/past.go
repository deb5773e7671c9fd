package dataset

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
)

// pasts are the rows of a table that a reader keeps to make windows of them, by series.
type pasts struct {
	*series
	of      map[string]*past
	group   int // field of what says which series a row is of; −1: all are one
	windows int // in all so far
}

// past is the rows that are kept of one series.
type past struct {
	*series
	room  int // rows that there is room for
	kept  int // rows
	read  int // rows in all
	clear int // rows with a target, up to the last

	blocks, judged []data.Block // of the kept rows: inputs and targets
}

// row is the past of the series that a row is of.
func (p *pasts) row(cells []string) *past {
	name := p.name(cells)
	own, known := p.of[name]
	if !known {
		own = &past{series: p.series}
		own.grow()
		p.of[strings.Clone(name)] = own // not a piece of the row's memory
	}
	return own
}

// name is that of the series that a row is of.
func (p *pasts) name(cells []string) string {
	if p.group < 0 {
		return ""
	}
	return strings.TrimSpace(cells[p.group])
}

// longest is the number of rows of the longest series.
func (p *pasts) longest() int {
	most := 0
	for _, own := range p.of {
		most = max(most, own.read)
	}
	return most
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

// readWindows is Read where rows make windows. Of the columns to keep there are the cells of a window's last row.
func (r *RowReader) readWindows(inputs, targets []data.Block, most int) (int, error) {
	r.kept = r.kept[:0]
	n := 0
	for n < most && (n == 0 || !r.prompt || r.table.Ready()) {
		cells, err := r.table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.checkGroup(cells)
		}
		if err != nil {
			return 0, err
		}
		p := r.pasts.row(cells)
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
	r.pasts.windows += n
	switch {
	case n > 0:
		return n, nil
	case r.pasts.windows == 0 && r.pasts.longest() < r.pasts.span():
		return 0, r.pasts.tooFew(r.table.Name, r.pasts.longest())
	}
	return 0, io.EOF
}

// checkGroup is the error for a row that is of no series.
func (r *RowReader) checkGroup(cells []string) error {
	if p := r.pasts; p.group >= 0 && p.name(cells) == "" {
		return r.table.ErrorAt(p.group, "column %q: the value is missing: it says which series a row is of", p.Group)
	}
	return nil
}

// readAllWindows is ReadAll where rows make windows.
func (r *RowReader) readAllWindows(inputs, targets []data.Port) (*Set, error) {
	s := r.pasts.series
	d, err := r.readAllRows(s.inputs, s.targets)
	if err != nil {
		return nil, err
	}
	l := line(d.Rows(), r.groups, r.gaps)
	if longest := l.longest(); longest < s.span() {
		return nil, s.tooFew(r.table.Name, longest)
	}
	return s.set(d, &l, slices.Concat(s.starts(&l)...), inputs, targets), nil
}

// noteRow notes of a row that will be in memory whether it has a target, and which series it is of.
func (r *RowReader) noteRow(cells []string, target bool) error {
	if err := r.checkGroup(cells); err != nil {
		return err
	}
	r.gaps = append(r.gaps, !target)
	if r.pasts.group < 0 {
		return nil
	}
	name := r.pasts.name(cells)
	code, known := r.groupCodes[name]
	if !known {
		if r.groupCodes == nil {
			r.groupCodes = map[string]int32{}
		}
		code = int32(len(r.groupCodes))
		r.groupCodes[strings.Clone(name)] = code
	}
	r.groups = append(r.groups, code)
	return nil
}
