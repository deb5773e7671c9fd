// Package check turns the tree of a spec into the forward graph.
//
// What comes in is the tree that grammar read; what goes out is a graph of the forward pass, the loss and the
// recipe of training, or diagnostics. Every mistake that a user can make is found here, syntax apart, all of
// them in one run: after a mistake the check goes on with what was probably meant. The package knows the
// language's structure; what a word means is the business of vocab, what follows from the graph that of later
// stages.
package check

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/nnc-lang/nnc/compiler/diag"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
)

// Options are what the caller decides about a spec.
type Options struct {
	Model string  // the model's name where the spec has no `model`
	Batch int     // overrides `batch` unless 0
	Seed  *uint64 // overrides `seed` unless nil

	// Torn are the places of statements that are missing in the tree because their syntax is wrong. What flows
	// behind them is not known.
	Torn []diag.Span
}

// File checks a tree and returns its forward graph, nil if the diagnostics hold an error.
func File(file *grammar.File, o Options) (*ir.Graph, diag.List) {
	g := &ir.Graph{Model: o.Model, File: filepath.Base(file.Name), Text: strings.TrimPrefix(string(file.Src), "\ufeff")}
	g.Recipe = ir.Recipe{Batch: 32, Epochs: 1}
	c := &checker{file: file, graph: g, builder: ir.NewBuilder(g),
		ordinals: map[string]int{}, names: map[string]diag.Span{}, origins: map[*ir.Value]diag.Span{}, first: map[string]diag.Span{}}
	torn := o.Torn
	for _, s := range file.Stmts {
		for ; len(torn) > 0 && torn[0].Start.Offset < s.Span.Start.Offset; torn = torn[1:] {
			c.current, c.broken = nil, true
		}
		c.statement(s)
	}
	c.torn = len(o.Torn) > 0
	if len(torn) > 0 {
		c.current, c.broken = nil, true
	}
	if o.Batch > 0 {
		g.Recipe.Batch = o.Batch
	}
	if o.Seed != nil {
		g.Recipe.Seed = *o.Seed
	}
	c.finish()
	c.list.Sort()
	if c.list.HasErrors() {
		return nil, c.list
	}
	return g, c.list
}

type checker struct {
	file    *grammar.File
	graph   *ir.Graph
	builder *ir.Builder
	list    diag.List

	current  *ir.Value // what flows: nil before the first input, and after a mistake that leaves it unknown
	torn     bool      // statements are missing
	broken   bool      // current is nil because of a mistake that has been reported
	ordinals map[string]int
	names    map[string]diag.Span    // labels and inputs, where they stand
	origins  map[*ir.Value]diag.Span // where the size of a value's last axis was written
	first    map[string]diag.Span    // statements that may stand once

	loss    *grammar.Stmt
	metrics []*grammar.Stmt
}

// report adds a diagnostic about this file.
func (c *checker) report(d diag.Diagnostic) {
	d.File = c.file.Name
	c.list = append(c.list, d)
}

func (c *checker) problem(code string, span diag.Span, format string, args ...any) diag.Diagnostic {
	return diag.New(code, c.file.Name, span, format, args...)
}

// statement checks one statement and adds what it means to the graph.
func (c *checker) statement(s *grammar.Stmt) {
	c.builder.Pos = position(s.Span)
	word := vocab.Find(s.Word.Name, vocab.Structure, vocab.Layer, vocab.Optimiser, vocab.Setting)
	if word == nil {
		c.unknown(s)
		return
	}
	if s.Body != nil {
		c.report(c.problem(diag.UnexpectedArgument, s.Body.Span, "`%s` has no body", word.Name))
	}
	if s.Label != nil && word.Kind != vocab.Layer {
		c.report(c.problem(diag.UnexpectedArgument, s.Label.Span, "a label names a layer, and `%s` is none", word.Name))
	}
	switch {
	case word.Kind == vocab.Layer:
		c.layer(s, word)
	case word.Kind == vocab.Optimiser:
		if c.once("optimiser", s, "an optimiser is given already: `%s`") {
			c.use(s, word, s.Args)
			if update := c.graph.Recipe.Optimiser; update != nil {
				update.Pos = position(s.Span)
			}
		}
	case word.Kind == vocab.Setting:
		if c.once(word.Name, s, "`%s` is given already") {
			c.use(s, word, s.Args)
		}
	case word.Name == "model":
		c.model(s)
	case word.Name == "input":
		c.input(s)
	case word.Name == "loss":
		if c.once("loss", s, "`%s` is given already") {
			c.loss = s
		}
	case word.Name == "metric":
		c.metrics = append(c.metrics, s)
	}
}

// unknown reports a word that nobody knows, with the nearest that somebody does.
func (c *checker) unknown(s *grammar.Stmt) {
	name := s.Word.Name
	d := c.problem(diag.UnknownWord, s.Word.Span, "unknown word `%s`", name)
	switch {
	case vocab.Find(name, vocab.Loss) != nil:
		d = d.WithHelp("write `loss %s`", name)
	case vocab.Find(name, vocab.Metric) != nil:
		d = d.WithHelp("write `metric %s`", name)
	default:
		kinds := []vocab.Kind{vocab.Structure, vocab.Layer, vocab.Optimiser, vocab.Setting}
		if near, ok := diag.Nearest(name, vocab.Names(kinds...)); ok {
			d = d.WithHelp("did you mean `%s`?", near)
		}
	}
	c.report(d)
	c.current, c.broken = nil, true
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

// use reads a statement's arguments and lets the word add its meaning.
func (c *checker) use(s *grammar.Stmt, word *vocab.Word, args []*grammar.Arg) *vocab.Call {
	call, ok := c.call(s, word, args)
	if ok {
		word.Build(call)
	}
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
		Report:  c.report,
		Origin:  c.origin,
		Fits:    c.fits,
	}, ok
}

// origin tells where the size of a value's last axis was written.
func (c *checker) origin(v *ir.Value) diag.Span { return c.origins[v] }

func position(s diag.Span) ir.Pos { return ir.Pos{Line: s.Start.Line, Col: s.Start.Col} }

// tooMany is the limit on elements of one array, on parameters and on the arena of a batch: what fits 4 GiB.
const tooMany = 1 << 30

// fits reports whether a shape's product stays below the limit, and a diagnostic otherwise.
func (c *checker) fits(span diag.Span, what string, dims ...int) bool {
	n := 1
	for _, d := range dims {
		if n > 0 && d > tooMany/n {
			c.report(c.problem(diag.TooLarge, span, "%s would have more than %d elements", what, tooMany).
				WithHelp("%s", fmt.Sprintf("the limit is %d, which is 4 GiB", tooMany)))
			return false
		}
		n *= d
	}
	return true
}
