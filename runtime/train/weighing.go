package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// weighing is how much rows count in the losses: by a column of the table, by their class, or both.
type weighing struct {
	byClass []float32                  // of each class; nil: not by class
	known   map[*dataset.Set][]float32 // what was worked out before
}

var errNotWeighted = errors.New("internal error: the program was not built for weights of rows")

// chooseWeights works out what rows count, and checks what the job says of classes out of balance.
func (t *training) chooseWeights() error {
	balance := t.m.Losses[0].Balanced || t.job.ClassWeights == classWeightsBalanced
	switch {
	case t.job.ClassWeights != "" && t.job.ClassWeights != classWeightsBalanced:
		return usage{fmt.Errorf("--class-weights %s: write balanced", t.job.ClassWeights)}
	case (t.job.Balance || balance) && t.m.Losses[0].Weighs:
		return usage{fmt.Errorf("%s and the weights that the spec's class_weights gives the classes would balance them twice: leave one of them out", t.balances())}
	case t.job.Balance && balance:
		return usage{errors.New("--balance draws classes equally often, so that class weights would balance them twice: leave one of them out")}
	case t.job.Balance && t.job.Shuffle != nil && !*t.job.Shuffle:
		return usage{errors.New("--balance draws rows in an order of its own: leave out --shuffle=false")}
	case (t.job.Balance || balance) && t.set.Train.Classes() == nil:
		return usage{fmt.Errorf("%s is for models with one target, a class in each row", t.balances())}
	case (balance || t.job.Weight != "") && !t.m.Weighted:
		return usage{errNotWeighted}
	}
	if t.job.Balance {
		if !slices.ContainsFunc(t.set.Train.Classes(), func(k int32) bool { return k != kernel.Ignored }) {
			return fmt.Errorf("--balance draws rows of each class equally often, but every row to train on is ignored, its class being %d", kernel.Ignored)
		}
		t.set.Notes = append(t.set.Notes, "classes are drawn equally often: the probabilities shift towards the rare ones, against how often they occur")
	}
	if balance {
		t.weighing.byClass = balancedWeights(t.set.Train.Classes(), t.set.Codec.Targets()[0].Count)
	}
	for _, part := range []struct {
		set  *dataset.Set
		what string
	}{{t.set.Train, "to train on"}, {t.set.Valid, "held out"}, {t.set.Test, "to test on"}} {
		if part.set != nil && allZero(part.set.Weights()) {
			return fmt.Errorf("every row %s has the weight 0 in the column %q: there is nothing to go by", part.what, t.job.Weight)
		}
	}
	return nil
}

// balances is what asks for balance.
func (t *training) balances() string {
	switch {
	case t.job.Balance:
		return "--balance"
	case t.job.ClassWeights != "":
		return "--class-weights"
	}
	return "class_weights=balanced"
}

// classWeightsBalanced is the only thing that --class-weights can be yet.
const classWeightsBalanced = "balanced"

// balancedWeights are n/(C·nₖ) for each class k of C, nₖ of the n rows being of it. A class without a row weighs as one
// of one row.
func balancedWeights(class []int32, classes int) []float32 {
	count, n := make([]int, classes), 0
	for _, k := range class {
		if k != kernel.Ignored {
			count[k]++
			n++
		}
	}
	w := make([]float32, classes)
	for k, rows := range count {
		w[k] = float32(float64(n) / (float64(classes) * float64(max(rows, 1))))
	}
	return w
}

// classWeight is the weight of a row of class k, 1 where that is ignored.
func classWeight(byClass []float32, k int32) float32 {
	if k == kernel.Ignored {
		return 1
	}
	return byClass[k]
}

// classWeightsKey is where a weight file's metadata holds the weights of rows by class that balanced classes were trained
// with, by the spec or by the command, so that an evaluation goes by the same.
const classWeightsKey = "nnc.class_weights"

// storedClassWeights reads them; nil: there are none, or the program does not go by weights, as one that only predicts.
func (m *Model) storedClassWeights(meta map[string]string) ([]float32, error) {
	text, stored := meta[classWeightsKey]
	if !stored || !m.Weighted {
		return nil, nil
	}
	classes := m.classes()
	if classes == 0 {
		return nil, fmt.Errorf("%s: they are for models with one target, a class in each row", classWeightsKey)
	}
	var w []float32
	err := json.Unmarshal([]byte(text), &w)
	if err == nil && (len(w) != classes || slices.ContainsFunc(w, func(v float32) bool { return !(v > 0) || v-v != 0 })) {
		err = fmt.Errorf("%d numbers above 0 are wanted", classes)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", classWeightsKey, err)
	}
	return w, nil
}

// classes is how many classes a row is one of, where the only target is one class or flag per row, else 0.
func (m *Model) classes() int {
	if len(m.Targets) != 1 || m.Targets[0].Size() != 1 {
		return 0
	}
	switch t := m.Targets[0]; t.Judged.Kind {
	case data.Class:
		return t.Limit
	case data.Flag:
		return 2
	}
	return 0
}

// of are the weights of a set's rows, 0 where their class is ignored; nil: all count alike.
func (w *weighing) of(set *dataset.Set) []float32 {
	own := set.Weights()
	if own == nil && w.byClass == nil {
		return nil
	}
	if known, ok := w.known[set]; ok {
		return known
	}
	weights := make([]float32, set.Rows())
	class := set.Classes()
	for i := range weights {
		weights[i] = 1
		if own != nil {
			weights[i] = own[i]
		}
		switch {
		case class != nil && class[i] == kernel.Ignored:
			weights[i] = 0
		case class != nil && w.byClass != nil:
			weights[i] *= w.byClass[class[i]]
		}
	}
	if w.known == nil {
		w.known = map[*dataset.Set][]float32{}
	}
	w.known[set] = weights
	return weights
}

// total is how much the rows at the given positions count together: their number, or the sum of their weights.
func (w *weighing) total(set *dataset.Set, rows []int) float64 {
	weights := w.of(set)
	if weights == nil {
		return float64(len(rows))
	}
	sum := 0.0
	for _, r := range rows {
		sum += float64(weights[r])
	}
	return sum
}

// gather puts the weights of the rows at the given positions into the chunk.
func (w *weighing) gather(c *chunk, set *dataset.Set, rows []int) {
	weights := w.of(set)
	if weights == nil && c.weights == nil {
		return
	}
	c.weigh(func(i int) float32 {
		if weights == nil {
			return 1
		}
		return weights[rows[i]]
	}, len(rows))
}

// allZero reports whether there are weights and all are 0.
func allZero(weights []float32) bool {
	for _, w := range weights {
		if w != 0 {
			return false
		}
	}
	return weights != nil
}
