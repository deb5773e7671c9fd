package check

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

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
	if lower := name.Name[0]; lower < 'A' || lower > 'Z' {
		c.report(c.problem(diag.ReservedName, name.Span, "a model's name starts with a capital: it becomes an exported Go type").
			WithHelp("write `model %s`", capital(name.Name)))
		return
	}
	if len(s.Args) > 1 {
		c.surplus(s.Word.Name, s.Args[1:])
	}
	c.graph.Model, c.graph.Doc = name.Name, s.Doc
}

// input checks `input name[d1, d2] of v`.
func (c *checker) input(s *grammar.Stmt) {
	c.invalidate() // until proven
	usage := func(code string, span diag.Span, format string, args ...any) {
		c.report(c.problem(code, span, format, args...).WithHelp("write `input name[10]`, or `input name[10] of 5000` for integers below 5000"))
	}
	if len(s.Args) == 0 {
		usage(diag.MissingArgument, s.Word.Span, "`input` needs a name and a shape")
		return
	}
	ident := nameOf(s.Args[0])
	if ident == nil {
		usage(diag.WrongType, s.Args[0].Span, "an input begins with its name")
		return
	}
	n := c.declare(*ident, "input", isValue)
	n.made, n.used, n.span = true, true, ident.Span
	if len(s.Args) == 1 || !s.Args[1].Value.IsList() || s.Args[1].Name != nil || s.Args[1].To != nil {
		usage(diag.MissingArgument, ident.Span, "the input `%s` needs a shape", ident.Name)
		return
	}
	shape, ok := c.shape(s.Args[1])
	if !ok {
		return
	}
	t := ir.Row(shape...)
	if rest := s.Args[2:]; len(rest) > 0 {
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
	if c.scope.names[ident.Name] != n {
		return // the name is another's
	}
	n.value = c.builder.Value(ir.Input, ident.Name, t)
	c.origins[n.value] = s.Args[0].Span.Join(s.Args[1].Span)
	c.ports[n.value] = ident.Name
	c.flow(n.value)
}

// shape reads `[28, 28]`.
func (c *checker) shape(a *grammar.Arg) (ir.Shape, bool) {
	if len(a.Value.List) > vocab.MostAxes {
		c.report(c.problem(diag.LimitExceeded, a.Span, "a value has at most %d axes, but this has %d", vocab.MostAxes, len(a.Value.List)).
			WithHelp("join axes: [28, 28] may be [784]"))
		return nil, false
	}
	var shape ir.Shape
	for _, e := range a.Value.List {
		d, bad := c.size(e)
		if bad != nil {
			c.report(*bad)
			return nil, false
		}
		shape = append(shape, d)
	}
	return shape, c.fits(a.Span, "a row of the input", shape...)
}

// constDeclaration checks `const name = expression`.
func (c *checker) constDeclaration(s *grammar.Stmt) {
	if len(s.Args) != 1 || s.Args[0].Name == nil || s.Args[0].To != nil || s.Args[0].Value.IsList() {
		span := s.Word.Span
		if len(s.Args) > 0 {
			span = s.Args[0].Span.Join(s.Args[len(s.Args)-1].Span)
		}
		c.report(c.problem(diag.MissingArgument, span, "`const` needs a name and a number").WithHelp("write `const width = 64`"))
		return
	}
	a := s.Args[0]
	number, bad := c.constant(a.Value.Expr)
	if bad != nil {
		c.report(*bad)
	}
	n := c.declare(*a.Name, "constant", isNumber)
	n.made, n.number = true, number
	if bad != nil {
		n.number, n.used = constant{unknown: true}, true
	}
}

// from checks `from name`.
func (c *checker) from(s *grammar.Stmt, word *vocab.Word) {
	values, ok := c.arguments(word, s.Word.Span, s.Args)
	if !ok {
		c.invalidate()
		return
	}
	c.flow(values["name"].Named[0])
}

// split checks `split a[3] b[5]` and names the parts.
func (c *checker) split(s *grammar.Stmt, word *vocab.Word) {
	var sizes []int
	var parts []*name
	var rest []*grammar.Arg
	ok := true
	for i := 0; i < len(s.Args); i++ {
		ident := nameOf(s.Args[i])
		if ident == nil {
			rest = append(rest, s.Args[i])
			continue
		}
		size := 0
		if i+1 < len(s.Args) && s.Args[i+1].Name == nil && s.Args[i+1].To == nil && s.Args[i+1].Value.IsList() {
			i++
			if items := s.Args[i].Value.List; len(items) == 1 {
				d, bad := c.size(items[0])
				if bad != nil {
					c.report(*bad)
					ok = false
				}
				size = d
			} else {
				c.report(c.problem(diag.WrongType, s.Args[i].Span, "a part has one size").WithHelp("write `%s[8]`", ident.Name))
				ok = false
			}
		}
		sizes = append(sizes, size)
		parts = append(parts, c.declare(*ident, "part", isValue))
	}
	for _, n := range parts {
		n.made = true
	}
	if len(parts) > maxNames {
		c.report(c.tooMany(parts[maxNames].span))
		ok = false
	}
	if len(parts) < 2 {
		c.report(c.problem(diag.MissingArgument, s.Word.Span, "`split` needs the names of two parts or more").WithHelp("write `%s`", word.Usage))
		ok = false
	}
	call, fine := c.call(s, word, rest)
	if c.current == nil && !c.broken {
		c.nothingFlows(s)
	}
	if !ok || !fine || c.current == nil {
		c.invalidate()
		forgive(parts...)
		return
	}
	call.Name, call.Sizes = c.ordinal("split", nil), sizes
	for _, n := range parts {
		call.Names = append(call.Names, c.scope.path+n.text)
	}
	c.builder.Layer = call.Name
	c.layers[call.Name] = s.Word.Span
	word.Build(call)
	if call.Parts == nil {
		c.invalidate()
		forgive(parts...)
		return
	}
	for i, v := range call.Parts {
		parts[i].value, c.origins[v], c.ports[v] = v, parts[i].span, parts[i].text
	}
	parts[0].used = true // it flows on
	c.flow(call.X)
}

// forgive keeps names that could not be made from being called unused.
func forgive(names ...*name) {
	for _, n := range names {
		n.used = true
	}
}

// surplus reports arguments for which a word has no use.
func (c *checker) surplus(word string, args []*grammar.Arg) {
	span := args[0].Span.Join(args[len(args)-1].Span)
	c.report(c.problem(diag.UnexpectedArgument, span, "`%s` has no use for this", word).
		WithHelp("write `%s`", vocab.Find(word, vocab.Structure).Usage))
}

// nothingFlows reports a statement that needs a current value where there is none.
func (c *checker) nothingFlows(s *grammar.Stmt) {
	c.report(c.problem(diag.NoInput, s.Word.Span, "nothing flows into `%s`: the input's size is not known", s.Word.Name).
		WithHelp("declare it above, as `input x[10]`, or state both sizes: `linear 10->1`"))
}
