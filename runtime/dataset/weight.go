package dataset

import (
	"errors"
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

// checkWeight says what is wrong with a number as a row's weight.
func checkWeight(v float64) error {
	_, err := rowWeight(v)
	return err
}

// rowWeights are the weights of all rows of t, which were checked when they were read; nil: there is no column of them.
func (t *table) rowWeights() []float32 {
	if t.weight == nil {
		return nil
	}
	weights := make([]float32, t.rows)
	for r, v := range t.weight.numbers {
		weights[r] = float32(v)
	}
	return weights
}

// takeWeight reads the weight of the row that was read last.
func (r *tableRows) takeWeight(w *data.Writing, cell string) error {
	text, v, kind := w.Parse(cell)
	var err error
	switch kind {
	case data.CellNumber:
	case data.CellEmpty, data.CellMissing:
		err = errors.New("the value is missing: --weight wants one in every row")
	default:
		err = fmt.Errorf("%s is not a number", phrase.Quoted(text))
	}
	weight := float32(0)
	if err == nil {
		weight, err = rowWeight(v)
	}
	if err != nil {
		return r.table.ErrorAt(r.weight, "column %q: %v", r.table.Header[r.weight], err)
	}
	r.weights = append(r.weights, weight)
	return nil
}
