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
	errors  []residuals // by loss, of numbers
	hits    []*hits     // by loss, of classes; nil for numbers
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
		if t := &j.targets[l.Target]; t.IsClass() {
			j.hits[i] = newHits(t.Count)
		}
	}
}

// add takes n rows of outputs and their targets.
func (j *judge) add(n int, out [][]float32, targets []data.Block) error {
	for i, l := range j.m.Losses {
		size := j.m.Outputs[l.Output].Size()
		y, port := out[l.Output][:n*size], j.m.Targets[l.Target]
		t := targets[l.Target].Rows(0, n, port.Size())
		target := &j.targets[l.Target]
		j.losses[i].add(l.Name, y, t, target.Count)
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

// judged is the index of the loss that judges the output, −1 if none does.
func (m *Model) judged(output int) int {
	return slices.IndexFunc(m.Losses, func(l Loss) bool { return l.Output == output })
}

func isClassLoss(name string) bool {
	return name == data.LossCrossEntropy || name == data.LossBCELogits
}

// chooseMetrics are those that the job names, which judge every output they suit; else the model's; else the
// usual ones of each loss.
func (m *Model) chooseMetrics(names []string) ([]Metric, error) {
	var chosen []Metric
	for _, name := range names {
		if !slices.Contains(metricNames, name) {
			return nil, usage{fmt.Errorf("--metric %s: the metrics are %s", name, strings.Join(metricNames, ", "))}
		}
		found := false
		for _, l := range m.Losses {
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
	for _, l := range m.Losses {
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

// verify finds what is wrong with a model: a mistake of the program that made it.
func (m *Model) verify() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("internal error: model %s: %s", m.Name, fmt.Sprintf(format, args...))
	}
	if m.Batch < 1 || len(m.Inputs) == 0 || len(m.Outputs) == 0 || m.Predict == nil || m.Import == nil {
		return bad("incomplete")
	}
	for _, l := range m.Losses {
		if l.Target < 0 || l.Target >= len(m.Targets) || l.Output < 0 || l.Output >= len(m.Outputs) {
			return bad("the loss %s judges no output by a target", l.Name)
		}
		t, o := m.Targets[l.Target], m.Outputs[l.Output]
		size := t.Size()
		switch l.Name {
		case data.LossCrossEntropy:
			if !t.Int || t.Limit < 1 || len(o.Shape) == 0 || o.Shape[len(o.Shape)-1] != t.Limit {
				return bad("%s of %s: the target's limit is not the length of the logits", l.Name, o.Name)
			}
			size *= t.Limit
		case data.LossMSE, data.LossMAE, data.LossBCELogits:
			if t.Int {
				return bad("%s of %s: integer targets", l.Name, o.Name)
			}
		default:
			return bad("unknown loss %s", l.Name)
		}
		if size != o.Size() || t.Loss != l.Name {
			return bad("%s of %s: the target %s does not fit", l.Name, o.Name, t.Name)
		}
	}
	for _, metric := range m.Metrics {
		i := m.judged(metric.Output)
		if i < 0 || !slices.Contains(metricNames, metric.Name) || isClassLoss(m.Losses[i].Name) != (metric.Name == metricAccuracy) {
			return bad("the metric %s does not suit the output %d", metric.Name, metric.Output)
		}
	}
	return nil
}
