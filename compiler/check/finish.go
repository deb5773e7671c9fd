package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// finish checks what can only be checked at the end of the file: the losses, the metrics, and the whole.
func (c *checker) finish() {
	c.builder.Phase = ir.Forward
	c.addLosses()
	c.addMetrics()
	c.addStop()
	c.freeze()
	for _, v := range c.graph.Outputs {
		c.name(v)
	}
	if c.budget >= 0 {
		c.unexpanded()
		c.unused()
		c.unusedBlocks()
	}
	if len(c.unparsed) == 0 && !c.list.HasErrors() {
		c.idleInits()
		c.whole()
	}
}

// name marks the label of an output as used: it is the output's name.
func (c *checker) name(v *ir.Value) {
	for _, n := range c.scope.declared {
		if n.value == v {
			n.used = true
		}
	}
}

// freeze marks the parameters that match the patterns of `freeze`.
func (c *checker) freeze() {
	word := vocab.Find("freeze", vocab.Structure)
	for _, s := range c.freezes {
		values, ok := c.arguments(word, s.Word.Span, s.Args)
		if !ok {
			continue
		}
		patterns := values["pattern"]
		if len(patterns.Texts) == 0 {
			c.report(c.problem(diag.MissingArgument, s.Word.Span, "`freeze` needs a pattern").WithHelp("write `%s`", word.Usage))
		}
		for i, pattern := range patterns.Texts {
			c.freezePattern(pattern, patterns.Spans[i])
		}
	}
}

func (c *checker) freezePattern(pattern string, at diag.Span) {
	found, parts := false, strings.Split(pattern, "*")
	for _, p := range c.graph.Params {
		if matches(parts, p.Name) {
			p.Frozen, found = true, true
		}
	}
	if found || c.broken || c.list.HasErrors() {
		return
	}
	var names []string
	for _, p := range c.graph.Params {
		names = append(names, p.Name)
	}
	d := c.problem(diag.NothingNamed, at, "no parameter's name matches `%s`", pattern)
	switch near, ok := diag.Nearest(pattern, names); {
	case ok:
		d = d.WithHelp("did you mean `%s`?", near)
	case slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, pattern+".") }):
		d = d.WithHelp("write `%s.*` for all parameters of that layer", pattern)
	case len(names) > 0:
		d = d.WithHelp("the names begin with `%s`; `*` stands for any characters", names[0])
	}
	c.report(d)
}

// matches reports whether a name matches a pattern, the parts between whose `*` are given.
func matches(parts []string, name string) bool {
	if len(parts) == 1 {
		return parts[0] == name
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(name) < len(first)+len(last) || !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) {
		return false
	}
	name = name[len(first) : len(name)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return true
}

// whole checks the graph as one thing.
func (c *checker) whole() {
	g := c.graph
	var at diag.Span
	if n := len(c.file.Stmts); n > 0 {
		at = c.file.Stmts[n-1].Word.Span
	}
	if optimiser, given := c.first["optimiser"]; given && len(c.losses) == 0 {
		c.report(c.problem(diag.OptimiserNoLoss, optimiser, "an optimiser without a loss has nothing to make small").
			WithHelp("add a loss, as `loss mse`"))
	}
	if g.Loss != nil && g.Recipe.Optimiser == nil {
		c.report(c.problem(diag.LossNoOptimiser, c.losses[0].Word.Span, "a loss without an optimiser trains nothing").
			WithHelp("add an optimiser, as `sgd 0.01` or `adam 0.001`"))
	}
	if g.Loss != nil {
		c.trains()
	}
	if s := g.Recipe.Schedule; s != nil && g.Recipe.Steps > 0 {
		if warmup := s.Warmup(); warmup >= g.Recipe.Steps {
			c.report(c.problem(diag.OutOfRange, c.first["schedule"], "the warm-up takes %d steps, but the whole training %d", warmup, g.Recipe.Steps).
				WithNote(c.first["length"], "here").
				WithHelp("make `warmup` smaller, or train for more steps"))
		}
	}
	if g.Loss == nil && len(g.Nodes) == 0 {
		c.report(c.problem(diag.NoLayers, at, "the spec has no layers").WithHelp("add one, as `linear 10->1`"))
		return
	}
	c.reach()
	parameters, activations := 0, 0
	for _, v := range g.Params {
		parameters = c.plus(parameters, v)
	}
	for _, n := range g.Nodes {
		for _, v := range n.Out {
			activations = c.plus(activations, v)
		}
	}
	c.fits(at, "the parameters together", parameters)
	if batch, given := c.first["batch"]; given {
		at = batch
	}
	what := "the values of a batch"
	if c.batch > 0 {
		at = diag.Span{} // no statement of the spec is at fault
		what = fmt.Sprintf("--batch %d: %s", c.batch, what)
	}
	c.fits(at, what, activations, g.Recipe.Batch)
}

// plus adds the elements of a value to a sum that is of no interest beyond the limit.
func (c *checker) plus(sum int, v *ir.Value) int {
	return min(sum, c.most) + v.Type.Shape.Size() // which is within the limit
}

// trains reports a loss that has nothing to make small by.
func (c *checker) trains() {
	switch g := c.graph; {
	case len(g.Params) == 0:
		c.report(c.problem(diag.NothingToTrain, c.losses[0].Word.Span, "there are no parameters to train").
			WithHelp("add a layer with parameters, as `linear 1`"))
	case !slices.ContainsFunc(g.Params, func(p *ir.Value) bool { return !p.Frozen }):
		c.report(c.problem(diag.NothingToTrain, c.losses[0].Word.Span, "there is nothing to train: all parameters are frozen").
			WithNote(c.freezes[0].Word.Span, "here").
			WithHelp("freeze less, or leave the loss out"))
	}
}

// reach reports inputs and layers that reach neither an output nor the loss.
func (c *checker) reach() {
	g := c.graph
	reaches := map[*ir.Value]bool{g.Loss: true}
	read := map[*ir.Value]bool{}
	for _, v := range g.Outputs {
		reaches[v] = true
	}
	for _, j := range g.Recipe.Losses {
		reaches[j.Target] = true
	}
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		n := g.Nodes[i]
		needed := slices.ContainsFunc(n.Out, func(v *ir.Value) bool { return reaches[v] })
		for _, v := range n.In {
			read[v] = true
			reaches[v] = reaches[v] || needed
		}
	}
	for _, v := range g.Inputs {
		if !reaches[v] {
			c.report(c.problem(diag.UnusedInput, c.origins[v], "the input `%s` does not reach the output", v.Name).
				WithHelp("%s", c.useOf(v)))
		}
	}
	for _, n := range g.Nodes {
		if n.Phase == ir.Forward && !slices.ContainsFunc(n.Out, func(v *ir.Value) bool { return reaches[v] || read[v] }) {
			c.report(c.problem(diag.UnusedLayer, c.layers[n.Layer], "what this makes reaches no output and no loss").
				WithHelp("leave it out, or label it and use the value: `add`, `concat`, `from`, `output`"))
		}
	}
}
