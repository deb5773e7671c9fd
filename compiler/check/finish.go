package check

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/diag"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
)

// finish checks what can only be judged at the end of the file: the loss, the metrics, and the whole.
func (c *checker) finish() {
	g := c.graph
	if c.current != nil {
		g.Outputs = []*ir.Value{c.current}
	}
	var target *ir.Value
	if c.loss != nil {
		if call := c.judge(c.loss, vocab.Loss, nil); call != nil && call.Loss != nil {
			g.Loss, target = call.Loss, call.Target
			g.Recipe.Losses = []ir.Judge{{Name: call.Word.Name, Output: c.current, Target: target, Weight: 1}}
		}
	}
	for _, s := range c.metrics {
		switch {
		case c.loss == nil && c.torn: // it may be among the missing
		case c.loss == nil:
			c.report(c.problem(diag.MetricMisfit, s.Word.Span, "a metric without a loss has nothing to compare with").
				WithHelp("add a `loss`, or leave the metric out"))
		case target != nil:
			if call := c.judge(s, vocab.Metric, target); call != nil && c.once("metric "+call.Word.Name, s, "this `%s` is given already") {
				g.Recipe.Metrics = append(g.Recipe.Metrics, ir.Judge{Name: call.Word.Name, Output: c.current, Target: target})
			}
		}
	}
	if c.torn || c.list.HasErrors() {
		return
	}
	c.whole()
}

// judge checks `loss name …` or `metric name …` for the last value; nil if it is not to be had.
func (c *checker) judge(s *grammar.Stmt, kind vocab.Kind, target *ir.Value) *vocab.Call {
	c.builder.Pos, c.builder.Layer = position(s.Span), s.Word.Name
	var name *grammar.Ident
	if len(s.Args) > 0 {
		name = nameOf(s.Args[0])
	}
	if name == nil {
		c.report(c.problem(diag.MissingArgument, s.Word.Span, "`%s` needs the name of one", s.Word.Name).
			WithHelp("there are %s", list(vocab.Names(kind))))
		return nil
	}
	word := vocab.Find(name.Name, kind)
	if word == nil {
		d := c.problem(diag.UnknownWord, name.Span, "unknown %v `%s`", kind, name.Name)
		if near, ok := diag.Nearest(name.Name, vocab.Names(kind)); ok {
			c.report(d.WithHelp("did you mean `%s`?", near))
		} else {
			c.report(d.WithHelp("there are %s", list(vocab.Names(kind))))
		}
		return nil
	}
	call, ok := c.call(s, word, s.Args[1:])
	if !ok || c.current == nil {
		return nil
	}
	call.At, call.X, call.Target = name.Span, c.current, target
	if kind == vocab.Loss {
		c.builder.Phase = ir.Loss
		if c.current.Type.Kind != ir.F32 {
			c.report(c.problem(diag.LossMisfit, name.Span, "a loss judges what layers make, but there are none").
				WithHelp("put a layer such as `linear 1` before it"))
			return nil
		}
	}
	word.Build(call)
	return call
}

// whole checks the graph as one thing.
func (c *checker) whole() {
	g := c.graph
	var at diag.Span
	if n := len(c.file.Stmts); n > 0 {
		at = c.file.Stmts[n-1].Word.Span
	}
	if optimiser, given := c.first["optimiser"]; given && g.Loss == nil {
		c.report(c.problem(diag.OptimiserNoLoss, optimiser, "an optimiser without a loss has nothing to make small").
			WithHelp("add a loss, as `loss mse`"))
	}
	if g.Loss != nil && g.Recipe.Optimiser == nil {
		c.report(c.problem(diag.LossNoOptimiser, c.loss.Word.Span, "a loss without an optimiser trains nothing").
			WithHelp("add an optimiser, as `sgd 0.01` or `adam 0.001`"))
	}
	if g.Loss != nil && len(g.Params) == 0 {
		c.report(c.problem(diag.NothingToTrain, c.loss.Word.Span, "there are no parameters to train").
			WithHelp("add a layer with parameters, as `linear 1`"))
	}
	if g.Loss == nil && len(g.Nodes) == 0 {
		c.report(c.problem(diag.NoLayers, at, "the spec has no layers").WithHelp("add one, as `linear 10->1`"))
	}
	reaches := map[*ir.Value]bool{g.Loss: true} // the loss or an output
	for _, v := range g.Outputs {
		reaches[v] = true
	}
	parameters, activations := 0, 0
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		n := g.Nodes[i]
		if slices.ContainsFunc(n.Out, func(v *ir.Value) bool { return reaches[v] }) {
			for _, v := range n.In {
				reaches[v] = true
			}
		}
		for _, v := range n.Out {
			activations += v.Type.Shape.Size() // each is below the limit, and so are the layers
		}
	}
	for _, v := range g.Inputs {
		if !reaches[v] {
			c.report(c.problem(diag.UnusedInput, c.origins[v], "the input `%s` does not reach the output", v.Name).
				WithHelp("leave it out: the value that flows on is that of the last input"))
		}
	}
	for _, v := range g.Params {
		parameters += v.Type.Shape.Size()
	}
	c.fits(at, "the parameters together", parameters)
	c.fits(at, "the values of a batch", activations, g.Recipe.Batch)
}

// list joins names for a message.
func list(names []string) string {
	text := ""
	for i, name := range names {
		if i > 0 {
			text += ", "
		}
		text += "`" + name + "`"
	}
	return text
}
