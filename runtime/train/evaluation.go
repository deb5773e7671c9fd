package train

import (
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// evaluation gathers the losses and metrics of a model over rows that come in parts: losses, which are the model's own,
// in model values, metrics in own units.
type evaluation struct {
	m       *Model
	losses  []nnrt.Mean // by the model's loss
	outputs []judgedOutput
	metrics []gathered
	byClass []float32 // weights of rows for weigh; nil: not by class
}

// judgedOutput is an output that losses judge.
type judgedOutput struct {
	loss       Loss // the first of them
	comparison comparison
	confusions []confusion // nil if it is not reported
}

// gathered is a metric under way.
type gathered struct {
	Metric
	tally
}

// newEvaluation begins an evaluation with the chosen metrics, which suit the model's outputs. targets are the codec's.
func newEvaluation(m *Model, targets []data.Target, chosen []Metric) *evaluation {
	e := &evaluation{m: m, losses: make([]nnrt.Mean, len(m.Losses))}
	for _, l := range m.judges() {
		e.outputs = append(e.outputs, judgedOutput{
			loss:       l,
			comparison: comparison{target: &targets[m.target(l)], size: m.Outputs[l.Output].Size(), longest: l.Longest},
		})
	}
	for _, metric := range chosen {
		if k, ok := findMetric(metric.Name); ok {
			e.metrics = append(e.metrics, gathered{metric, k.start(metric)})
		}
	}
	return e
}

// decideBy has flags taken for their second class from these thresholds on.
func (e *evaluation) decideBy(at thresholds) {
	for i := range e.outputs {
		e.outputs[i].comparison.at = at[e.outputs[i].loss.Output]
	}
}

// reportClasses also counts which class is taken for which, of outputs that have at most so many.
func (e *evaluation) reportClasses(most int) {
	for i := range e.outputs {
		e.outputs[i].confusions = newConfusions(e.outputs[i].comparison.target, most)
	}
}

// weighClasses lets rows count by their class too where weigh is called, as in a training with balanced classes.
func (e *evaluation) weighClasses(byClass []float32) { e.byClass = byClass }

// weigh says how much the first n rows of the chunk count in the losses: by weights of their own, nil for none, by
// their class, or both.
func (e *evaluation) weigh(c *chunk, own []float32, n int) {
	if own == nil && e.byClass == nil {
		return
	}
	c.weigh(func(i int) float32 {
		w := float32(1)
		if own != nil {
			w = own[i]
		}
		if e.byClass != nil {
			w *= classWeight(e.byClass, classAt(c.full.Targets[0], i))
		}
		return w
	}, n)
}

// classAt is the class of row i of a target of one class or flag in a row, as Set.Classes has it.
func classAt(target data.Block, i int) int32 {
	if target.Int != nil {
		return target.Int[i]
	}
	return int32(target.Float[i])
}

// add evaluates the first n rows of the chunk.
func (e *evaluation) add(n int, c *chunk) error {
	out, err := c.evaluate(n, e.losses)
	if err != nil {
		return err
	}
	return e.compare(n, c, out)
}

// compare compares outputs for the first n rows of the chunk with their truth.
func (e *evaluation) compare(n int, c *chunk, out [][]float32) error {
	for i := range e.outputs {
		o := &e.outputs[i]
		truth := c.full.truth(o.loss).Rows(0, n, e.m.truth(o.loss).Size())
		if err := o.comparison.take(out[o.loss.Output], truth); err != nil {
			return err
		}
		o.count()
		for _, g := range e.metrics {
			if g.Output == o.loss.Output {
				g.add(&o.comparison)
			}
		}
	}
	return nil
}

// count counts the classes of the rows at hand, those of the columns in turn where each has its own report.
func (o *judgedOutput) count() {
	if n := len(o.confusions); n > 0 {
		o.comparison.classes(func(i, actual, predicted int) { o.confusions[i%n][actual][predicted]++ })
	}
}

// loss is the weighted sum of the losses' means.
func (e *evaluation) loss() float64 {
	sum := 0.0
	for i, l := range e.m.Losses {
		sum += float64(l.Weight * e.losses[i].Value())
	}
	return sum
}

// measure is a value under the name that is shown.
type measure struct {
	name  string
	value float64
}

// parts are the losses that the loss is the weighted sum of, each by itself under its output's name; nil where there
// is one.
func (e *evaluation) parts() []measure {
	if len(e.m.Losses) < 2 {
		return nil
	}
	var ms []measure
	for i, l := range e.m.Losses {
		ms = append(ms, measure{e.m.Outputs[l.Output].Name + "." + l.Name, e.losses[i].Value()})
	}
	return ms
}

// measures are the metrics' values, in order.
func (e *evaluation) measures() []measure {
	var ms []measure
	for _, g := range e.metrics {
		ms = append(ms, measure{e.m.nameOf(g.Metric), g.value()})
	}
	return ms
}

// named reports whether results are told apart by the names of outputs or targets.
func (e *evaluation) named() bool { return len(e.m.Losses) > 1 || len(e.reports()) > 1 }

// reports are those of reportClasses: one per output of classes, or per column of flags.
func (e *evaluation) reports() []classReport {
	var reports []classReport
	for i := range e.outputs {
		o := &e.outputs[i]
		reports = append(reports, reportsOf(o.comparison.target, o.confusions, e.areas(o.loss.Output))...)
	}
	return reports
}

// areas are the AUCs of an output's flags by element of a row, nil where they are not among the metrics.
func (e *evaluation) areas(output int) []float64 {
	for _, g := range e.metrics {
		if r, ok := g.tally.(*ranking); ok && g.Output == output {
			return r.each()
		}
	}
	return nil
}
