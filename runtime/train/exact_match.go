package train

import "github.com/nnc-lang/nnc/runtime/data"

// exactMatch is the share of rows whose classes are right at all positions that are not ignored. A row without such a
// position does not count; where none counts it is undefined.
var exactMatch = metric{
	name: "exact_match", suits: []data.TargetKind{data.Class}, higher: true,
	start: func(Metric) tally { return new(wholeHits) },
}

type wholeHits struct{ hits }

func (h *wholeHits) add(c *comparison) {
	positions, row := c.size/c.target.Count, -1
	wrong := false // somewhere in the row
	end := func() {
		if row >= 0 {
			h.all++
			if !wrong {
				h.right++
			}
		}
	}
	c.classes(func(i, actual, predicted int) {
		if i/positions != row {
			end()
			row, wrong = i/positions, false
		}
		wrong = wrong || actual != predicted
	})
	end()
}
