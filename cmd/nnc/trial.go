package main

import (
	"encoding/json"
	"strconv"
	"strings"
)

// trial is one training of a sweep.
type trial struct {
	number  int      // from 1
	values  []string // of the axes
	command trainCommand
	unfit   error // of the spec, for its constants; nil: it can be trained

	state trialState
	begun bool   // its data were read
	why   string // it failed, where the program said so
	result
}

type trialState int

const (
	waiting trialState = iota
	done
	interrupted
	failed
)

// result is what a training told of itself.
type result struct {
	metrics    []metricInfo       // in the order of the program
	figures    map[string]float64 // of held-out rows, by their names, byLoss for the loss; what is undefined is left out
	deviations map[string]float64 // of the folds
	whole      bool               // the training said how it ended

	Epochs      int                 `json:"epochs"`
	KeptEpoch   int                 `json:"kept_epoch"`
	ValidRows   int                 `json:"valid_rows"`
	Saved       string              `json:"saved"`
	Earlier     string              `json:"earlier"`
	TestRows    int                 `json:"test_rows"`
	TestLoss    *float64            `json:"test_loss"`
	TestMetrics map[string]*float64 `json:"test_metrics"`
}

// metricInfo is a metric of a training.
type metricInfo struct {
	Name   string `json:"name"`
	Higher bool   `json:"higher"` // a higher value is better
}

// byLoss names the held-out loss.
const byLoss = "loss"

// program tells trials apart that need different programs.
func (t *trial) program() string {
	key := t.command.Model + "\x00" + strings.Join(t.command.Set, "\x00")
	if t.command.Batch != nil {
		key += "\x00" + strconv.Itoa(*t.command.Batch)
	}
	return key
}

// reading tells trials apart whose programs do something else before they begin to train.
func (t *trial) reading() string {
	key := t.program()
	if t.command.Epochs != nil {
		key += "\x00epochs " + strconv.Itoa(*t.command.Epochs)
	}
	return key
}

// progress is a line that the program writes in between.
type progress struct {
	Event     string   `json:"event"`
	Epoch     int      `json:"epoch"`
	Epochs    int      `json:"epochs"`
	Fold      int      `json:"fold"`
	Folds     int      `json:"folds"`
	Loss      *float64 `json:"loss"`
	ValidLoss *float64 `json:"valid_loss"`
}

// read takes a line that the program writes to standard output, and returns how far the training is, nil where the line
// does not say so. Lines that are no records of a training are left alone.
func (t *trial) read(line []byte) *progress {
	var kind struct {
		Event string `json:"event"`
	}
	if json.Unmarshal(line, &kind) != nil {
		return nil
	}
	switch kind.Event {
	case "begin":
		var begin struct {
			Metrics []metricInfo `json:"metrics"`
		}
		if json.Unmarshal(line, &begin) == nil {
			t.begun, t.metrics = true, begin.Metrics
		}
	case "epoch", "fold":
		p := new(progress)
		if json.Unmarshal(line, p) == nil {
			return p
		}
	case "folds":
		t.readFolds(line)
	case "result":
		t.readResult(line)
	}
	return nil
}

func (t *trial) readResult(line []byte) {
	var r struct {
		ValidLoss *float64            `json:"valid_loss"`
		Metrics   map[string]*float64 `json:"metrics"`
	}
	if json.Unmarshal(line, &r) != nil || json.Unmarshal(line, &t.result) != nil {
		return
	}
	if t.command.Folds > 0 { // the model of all rows, which follows the folds
		return
	}
	t.whole = true
	t.figures = map[string]float64{}
	r.Metrics = withLoss(r.Metrics, r.ValidLoss)
	for name, v := range r.Metrics {
		if v != nil {
			t.figures[name] = *v
		}
	}
}

func (t *trial) readFolds(line []byte) {
	type spread struct{ Mean, Deviation *float64 }
	var r struct {
		ValidLoss spread            `json:"valid_loss"`
		Metrics   map[string]spread `json:"metrics"`
	}
	if json.Unmarshal(line, &r) != nil {
		return
	}
	t.whole = true
	t.figures, t.deviations = map[string]float64{}, map[string]float64{}
	r.Metrics = withLoss(r.Metrics, r.ValidLoss)
	for name, v := range r.Metrics {
		if v.Mean != nil {
			t.figures[name] = *v.Mean
		}
		if v.Deviation != nil {
			t.deviations[name] = *v.Deviation
		}
	}
}

// withLoss is the metrics and the loss.
func withLoss[T any](metrics map[string]T, loss T) map[string]T {
	all := map[string]T{byLoss: loss}
	for name, v := range metrics {
		all[name] = v
	}
	return all
}

// listen takes a line that the program writes to standard error, and returns whether it is the program's account of why it
// failed, which may go on over several lines.
func (t *trial) listen(line string) bool {
	rest, first := strings.CutPrefix(line, "nnc train: ")
	switch {
	case first && t.why == "":
		t.why = rest
	case t.why != "":
		t.why += "\n" + line
	default:
		return false
	}
	return true
}

// figure is a number of the held-out rows, and whether it is defined.
func (t *trial) figure(name string) (float64, bool) {
	v, ok := t.figures[name]
	return v, ok && v-v == 0
}

// measures says whether the trial has that metric, and whether a higher value is better.
func (t *trial) measures(by string) (higher, ok bool) {
	if by == byLoss {
		return false, true
	}
	for _, m := range t.metrics {
		if m.Name == by {
			return m.Higher, true
		}
	}
	return false, false
}

// rank is the value that decides, the smaller the better, and whether there is one.
func (t *trial) rank(by string) (float64, bool) {
	higher, known := t.measures(by)
	v, defined := t.figure(by)
	if higher {
		v = -v
	}
	return v, known && defined
}
