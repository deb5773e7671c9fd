package train

import (
	"math"

	"github.com/nnc-lang/nnc/runtime/data"
)

// classHits counts, of one class, the positions that are of it, those that are taken for it, and those that are both.
type classHits struct{ right, rows, predicted int }

// occurs reports whether the class is among truths or predictions.
func (h classHits) occurs() bool { return h.rows+h.predicted > 0 }

// precision is the share of the predictions of the class that are right.
func (h classHits) precision() float64 { return ratio(h.right, h.predicted) }

// recall is the share of the class that is found.
func (h classHits) recall() float64 { return ratio(h.right, h.rows) }

// f1 is the harmonic mean of the two.
func (h classHits) f1() float64 { return ratio(2*h.right, h.rows+h.predicted) }

// ratio is a/b, 0 where b is.
func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// ofClasses declares a metric that is a score of each class: of flags that of class 1, over all elements together, of
// classes the mean over those that occur. It is undefined where there is no position.
func ofClasses(name string, score func(classHits) float64) metric {
	return metric{
		name: name, suits: []data.TargetKind{data.Class, data.Flag}, higher: true,
		start: func(Metric) tally { return &byClass{score: score} },
	}
}

type byClass struct {
	score   func(classHits) float64
	flags   bool
	classes []classHits
}

func (b *byClass) add(c *comparison) {
	if b.classes == nil {
		b.flags, b.classes = c.target.Kind == data.Flag, make([]classHits, c.target.Count)
	}
	c.classes(func(_, actual, predicted int) {
		b.classes[actual].rows++
		b.classes[predicted].predicted++
		if actual == predicted {
			b.classes[actual].right++
		}
	})
}

func (b *byClass) value() float64 {
	sum, n := 0.0, 0
	for _, h := range b.classes {
		if h.occurs() {
			sum += b.score(h)
			n++
		}
	}
	switch {
	case n == 0:
		return math.NaN()
	case b.flags:
		return b.score(b.classes[1])
	}
	return sum / float64(n)
}
