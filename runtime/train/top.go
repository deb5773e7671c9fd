package train

import (
	"github.com/nnc-lang/nnc/runtime/data"
)

// top is the share of positions whose class is among the k of the largest scores, undefined where there is none. Of
// equal scores the lower index is the larger, so that k = 1 is accuracy.
var top = metric{
	name: "top", suits: []data.TargetKind{data.Class}, higher: true, usual: 5,
	start: func(m Metric) tally { return &topHits{k: m.Number} },
}

type topHits struct {
	k int
	hits
}

func (h *topHits) add(c *comparison) {
	classes := c.target.Count
	for i, t := range c.truth.Int {
		if t == c.target.LeftOut.Class() {
			continue
		}
		h.all++
		if place(c.out[i*classes:(i+1)*classes], int(t)) < h.k {
			h.right++
		}
	}
}

// place is how many scores stand before that of the class. What is not a number stands before all others.
func place(scores []float32, class int) int {
	own, before := scores[class], 0
	for j, x := range scores {
		if !(x <= own) || x == own && j < class {
			before++
		}
	}
	return before
}
