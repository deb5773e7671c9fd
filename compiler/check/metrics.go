package check

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// addMetrics checks the metrics. One that names no output is of the last value if a loss judges it, else of the
// only output that a loss judges.
func (c *checker) addMetrics() {
	losses := c.graph.Recipe.Losses
	for _, s := range c.metrics {
		if len(c.losses) == 0 && len(c.unparsed) == 0 {
			c.report(c.problem(diag.MetricMisfit, s.Word.Span, "a metric without a loss has nothing to compare with").
				WithHelp("add a `loss`, or leave the metric out"))
			continue
		}
		m, ok := c.criterion(s, vocab.Metric)
		if !ok || c.unknownLoss || len(losses) == 0 {
			continue
		}
		_, named := m.call.Args["output"]
		m.output = c.asJudged(m.output)
		of := slices.IndexFunc(losses, func(j ir.Criterion) bool { return j.Output == m.output })
		if of < 0 && !named && !slices.ContainsFunc(losses, func(j ir.Criterion) bool { return j.Output != losses[0].Output }) {
			of, m.output = 0, losses[0].Output
		}
		if of < 0 {
			d := c.problem(diag.MetricMisfit, m.call.At, "no loss judges the value that `%s` is to measure", m.call.Word.Name)
			if !named {
				d = d.WithHelp("name the output: `metric %s %s`", m.call.Word.Name, c.ports[losses[0].Output])
			}
			c.report(d)
			continue
		}
		if !c.suits(m.call, losses[of].Kind) {
			continue
		}
		if m.call.X = m.output; m.call.Word.Build != nil {
			m.call.Word.Build(m.call)
		}
		metric := ir.Criterion{Name: m.call.Word.Name, Output: m.output, Target: losses[of].Target, Number: m.call.Measured}
		if c.once("metric "+metric.Label()+" "+c.ports[m.output], s, "this `%s` is given already") {
			c.graph.Recipe.Metrics = append(c.graph.Recipe.Metrics, metric)
		}
	}
}

// either joins what one of is meant.
func either(list []string) string {
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// suits reports whether a metric suits targets of that kind, and a diagnostic otherwise.
func (c *checker) suits(call *vocab.Call, kind ir.TargetKind) bool {
	word := call.Word
	if slices.Contains(word.Suits, kind) {
		return true
	}
	kinds := make([]string, len(word.Suits))
	for i, k := range word.Suits {
		kinds[i] = "a " + k.String()
	}
	d := c.problem(diag.MetricMisfit, call.At, "`%s` compares with %s, but the target is a %v", word.Name, either(kinds), kind)
	if others := vocab.MetricsFor(kind); len(others) > 0 {
		d = d.WithHelp("write `metric %s`", strings.Join(others, "` or `metric "))
	}
	c.report(d)
	return false
}
