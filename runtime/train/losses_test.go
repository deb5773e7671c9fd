package train

import (
	"math"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// The losses of the models that are written by hand here.
var (
	byMSE          = &data.Judged{Loss: "mse", Kind: data.Quantity, Link: data.Identity}
	byMAE          = &data.Judged{Loss: "mae", Kind: data.Quantity, Link: data.Identity}
	byCrossEntropy = &data.Judged{Loss: "cross_entropy", Kind: data.Class, Link: data.Softmax}
	byPoisson      = &data.Judged{Loss: "poisson", Kind: data.Count, Link: data.Exp}
	byCosine       = &data.Judged{Loss: "cosine", Kind: data.Vector, Link: data.Identity}
	byKL           = &data.Judged{Loss: "kl", Kind: data.Distribution, Link: data.Exp}
	byBCELogits    = &data.Judged{Loss: "bce_logits", Kind: data.Flag, Link: data.Sigmoid}
	bySpan         = &data.Judged{Loss: "span", Kind: data.Span, Link: data.Identity, Longest: 2}
)

// by makes l a loss of that name and kind.
func by(j *data.Judged, l Loss) Loss {
	l.Name, l.Kind, l.Link = j.Loss, j.Kind, j.Link
	return l
}

// evaluating gives a model written by hand an Evaluate of its Predict and its losses.
func evaluating(m Model) Model {
	if len(m.Losses) == 0 || m.Evaluate != nil {
		return m
	}
	m.Evaluate = func(b *Batch, out [][]float32, losses []nnrt.Mean) error {
		if err := m.Predict(&Batch{N: b.N, Inputs: b.Inputs}, out); err != nil {
			return err
		}
		for i, l := range m.Losses {
			losses[i].Add(meanLoss(l.Name, out[l.Output], b.truth(l)))
		}
		return nil
	}
	return m
}

// meanLoss is the mean of a loss over all elements of out, or all positions of classes, and their number.
func meanLoss(name string, out []float32, truth data.Block) (mean, n float32) {
	sum, terms := 0.0, len(out)
	for i, t := range truth.Float {
		x, t := float64(out[i]), float64(t)
		sum += map[string]float64{
			"mse":        (x - t) * (x - t),
			"mae":        math.Abs(x - t),
			"bce_logits": math.Log1p(math.Exp(x)) - x*t,
		}[name]
	}
	if truth.Int != nil {
		classes := len(out) / len(truth.Int)
		terms = 0
		for i, t := range truth.Int {
			if t != kernel.Ignored {
				logits := out[i*classes : (i+1)*classes]
				sum += logSumExp(logits) - float64(logits[t])
				terms++
			}
		}
	}
	if terms == 0 {
		return 0, 0
	}
	return float32(sum / float64(terms)), float32(terms)
}

func logSumExp(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += math.Exp(float64(v))
	}
	return math.Log(sum)
}
