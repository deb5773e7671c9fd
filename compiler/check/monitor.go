package check

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// addStop finds what a `stop` watches among the metrics of the spec.
func (c *checker) addStop() {
	stop, call := c.graph.Recipe.Stop, c.stop
	if stop == nil {
		return
	}
	if len(c.losses) == 0 {
		if len(c.unparsed) == 0 {
			c.report(c.problem(diag.MetricMisfit, call.At, "a `stop` without a loss has nothing to watch").
				WithHelp("add a `loss`, or leave `stop` out"))
		}
		return
	}
	metrics := c.graph.Recipe.Metrics
	var of []int // the metrics that may be meant
	for i, m := range metrics {
		port := c.ports[m.Output] + "."
		if slices.Contains([]string{m.Name, m.Label(), port + m.Name, port + m.Label()}, stop.Monitor) {
			of = append(of, i)
		}
	}
	switch {
	case len(of) == 1:
		stop.Metric = of[0]
	case len(of) > 1:
		first := metrics[of[0]]
		d := c.problem(diag.UndefinedName, call.Span("monitor"), "`%s` is measured of several outputs: which is to be watched?", stop.Monitor).
			WithHelp("write `monitor=\"%s.%s\"`", c.ports[first.Output], first.Label())
		if metrics[of[1]].Output == first.Output {
			d = c.problem(diag.UndefinedName, call.Span("monitor"), "`%s` stands for several metrics: which is to be watched?", stop.Monitor).
				WithHelp("write `monitor=\"%s\"`", first.Label())
		}
		c.report(d)
	case call.Given("monitor") && stop.Monitor != "loss" && !c.list.HasErrors():
		c.report(c.unmonitored(call, stop.Monitor))
	}
}

// unmonitored words the mistake of a `stop` that watches what nobody measures.
func (c *checker) unmonitored(call *vocab.Call, name string) diag.Diagnostic {
	d := c.problem(diag.UndefinedName, call.Span("monitor"), "the spec has no metric `%s` to watch", name)
	known := []string{"loss"}
	for _, m := range c.graph.Recipe.Metrics {
		known = append(known, m.Label())
	}
	if near, ok := diag.Nearest(name, known); ok {
		return d.WithHelp("did you mean `%s`?", near)
	}
	losses := c.graph.Recipe.Losses
	if word := vocab.Find(name, vocab.Metric); word != nil && len(losses) > 0 && c.suitsOne(word) {
		return d.WithHelp("add it: `metric %s`", name)
	}
	return d.WithHelp("it may watch %s", list(known))
}

// suitsOne reports whether a metric suits what one of the losses compares with.
func (c *checker) suitsOne(word *vocab.Word) bool {
	for _, j := range c.graph.Recipe.Losses {
		for _, kind := range word.Suits {
			if kind == j.Kind {
				return true
			}
		}
	}
	return false
}
