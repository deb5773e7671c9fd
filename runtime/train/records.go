package train

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// The lines that --json writes, told apart by their field event.

// epochRecord is written after each epoch.
type epochRecord struct {
	Event       string            `json:"event"` // epoch
	Epoch       int               `json:"epoch"` // from 1
	Epochs      int               `json:"epochs"`
	Step        int               `json:"step"` // steps done, in total
	Loss        *float64          `json:"loss"`
	ValidLoss   *float64          `json:"valid_loss,omitempty"`
	ValidLosses map[string]figure `json:"valid_losses,omitempty"` // each of several, without its weight
	Metrics     map[string]figure `json:"metrics,omitempty"`      // of the held-out rows
}

// resultRecord is written at the end of a training.
type resultRecord struct {
	Event       string            `json:"event"` // result
	Epochs      int               `json:"epochs"`
	Steps       int               `json:"steps"`
	Rows        int               `json:"rows"`
	ValidRows   int               `json:"valid_rows"`
	Loss        *float64          `json:"loss"`
	ValidLoss   *float64          `json:"valid_loss,omitempty"`
	ValidLosses map[string]figure `json:"valid_losses,omitempty"`
	Metrics     map[string]figure `json:"metrics,omitempty"`
	Scale       string            `json:"scale"`
	Saved       string            `json:"saved,omitempty"`
	Stopped     bool              `json:"stopped,omitempty"` // by a signal

	// The weights that are kept, which the figures of held-out rows and of test rows belong to.
	Kept        string            `json:"kept"`                 // best, chosen by the held-out loss, or last
	KeptEpoch   int               `json:"kept_epoch,omitempty"` // at whose end they were these; absent: within one
	KeptStep    int               `json:"kept_step"`
	Earlier     string            `json:"earlier,omitempty"` // where the file is that Saved was before
	Reports     []classReport     `json:"reports,omitempty"` // of the held-out rows, one per output of classes
	TestRows    int               `json:"test_rows,omitempty"`
	TestLoss    *float64          `json:"test_loss,omitempty"`
	TestLosses  map[string]figure `json:"test_losses,omitempty"`
	TestMetrics map[string]figure `json:"test_metrics,omitempty"`
	TestReports []classReport     `json:"test_reports,omitempty"`

	// Of a time series, the metrics of the naive forecast, that all stays as it is in a window's last row.
	Naive     map[string]figure `json:"naive,omitempty"`
	TestNaive map[string]figure `json:"test_naive,omitempty"`
}

// foldRecord is written after each of several folds.
type foldRecord struct {
	Event       string            `json:"event"` // fold
	Fold        int               `json:"fold"`  // from 1
	Folds       int               `json:"folds"`
	Rows        int               `json:"rows"`
	ValidRows   int               `json:"valid_rows"`
	Loss        *float64          `json:"loss"`
	ValidLoss   *float64          `json:"valid_loss"`
	ValidLosses map[string]figure `json:"valid_losses,omitempty"`
	Metrics     map[string]figure `json:"metrics,omitempty"`
}

// foldsRecord is written after the last fold, or after an interrupt of those that are done.
type foldsRecord struct {
	Event     string            `json:"event"` // folds
	Folds     int               `json:"folds"` // that are done
	ValidLoss spread            `json:"valid_loss"`
	Metrics   map[string]spread `json:"metrics,omitempty"`
	Stopped   bool              `json:"stopped,omitempty"` // by a signal, before the last
}

// spread is a mean, of folds or repeats, and their deviation, with one less than their number.
type spread struct {
	Mean      figure `json:"mean"`
	Deviation figure `json:"deviation"`
}

// evalRecord is an evaluation.
type evalRecord struct {
	Event   string            `json:"event"` // eval
	Rows    int               `json:"rows"`
	Loss    *float64          `json:"loss"`
	Losses  map[string]figure `json:"losses,omitempty"` // each of several, without its weight
	Metrics map[string]figure `json:"metrics"`

	Questions int           `json:"questions,omitempty"` // whose windows are the rows
	Reports   []classReport `json:"reports,omitempty"`   // one per output of classes, or column of flags

	Importance *importance `json:"importance,omitempty"`
}

// finite is v for JSON, null where v is not a finite number.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// metricMap holds ms by name.
func metricMap(ms []measure) map[string]figure {
	m := map[string]figure{}
	for _, x := range ms {
		m[x.name] = figure(x.value)
	}
	return m
}

// writeRecord writes v as one line.
func writeRecord(w io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", line)
	return err
}
