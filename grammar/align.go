package grammar

import (
	"cmp"
	"slices"
)

// align gives every cell its column. Most stand one blank behind the cell
// before. Others are aligned, as they were in the source: cells of one
// paragraph that start at one column form a chain if one of them has a gap
// before it. A row that ends in front of that column does not break the chain
// (as `flatten` between two `linear  10`), any other row without a cell there does. A
// chain goes as far left as its cells, and the rows that it passes, allow.
//
// The result is aligned to itself: in it, a chain is found again, or as part of a
// longer one. Nothing in that reaches beyond the chain's column, and what had decided
// the column still does; the paragraph is done from left to right, so that by then
// all in front of the column stands where it stood.
func align(rows []row) {
	var p []*row
	for i := range rows {
		r := &rows[i]
		if r.apart || r.closes || i > 0 && rows[i-1].opens {
			alignParagraph(p)
			p = p[:0]
		}
		if len(r.cells) > 0 {
			p = append(p, r)
		}
	}
	alignParagraph(p)
}

func alignParagraph(p []*row) {
	alignTraining(p)
	chains := chainsOf(p)
	slices.SortStableFunc(chains, func(a, b *chain) int { return cmp.Compare(a.source, b.source) })
	ends := newHeights(len(p))
	place := func(at, cell, column int) {
		r := p[at]
		r.cells[cell].column = column
		if cell == len(r.cells)-1 {
			ends.set(at, r.end())
		}
	}
	for i, r := range p {
		place(i, 0, r.indent)
	}
	for _, c := range chains {
		column := c.column(p, ends)
		for _, l := range c.links {
			if !c.gap {
				column = p[l.row].behind(l.cell)
			}
			place(l.row, l.cell, column)
		}
	}
}

// chain is cells that start at one column of the source.
type chain struct {
	source int
	gap    bool   // there is one before one of them; without it they need not be aligned
	links  []link // from top to bottom
}

// link is the place of a cell in a paragraph.
type link struct{ row, cell int }

// chainsOf finds the chains of a paragraph. Every cell is in one, but for the first of each row.
func chainsOf(p []*row) []*chain {
	var all []*chain
	var open []*chain // which a further row may continue, the leftmost last
	pop := func() *chain {
		c := open[len(open)-1]
		open = open[:len(open)-1]
		return c
	}
	startsBefore := func(column int) bool { return len(open) > 0 && open[len(open)-1].source < column }
	for i, r := range p {
		var here []*chain
		for j := 1; j < len(r.cells); j++ {
			cell := r.cells[j]
			for startsBefore(cell.source) {
				pop() // broken by the cell before this one
			}
			var c *chain
			if startsBefore(cell.source + 1) {
				c = pop()
			} else {
				c = &chain{source: cell.source}
				all = append(all, c)
			}
			c.gap = c.gap || cell.gap
			c.links = append(c.links, link{i, j})
			here = append(here, c)
		}
		last := r.cells[len(r.cells)-1]
		for startsBefore(last.source + last.width) {
			pop()
		}
		slices.Reverse(here)
		open = append(open, here...)
	}
	return all
}

// column is the leftmost at which all cells of the chain have a blank before them, and which no row between them reaches.
func (c *chain) column(p []*row, ends heights) int {
	column := 0
	for i, l := range c.links {
		column = max(column, p[l.row].behind(l.cell))
		if i > 0 {
			column = max(column, ends.highest(c.links[i-1].row+1, l.row))
		}
	}
	return column
}

// heights is a list of numbers, at first 0, whose largest in any range is found in logarithmic time: a tree
// whose root is at 1, in which every node is the larger of its two children, and the second half are the numbers.
type heights []int

func newHeights(n int) heights { return make(heights, 2*n) }

func (h heights) set(i, height int) {
	for i += len(h) / 2; i > 0; i /= 2 {
		h[i] = max(h[i], height)
	}
}

// highest is the largest number from index i up to, not including, j; 0 if there is none.
func (h heights) highest(i, j int) int {
	out := 0
	for i, j = i+len(h)/2, j+len(h)/2; i < j; i, j = i/2, j/2 {
		if i%2 == 1 {
			out = max(out, h[i])
			i++
		}
		if j%2 == 1 {
			j--
			out = max(out, h[j])
		}
	}
	return out
}
