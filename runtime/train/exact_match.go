package train

import (
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// exactMatch is the share of rows whose classes are right at all positions that are not ignored, or whose start and end both are.
// A row without such a position does not count; where none counts it is undefined.
var exactMatch = metric{
	name: "exact_match", suits: []data.TargetKind{data.Class, data.Span}, higher: true, alone: data.Span,
	start: func(Metric) tally { return new(wholeHits) },
}

type wholeHits struct{ hits }

func (h *wholeHits) add(c *comparison) {
	if c.target.Kind == data.Span {
		h.addSpans(c)
		return
	}
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

// addSpans counts the rows whose start and end are those of the best span.
func (h *wholeHits) addSpans(c *comparison) {
	for r := 0; r < len(c.truth.Int)/2; r++ {
		start, end := c.truth.Int[2*r], c.truth.Int[2*r+1]
		if start == kernel.Ignored && end == kernel.Ignored {
			continue
		}
		h.all++
		first, last := data.BestSpan(c.out[r*c.size:(r+1)*c.size], c.longest)
		if (start == kernel.Ignored || first == int(start)) && (end == kernel.Ignored || last == int(end)) {
			h.right++
		}
	}
}
