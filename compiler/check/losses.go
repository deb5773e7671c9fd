package check

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// criterion is a statement `loss name …` or `metric name …`.
type criterion struct {
	stmt   *grammar.Stmt
	call   *vocab.Call
	output *ir.Value // what it is of; nil: unknown
}

// behind finds the word of that kind that is a statement's first argument; false if it is not to be had.
func (c *checker) behind(s *grammar.Stmt, kind vocab.Kind) (*vocab.Word, grammar.Ident, bool) {
	var ident *grammar.Ident
	if len(s.Args) > 0 {
		ident = nameOf(s.Args[0])
	}
	if ident == nil {
		c.report(c.problem(diag.MissingArgument, s.Word.Span, "`%s` needs the name of one", s.Word.Name).
			WithHelp("there are %s", list(vocab.Names(kind))))
		return nil, grammar.Ident{}, false
	}
	word := vocab.Find(ident.Name, kind)
	if word == nil {
		if _, planned := vocab.Planned(ident.Name, kind); planned {
			c.report(c.notYet(*ident, kind))
			return nil, *ident, false
		}
		d := c.problem(diag.UnknownWord, ident.Span, "unknown %v `%s`", kind, ident.Name).
			WithHelp("there are %s", list(vocab.Names(kind)))
		if known, _, ok := c.elsewhere(d, *ident, kind); ok {
			d = known
		} else if near, ok := diag.Nearest(ident.Name, vocab.Names(kind)); ok {
			d = d.WithHelp("did you mean `%s`?", near)
		}
		c.report(d)
		return nil, *ident, false
	}
	return word, *ident, true
}

// criterion reads the head of a loss or a metric; false if it is not to be had.
func (c *checker) criterion(s *grammar.Stmt, kind vocab.Kind) (criterion, bool) {
	word, ident, ok := c.behind(s, kind)
	if !ok {
		return criterion{}, false
	}
	c.builder.Pos = position(s.Span)
	call, ok := c.call(s, word, s.Args[1:])
	if !ok {
		return criterion{}, false
	}
	call.At = ident.Span
	call.Statement = func(x *ir.Value) diag.Span { return c.layers[x.Base().Def.Layer] }
	m := criterion{stmt: s, call: call, output: c.current}
	if output, named := call.Args["output"]; named {
		m.output = output.Named[0]
	}
	return m, true
}

// addLosses checks the losses, adds them to the graph, and decides the outputs.
func (c *checker) addLosses() {
	g := c.graph
	if len(c.losses) > maxLosses {
		c.report(c.problem(diag.LimitExceeded, c.losses[maxLosses].Word.Span, "the spec has more than %d losses", maxLosses).
			WithHelp("judge several outputs as one: `concat` them"))
		c.losses = c.losses[:maxLosses]
	}
	var criteria []criterion
	for _, s := range c.losses {
		l, ok := c.criterion(s, vocab.Loss)
		if !ok || l.output == nil {
			c.unknownLoss = true
			continue
		}
		criteria = append(criteria, l)
	}
	c.several = slices.ContainsFunc(criteria, func(l criterion) bool { return l.output != criteria[0].output })
	c.outputs(criteria)
	criteria = slices.DeleteFunc(criteria, c.unpredictable)
	weights := c.rowWeights(criteria)
	var values []*ir.Value
	var shares []float64
	for i := range criteria {
		l := &criteria[i]
		l.call.Weights = weights
		if loss := c.addLoss(l, len(c.losses) > 1); loss != nil {
			values, shares = append(values, loss), append(shares, l.call.Number("weight"))
		} else {
			c.unknownLoss = true
		}
	}
	if weights != nil && len(values) > 0 {
		g.Targets = append(g.Targets, weights)
	}
	switch {
	case len(values) == 0 || c.unknownLoss:
	case len(values) == 1 && shares[0] == 1:
		g.Loss = values[0]
	default:
		c.builder.Layer, c.builder.Pos = "loss", position(c.losses[0].Span)
		g.Loss = vocab.Total(c.builder, values, shares)
	}
}

// unpredictable puts what a loss makes of its output for predictions in the output's place, and reports whether that is not to
// be had.
func (c *checker) unpredictable(l criterion) bool {
	if l.call.Word.Output == nil || !judgeable(l.output) || c.judged[l.output] != nil {
		return false
	}
	c.builder.Phase, c.builder.Layer, c.builder.Pos = ir.Forward, c.ports[l.output], position(l.stmt.Span)
	l.call.Name, l.call.X = c.builder.Layer, l.output
	l.call.Word.Output(l.call)
	if l.call.X == nil {
		c.unknownLoss = true
		return true
	}
	if l.call.X != l.output {
		c.judged[l.output] = l.call.X
		c.ports[l.call.X] = c.ports[l.output]
		if at := slices.Index(c.graph.Outputs, l.output); at >= 0 {
			c.graph.Outputs[at] = l.call.X
		}
	}
	return false
}

// judgeable reports whether a loss can judge a value.
func judgeable(v *ir.Value) bool { return v.Type.Kind == ir.F32 && v.Role != ir.Input }

// asJudged is what losses have made of an output for predictions, or the output itself.
func (c *checker) asJudged(output *ir.Value) *ir.Value {
	if made := c.judged[output]; made != nil {
		return made
	}
	return output
}

