package dataset

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// rowWeight is a row's weight as losses take it.
func rowWeight(v float64) (float32, error) {
	w := float32(v)
	switch {
	case !(v >= 0):
		return 0, fmt.Errorf("%g is no weight: a row counts 0 or more", v)
	case math.IsInf(float64(w), 0):
		return 0, fmt.Errorf("%g is too large for a weight", v)
	}
	return w, nil
}

// rowWeights are the weights of all rows of t; nil: there is no column of them.
func (t *table) rowWeights() ([]float32, error) {
	if t.weight == nil {
		return nil, nil
	}
	weights := make([]float32, t.rows)
	for r, v := range t.weight.numbers {
		w, err := rowWeight(v)
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: column %q: %w", t.name, r+1, t.weight.name, err)
		}
		weights[r] = w
	}
	return weights, nil
}

// readWeighted is ReadAll of a table that was opened with its column of weights as the only one to keep.
func (r *RowReader) readWeighted(q Training) (*Set, error) {
	var weights []float32
	writing := q.writing()
	set, err := r.readAll(q.Inputs, q.Targets, func() error {
		for _, cells := range r.Kept() {
			text, v, kind := writing.Parse(cells[0])
			w, err := rowWeight(v)
			if kind != data.CellNumber {
				err = fmt.Errorf("%s is not a number", phrase.Quoted(text))
			}
			if err != nil {
				return fmt.Errorf("%s: row %d: column %q: %w", r.table.Name, len(weights)+1, q.Weight, err)
			}
			weights = append(weights, w)
		}
		return nil
	})
	if err == nil {
		set.weights = weights
	}
	return set, err
}
