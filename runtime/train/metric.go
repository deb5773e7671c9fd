package train

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
)

// metric is what can be measured of an output.
type metric struct {
	name   string
	suits  []data.TargetKind
	higher bool // a higher value is better, else a lower one

	usual int // of the whole number that it takes, from 1 to that of the classes; 0: it takes none

	inTraining, inEvaluation bool            // shown after an epoch, and by eval, where nothing else is said
	inSequences              bool            // by both, of classes at several positions
	alone                    data.TargetKind // by both, of this kind, which no other metric suits; 0: of none
	keeps                    bool            // so much that eval shows it only of few elements in a row where nobody asks

	start func(Metric) tally
}

// tally gathers one metric of one output over rows that come in parts.
type tally interface {
	add(c *comparison)
	value() float64
}

// numbers are the kinds of targets that are numbers in units of their own.
var numbers = []data.TargetKind{data.Quantity, data.Count, data.Vector, data.Distribution}

// metrics are all that there are, in the order in which they are shown.
var metrics = []metric{accuracy, top, exactMatch, precision, recall, f1, auc, perplexity, mae, rmse, r2}

// findMetric returns the metric of that name.
func findMetric(name string) (metric, bool) {
	if i := slices.IndexFunc(metrics, func(k metric) bool { return k.name == name }); i >= 0 {
		return metrics[i], true
	}
	return metric{}, false
}

// readMetric reads the name of a metric, behind which its number may stand, as in top:3. Its output is open.
func readMetric(text string) (metric, Metric, error) {
	name, number, numbered := strings.Cut(text, ":")
	k, ok := findMetric(name)
	if !ok {
		var all []string
		for _, k := range metrics {
			all = append(all, k.name)
		}
		return k, Metric{}, fmt.Errorf("the metrics are %s", strings.Join(all, ", "))
	}
	m := Metric{Name: name, Number: k.usual}
	if !numbered {
		return k, m, nil
	}
	var err error
	switch m.Number, err = strconv.Atoi(number); {
	case k.usual == 0:
		return k, m, fmt.Errorf("%s takes no number", name)
	case err != nil || m.Number < 1:
		return k, m, fmt.Errorf("write a whole number of at least 1 after it, as %s:%d", name, k.usual)
	}
	return k, m, nil
}

// fits says why the metric cannot be measured of what the loss judges: what stands behind the name of the metric.
func (m *Model) fits(k metric, number int, l Loss) error {
	switch {
	case !slices.Contains(k.suits, l.Kind):
		return fmt.Errorf("does not suit a model with the loss %s", l.Name)
	case k.usual > 0 && number > m.truth(l).Limit:
		return fmt.Errorf("looks for more scores than there are classes, %d", m.truth(l).Limit)
	}
	return nil
}

// chooseMetrics are those that the job names, of every output that they suit; else the model's; else the usual ones
// of each output in training.
func (m *Model) chooseMetrics(names []string) ([]Metric, error) {
	var chosen []Metric
	for _, name := range names {
		k, metric, err := readMetric(name)
		if err != nil {
			return nil, usage{fmt.Errorf("--metric %s: %w", name, err)}
		}
		found := false
		for _, l := range m.judges() {
			if misfit := m.fits(k, metric.Number, l); misfit != nil {
				if err == nil || slices.Contains(k.suits, l.Kind) { // that there are too few classes says more
					err = misfit
				}
				continue
			}
			found, metric.Output = true, l.Output
			if !slices.Contains(chosen, metric) {
				chosen = append(chosen, metric)
			}
		}
		if !found {
			return nil, usage{fmt.Errorf("--metric %s %w", name, err)}
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
			few := !k.keeps || m.Outputs[l.Output].Size() <= maxReported
			usually := usual(k) || k.inSequences && len(m.Outputs[l.Output].Shape) > 1 || k.alone != 0 && k.alone == l.Kind
			if usually && few && m.fits(k, k.usual, l) == nil {
				chosen = append(chosen, Metric{Name: k.name, Output: l.Output, Number: k.usual})
			}
		}
	}
	return chosen
}

// String is the metric's name, and behind it its number if it has one: top:3.
func (k Metric) String() string {
	if k.Number > 0 {
		return k.Name + ":" + strconv.Itoa(k.Number)
	}
	return k.Name
}

// nameOf is the name that a metric's value is shown under.
func (m *Model) nameOf(k Metric) string {
	if len(m.Losses) > 1 {
		return m.Outputs[k.Output].Name + "." + k.String()
	}
	return k.String()
}
