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
	Event       string             `json:"event"` // epoch
	Epoch       int                `json:"epoch"` // from 1
	Epochs      int                `json:"epochs"`
	Step        int                `json:"step"` // steps done, in total
	Loss        *float64           `json:"loss"`
	ValidLoss   *float64           `json:"valid_loss,omitempty"`
	ValidLosses map[string]float64 `json:"valid_losses,omitempty"` // each of several, without its weight
	Metrics     map[string]float64 `json:"metrics,omitempty"`      // of the held-out rows
}

// resultRecord is written at the end of a training.
type resultRecord struct {
	Event       string             `json:"event"` // result
	Epochs      int                `json:"epochs"`
	Steps       int                `json:"steps"`
	Rows        int                `json:"rows"`
	ValidRows   int                `json:"valid_rows"`
	Loss        *float64           `json:"loss"`
	ValidLoss   *float64           `json:"valid_loss,omitempty"`
	ValidLosses map[string]float64 `json:"valid_losses,omitempty"`
	Metrics     map[string]float64 `json:"metrics,omitempty"`
	Scale       string             `json:"scale"`
	Saved       string             `json:"saved,omitempty"`
	Stopped     bool               `json:"stopped,omitempty"` // by a signal
}

// evalRecord is an evaluation.
type evalRecord struct {
	Event   string             `json:"event"` // eval
	Rows    int                `json:"rows"`
	Loss    *float64           `json:"loss"`
	Losses  map[string]float64 `json:"losses,omitempty"` // each of several, without its weight
	Metrics map[string]float64 `json:"metrics"`
	Reports []classReport      `json:"reports,omitempty"` // one per output of classes
}

// classReport is how well the classes of one target are told apart.
type classReport struct {
	Target    string       `json:"target"`
	Classes   []classScore `json:"classes"`
	Confusion [][]int      `json:"confusion"` // [truth][prediction]
}

// finite is v for JSON, null where v is not a finite number.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// metricMap holds the finite ones of ms by name.
func metricMap(ms []measure) map[string]float64 {
	m := map[string]float64{}
	for _, x := range ms {
		if finite(x.value) != nil {
			m[x.name] = x.value
		}
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
