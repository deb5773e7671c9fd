package train

import "github.com/nnc-lang/nnc/runtime/data"

// accuracy is the share of positions whose class is right, undefined where there is none.
var accuracy = metric{
	name: "accuracy", suits: []data.TargetKind{data.Class, data.Flag}, higher: true,
	inTraining: true, inEvaluation: true,
	start: func(Metric) tally { return new(hits) },
}

type hits struct{ right, all int }

func (h *hits) add(c *comparison) {
	c.classes(func(_, actual, predicted int) {
		h.all++
		if actual == predicted {
			h.right++
		}
	})
}

// value is not a number where there is no position.
func (h *hits) value() float64 { return float64(h.right) / float64(h.all) }
