package train

import (
	"math"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// lossSum is the sum of a loss over some rows, in float64, and the number of terms in it. Their quotient is the
// loss's mean as PyTorch defines it, without class weights, smoothing or the like, which belong to training.
type lossSum struct {
	sum   float64
	terms int
}

func (s lossSum) mean() float64 {
	if s.terms == 0 {
		return 0
	}
	return s.sum / float64(s.terms)
}

// add takes n rows of outputs [n, size] and their targets. classes is the length of the logits of cross_entropy.
func (s *lossSum) add(loss string, out []float32, target data.Block, classes int) {
	switch loss {
	case data.LossMSE: // (y − t)²
		for i, y := range out {
			e := float64(y) - float64(target.Float[i])
			s.sum += float64(e * e)
		}
		s.terms += len(out)
	case data.LossMAE: // |y − t|
		for i, y := range out {
			s.sum += math.Abs(float64(y) - float64(target.Float[i]))
		}
		s.terms += len(out)
	case data.LossBCELogits: // max(x, 0) − x·t + log(1 + exp(−|x|))
		for i, y := range out {
			x, t := float64(y), float64(target.Float[i])
			s.sum += max(x, 0) - float64(x*t) + kernel.Log1p(kernel.Exp(-math.Abs(x)))
		}
		s.terms += len(out)
	case data.LossCrossEntropy: // log Σ exp(x) − x[t]
		for i, t := range target.Int {
			if t == kernel.Ignored {
				continue
			}
			logits := out[i*classes : (i+1)*classes]
			s.sum += logSumExp(logits) - float64(logits[t])
			s.terms++
		}
	}
}

// logSumExp is log Σ exp(x), shifted by the largest so that nothing overflows.
func logSumExp(x []float32) float64 {
	largest, sum := float64(x[data.Argmax(x)]), 0.0
	for _, v := range x {
		sum += kernel.Exp(float64(v) - largest)
	}
	return largest + kernel.Log(sum)
}
