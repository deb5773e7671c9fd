package grammar

import (
	"bytes"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/grammar/diag"
)

const indentation = 4 // blanks for each body around a line

// row is a line of the formatted text. It never takes from two lines of the
// source, but a line of the source may become several.
type row struct {
	line   int // in the source
	indent int // in blanks
	cells  []cell
	shift  int // from columns of the source line to those of cells

	comment       *Comment // nil without one
	commentGap    bool     // there is more than one blank before it
	commentColumn int      // at which it will be

	apart    bool // an empty line goes before
	opens    bool // ends with the `{` of a body over several lines
	closes   bool // starts with the `}` of such a body
	training bool // is one training statement with arguments, and no label
}

// cell is what alignment moves: a piece of a statement or a brace, with the `;` behind it.
type cell struct {
	text  string
	width int // of the text

	// source is the column at which the cell starts in the source, were the line indented as it will be and the
	// pieces without a blank in between set apart. Columns count characters, from 0.
	source int
	gap    bool // there is more than one blank before it
	column int  // at which it will be
}

// behind returns the first column behind the cells before i, one blank left out.
func (r *row) behind(i int) int { return r.cells[i-1].column + r.cells[i-1].width + 1 }

// end is the column behind the last cell.
func (r *row) end() int {
	last := r.cells[len(r.cells)-1]
	return last.column + last.width
}

// rowsOf cuts a file into rows. No cell has its column yet.
func rowsOf(f *File) []row {
	b := &rowBuilder{src: f.Src, comments: f.Comments}
	b.stmts(f.Stmts, 0, true)
	b.commentsBefore(len(f.Src), 0)
	for i := 1; i < len(b.rows); i++ {
		before, r := &b.rows[i-1], &b.rows[i]
		r.apart = r.line > before.line+1 && !before.opens && !r.closes
	}
	return b.rows
}

type rowBuilder struct {
	src      []byte
	comments []Comment // those that have no row yet
	rows     []row
}

// stmts adds the statements of a file or body. The first of them begins a row if fresh.
func (b *rowBuilder) stmts(stmts []*Stmt, depth int, fresh bool) {
	for i, s := range stmts {
		switch {
		case i > 0 && stmts[i-1].Span.End.Line == s.Span.Start.Line:
			b.join()
		case i > 0 || fresh:
			b.begin(s.Span.Start, depth).training = isTraining(s)
		}
		for _, p := range b.pieces(s) {
			b.add(p.text, p.start)
		}
		if s.Body != nil {
			b.body(s.Body, depth)
		}
	}
}

// pieces returns the pieces of a statement. The `=` of `const name = value` is one of them, unlike that of an argument.
func (b *rowBuilder) pieces(s *Stmt) []piece {
	all := s.pieces()
	if s.Word.Name != "const" || len(s.Args) != 1 || s.Args[0].Name == nil {
		return all
	}
	a := s.Args[0]
	equals := a.Name.Span.End
	blanks := bytes.IndexByte(b.src[equals.Offset:], '=')
	equals.Offset += blanks
	equals.Col += blanks
	value := Arg{Value: a.Value, To: a.To}
	return append(all[:len(all)-1],
		piece{a.Name.Name, a.Name.Span.Start}, piece{"=", equals}, piece{value.String(), a.Value.Span.Start})
}

func (b *rowBuilder) body(body *Body, depth int) {
	open, closing := body.Span.Start, body.Span.End
	closing.Offset--
	closing.Col--
	switch {
	case open.Line < closing.Line:
		b.add("{", open)
		b.last().opens = true
		b.stmts(body.Stmts, depth+1, true)
		b.commentsBefore(closing.Offset, depth+1)
		b.begin(closing, depth).closes = true
		b.add("}", closing)
	case len(body.Stmts) == 0:
		b.add("{}", open)
	default:
		b.add("{", open)
		b.stmts(body.Stmts, depth+1, false)
		b.add("}", closing)
	}
}

func (b *rowBuilder) last() *row { return &b.rows[len(b.rows)-1] }

// begin adds a row for what stands at a place, below the comments before it.
func (b *rowBuilder) begin(at diag.Pos, depth int) *row {
	b.commentsBefore(at.Offset, depth)
	indent := depth * indentation
	b.rows = append(b.rows, row{line: at.Line, indent: indent, shift: indent - (at.Col - 1)})
	return b.last()
}

// join sets what follows apart from the row's last statement.
func (b *rowBuilder) join() {
	r := b.last()
	r.training = false
	c := &r.cells[len(r.cells)-1]
	c.text += ";"
	c.width++
}

// add puts a cell at the end of the last row.
func (b *rowBuilder) add(text string, at diag.Pos) {
	r := b.last()
	blanks := b.blanksBefore(at)
	if blanks == 0 && len(r.cells) > 0 {
		r.shift++
	}
	r.cells = append(r.cells, cell{
		text:   text,
		width:  utf8.RuneCountInString(text),
		source: at.Col - 1 + r.shift,
		gap:    blanks > 1,
	})
}

func (b *rowBuilder) blanksBefore(at diag.Pos) int {
	return at.Offset - len(bytes.TrimRight(b.src[:at.Offset], " \t"))
}

// commentsBefore puts the comments up to a place behind the last row, if they are on its line, or below it.
func (b *rowBuilder) commentsBefore(offset, depth int) {
	for len(b.comments) > 0 && b.comments[0].Span.Start.Offset < offset {
		c := &b.comments[0]
		b.comments = b.comments[1:]
		line := c.Span.Start.Line
		if len(b.rows) == 0 || b.last().line < line {
			b.rows = append(b.rows, row{line: line, indent: depth * indentation})
		}
		b.last().comment = c
		b.last().commentGap = b.blanksBefore(c.Span.Start) > 1
	}
}
