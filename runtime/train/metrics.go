package train

import (
	"math"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// residuals gathers what mae, rmse and r2 are made of, element by element of a row, in float64 and in the
// target's own units.
type residuals struct {
	rows     int
	absolute float64   // Σ |y − t| over all elements
	squared  []float64 // Σ (y − t)² by element
	mean     []float64 // of t, by element
	spread   []float64 // Σ (t − mean)² by element, by Welford's update
}

func (r *residuals) add(y, t []float32) {
	if r.squared == nil {
		r.squared, r.mean, r.spread = make([]float64, len(y)), make([]float64, len(y)), make([]float64, len(y))
	}
	r.rows++
	for i := range y {
		truth := float64(t[i])
		e := float64(y[i]) - truth
		r.absolute += math.Abs(e)
		r.squared[i] += float64(e * e)
		d := truth - r.mean[i]
		r.mean[i] += d / float64(r.rows)
		r.spread[i] += float64(d * (truth - r.mean[i]))
	}
}

func (r *residuals) mae() float64 { return r.absolute / float64(r.rows*len(r.squared)) }

func (r *residuals) rmse() float64 {
	sum := 0.0
	for _, s := range r.squared {
		sum += s
	}
	return math.Sqrt(sum / float64(r.rows*len(r.squared)))
}

// r2 is 1 − Σ(y − t)²/Σ(t − mean)², averaged over the elements of a row. Of an element that never varies it is 1
// if it is always met, else 0.
func (r *residuals) r2() float64 {
	sum := 0.0
	for i, s := range r.squared {
		switch {
		case r.spread[i] > 0:
			sum += 1 - s/r.spread[i]
		case s == 0:
			sum++
		}
	}
	return sum / float64(len(r.squared))
}

// hits counts right classes, and, for at most maxReported classes, which was taken for which.
type hits struct {
	right, all int
	confusion  [][]int // [truth][prediction]; nil if there are too many classes
}

// maxReported bounds the classes of a report by class.
const maxReported = 50

func newHits(classes int) *hits {
	h := &hits{}
	if classes <= maxReported {
		h.confusion = make([][]int, classes)
		for i := range h.confusion {
			h.confusion[i] = make([]int, classes)
		}
	}
	return h
}

// add takes rows of outputs and their targets, as lossSum.add does.
func (h *hits) add(loss string, out []float32, target data.Block, classes int) {
	if loss == data.LossBCELogits {
		for i, x := range out {
			h.count(index(target.Float[i] > 0.5), index(x > 0))
		}
		return
	}
	for i, t := range target.Int {
		if t != kernel.Ignored {
			h.count(int(t), data.Argmax(out[i*classes:(i+1)*classes]))
		}
	}
}

func index(second bool) int {
	if second {
		return 1
	}
	return 0
}

func (h *hits) count(truth, prediction int) {
	h.all++
	if truth == prediction {
		h.right++
	}
	if h.confusion != nil {
		h.confusion[truth][prediction]++
	}
}

func (h *hits) accuracy() float64 {
	if h.all == 0 {
		return 0
	}
	return float64(h.right) / float64(h.all)
}

// classScore is how well one class is told from the others.
type classScore struct {
	Name      string  `json:"class"`
	Precision float64 `json:"precision"` // of the predictions of the class, the right ones; 0 if there are none
	Recall    float64 `json:"recall"`    // of the rows of the class, those found; 0 if there are none
	F1        float64 `json:"f1"`        // their harmonic mean
	Rows      int     `json:"rows"`      // of the class
}

// scores are those of the classes in order, nil if there are too many.
func (h *hits) scores(names []string) []classScore {
	var scores []classScore
	for c := range h.confusion {
		right, rows, predicted := h.confusion[c][c], 0, 0
		for k := range h.confusion {
			rows += h.confusion[c][k]
			predicted += h.confusion[k][c]
		}
		s := classScore{Name: names[c], Rows: rows}
		if predicted > 0 {
			s.Precision = float64(right) / float64(predicted)
		}
		if rows > 0 {
			s.Recall = float64(right) / float64(rows)
		}
		if rows+predicted > 0 {
			s.F1 = float64(2*right) / float64(rows+predicted)
		}
		scores = append(scores, s)
	}
	return scores
}
