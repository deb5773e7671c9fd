package train

import "github.com/nnc-lang/nnc/runtime/data"

// accuracy is the share of positions whose class is right, 0 where there is none.
var accuracy = metric{
	name: "accuracy", suits: []data.TargetKind{data.Class, data.Flag}, higher: true,
	inTraining: true, inEvaluation: true,
	start: func() tally { return new(hits) },
}

type hits struct{ right, all int }

func (h *hits) add(c *comparison) {
	c.classes(func(actual, predicted int) {
		h.all++
		if actual == predicted {
			h.right++
		}
	})
}

func (h *hits) value() float64 {
	if h.all == 0 {
		return 0
	}
	return float64(h.right) / float64(h.all)
}
