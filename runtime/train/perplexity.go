package train

import (
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// perplexity is e to the mean of −log p over all positions, p being the probability of the right class: whatever
// smoothing or weights of classes the loss has. It is undefined where there is no position.
var perplexity = metric{
	name: "perplexity", suits: []data.TargetKind{data.Class}, inSequences: true,
	start: func(Metric) tally { return new(surprise) },
}

type surprise struct {
	sum float64 // Σ −log p
	n   int
}

func (s *surprise) add(c *comparison) {
	for i, t := range c.truth.Int {
		if t != c.target.LeftOut.Class() {
			s.sum -= c.target.LogProbability(i, int(t), c.out)
			s.n++
		}
	}
}

func (s *surprise) value() float64 { return kernel.Exp(s.sum / float64(s.n)) }
