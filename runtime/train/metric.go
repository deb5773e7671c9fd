package train

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
)

// metric is what can be measured of an output.
type metric struct {
	name   string
	suits  []data.TargetKind
	higher bool // a higher value is better, else a lower one

	inTraining, inEvaluation bool // shown after an epoch, and by eval, where nothing else is said

	start func() tally
}

// tally gathers one metric of one output over rows that come in parts.
type tally interface {
	add(c *comparison)
	value() float64
}

// metrics are all that there are, in the order in which they are shown.
var metrics = []metric{accuracy, mae, rmse, r2}

// findMetric returns the metric of that name.
func findMetric(name string) (metric, bool) {
	if i := slices.IndexFunc(metrics, func(k metric) bool { return k.name == name }); i >= 0 {
		return metrics[i], true
	}
	return metric{}, false
}

// chooseMetrics are those that the job names, of every output that they suit; else the model's; else the usual ones
// of each output in training.
func (m *Model) chooseMetrics(names []string) ([]Metric, error) {
	var chosen []Metric
	for _, name := range names {
		k, ok := findMetric(name)
		if !ok {
			var all []string
			for _, k := range metrics {
				all = append(all, k.name)
			}
			return nil, usage{fmt.Errorf("--metric %s: the metrics are %s", name, strings.Join(all, ", "))}
		}
		found := false
		for _, l := range m.judges() {
			if slices.Contains(k.suits, l.Kind) {
				found = true
				chosen = append(chosen, Metric{name, l.Output})
			}
		}
		if !found {
			return nil, usage{fmt.Errorf("--metric %s does not suit a model with the loss %s", name, m.Losses[0].Name)}
		}
	}
	if len(names) > 0 {
		return chosen, nil
	}
	if len(m.Metrics) > 0 {
		return m.Metrics, nil
	}
	return m.usualMetrics(func(k metric) bool { return k.inTraining }), nil
}

// usualMetrics are the usual ones that suit an output, output by output.
func (m *Model) usualMetrics(usual func(metric) bool) []Metric {
	var chosen []Metric
	for _, l := range m.judges() {
		for _, k := range metrics {
			if usual(k) && slices.Contains(k.suits, l.Kind) {
				chosen = append(chosen, Metric{k.name, l.Output})
			}
		}
	}
	return chosen
}

// nameOf is the name that a metric's value is shown under.
func (m *Model) nameOf(k Metric) string {
	if len(m.Losses) > 1 {
		return m.Outputs[k.Output].Name + "." + k.Name
	}
	return k.Name
}