// rowWeights adds the weights of the rows, behind the targets that are to come, if the losses go by any.
func (c *checker) rowWeights(criteria []criterion) *ir.Value {
	var weights *ir.Value
	for _, l := range criteria {
		balanced, ok := l.call.Args["class_weights"]
		if !ok || balanced.Text != "balanced" {
			continue
		}
		c.weighs = true
		if len(c.losses) > 1 {
			c.report(c.problem(diag.UnexpectedArgument, balanced.Span, "balanced classes weigh whole rows, which other losses judge too").
				WithHelp("leave `class_weights` out, or keep this loss alone"))
		}
	}
	if c.weighs && len(criteria) > 0 {
		weights = &ir.Value{Role: ir.Target, Name: ir.RowWeights, Type: ir.Row()}
	}
	return weights
}

// addLoss adds one loss to the graph, nil if it is not to be had. Among several it is named after its output.
func (c *checker) addLoss(l *criterion, several bool) *ir.Value {
	l.output = c.asJudged(l.output)
	call, port := l.call, c.ports[l.output]
	if !judgeable(l.output) {
		c.report(c.problem(diag.LossMisfit, call.At, "a loss judges what layers make, but `%s` is an input", l.output.Name).
			WithHelp("put a layer such as `linear 1` before it"))
		return nil
	}
	call.Name = "loss"
	if several {
		call.Name = port + "." + call.Word.Name
	} else if call.Number("weight") != 1 {
		call.Name = call.Word.Name
	}
	c.builder.Phase, c.builder.Layer, c.builder.Pos = ir.Loss, call.Name, position(l.stmt.Span)
	call.X = l.output
	for _, other := range c.graph.Recipe.Losses {
		if other.Output == l.output && other.Name == call.Word.Name {
			c.report(c.problem(diag.GivenTwice, call.At, "this output is judged by `%s` already", call.Word.Name).WithHelp("keep one of the two, with the sum of their weights"))
			return nil
		}
	}
	call.Compare = func(t ir.Type) *ir.Value {
		call.Target = c.target(l, port, t)
		return call.Target
	}
	call.Word.Build(call)
	if call.Loss == nil {
		return nil
	}
	c.graph.Recipe.Losses = append(c.graph.Recipe.Losses,
		ir.Criterion{Name: call.Word.Name, Output: l.output, Target: call.Target, Loss: call.Loss, Count: call.Count, Means: call.Means, Weight: call.Number("weight"), Kind: call.Word.Target, Link: call.Word.Link,
			Ignored: call.Ignored, Weighs: call.Weighs, Balanced: call.Balanced, Longest: call.Longest, Mask: call.TargetMask})
	return call.Loss
}

// target returns what a loss compares with: the input that it names, or the target of its output, which losses of
// the same output share.
func (c *checker) target(l *criterion, port string, t ir.Type) *ir.Value {
	if given, ok := l.call.Args["target"]; ok {
		x := given.Named[0]
		if x.Role != ir.Input || !x.Type.Equal(t) {
			c.report(c.problem(diag.LossMisfit, given.Span, "`%s` compares %v with %v, but `%s` is %v", l.call.Word.Name, content(l.output.Type), content(t), x.Name, content(x.Type)).
				WithNote(c.origin(x), "`%s` comes from here", x.Name).
				WithHelp("`target=` names an input of the output's shape"))
			return nil
		}
		if !c.comparable(l, x) || !c.agrees(l, x) {
			return nil
		}
		return x
	}
	for _, other := range c.graph.Recipe.Losses {
		if other.Output != l.output {
			continue
		}
		if other.Target.Role != ir.Target {
			c.agrees(l, nil)
			return nil
		}
		if !other.Target.Type.Equal(t) {
			c.report(c.problem(diag.TargetConflict, l.call.At, "`%s` compares with %v, but `%s` compares the same output with %v",
				l.call.Word.Name, content(t), other.Name, content(other.Target.Type)).
				WithHelp("make an output for each: give each a layer of its own, with a label"))
			return nil
		}
		if !c.comparable(l, other.Target) {
			return nil
		}
		return other.Target
	}
	name := "target"
	if _, named := l.call.Args["output"]; named || c.several {
		name = ir.TargetPrefix + port
	}
	return c.builder.Value(ir.Target, name, t)
}

// agrees reports whether the other losses of the same output compare with the same input, nil for a target of the
// output's own. Otherwise there is a diagnostic.
func (c *checker) agrees(l *criterion, input *ir.Value) bool {
	for _, other := range c.graph.Recipe.Losses {
		if other.Output == l.output && other.Target != input {
			c.report(c.problem(diag.TargetConflict, l.call.At, "`%s` and `%s` judge the same output, but do not compare with the same", l.call.Word.Name, other.Name).
				WithHelp("give both losses the same `target=`, or neither; or make an output for each"))
			return false
		}
	}
	return true
}

// content says what a row of a type holds.
func content(t ir.Type) string {
	switch {
	case t.Kind == ir.I32 && len(t.Shape) == 0:
		return fmt.Sprintf("a class of %d", t.Limit)
	case t.Kind == ir.I32:
		return fmt.Sprintf("%v of %d classes", t.Shape, t.Limit)
	}
	return t.Shape.String()
}

// comparable reports whether the losses that compare with a target take it for the same, as a probability is no
// quantity, and those of one output make the same prediction of it. Otherwise there is a diagnostic.
func (c *checker) comparable(l *criterion, target *ir.Value) bool {
	word := l.call.Word
	for _, other := range c.graph.Recipe.Losses {
		if other.Target == target && (other.Kind != word.Target || other.Ignored != l.call.Ignored || other.Output == l.output && other.Link != word.Link) {
			c.report(c.problem(diag.TargetConflict, l.call.At, "`%s` and `%s` compare with `%s`, which cannot be right for both",
				word.Name, other.Name, target.Port()).
				WithHelp("make an output for each: give each a layer of its own, with a label"))
			return false
		}
	}
	return true
}
