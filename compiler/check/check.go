// Package check turns the tree of a spec into the forward graph.
//
// What comes in is the tree that grammar read; what goes out is a graph of the forward pass, the loss and the
// recipe of training, or diagnostics. Blocks and repetitions are expanded on the way. Every mistake that a user
// can make is found here, syntax apart, all of them in one run: after a mistake the check goes on with what was
// probably meant. The package knows the language's structure; what a word means is the business of vocab, what
// follows from the graph that of later stages.
package check

import (
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Options are what the caller decides about a spec.
type Options struct {
	Model string // the model's name where the spec has no `model`
	Batch int    // overrides `batch` unless 0

	// RowWeights lets every loss go by a weight for each row, which the model is given as a target.
	RowWeights bool

	// Elements is the most that one array, the parameters together, and the values of a batch may have; 0 is
	// DefaultElements.
	Elements int

	// Unparsed are the places of statements that are missing in the tree because their syntax is wrong. What flows
	// behind them is not known.
	Unparsed []diag.Span
}

// DefaultElements is what fits 4 GiB.
const DefaultElements = 1 << 30

// mostElements bounds the limit on elements, so that neither the sum of two arrays nor an array's bytes wrap around.
const mostElements = math.MaxInt / 8

// File checks a tree and returns its forward graph, nil if the diagnostics hold an error.
func File(file *grammar.File, o Options) (*ir.Graph, diag.List) {
	c := newChecker(file, o)
	for _, span := range o.Unparsed {
		c.unparsed = append(c.unparsed, span.Start.Offset)
		c.missing(span)
	}
	slices.Sort(c.unparsed)
	c.collect(file.Stmts)
	c.statements(file.Stmts, 0, len(file.Src)+1)
	if o.Batch > 0 {
		c.graph.Recipe.Batch, c.batch = o.Batch, o.Batch
	}
	c.finish()
	c.list.Sort()
	if c.list.HasErrors() {
		return nil, c.list
	}
	return c.graph, c.list
}

func newChecker(file *grammar.File, o Options) *checker {
	g := &ir.Graph{Model: o.Model, File: filepath.Base(file.Name), Text: strings.TrimPrefix(string(file.Src), "\ufeff")}
	g.Recipe = ir.Recipe{Batch: 32, Epochs: 1}
	if o.Elements == 0 {
		o.Elements = DefaultElements
	}
	o.Elements = min(o.Elements, mostElements)
	return &checker{
		file: file, graph: g, builder: ir.NewBuilder(g),
		weighs: o.RowWeights,
		most:   o.Elements, budget: maxStatements,
		scope:         &scope{ordinals: map[string]int{}, names: map[string]*name{}},
		blocks:        map[string]*block{},
		reported:      map[place]bool{},
		found:         map[diag.Severity]int{},
		listed:        map[vocab.Kind]bool{},
		origins:       map[*ir.Value]diag.Span{},
		layers:        map[string]diag.Span{},
		ports:         map[*ir.Value]string{},
		judged:        map[*ir.Value]*ir.Value{},
		first:         map[string]diag.Span{},
		wanted:        map[string]bool{},
		maybeDeclared: map[string]bool{},
	}
}

type checker struct {
	file    *grammar.File
	batch   int // of the options, 0 where the spec decides
	graph   *ir.Graph
	builder *ir.Builder
	list    diag.List

	current  *ir.Value // what flows: nil before the first input, and where broken
	broken   bool      // current is nil because of a mistake that has been reported
	unparsed []int     // the offsets of the statements that are missing

	scope   *scope            // innermost
	blocks  map[string]*block // by their names
	defined []*block          // the same, in the order of the file
	uses    []use             // the uses of blocks and the rounds under way, the outermost first
	depth   int               // of bodies
	budget  int               // the statements that expansion may still make
	most    int               // elements

	reported      map[place]bool
	found         map[diag.Severity]int
	listed        map[vocab.Kind]bool     // the kinds of words whose words a diagnostic has listed
	origins       map[*ir.Value]diag.Span // where the size of a value's last axis was written
	layers        map[string]diag.Span    // the statements of layers, by their names
	ports         map[*ir.Value]string    // the names of what layers make
	judged        map[*ir.Value]*ir.Value // what losses have made of outputs for predictions
	first         map[string]diag.Span    // statements that may stand once
	maybeDeclared map[string]bool         // names that statements which are missing may have declared
	wanted        map[string]bool         // names that were used where they are not known

	// What is checked when all values are known.
	losses, metrics, freezes []*grammar.Stmt
	inits                    []placedInit
	output                   *grammar.Stmt
	stop                     *vocab.Call
	several                  bool // outputs have losses
	weighs                   bool // the losses go by weights of rows
	unknownLoss              bool // one that could not be made
}

// place is where a mistake was reported: a body that is expanded many times has it once, and what may differ from use
// to use once of its kind.
type place struct {
	code    string
	span    diag.Span
	summary string
}

// report adds a diagnostic about this file, unless the same has been said of the same place.
func (c *checker) report(d diag.Diagnostic) {
	at := place{d.Code, d.Span, d.Summary}
	if dependsOnUse[d.Code] {
		at.summary = ""
	}
	if c.reported[at] {
		return
	}
	c.reported[at] = true
	d.File = c.file.Name
	switch c.found[d.Severity]++; {
	case c.found[d.Severity] > maxMistakes && d.Severity == diag.Error:
		d = c.problem(diag.LimitExceeded, d.Span, "more than %d mistakes; the others are not shown", maxMistakes)
		c.list = append(c.list, d)
		c.budget = -1
		c.invalidate()
		return
	case c.found[d.Severity] > maxMistakes:
		return
	}
	if n := len(c.uses); n > 0 && dependsOnUse[d.Code] {
		d = c.uses[n-1].note(d)
	}
	c.list = append(c.list, d)
}

func (c *checker) problem(code string, span diag.Span, format string, args ...any) diag.Diagnostic {
	return diag.New(code, c.file.Name, span, format, args...)
}

// invalidate makes the current value unknown, for a mistake that has been reported.
func (c *checker) invalidate() { c.current, c.broken = nil, true }

// flow makes a value current.
func (c *checker) flow(v *ir.Value) { c.current, c.broken = v, v == nil }

// origin tells where the size of a value's last axis was written.
func (c *checker) origin(v *ir.Value) diag.Span { return c.origins[v] }

func position(s diag.Span) ir.Pos { return ir.Pos{Line: s.Start.Line, Col: s.Start.Col} }
