package dataset

import (
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
)

// naive is what a forecast is compared with: that all stays as it is.
type naive struct {
	targets []field // by row of the table, lined up; one without a target has that of the row before it
	last    int     // rows from a window's first to its last
	ahead   int     // rows that are forecast
}

// Naive writes the naive forecast of the rows at the given positions to one block per target: for each row that is forecast
// what the targets were in the last row of the window. It returns false, and writes nothing, where there is none: rows
// make no windows, a target is no number, or there was none yet.
func (d *Set) Naive(rows []int, targets []data.Block) bool {
	if d.naive == nil {
		return false
	}
	for i, b := range targets {
		f := &d.naive.targets[i]
		for n, r := range rows {
			for k := range d.naive.ahead {
				copyRows(b, n*d.naive.ahead+k, f.block, d.rows[r]+d.naive.last, 1, f.size)
			}
		}
	}
	return true
}

// newNaive makes the naive forecast of windows, by their first places; nil where there is none. d is the rows of the table,
// lined up.
func (s *series) newNaive(d *Set, l *lined, starts []int) *naive {
	n := &naive{last: s.Window - 1, ahead: s.ahead}
	for _, f := range d.targets {
		if f.block.Float == nil || f.port.Judged == nil || !f.port.Judged.Scaled() {
			return nil
		}
		n.targets = append(n.targets, f)
	}
	switch {
	case len(n.targets) == 0:
		return nil
	case l.without == nil:
		return n
	}
	for i := range n.targets {
		n.targets[i].block.Float = slices.Clone(n.targets[i].block.Float)
	}
	unknown := make([]bool, l.rows)
	for at := range l.rows {
		if !l.without[l.row(at)] {
			continue
		}
		_, begins := slices.BinarySearch(l.begin, at)
		if unknown[at] = begins || unknown[at-1]; unknown[at] {
			continue
		}
		for _, f := range n.targets {
			copyRows(f.block, at, f.block, at-1, 1, f.size)
		}
	}
	if slices.ContainsFunc(starts, func(first int) bool { return unknown[first+n.last] }) {
		return nil
	}
	return n
}
