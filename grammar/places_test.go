package grammar

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// placeAt counts a position from its offset anew.
func placeAt(src []byte, offset int) diag.Pos {
	before := bytes.TrimPrefix(src[:offset], []byte(bom))
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return diag.Pos{Offset: offset, Line: 1 + bytes.Count(before, []byte("\n")), Col: 1 + utf8.RuneCount(line)}
}

// checkSpan shows that a span lies in the text, and its offsets and columns agree.
func checkSpan(t *testing.T, src []byte, s diag.Span) {
	t.Helper()
	require.LessOrEqual(t, 0, s.Start.Offset)
	require.LessOrEqual(t, s.Start.Offset, s.End.Offset)
	require.LessOrEqual(t, s.End.Offset, len(src))
	require.Equal(t, placeAt(src, s.Start.Offset), s.Start)
	require.Equal(t, placeAt(src, s.End.Offset), s.End)
}

func checkList(t *testing.T, src string, list diag.List) {
	t.Helper()
	for _, d := range list {
		if d.Span.IsValid() {
			checkSpan(t, []byte(src), d.Span)
		}
		for _, n := range d.Notes {
			checkSpan(t, []byte(src), n.Span)
		}
	}
}

// checkPlaces shows that every node stands where its span says, within its
// parent and behind what comes before it.
func checkPlaces(t *testing.T, f *File) {
	t.Helper()
	c := &placeChecker{t: t, src: f.Src}
	for _, comment := range f.Comments {
		c.text(comment.Span, comment.Text)
	}
	c.stmts(f.Stmts, diag.Span{End: diag.Pos{Offset: len(f.Src)}})
}

type placeChecker struct {
	t   *testing.T
	src []byte
}

func (c *placeChecker) text(s diag.Span, want string) {
	checkSpan(c.t, c.src, s)
	require.Equal(c.t, want, string(c.src[s.Start.Offset:s.End.Offset]))
}

func (c *placeChecker) within(s, outer diag.Span) {
	checkSpan(c.t, c.src, s)
	require.LessOrEqual(c.t, outer.Start.Offset, s.Start.Offset)
	require.LessOrEqual(c.t, s.End.Offset, outer.End.Offset)
}

func (c *placeChecker) stmts(stmts []*Stmt, outer diag.Span) {
	for _, s := range stmts {
		c.within(s.Span, outer)
		outer.Start = s.Span.End
		if s.Label != nil {
			c.text(s.Label.Span, s.Label.Name)
		}
		c.text(s.Word.Span, s.Word.Name)
		for _, p := range s.Params {
			c.within(p.Span, s.Span)
			c.text(p.Name.Span, p.Name.Name)
			if p.Default != nil {
				c.expr(p.Default, p.Span)
			}
		}
		rest := s.Span
		for _, a := range s.Args {
			c.within(a.Span, rest)
			rest.Start = a.Span.End
			if a.Name != nil {
				c.text(a.Name.Span, a.Name.Name)
			}
			c.value(a.Value, a.Span)
			if a.To != nil {
				c.value(*a.To, a.Span)
			}
		}
		if s.Body != nil {
			c.within(s.Body.Span, rest)
			require.Equal(c.t, byte('{'), c.src[s.Body.Span.Start.Offset])
			require.Equal(c.t, byte('}'), c.src[s.Body.Span.End.Offset-1])
			c.stmts(s.Body.Stmts, s.Body.Span)
		}
	}
}

func (c *placeChecker) value(v Value, outer diag.Span) {
	c.within(v.Span, outer)
	if !v.IsList() {
		c.expr(v.Expr, v.Span)
	}
	for _, e := range v.List {
		c.expr(e, v.Span)
	}
}

func (c *placeChecker) expr(e *Expr, outer diag.Span) {
	c.within(e.Span, outer)
	switch e.Kind {
	case Negate:
		c.expr(e.X, e.Span)
	case Binary:
		c.expr(e.X, e.Span)
		c.expr(e.Y, e.Span)
	}
}

// checkStable shows that the text form of a tree is read as the same tree.
func checkStable(t *testing.T, f *File) {
	t.Helper()
	text := f.String()
	again, list := Parse(f.Name, []byte(text))
	if len(f.Stmts) > 0 {
		require.Empty(t, list, text)
	}
	require.Equal(t, bare(f), bare(again), text)
	require.Equal(t, text, again.String())
}

// bare returns a tree's statements without their places and comments.
func bare(f *File) []*Stmt {
	return bareStmts(f.Stmts)
}

func bareStmts(stmts []*Stmt) []*Stmt {
	var out []*Stmt
	for _, s := range stmts {
		b := &Stmt{Label: bareIdent(s.Label), Word: Ident{Name: s.Word.Name}}
		for _, p := range s.Params {
			b.Params = append(b.Params, &Param{Name: Ident{Name: p.Name.Name}, Default: bareExpr(p.Default)})
		}
		for _, a := range s.Args {
			arg := &Arg{Name: bareIdent(a.Name), Value: bareValue(a.Value)}
			if a.To != nil {
				to := bareValue(*a.To)
				arg.To = &to
			}
			b.Args = append(b.Args, arg)
		}
		if s.Body != nil {
			b.Body = &Body{Stmts: bareStmts(s.Body.Stmts)}
		}
		out = append(out, b)
	}
	return out
}

func bareIdent(i *Ident) *Ident {
	if i == nil {
		return nil
	}
	return &Ident{Name: i.Name}
}

func bareValue(v Value) Value {
	out := Value{Expr: bareExpr(v.Expr)}
	for _, e := range v.List {
		out.List = append(out.List, bareExpr(e))
	}
	return out
}

func bareExpr(e *Expr) *Expr {
	if e == nil {
		return nil
	}
	return &Expr{Kind: e.Kind, Text: e.Text, Op: e.Op, X: bareExpr(e.X), Y: bareExpr(e.Y)}
}
