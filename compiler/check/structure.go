package check

import (
	"github.com/nnc-lang/nnc/compiler/diag"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
)

// nameOf returns an argument that is a bare name, or nil.
func nameOf(a *grammar.Arg) *grammar.Ident {
	if a.Name != nil || a.To != nil || a.Value.Expr == nil || a.Value.Expr.Kind != grammar.Name {
		return nil
	}
	return &grammar.Ident{Name: a.Value.Expr.Text, Span: a.Span}
}

// model checks `model Name`.
func (c *checker) model(s *grammar.Stmt) {
	if !c.once("model", s, "`%s` is given already") {
		return
	}
	if len(s.Args) == 0 {
		c.report(c.problem(diag.MissingArgument, s.Word.Span, "`model` needs a name").WithHelp("write `model House`"))
		return
	}
	name := nameOf(s.Args[0])
	if name == nil {
		c.report(c.problem(diag.WrongType, s.Args[0].Span, "a model's name is a name").WithHelp("write `model House`"))
		return
	}
	if first := name.Name[0]; first < 'A' || first > 'Z' {
		c.report(c.problem(diag.ReservedName, name.Span, "a model's name starts with a capital: it becomes an exported Go type").
			WithHelp("write `model %s`", string(first-'a'+'A')+name.Name[1:]))
		return
	}
	if len(s.Args) > 1 {
		c.surplus(s.Word.Name, s.Args[1:])
	}
	c.graph.Model, c.graph.Doc = name.Name, s.Doc
}

// input checks `input name[d1, d2] of v`.
func (c *checker) input(s *grammar.Stmt) {
	c.current, c.broken = nil, true // until proven
	usage := func(code string, span diag.Span, format string, args ...any) {
		c.report(c.problem(code, span, format, args...).WithHelp("write `input name[10]`, or `input name[10] of 5000` for integers below 5000"))
	}
	if len(s.Args) == 0 {
		usage(diag.MissingArgument, s.Word.Span, "`input` needs a name and a shape")
		return
	}
	name := nameOf(s.Args[0])
	if name == nil {
		usage(diag.WrongType, s.Args[0].Span, "an input begins with its name")
		return
	}
	c.declare(name, "input")
	if len(s.Args) == 1 || !s.Args[1].Value.IsList() || s.Args[1].Name != nil {
		usage(diag.MissingArgument, name.Span, "the input `%s` needs a shape", name.Name)
		return
	}
	t := ir.Row()
	for _, e := range s.Args[1].Value.List {
		d, bad := c.size(e)
		if bad != nil {
			c.report(*bad)
			return
		}
		t.Shape = append(t.Shape, d)
	}
	if !c.fits(s.Args[1].Span, "a row of the input", t.Shape...) {
		return
	}
	rest := s.Args[2:]
	if len(rest) > 0 {
		of := nameOf(rest[0])
		if of == nil || of.Name != "of" {
			c.surplus("input", rest)
			return
		}
		if len(rest) == 1 || rest[1].Name != nil || rest[1].To != nil || rest[1].Value.IsList() {
			usage(diag.MissingArgument, of.Span, "`of` needs the number of values")
			return
		}
		limit, bad := c.size(rest[1].Value.Expr)
		if bad != nil {
			c.report(*bad)
			return
		}
		t.Kind, t.Limit = ir.I32, limit
		if len(rest) > 2 {
			c.surplus("input", rest[2:])
		}
	}
	c.current, c.broken = c.builder.Value(ir.Input, name.Name, t), false
	c.origins[c.current] = s.Args[0].Span.Join(s.Args[1].Span)
}

// surplus reports arguments for which a word has no use.
func (c *checker) surplus(word string, args []*grammar.Arg) {
	span := args[0].Span.Join(args[len(args)-1].Span)
	c.report(c.problem(diag.UnexpectedArgument, span, "`%s` has no use for this", word).
		WithHelp("write `%s`", vocab.Find(word, vocab.Structure).Usage))
}
