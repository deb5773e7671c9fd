package train

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
)

// auc is the probability that a row of class 1 scores above one of class 0, where equal scores count half: the area
// under the ROC curve. Of several flags in a row it is the mean of each one's. It is undefined, the mean too, for a
// flag of one class only.
//
// It is exact, for which it keeps each score until the end, 4 bytes; beyond maxScores it is undefined.
var auc = metric{
	name: "auc", suits: []data.TargetKind{data.Flag}, higher: true,
	inEvaluation: true, keeps: true,
	start: func(Metric) tally { return new(ranking) },
}

// maxScores bounds the scores that a metric keeps.
const maxScores = 1 << 28

// ranking gathers the scores of flags.
type ranking struct {
	flags []flagScores // by element of a row
	n     int
}

// flagScores are the scores of one flag by the class that is true.
type flagScores [2][]float32

func (r *ranking) add(c *comparison) {
	if r.flags == nil {
		r.flags = make([]flagScores, c.size)
	}
	if r.n += len(c.out); r.n > maxScores {
		clear(r.flags) // to be undefined
		return
	}
	c.classes(func(i, actual, _ int) {
		s := &r.flags[i%c.size]
		s[actual] = append(s[actual], c.out[i])
	})
}

// each is the area of each element of a row.
func (r *ranking) each() []float64 {
	areas := make([]float64, len(r.flags))
	for i := range r.flags {
		areas[i] = r.flags[i].area()
	}
	return areas
}

func (r *ranking) value() float64 { return mean(r.each()) }

// area counts, for each score of class 1 upwards, those of class 0 below it twice and those that equal it once.
func (s *flagScores) area() float64 {
	for _, scores := range s {
		slices.Sort(scores)
		if len(scores) == 0 || scores[0] != scores[0] { // what is not a number stands first, and has no place
			return math.NaN()
		}
	}
	below, upTo, pairs := 0, 0, uint64(0)
	for _, x := range s[1] {
		for below < len(s[0]) && s[0][below] < x {
			below++
		}
		for upTo < len(s[0]) && s[0][upTo] <= x {
			upTo++
		}
		pairs += uint64(below) + uint64(upTo)
	}
	return float64(pairs) / (2 * float64(len(s[0])) * float64(len(s[1])))
}
