package check

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// outputs decides what a prediction returns: what `output` names, else what losses judge, else the last value.
func (c *checker) outputs(losses []criterion) {
	var outputs []*ir.Value
	add := func(v *ir.Value) {
		if !slices.Contains(outputs, v) {
			outputs = append(outputs, v)
		}
	}
	switch {
	case c.output != nil:
		values, ok := c.arguments(vocab.Find("output", vocab.Structure), c.output.Word.Span, c.output.Args)
		if !ok {
			return
		}
		if len(values) == 0 {
			c.report(c.problem(diag.MissingArgument, c.output.Word.Span, "`output` needs the names of values").WithHelp("write `output price`"))
			return
		}
		named := values["name"]
		for i, v := range named.Named {
			if slices.Contains(outputs, v) {
				c.report(c.problem(diag.GivenTwice, named.Spans[i], "`%s` is an output already", c.ports[v]).WithHelp("keep one of the two"))
			}
			if v.Type.Kind != ir.F32 {
				c.report(c.problem(diag.IntegerInput, named.Spans[i], "an output is real numbers, but `%s` is integers", v.Name).
					WithHelp("leave it out: the caller has it already"))
				return
			}
			add(v)
		}
		for _, l := range losses {
			if !slices.Contains(outputs, l.output) {
				c.report(c.problem(diag.JudgedNoOutput, l.call.At, "this loss judges `%s`, which is no output", c.ports[l.output]).
					WithNote(c.output.Word.Span, "the outputs are named here").
					WithHelp("label it, and name it in `output` too"))
			}
		}
	case len(losses) > 0:
		for _, l := range losses {
			add(l.output)
		}
	case c.current != nil:
		add(c.current)
	}
	c.graph.Outputs = outputs
	for _, v := range outputs {
		c.graph.Ports = append(c.graph.Ports, c.ports[v])
	}
}
