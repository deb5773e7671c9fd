package train

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
)

// verify finds what is wrong with a model: a mistake of the program that made it.
func (m *Model) verify() error {
	err := m.verifyParts()
	for i := 0; i < len(m.Losses) && err == nil; i++ {
		err = m.verifyLoss(i)
	}
	for i := 0; i < len(m.Inputs) && err == nil; i++ {
		err = m.verifyInput(i)
	}
	for i := 0; i < len(m.Metrics) && err == nil; i++ {
		err = m.verifyMetric(m.Metrics[i])
	}
	if s := m.Stop; s != nil && err == nil {
		err = m.verifyStop(s)
	}
	if err != nil {
		return fmt.Errorf("internal error: model %s: %w", m.Name, err)
	}
	return nil
}

func (m *Model) verifyParts() error {
	evaluates := m.Evaluate != nil || len(m.Losses) == 0
	if m.Batch < 1 || len(m.Inputs) == 0 || len(m.Outputs) == 0 || m.Predict == nil || m.Import == nil || !evaluates {
		return fmt.Errorf("incomplete")
	}
	return nil
}

// verifyLoss checks that the loss suits its output and its truth, and the losses before it that share either.
func (m *Model) verifyLoss(i int) error {
	l := m.Losses[i]
	if l.Balanced && (!m.Weighted || len(m.Losses) > 1 || l.Kind != data.Class || m.truth(l).Size() != 1) {
		return fmt.Errorf("the classes of %s cannot be balanced", l.Name)
	}
	compares := l.Target >= 0 && l.Target < len(m.Targets) || l.Target == -1 && l.Input >= 0 && l.Input < len(m.Inputs)
	if !compares || l.Output < 0 || l.Output >= len(m.Outputs) {
		return fmt.Errorf("the loss %s judges no output by a target or an input", l.Name)
	}
	t, o := m.truth(l), m.Outputs[l.Output]
	size := t.Size()
	switch l.Kind {
	case data.Class:
		if !t.Int || t.Limit < 1 || len(o.Shape) == 0 || o.Shape[len(o.Shape)-1] != t.Limit {
			return fmt.Errorf("%s of %s: the limit of %s is not the length of the logits", l.Name, o.Name, t.Name)
		}
		size *= t.Limit
	case data.Quantity, data.Flag, data.Count, data.Vector, data.Distribution:
		if t.Int {
			return fmt.Errorf("%s of %s: %s holds integers", l.Name, o.Name, t.Name)
		}
	case data.Span:
		if !t.Int || size != 2 || len(o.Shape) != 2 || o.Shape[0] != t.Limit || o.Shape[1] != 2 || l.Longest < 1 {
			return fmt.Errorf("%s of %s: %s is not a start and an end", l.Name, o.Name, t.Name)
		}
		of := slices.IndexFunc(m.Inputs, func(p data.Port) bool { return p.Name == l.Mask })
		if l.Mask != "" && (of < 0 || m.Inputs[of].Size() != t.Limit) {
			return fmt.Errorf("%s of %s: %s is no mask of its positions", l.Name, o.Name, l.Mask)
		}
		size = o.Size()
	default:
		return fmt.Errorf("%s of %s: unknown %s", l.Name, o.Name, l.Kind)
	}
	for _, k := range m.Losses[:i] {
		if k.Output == l.Output && k.Name == l.Name {
			return fmt.Errorf("%s of %s is given twice", l.Name, o.Name)
		}
	}
	first := m.Losses[m.judged(l.Output)]
	byTruth := m.Losses[slices.IndexFunc(m.Losses, func(k Loss) bool { return m.target(k) == m.target(l) })]
	switch {
	case size != o.Size() || t.Judged == nil || *t.Judged != byTruth.judged():
		return fmt.Errorf("%s of %s: %s does not fit", l.Name, o.Name, t.Name)
	case m.target(first) != m.target(l):
		return fmt.Errorf("%s of %s: %s judges it by something else", l.Name, o.Name, first.Name)
	case byTruth.Kind != l.Kind || byTruth.Link != l.Link || byTruth.LeftOut != l.LeftOut:
		return fmt.Errorf("%s of %s: %s takes %s for another kind of value", l.Name, o.Name, byTruth.Name, t.Name)
	}
	return nil
}

// verifyInput checks that an input is declared as judged only if a loss compares with it.
func (m *Model) verifyInput(i int) error {
	used := slices.ContainsFunc(m.Losses, func(l Loss) bool { return l.Target == -1 && l.Input == i })
	if !used && m.Inputs[i].Judged != nil {
		return fmt.Errorf("no loss compares with the input %s", m.Inputs[i].Name)
	}
	return nil
}

func (m *Model) verifyMetric(metric Metric) error {
	i := m.judged(metric.Output)
	k, known := findMetric(metric.Name)
	if i < 0 || !known || (k.usual > 0) != (metric.Number > 0) || m.fits(k, metric.Number, m.Losses[i]) != nil {
		return fmt.Errorf("the metric %s does not suit the output %d", metric.Name, metric.Output)
	}
	return nil
}

// verifyStop checks that a training can end so.
func (m *Model) verifyStop(s *Stop) error {
	if s.Patience < 1 || !(s.MinDelta >= 0) {
		return fmt.Errorf("it stops with a patience of %d and a least change of %v", s.Patience, s.MinDelta)
	}
	if s.Metric != nil && !slices.Contains(m.Metrics, *s.Metric) {
		return fmt.Errorf("it stops by %s, which is no metric of its own", s.Monitor)
	}
	return nil
}
