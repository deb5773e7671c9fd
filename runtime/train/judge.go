package train

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
)

// judge measures the model's outputs against the targets: losses in model values, metrics in own units.
type judge struct {
	m       *Model
	targets []data.Target
	metrics []Metric
	losses  []lossSum
	errors  []residuals // by loss, of numbers; the first of an output's losses has them
	hits    []*hits     // by loss, of classes; nil for numbers and for all but the first of an output's losses
	y, t    []float32   // a row in own units
}

func newJudge(m *Model, targets []data.Target, metrics []Metric) *judge {
	j := &judge{m: m, targets: targets, metrics: metrics}
	j.reset()
	return j
}

func (j *judge) reset() {
	n := len(j.m.Losses)
	j.losses, j.errors, j.hits = make([]lossSum, n), make([]residuals, n), make([]*hits, n)
	for i, l := range j.m.Losses {
		if t := &j.targets[j.m.target(l)]; t.IsClass() && j.m.judged(l.Output) == i {
			j.hits[i] = newHits(t.Count)
		}
	}
}

// add takes n rows of outputs and the batch that they come from, which may hold more.
func (j *judge) add(n int, out [][]float32, b *Batch) error {
	for i, l := range j.m.Losses {
		size := j.m.Outputs[l.Output].Size()
		y := out[l.Output][:n*size]
		t := b.truth(l).Rows(0, n, j.m.truth(l).Size())
		target := &j.targets[j.m.target(l)]
		j.losses[i].add(l.Name, y, t, target.Count)
		if j.m.judged(l.Output) != i {
			continue
		}
		if target.IsClass() {
			j.hits[i].add(l.Name, y, t, target.Count)
			continue
		}
		j.y, j.t = slices.Grow(j.y[:0], size)[:size], slices.Grow(j.t[:0], size)[:size]
		for r := range n {
			if err := target.Decode(j.y, y[r*size:(r+1)*size]); err != nil {
				return err
			}
			if err := target.Decode(j.t, t.Float[r*size:(r+1)*size]); err != nil {
				return err
			}
			j.errors[i].add(j.y, j.t)
		}
	}
	return nil
}

// parts are the losses that the loss is the weighted sum of, each by itself under its output's name; nil where there
// is one.
func (j *judge) parts() []measure {
	if len(j.m.Losses) < 2 {
		return nil
	}
	var ms []measure
	for i, l := range j.m.Losses {
		name := j.m.Outputs[l.Output].Name + "." + l.Name
		// Variants of one loss, such as with smoothing, differ in training only.
		if !slices.ContainsFunc(ms, func(m measure) bool { return m.name == name }) {
			ms = append(ms, measure{name, j.losses[i].mean()})
		}
	}
	return ms
}

// loss is the weighted sum of the losses' means.
func (j *judge) loss() float64 {
	sum := 0.0
	for i, l := range j.m.Losses {
		sum += float64(l.Weight * j.losses[i].mean())
	}
	return sum
}

// measure is a metric's value under the name that is shown.
type measure struct {
	name  string
	value float64
}

// measures are the metrics' values, in order.
func (j *judge) measures() []measure {
	var ms []measure
	for _, metric := range j.metrics {
		i := j.m.judged(metric.Output)
		name := metric.Name
		if len(j.m.Losses) > 1 {
			name = j.m.Outputs[metric.Output].Name + "." + name
		}
		var v float64
		switch metric.Name {
		case metricAccuracy:
			v = j.hits[i].accuracy()
		case metricMAE:
			v = j.errors[i].mae()
		case metricRMSE:
			v = j.errors[i].rmse()
		case metricR2:
			v = j.errors[i].r2()
		}
		ms = append(ms, measure{name, v})
	}
	return ms
}

// The metrics.
const (
	metricAccuracy = "accuracy"
	metricMAE      = "mae"
	metricRMSE     = "rmse"
	metricR2       = "r2"
)

var metricNames = []string{metricAccuracy, metricMAE, metricRMSE, metricR2}

func isClassLoss(name string) bool {
	return name == data.LossCrossEntropy || name == data.LossBCELogits
}

// chooseMetrics are those that the job names, which judge every output they suit; else the model's; else the
// usual ones of each output.
func (m *Model) chooseMetrics(names []string) ([]Metric, error) {
	var chosen []Metric
	for _, name := range names {
		if !slices.Contains(metricNames, name) {
			return nil, usage{fmt.Errorf("--metric %s: the metrics are %s", name, strings.Join(metricNames, ", "))}
		}
		found := false
		for _, l := range m.judges() {
			if isClassLoss(l.Name) == (name == metricAccuracy) {
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
	return m.usualMetrics(metricMAE, metricR2), nil
}

// usualMetrics are the accuracy of classes and the given ones of numbers.
func (m *Model) usualMetrics(ofNumbers ...string) []Metric {
	var metrics []Metric
	for _, l := range m.judges() {
		if isClassLoss(l.Name) {
			metrics = append(metrics, Metric{metricAccuracy, l.Output})
			continue
		}
		for _, name := range ofNumbers {
			metrics = append(metrics, Metric{name, l.Output})
		}
	}
	return metrics
}
