package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// verdict is a statement `loss name …` or `metric name …` and what it judges.
type verdict struct {
	stmt *grammar.Stmt
	call *vocab.Call
	of   *ir.Value // nil: unknown
}

// judgement reads the head of a loss or a metric; false if it is not to be had.
func (c *checker) judgement(s *grammar.Stmt, kind vocab.Kind) (verdict, bool) {
	var ident *grammar.Ident
	if len(s.Args) > 0 {
		ident = nameOf(s.Args[0])
	}
	if ident == nil {
		c.report(c.problem(diag.MissingArgument, s.Word.Span, "`%s` needs the name of one", s.Word.Name).
			WithHelp("there are %s", list(vocab.Names(kind))))
		return verdict{}, false
	}
	word := vocab.Find(ident.Name, kind)
	if word == nil {
		if _, planned := vocab.Planned(ident.Name, kind); planned {
			c.report(c.notYet(*ident, kind))
			return verdict{}, false
		}
		d := c.problem(diag.UnknownWord, ident.Span, "unknown %v `%s`", kind, ident.Name).
			WithHelp("there are %s", list(vocab.Names(kind)))
		if near, ok := diag.Nearest(ident.Name, vocab.Names(kind)); ok {
			d = d.WithHelp("did you mean `%s`?", near)
		}
		c.report(d)
		return verdict{}, false
	}
	c.builder.Pos = position(s.Span)
	call, ok := c.call(s, word, s.Args[1:])
	if !ok {
		return verdict{}, false
	}
	call.At = ident.Span
	call.Statement = func(x *ir.Value) diag.Span { return c.layers[x.Base().Def.Layer] }
	v := verdict{stmt: s, call: call, of: c.current}
	if output, named := call.Args["output"]; named {
		v.of = output.Named[0]
	}
	return v, true
}

// judgeLosses checks the losses, adds them to the graph, and decides the outputs.
func (c *checker) judgeLosses() {
	g := c.graph
	if len(c.losses) > maxLosses {
		c.report(c.problem(diag.LimitExceeded, c.losses[maxLosses].Word.Span, "the spec has more than %d losses", maxLosses).
			WithHelp("judge several outputs as one: `concat` them"))
		c.losses = c.losses[:maxLosses]
	}
	var verdicts []verdict
	for _, s := range c.losses {
		v, ok := c.judgement(s, vocab.Loss)
		if !ok || v.of == nil {
			c.unknownLoss = true
			continue
		}
		verdicts = append(verdicts, v)
	}
	c.several = slices.ContainsFunc(verdicts, func(v verdict) bool { return v.of != verdicts[0].of })
	c.outputs(verdicts)
	var values []*ir.Value
	var weights []float64
	for i := range verdicts {
		v := &verdicts[i]
		if loss := c.judgeLoss(v, len(c.losses) > 1); loss != nil {
			values, weights = append(values, loss), append(weights, v.call.Number("weight"))
		} else {
			c.unknownLoss = true
		}
	}
	switch {
	case len(values) == 0 || c.unknownLoss:
	case len(values) == 1 && weights[0] == 1:
		g.Loss = values[0]
	default:
		c.builder.Layer, c.builder.Pos = "loss", position(c.losses[0].Span)
		g.Loss = vocab.Total(c.builder, values, weights)
	}
}

// judgeLoss adds one loss to the graph, nil if it is not to be had. Among several it is named after its output.
func (c *checker) judgeLoss(v *verdict, several bool) *ir.Value {
	call, port := v.call, c.ports[v.of]
	if v.of.Type.Kind != ir.F32 || v.of.Role == ir.Input {
		c.report(c.problem(diag.LossMisfit, call.At, "a loss judges what layers make, but `%s` is an input", v.of.Name).
			WithHelp("put a layer such as `linear 1` before it"))
		return nil
	}
	call.Name = "loss"
	if several {
		call.Name = port + "." + call.Word.Name
	} else if call.Number("weight") != 1 {
		call.Name = call.Word.Name
	}
	c.builder.Phase, c.builder.Layer, c.builder.Pos = ir.Loss, call.Name, position(v.stmt.Span)
	call.X = v.of
	for _, other := range c.graph.Recipe.Losses {
		if other.Output == v.of && other.Name == call.Word.Name {
			c.report(c.problem(diag.GivenTwice, call.At, "this output is judged by `%s` already", call.Word.Name).WithHelp("keep one of the two, with the sum of their weights"))
			return nil
		}
	}
	call.Compare = func(t ir.Type) *ir.Value {
		call.Target = c.target(v, port, t)
		return call.Target
	}
	call.Word.Build(call)
	if call.Loss == nil {
		return nil
	}
	c.graph.Recipe.Losses = append(c.graph.Recipe.Losses,
		ir.Judge{Name: call.Word.Name, Output: v.of, Target: call.Target, Weight: call.Number("weight"), Kind: call.Word.Target, Link: call.Word.Link})
	return call.Loss
}

