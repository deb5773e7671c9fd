package check

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// use is a use of a block, or a round of a repetition, that is being expanded.
type use struct {
	span  diag.Span
	block string // empty for a repetition
	round int
}

// dependsOnUse are the codes of mistakes that one use of a block may have and another may not.
var dependsOnUse = map[string]bool{
	diag.WrongType: true, diag.OutOfRange: true, diag.SizeMismatch: true, diag.WrongRank: true, diag.IntegerInput: true,
	diag.TooLarge: true, diag.ShapesDiffer: true, diag.UnevenSplit: true, diag.TiedMisfit: true, diag.LastAxisOnly: true,
}

// note says in a diagnostic which use it speaks of, where that is to be said.
func (u use) note(d diag.Diagnostic) diag.Diagnostic {
	switch {
	case u.block != "":
		return d.WithNote(u.span, "in this use of `%s`", u.block)
	case u.round > 0:
		return d.WithNote(u.span, "in round %d", u.round+1)
	}
	return d
}

// useBlock expands a use of a block as a statement.
func (c *checker) useBlock(s *grammar.Stmt, b *block, next *grammar.Stmt) {
	full := c.ordinal(small(b.name), s.Label)
	label := c.label(s, next)
	before, entered := len(c.graph.Params), c.current
	c.expand(s, b, full)
	c.called(entered, full)
	label.made, label.value, label.owns = true, c.current, len(c.graph.Params) > before
	if c.current == nil {
		label.used = true
	}
}

// called names what a use of a block or a repetition makes after it, at the interface.
func (c *checker) called(entered *ir.Value, full string) {
	if c.current != nil && c.current != entered {
		c.ports[c.current] = full
	}
}

// expand puts a block's body in the place of its use, under a path of names.
func (c *checker) expand(s *grammar.Stmt, b *block, path string) {
	if s.Body != nil {
		c.report(c.problem(diag.UnexpectedArgument, s.Body.Span, "a use of the block `%s` has no body", b.name).
			WithHelp("the body stands where the block is defined"))
	}
	b.expanded = true
	if b.broken {
		c.invalidate()
		return
	}
	if !c.within(s.Word.Span, path) {
		return
	}
	given, ok := c.bind(s, b)
	if !ok {
		c.invalidate()
		return
	}
	outer := c.scope
	c.open(path+".", true)
	c.uses = append(c.uses, use{span: s.Word.Span, block: b.name})
	if c.parameters(b, given) {
		c.body(b.stmt.Body)
	} else {
		c.invalidate()
	}
	for _, n := range c.scope.declared {
		if n.what == "parameter" && n.used {
			b.asked[n.text] = true
		}
	}
	c.uses = c.uses[:len(c.uses)-1]
	c.close(outer)
}

// within reports whether bodies may be opened further, under a path of names.
func (c *checker) within(span diag.Span, path string) bool {
	switch {
	case c.depth >= maxBodies:
		c.tooLarge(span, "bodies are nested more than %d deep", maxBodies)
	case len(path) > maxPath:
		c.tooLarge(span, "the names of layers grow longer than %d letters", maxPath)
	default:
		return true
	}
	return false
}

// bind reads the arguments of a use, in the scope of the use: what each parameter stands for.
func (c *checker) bind(s *grammar.Stmt, b *block) (given map[string]*name, ok bool) {
	given, ok = map[string]*name{}, true
	odd := false // an argument is no parameter's
	fail := func(d diag.Diagnostic) {
		c.report(d.WithNote(b.stmt.Args[0].Span, "defined here"))
		ok = false
	}
	params := b.stmt.Params
	for _, a := range s.Args {
		p := c.parameterOf(params, given, a)
		switch {
		case p == nil && a.Name != nil:
			d := c.problem(diag.UnknownArgument, a.Span, "`%s` has no parameter `%s`", b.name, a.Name.Name)
			var names []string
			for _, p := range params {
				names = append(names, p.Name.Name)
			}
			odd = true
			if near, found := diag.Nearest(a.Name.Name, names); found {
				d = d.WithHelp("did you mean `%s`?", near)
			}
			fail(d)
		case p == nil:
			fail(c.problem(diag.UnexpectedArgument, a.Span, "`%s` has no use for `%s`", b.name, a))
		case given[p.Name.Name] != nil:
			fail(c.problem(diag.GivenTwice, a.Span, "`%s` is given twice", p.Name.Name))
		default:
			n, bad := c.passed(a, p)
			if bad != nil {
				c.report(*bad)
				n, ok = &name{}, false
			}
			given[p.Name.Name] = n
		}
	}
	for _, p := range params {
		if given[p.Name.Name] == nil && p.Default == nil && !odd {
			fail(c.problem(diag.MissingArgument, s.Word.Span, "`%s` needs its parameter `%s`", b.name, p.Name.Name).
				WithHelp("write `%s %s=…`", b.name, p.Name.Name))
		}
	}
	return given, ok
}

// parameterOf finds the parameter that an argument as written is for.
func (c *checker) parameterOf(params []*grammar.Param, given map[string]*name, a *grammar.Arg) *grammar.Param {
	for _, p := range params {
		if a.Name != nil && a.Name.Name == p.Name.Name || a.Name == nil && c.turnsOn(a, p) {
			return p
		}
	}
	if a.Name != nil {
		return nil
	}
	for _, p := range params {
		if given[p.Name.Name] == nil {
			return p
		}
	}
	return nil
}

// turnsOn reports whether an argument is the bare name of a parameter that is a flag.
func (c *checker) turnsOn(a *grammar.Arg, p *grammar.Param) bool {
	ident := nameOf(a)
	return ident != nil && ident.Name == p.Name.Name && p.Default != nil && p.Default.Kind == grammar.Name &&
		(p.Default.Text == "true" || p.Default.Text == "false")
}

// passed reads what is given to a parameter.
func (c *checker) passed(a *grammar.Arg, p *grammar.Param) (*name, *diag.Diagnostic) {
	if a.To != nil || a.Value.IsList() {
		d := c.problem(diag.WrongType, a.Span, "a block's parameter is a number, a flag or a value, not `%s`", a)
		return nil, &d
	}
	if a.Name == nil && c.turnsOn(a, p) {
		return &name{kind: isFlag, on: true}, nil
	}
	return c.evaluate(a.Value.Expr)
}

// evaluate reads an expression that may be a number, a flag or a value.
func (c *checker) evaluate(e *grammar.Expr) (*name, *diag.Diagnostic) {
	if e.Kind == grammar.Name {
		if e.Text == "true" || e.Text == "false" {
			return &name{kind: isFlag, on: e.Text == "true"}, nil
		}
		n, bad := c.find(grammar.Ident{Name: e.Text, Span: e.Span})
		if bad != nil {
			return nil, bad
		}
		c.warnBehind(n, e.Span)
		return n, nil
	}
	number, bad := c.constant(e)
	return &name{kind: isNumber, number: number}, bad
}

// parameters declares a block's parameters in the scope of an expansion, the defaults of those not given worked
// out there.
func (c *checker) parameters(b *block, given map[string]*name) bool {
	ok := true
	for _, p := range b.stmt.Params {
		value := given[p.Name.Name]
		if value == nil {
			n, bad := c.evaluate(p.Default)
			if bad != nil {
				c.report(*bad)
				ok = false
				continue
			}
			value = n
		}
		n := c.declare(p.Name, "parameter", value.kind)
		n.made, n.number, n.on, n.value, n.labels, n.behind = true, value.number, value.on, value.value, value.labels, value.behind
		ok = ok && c.scope.names[p.Name.Name] == n
	}
	return ok
}
