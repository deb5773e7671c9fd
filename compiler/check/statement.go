package check

import (
	"slices"
	"sort"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// statements checks the statements between two offsets of the text. Where one is missing, what flows is unknown.
func (c *checker) statements(stmts []*grammar.Stmt, from, to int) {
	for i, s := range stmts {
		c.gap(from, s.Span.Start.Offset)
		if !c.charge(s) {
			return
		}
		var next *grammar.Stmt
		if i+1 < len(stmts) {
			next = stmts[i+1]
		}
		c.statement(s, next)
		from = s.Span.End.Offset
	}
	c.gap(from, to)
}

// gap invalidates the current value if a statement is missing there.
func (c *checker) gap(from, to int) {
	if i := sort.SearchInts(c.unparsed, from); i < len(c.unparsed) && c.unparsed[i] < to {
		c.invalidate()
	}
}

// body checks the statements of a body.
func (c *checker) body(b *grammar.Body) {
	c.depth++
	c.statements(b.Stmts, b.Span.Start.Offset, b.Span.End.Offset)
	c.depth--
}

// statement checks one statement and adds what it means to the graph. next is the one behind it, nil at the end.
func (c *checker) statement(s, next *grammar.Stmt) {
	c.builder.Pos = position(s.Span)
	if b := c.blocks[s.Word.Name]; b != nil {
		c.useBlock(s, b, next)
		return
	}
	word := vocab.Find(s.Word.Name, vocab.Structure, vocab.Layer, vocab.Optimiser, vocab.Setting)
	if word == nil {
		c.unknown(s)
		return
	}
	if c.depth > 0 && !c.inBody(word) {
		c.misplaced(s, word)
		return
	}
	if s.Body != nil && !word.Body {
		c.report(c.problem(diag.UnexpectedArgument, s.Body.Span, "`%s` has no body", word.Name).
			WithHelp("write `%s`", word.Usage))
	}
	if s.Body == nil && word.Body || s.Body != nil && len(s.Body.Stmts) == 0 && len(c.unparsed) == 0 {
		c.report(c.problem(diag.MissingBody, s.Word.Span, "`%s` needs a body with a layer in it", word.Name).
			WithHelp("write `%s`", word.Usage))
		c.declareBroken(s)
		return
	}
	if s.Label != nil && word.Kind != vocab.Layer && word.Name != "repeat" && word.Name != "residual" {
		c.report(c.problem(diag.UnexpectedArgument, s.Label.Span, "a label names what a layer makes, and `%s` is no layer", word.Name).
			WithHelp("leave the label out"))
	}
	switch word.Kind {
	case vocab.Layer:
		c.layer(s, word, next)
	case vocab.Optimiser:
		if c.once("optimiser", s, "an optimiser is given already: `%s`") {
			c.use(s, word)
			if update := c.graph.Recipe.Optimiser; update != nil {
				update.Pos = position(s.Span)
			}
		}
	case vocab.Setting:
		sort, already := word.Name, "`%s` is given already"
		if sort == "epochs" || sort == "steps" {
			sort, already = "length", "how long training takes is given already, so `%s` says nothing"
		}
		if c.once(sort, s, already) {
			c.builder.Pos = position(s.Span)
			if word.Behind != 0 {
				c.setBehind(s, word.Behind)
				return
			}
			call := c.use(s, word)
			if c.graph.Recipe.Stop != nil && c.stop == nil {
				c.stop = call
			}
		}
	default:
		c.structure(s, word, next)
	}
}

// setBehind lets the word behind a setting add its meaning.
func (c *checker) setBehind(s *grammar.Stmt, kind vocab.Kind) {
	word, ident, ok := c.behind(s, kind)
	if !ok {
		return
	}
	if call, ok := c.call(s, word, s.Args[1:]); ok {
		call.At = ident.Span
		word.Build(call)
	}
}

// inBody reports whether a word may stand in a body.
func (c *checker) inBody(word *vocab.Word) bool { return word.Kind == vocab.Layer || word.InBody }

// misplaced reports a statement that cannot stand in a body.
func (c *checker) misplaced(s *grammar.Stmt, word *vocab.Word) {
	help := "put it outside of all bodies"
	if word.Name == "block" {
		help = "define blocks at the top level of the file"
	}
	c.report(c.problem(diag.Misplaced, s.Word.Span, "`%s` cannot stand in a body", word.Name).WithHelp("%s", help))
}

// structure checks a statement of structure.
func (c *checker) structure(s *grammar.Stmt, word *vocab.Word, next *grammar.Stmt) {
	switch word.Name {
	case "block": // collected before
	case "model":
		c.model(s)
	case "input":
		c.input(s)
	case "const":
		c.constDeclaration(s)
	case "init":
		if call := c.use(s, word); call != nil {
			c.scope.init = call.Init
			if call.Init != nil {
				c.inits = append(c.inits, placedInit{s.Word.Span, call.Init})
			}
		}
	case "repeat":
		c.repeat(s, word, next)
	case "residual":
		c.residual(s, word, next)
	case "from":
		c.from(s, word)
	case "split":
		c.split(s, word)
	case "output":
		if c.once("output", s, "`%s` is given already") {
			c.output = s
		}
	case "loss":
		c.losses = append(c.losses, s)
	case "metric":
		c.metrics = append(c.metrics, s)
	case "freeze":
		c.freezes = append(c.freezes, s)
	}
}

// unknown reports a word that nobody knows, with the nearest that somebody does. What flows behind a layer that
// is not known is not known either.
func (c *checker) unknown(s *grammar.Stmt) {
	if kind := c.unknownWord(s); kind == vocab.Layer {
		c.declareBroken(s)
	}
}

// unknownWord does so, and returns what kind of word it may be.
func (c *checker) unknownWord(s *grammar.Stmt) vocab.Kind {
	text := s.Word.Name
	kinds := []vocab.Kind{vocab.Layer, vocab.Optimiser, vocab.Setting}
	if kind, planned := vocab.Planned(text, kinds...); planned {
		c.report(c.notYet(s.Word, kind))
		return kind
	}
	if c.maybeDeclared[text] {
		return vocab.Layer
	}
	d := c.problem(diag.UnknownWord, s.Word.Span, "unknown word `%s`", text)
	switch {
	case vocab.Find(text, vocab.Loss) != nil:
		d = d.WithHelp("write `loss %s`", text)
	case vocab.Find(text, vocab.Metric) != nil:
		d = d.WithHelp("write `metric %s`", text)
	case vocab.Find(text, vocab.Schedule) != nil:
		d = d.WithHelp("write `schedule %s`", text)
	default:
		_, ofBlock := diag.Nearest(text, c.blockNames())
		if known, kind, ok := c.elsewhere(d, s.Word, append(kinds, vocab.Loss, vocab.Metric, vocab.Schedule)...); ok && !ofBlock {
			c.report(known)
			return kind
		}
		names := vocab.Names(append(kinds, vocab.Structure)...)
		if 'A' <= text[0] && text[0] <= 'Z' {
			d.Summary = "unknown block `" + text + "`"
			names = slices.Concat(c.blockNames(), names)
		}
		if near, ok := diag.Nearest(text, names); ok {
			d = d.WithHelp("did you mean `%s`?", near)
		}
	}
	c.report(d)
	return vocab.Layer
}

// notYet words that a word is right, and too early. The words of its kind are listed once.
func (c *checker) notYet(word grammar.Ident, kind vocab.Kind) diag.Diagnostic {
	d := c.problem(diag.NotYet, word.Span, "this version of nnc does not have the %v `%s` yet", kind, word.Name)
	if c.listed[kind] {
		return d
	}
	c.listed[kind] = true
	return d.WithHelp("there are %s", list(vocab.Names(kind)))
}

// declareBroken keeps the name and the number of a layer that could not be made.
func (c *checker) declareBroken(s *grammar.Stmt) {
	c.ordinal(s.Word.Name, s.Label)
	c.invalidate()
	if s.Label != nil {
		n := c.declare(*s.Label, "label", isValue)
		n.made, n.used = true, true
	}
}

// once reports whether a statement of that sort is the first, and a diagnostic otherwise.
func (c *checker) once(sort string, s *grammar.Stmt, format string) bool {
	before, again := c.first[sort]
	if !again {
		c.first[sort] = s.Word.Span
		return true
	}
	c.report(c.problem(diag.GivenTwice, s.Word.Span, format, s.Word.Name).
		WithNote(before, "here").
		WithHelp("keep one of the two"))
	return false
}

// use reads a statement's arguments and lets the word add its meaning; nil if the arguments are not as declared.
func (c *checker) use(s *grammar.Stmt, word *vocab.Word) *vocab.Call {
	call, ok := c.call(s, word, s.Args)
	if !ok {
		return nil
	}
	word.Build(call)
	return call
}

// call prepares the use of a word; ok reports whether its arguments are as declared.
func (c *checker) call(s *grammar.Stmt, word *vocab.Word, args []*grammar.Arg) (call *vocab.Call, ok bool) {
	values, ok := c.arguments(word, s.Word.Span, args)
	return &vocab.Call{
		Word:    word,
		At:      s.Word.Span,
		Args:    values,
		Builder: c.builder,
		X:       c.current,
		Recipe:  &c.graph.Recipe,
		Init:    c.scope.init,
		Report:  c.report,
		Origin:  c.origin,
		Fits:    c.fits,
	}, ok
}