// target returns what a loss compares with: the input that it names, or the target of its output, which losses of
// the same output share.
func (c *checker) target(v *verdict, port string, t ir.Type) *ir.Value {
	if given, ok := v.call.Args["target"]; ok {
		x := given.Named[0]
		if x.Role != ir.Input || !x.Type.Equal(t) {
			c.report(c.problem(diag.LossMisfit, given.Span, "`%s` compares %v with %v, but `%s` is %v", v.call.Word.Name, content(v.of.Type), content(t), x.Name, content(x.Type)).
				WithNote(c.origin(x), "`%s` comes from here", x.Name).
				WithHelp("`target=` names an input of the output's shape"))
			return nil
		}
		if !c.comparable(v, x) || !c.agrees(v, x) {
			return nil
		}
		return x
	}
	for _, other := range c.graph.Recipe.Losses {
		if other.Output != v.of {
			continue
		}
		if other.Target.Role != ir.Target {
			c.agrees(v, nil)
			return nil
		}
		if !other.Target.Type.Equal(t) {
			c.report(c.problem(diag.TargetConflict, v.call.At, "`%s` compares with %v, but `%s` compares the same output with %v",
				v.call.Word.Name, content(t), other.Name, content(other.Target.Type)).
				WithHelp("make an output for each: give each a layer of its own, with a label"))
			return nil
		}
		if !c.comparable(v, other.Target) {
			return nil
		}
		return other.Target
	}
	name := "target"
	if _, named := v.call.Args["output"]; named || c.several {
		name = ir.TargetPrefix + port
	}
	return c.builder.Value(ir.Target, name, t)
}

// agrees reports whether the other losses of the same output compare with the same input, nil for a target of the
// output's own. Otherwise there is a diagnostic.
func (c *checker) agrees(v *verdict, input *ir.Value) bool {
	for _, other := range c.graph.Recipe.Losses {
		if other.Output == v.of && other.Target != input {
			c.report(c.problem(diag.TargetConflict, v.call.At, "`%s` and `%s` judge the same output, but do not compare with the same", v.call.Word.Name, other.Name).
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
func (c *checker) comparable(v *verdict, target *ir.Value) bool {
	word := v.call.Word
	for _, other := range c.graph.Recipe.Losses {
		if other.Target == target && (other.Kind != word.Target || other.Output == v.of && other.Link != word.Link) {
			c.report(c.problem(diag.TargetConflict, v.call.At, "`%s` and `%s` compare with `%s`, which cannot be right for both",
				word.Name, other.Name, target.Port()).
				WithHelp("make an output for each: give each a layer of its own, with a label"))
			return false
		}
	}
	return true
}

// outputs decides what a prediction returns: what `output` names, else what losses judge, else the last value.
func (c *checker) outputs(judged []verdict) {
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
		for _, v := range judged {
			if !slices.Contains(outputs, v.of) {
				c.report(c.problem(diag.JudgedNoOutput, v.call.At, "this loss judges `%s`, which is no output", c.ports[v.of]).
					WithNote(c.output.Word.Span, "the outputs are named here").
					WithHelp("label it, and name it in `output` too"))
			}
		}
	case len(judged) > 0:
		for _, v := range judged {
			add(v.of)
		}
	case c.current != nil:
		add(c.current)
	}
	c.graph.Outputs = outputs
	for _, v := range outputs {
		c.graph.Ports = append(c.graph.Ports, c.ports[v])
	}
}

// judgeMetrics checks the metrics. One that names no output is of the last value if a loss judges it, else of the
// only output that a loss judges.
func (c *checker) judgeMetrics() {
	losses := c.graph.Recipe.Losses
	for _, s := range c.metrics {
		if len(c.losses) == 0 && len(c.unparsed) == 0 {
			c.report(c.problem(diag.MetricMisfit, s.Word.Span, "a metric without a loss has nothing to compare with").
				WithHelp("add a `loss`, or leave the metric out"))
			continue
		}
		v, ok := c.judgement(s, vocab.Metric)
		if !ok || c.unknownLoss || len(losses) == 0 {
			continue
		}
		_, named := v.call.Args["output"]
		of := slices.IndexFunc(losses, func(j ir.Judge) bool { return j.Output == v.of })
		if of < 0 && !named && !slices.ContainsFunc(losses, func(j ir.Judge) bool { return j.Output != losses[0].Output }) {
			of, v.of = 0, losses[0].Output
		}
		if of < 0 {
			d := c.problem(diag.MetricMisfit, v.call.At, "no loss judges the value that `%s` is to measure", v.call.Word.Name)
			if !named {
				d = d.WithHelp("name the output: `metric %s %s`", v.call.Word.Name, c.ports[losses[0].Output])
			}
			c.report(d)
			continue
		}
		v.call.X, v.call.Target = v.of, losses[of].Target
		if c.once("metric "+v.call.Word.Name+" "+c.ports[v.of], s, "this `%s` is given already") && c.suits(v.call, losses[of].Kind) {
			if build := v.call.Word.Build; build != nil {
				build(v.call)
			}
			c.graph.Recipe.Metrics = append(c.graph.Recipe.Metrics, ir.Judge{Name: v.call.Word.Name, Output: v.of, Target: v.call.Target})
		}
	}
}

// suits reports whether a metric is one of targets of that kind, and a diagnostic otherwise.
func (c *checker) suits(call *vocab.Call, kind ir.TargetKind) bool {
	word := call.Word
	if slices.Contains(word.Suits, kind) {
		return true
	}
	kinds := make([]string, len(word.Suits))
	for i, k := range word.Suits {
		kinds[i] = "a " + k.String()
	}
	d := c.problem(diag.MetricMisfit, call.At, "`%s` compares with %s, but the target is a %v", word.Name, strings.Join(kinds, " or "), kind)
	if others := vocab.MetricsFor(kind); len(others) > 0 {
		d = d.WithHelp("write `metric %s`", strings.Join(others, "` or `metric "))
	}
	c.report(d)
	return false
}
