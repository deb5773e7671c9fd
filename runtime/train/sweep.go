package train

import (
	"errors"

	"github.com/nnc-lang/nnc/runtime/dataset"
)

// beginRecord is written where a training is one of a sweep: the data are read, and the training begins.
type beginRecord struct {
	Event   string         `json:"event"` // begin
	Metrics []metricRecord `json:"metrics"`
}

// metricRecord is a metric of the records that follow.
type metricRecord struct {
	Name   string `json:"name"`
	Higher bool   `json:"higher"` // a higher value is better
}

// enter says that a training of a sweep begins. The rows that its set holds out are what the sweep compares by.
func (r *run) enter(set *dataset.Loaded, metrics []Metric) error {
	if !r.job.Sweep {
		return nil
	}
	if set.Valid == nil {
		return usage{errors.New("no rows are held out, so there is nothing to compare trainings by: hold some out, as with --valid 0.2, or take turns with --folds 5")}
	}
	rec := beginRecord{Event: "begin"}
	if set.Valid.Questions() != nil {
		for _, m := range new(answerScore).measures() {
			rec.Metrics = append(rec.Metrics, metricRecord{m.name, true})
		}
		if !r.namesMetrics() {
			metrics = nil
		}
	}
	for _, m := range metrics {
		k, _ := findMetric(m.Name)
		rec.Metrics = append(rec.Metrics, metricRecord{r.m.nameOf(m), k.higher})
	}
	return writeRecord(r.stdout, rec)
}
