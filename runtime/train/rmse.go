package train

import (
	"math"
)

// rmse is the root of the mean of (y − t)² over all elements, in own units.
var rmse = metric{
	name: "rmse", suits: numbers,
	inEvaluation: true,
	start:        func(Metric) tally { return new(squaredErrors) },
}

type squaredErrors struct {
	sum float64
	n   int
}

func (e *squaredErrors) add(c *comparison) {
	for i, y := range c.predicted {
		d := y - c.actual[i]
		e.sum += float64(d * d)
	}
	e.n += len(c.predicted)
}

func (e *squaredErrors) value() float64 { return math.Sqrt(e.sum / float64(e.n)) }
