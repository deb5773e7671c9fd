package train

import (
	"math"
)

// mae is the mean of |y − t| over all elements, in own units.
var mae = metric{
	name: "mae", suits: numbers,
	inTraining: true, inEvaluation: true,
	start: func(Metric) tally { return new(absoluteErrors) },
}

type absoluteErrors struct {
	sum float64
	n   int
}

func (e *absoluteErrors) add(c *comparison) {
	for i, y := range c.predicted {
		e.sum += math.Abs(y - c.actual[i])
	}
	e.n += len(c.predicted)
}

func (e *absoluteErrors) value() float64 { return e.sum / float64(e.n) }
