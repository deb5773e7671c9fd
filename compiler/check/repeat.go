package check

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
)

// repeat checks `repeat n { … }`: the body n times, each round in a scope of its own. A body that is one use of
// a block lends the repetition its name.
func (c *checker) repeat(s *grammar.Stmt, word *vocab.Word, next *grammar.Stmt) {
	values, ok := c.arguments(word, s.Word.Span, s.Args)
	rounds := int(values["n"].Number)
	single, base, label := c.repeated(s)
	n := c.label(&grammar.Stmt{Label: label}, next)
	before, entered := len(c.graph.Params), c.current
	switch {
	case !ok:
		c.invalidate()
	case c.budget >= 0 && rounds > 0 && count(s.Body.Stmts) > c.budget/rounds:
		c.tooLarge(s.Word.Span, "repeated %d times, the body makes more than %d statements", rounds, maxStatements)
	case !c.within(s.Word.Span, base):
	case rounds == 0:
		c.wordsOf(s.Body.Stmts)
	default:
		for i := range rounds {
			c.round(s, single, fmt.Sprintf("%s.%d", base, i), i)
			if c.budget < 0 {
				break
			}
		}
	}
	c.called(entered, base)
	n.made, n.value, n.owns = true, c.current, len(c.graph.Params) > before
	if c.current == nil {
		n.used = true
	}
}

// round expands one round of a repetition.
func (c *checker) round(s *grammar.Stmt, single *block, path string, i int) {
	outer := c.scope
	if c.builder.Scope == "" { // of repetitions in one another, the outermost
		c.builder.Scope = path
		defer func() { c.builder.Scope = "" }()
	}
	c.uses = append(c.uses, use{span: s.Word.Span, round: i})
	if single != nil {
		c.depth++
		if stmt := s.Body.Stmts[0]; c.charge(stmt) {
			c.gap(s.Body.Span.Start.Offset, s.Body.Span.End.Offset)
			c.builder.Pos = position(stmt.Span)
			c.expand(stmt, single, path)
		}
		c.depth--
	} else {
		c.open(path+".", false)
		c.body(s.Body)
		c.close(outer)
	}
	c.uses = c.uses[:len(c.uses)-1]
}

// repeated returns how a repetition is named: after the only block that its body uses, which is returned too, or
// as a repetition; and its label.
func (c *checker) repeated(s *grammar.Stmt) (single *block, base string, label *grammar.Ident) {
	label = s.Label
	if len(s.Body.Stmts) != 1 {
		return nil, c.ordinal("repeat", label), label
	}
	only := s.Body.Stmts[0]
	b := c.blocks[only.Word.Name]
	if b == nil || label != nil && only.Label != nil {
		return nil, c.ordinal("repeat", label), label
	}
	if label == nil {
		label = only.Label
	}
	return b, c.ordinal(small(b.name), label), label
}

// residual checks `residual { … }`.
func (c *checker) residual(s *grammar.Stmt, word *vocab.Word, next *grammar.Stmt) {
	full := c.ordinal("residual", s.Label)
	label := c.label(s, next)
	if c.current == nil && !c.broken {
		c.nothingFlows(s)
		c.invalidate()
	}
	x, init, before := c.current, c.scope.init, len(c.graph.Params)
	call, ok := c.call(s, word, s.Args)
	if c.within(s.Word.Span, c.scope.path) {
		c.body(s.Body)
	}
	c.scope.init = init
	label.made, label.owns = true, len(c.graph.Params) > before
	if !ok || x == nil || c.current == nil {
		c.invalidate()
		forgive(label)
		return
	}
	call.Name, call.Entered, call.X = full, x, c.current
	c.builder.Layer, c.builder.Pos = full, position(s.Span)
	c.layers[full] = s.Word.Span
	word.Build(call)
	c.flow(call.X)
	label.value, c.ports[call.X], c.origins[call.X] = call.X, full, c.origins[x]
}
