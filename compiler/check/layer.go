package check

import (
	"fmt"
	"regexp"

	"github.com/nnc-lang/nnc/compiler/diag"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
)

// layer checks a layer's statement and makes its result current.
func (c *checker) layer(s *grammar.Stmt, word *vocab.Word) {
	c.ordinals[word.Name]++
	name := fmt.Sprintf("%s%d", word.Name, c.ordinals[word.Name])
	if s.Label != nil {
		name = s.Label.Name
		c.declare(s.Label, "label")
	}
	call, ok := c.call(s, word, s.Args)
	if c.current == nil && !c.broken {
		c.imply(s, call, ok)
	}
	if !ok || c.current == nil {
		c.current, c.broken = nil, true
		return
	}
	x := c.current
	call.Name, call.X = name, x
	c.builder.Layer = name
	params := len(c.graph.Params)
	word.Build(call)
	c.current = call.X
	if s.Label != nil && len(c.graph.Params) == params {
		c.report(c.problem(diag.UnusedLabel, s.Label.Span, "the label `%s` is never used, and names no parameters", name))
	}
	if _, known := c.origins[c.current]; !known {
		c.origins[c.current] = s.Span
		if x.Type.Shape.Last() == c.current.Type.Shape.Last() && x.Type.Shape.Size() == c.current.Type.Shape.Size() {
			c.origins[c.current] = c.origins[x]
		} else if size, ok := call.Args["size"]; ok {
			c.origins[c.current] = size.Span
		}
	}
}

// imply makes the input x from the first layer's stated size.
func (c *checker) imply(s *grammar.Stmt, call *vocab.Call, ok bool) {
	var shape ir.Shape
	if ok && call.Word.Input != nil {
		shape = call.Word.Input(call)
	}
	if shape == nil {
		if ok || call.Word.Input == nil {
			c.report(c.problem(diag.NoInput, s.Word.Span, "nothing flows into `%s`: the input's size is not known", s.Word.Name).
				WithHelp("declare it above, as `input x[10]`, or state both sizes: `linear 10->1`"))
		}
		return
	}
	c.current = c.builder.Value(ir.Input, "x", ir.Row(shape...))
	c.origins[c.current] = call.Args["size"].Span
}

// automatic is the form of the names that unlabelled layers get.
var automatic = regexp.MustCompile(`^([A-Za-z_]+)[0-9]+$`)

// declare takes a name for an input or a label, which must be free.
func (c *checker) declare(name *grammar.Ident, what string) {
	if m := automatic.FindStringSubmatch(name.Name); m != nil && vocab.Find(m[1], vocab.Layer) != nil {
		c.report(c.problem(diag.ReservedName, name.Span, "the %s `%s` looks like an automatic name", what, name.Name).
			WithHelp("layers without a label are named by their word and a number; choose another name"))
	}
	if name.Name == "in" || name.Name == "of" {
		c.report(c.problem(diag.ReservedName, name.Span, "`%s` is a reserved name", name.Name).WithHelp("choose another name"))
		return
	}
	if before, taken := c.names[name.Name]; taken {
		c.report(c.problem(diag.DuplicateName, name.Span, "the %s `%s` is declared twice", what, name.Name).
			WithNote(before, "first here").WithHelp("choose another name"))
		return
	}
	c.names[name.Name] = name.Span
}
