package grammar

import "github.com/nnc-lang/nnc/grammar/diag"

// Format returns the canonical text of a spec: the same tree and the same
// comments, each in its place. Formatting that text again changes nothing. A
// text with syntax errors is not formatted: the list has them, and the result
// is nil.
//
// Lines stay what they are: statements that share one stay joined by `; `, a
// body on one line stays there, any other is indented by four blanks, and at
// most one empty line sets statements apart. Within a line there is one blank
// where the text needs any, except where it is aligned with its neighbours: who
// lines up arguments, or comments, finds them in line again. See align.
func Format(name string, src []byte) ([]byte, diag.List) {
	f, list := Parse(name, src)
	if len(list) > 0 {
		return nil, list
	}
	text := layout(f)
	if list = beyondLimits(name, text); len(list) > 0 {
		return nil, list
	}
	return text, nil
}

// layout returns the canonical text of a file without mistakes.
func layout(f *File) []byte {
	rows := rowsOf(f)
	align(rows)
	alignComments(rows)
	return write(rows)
}

// beyondLimits refuses a formatted text that could not be read again: indentation and the ends of lines around
// braces count against the limits, too.
func beyondLimits(name string, text []byte) diag.List {
	r := &report{file: name}
	if start, ok := check(r, text); ok {
		scan(r, string(text), start)
	}
	if len(r.list) == 0 {
		return nil
	}
	return diag.List{diag.New(diag.LimitExceeded, name, diag.Span{}, "formatted, this would exceed a limit: %s", r.list[0].Summary)}
}

// write returns the text of rows whose columns are known.
func write(rows []row) []byte {
	var text []byte
	at := 0
	put := func(column int, s string, width int) {
		for ; at < column; at++ {
			text = append(text, ' ')
		}
		text = append(text, s...)
		at += width
	}
	for i := range rows {
		r := &rows[i]
		if r.apart {
			text = append(text, '\n')
		}
		at = 0
		for _, c := range r.cells {
			put(c.column, c.text, c.width)
		}
		if r.comment != nil {
			put(r.commentColumn, r.comment.Text, 0)
		}
		text = append(text, '\n')
	}
	return text
}
