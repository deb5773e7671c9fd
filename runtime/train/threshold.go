package train

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// thresholds are the least probabilities of the second class from which on flags are taken for it: by output, and
// within it by element of a row. Outputs without any are nil, elements without one not a number: there the class is the
// likelier one.
type thresholds [][]float64

// index is the index of the class at position i of rows of an output of that target, whose thresholds at are.
func classIndex(t *data.Target, at []float64, i int, out []float32) int {
	if len(at) == 0 || math.IsNaN(at[i%len(at)]) {
		return t.ClassIndex(i, out)
	}
	if t.Probability(i, 1, out) >= at[i%len(at)] {
		return 1
	}
	return 0
}

// thresholds reads the job's list of "t", for all flags, and "name=t", for those of one output, target or column. What
// has one of its own does not follow that of all.
func (r *run) thresholds(targets []data.Target) (thresholds, error) {
	all := make(thresholds, len(r.m.Outputs))
	if len(r.job.Thresholds) == 0 {
		return all, nil
	}
	var names []string
	for o, t := range r.m.flags(targets) {
		all[o] = slices.Repeat([]float64{math.NaN()}, r.m.Outputs[o].Size())
		names = append(names, r.m.Outputs[o].Name)
		names = append(names, t.Names()...)
	}
	if len(names) == 0 {
		return nil, usage{fmt.Errorf("--threshold %s: the model makes no flags with probabilities, as those that bce_logits judges", r.job.Thresholds[0])}
	}
	given, common := map[string]bool{}, math.NaN()
	for _, item := range r.job.Thresholds {
		at := strings.LastIndexByte(item, '=')
		name, named := item[:max(at, 0)], at >= 0
		value, err := strconv.ParseFloat(item[at+1:], 64)
		switch {
		case err != nil || !(value > 0 && value < 1):
			err = errors.New("write a probability above 0 and below 1, such as 0.3")
		case given[name]:
			err = errors.New("there is another threshold for the same")
		case !named:
			common = value
		case !all.set(&r.m, targets, name, value):
			err = fmt.Errorf("no flags are named %q%s (there are %s)", name, phrase.Suggest(name, names), phrase.Listed(names))
		}
		if err != nil {
			return nil, usage{fmt.Errorf("--threshold %s: %w", item, err)}
		}
		given[name] = true
	}
	for _, at := range all {
		for i := range at {
			if math.IsNaN(at[i]) {
				at[i] = common
			}
		}
	}
	return all, nil
}

// set gives the flags of that name their threshold. It reports whether there are any.
func (all thresholds) set(m *Model, targets []data.Target, name string, value float64) (found bool) {
	for o, t := range m.flags(targets) {
		columns := t.Names()
		for i := range all[o] {
			own := len(columns) == len(all[o]) && columns[i] == name
			if own || name == m.Outputs[o].Name || name == t.Name {
				all[o][i], found = value, true
			}
		}
	}
	return found
}

// flags are the targets of the outputs whose predictions are flags with their probabilities, by output. An input's are
// its values.
func (m *Model) flags(targets []data.Target) map[int]*data.Target {
	flags := map[int]*data.Target{}
	for _, l := range m.judges() {
		if t := &targets[m.target(l)]; t.Kind == data.Flag && t.Probable() && !t.Input {
			flags[l.Output] = t
		}
	}
	return flags
}
