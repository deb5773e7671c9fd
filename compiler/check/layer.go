package check

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// layer checks a layer's statement and makes its result current.
func (c *checker) layer(s *grammar.Stmt, word *vocab.Word, next *grammar.Stmt) {
	full := c.ordinal(word.Name, s.Label)
	label := c.label(s, next)
	defer func() { label.made = true }()
	call, ok := c.call(s, word, s.Args)
	if c.current == nil && !c.broken {
		c.imply(s, call, ok)
	}
	if !ok || c.current == nil {
		c.invalidate()
		forgive(label)
		return
	}
	x := c.current
	call.Name, call.X = full, x
	c.builder.Layer = full
	c.layers[full] = s.Word.Span
	before := len(c.graph.Nodes)
	word.Build(call)
	if !c.chargeNodes(s, len(c.graph.Nodes)-before) {
		forgive(label)
		return
	}
	if call.X != x && !c.fits(s.Word.Span, "the result", call.X.Type.Shape...) {
		c.invalidate()
		forgive(label)
		return
	}
	c.flow(call.X)
	label.value, label.labels, label.owns = call.X, &call.Made, len(call.Made.Params) > 0
	if call.X != x {
		c.ports[call.X] = full
	}
	if _, known := c.origins[call.X]; known {
		return
	}
	switch size, stated := call.Args["size"]; {
	case slices.Equal(x.Type.Shape, call.X.Type.Shape):
		c.origins[call.X] = c.origins[x]
	case stated && x.Type.Shape.Last() != call.X.Type.Shape.Last():
		c.origins[call.X] = size.Span
	default:
		c.origins[call.X] = s.Span
	}
}

// label declares a statement's label, which is not made yet; without one, a name that nothing can find. next is the
// statement behind it.
func (c *checker) label(s, next *grammar.Stmt) *name {
	if s.Label == nil {
		return &name{}
	}
	n := c.declare(*s.Label, "label", isValue)
	if next != nil && next.Label == nil {
		if word := vocab.Find(next.Word.Name, vocab.Layer); word != nil && word.Finishes {
			n.behind = &next.Word
		}
	}
	return n
}

// imply makes the input x from the first layer's stated size.
func (c *checker) imply(s *grammar.Stmt, call *vocab.Call, ok bool) {
	var shape ir.Shape
	if ok && call.Word.Input != nil {
		shape = call.Word.Input(call)
	}
	if shape == nil {
		if ok {
			c.nothingFlows(s)
		}
		return
	}
	if taken := c.visible("x"); taken != nil {
		c.report(c.problem(diag.DuplicateName, taken.span, "`x` is the name of the input that `%s` implies", s.Word.Name).
			WithNote(s.Word.Span, "here").WithHelp("declare the input, as `input features%v`, or choose another name", shape))
		return
	}
	c.flow(c.builder.Value(ir.Input, "x", ir.Row(shape...)))
	c.origins[c.current] = call.Args["size"].Span
	c.ports[c.current] = "x"
}
