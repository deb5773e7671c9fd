// Package generate continues sequences: it chooses tokens by the scores that a model gives them, and has the model
// read what has been chosen, within the model's context.
//
// What comes in are the logits of a model and how to choose; what goes out are tokens, integers below the model's
// vocabulary. The package knows nothing of text, of files, or of a model's layers.
package generate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// Sampling says how tokens are chosen by their logits. The zero value takes the most probable one.
type Sampling struct {
	// Temperature divides the logits: below 1 the probable becomes more probable, above 1 less. 0 takes the token with
	// the largest logit, of equals the first.
	Temperature float64
	// TopK is how many of the most probable tokens take part; 0: all.
	TopK int
	// TopP is the share of the probability that takes part: the fewest of the most probable tokens whose probabilities
	// add up to it. 1, and 0 as where nothing is said: all.
	TopP float64
	// Seed decides what chance does.
	Seed uint64
}

// Sampler chooses tokens. It may be used for any number of sequences, by one goroutine at a time.
type Sampler struct {
	Sampling
	stream  rng.Stream
	weights []float32 // of the tokens, in proportion to their probabilities; 0 of those that take no part
	order   []int32   // the tokens, the most probable first
}

// NewSampler returns a sampler, or what is wrong with how it shall choose.
func NewSampler(s Sampling) (*Sampler, error) {
	switch {
	case !(s.Temperature >= 0) || math.IsInf(s.Temperature, 0):
		return nil, fmt.Errorf("a temperature of %v: it is a number of at least 0", s.Temperature)
	case s.TopK < 0:
		return nil, fmt.Errorf("the %d most probable tokens: their number is at least 1, or 0 for all", s.TopK)
	case !(s.TopP >= 0 && s.TopP <= 1):
		return nil, fmt.Errorf("a share of %v of the probability: it lies between 0 and 1", s.TopP)
	}
	return &Sampler{Sampling: s, stream: rng.New(s.Seed, "sample")}, nil
}

// ErrLogits is the error for logits that are no numbers to choose by: one is NaN or +∞, or all are −∞.
var ErrLogits = errors.New("the model's scores are not finite numbers: its weights may have diverged in training")

// ErrNoLogits is the error for a sequence without a token, behind which there are no scores.
var ErrNoLogits = errors.New("there are no scores to choose by: append a token to the sequence first")

// Pick chooses the token at a place of a sequence by its logits. What it returns depends on these, the sampling and the
// place alone, to the bit on every platform.
//
// The tokens' weights are w = exp((x − max x)/Temperature), in float32 after a division in float64. TopK keeps the
// largest, TopP then of those the fewest whose sum reaches its share of theirs, each taking of equal tokens those that
// come first. Of what is kept the token is chosen, in the order of the vocabulary, in which the sum of the weights first
// exceeds u·Σw, where u is Uint64(at)/2⁶⁴, cut to 53 bits, of the stream of random numbers "sample" under the seed.
// Sums are in float64, in order. An error is ErrLogits, or ErrNoLogits where there are
// none.
func (s *Sampler) Pick(logits []float32, at uint64) (int32, error) {
	if len(logits) == 0 {
		return 0, ErrNoLogits
	}
	best, ok := largest(logits)
	switch {
	case !ok:
		return 0, ErrLogits
	case s.Temperature == 0:
		return best, nil
	}
	top := float64(logits[best])
	s.weights = s.weights[:0]
	for _, x := range logits {
		s.weights = append(s.weights, kernel.Exp1(float32((float64(x)-top)/s.Temperature)))
	}
	s.keep(logits)
	sum := 0.0
	for _, w := range s.weights {
		sum += float64(w)
	}
	bound := float64(s.stream.Uint64(at)>>11) * 0x1p-53 * sum
	chosen := best // where rounding leaves nothing above the bound
	sum = 0
	for i, w := range s.weights {
		if sum += float64(w); w > 0 && sum > bound {
			chosen = int32(i)
			break
		}
	}
	return chosen, nil
}

// largest returns the index of the largest logit of one or more, of equals the first, and whether they can be chosen by.
func largest(logits []float32) (best int32, ok bool) {
	for i, x := range logits {
		switch {
		case x != x, x > math.MaxFloat32:
			return 0, false
		case x > logits[best]:
			best = int32(i)
		}
	}
	return best, logits[best] >= -math.MaxFloat32
}

// keep lets those tokens weigh nothing that TopK and TopP leave out.
func (s *Sampler) keep(logits []float32) {
	many := s.TopK > 0 && s.TopK < len(logits)
	if share := s.TopP > 0 && s.TopP < 1; !many && !share {
		return
	}
	s.order = s.order[:0]
	for i := range logits {
		s.order = append(s.order, int32(i))
	}
	slices.SortFunc(s.order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(logits[j], logits[i]), cmp.Compare(i, j))
	})
	kept := len(logits)
	if many {
		kept = s.TopK
	}
	if s.TopP > 0 && s.TopP < 1 {
		kept = s.reaching(kept)
	}
	for _, i := range s.order[kept:] {
		s.weights[i] = 0
	}
}

// reaching returns how many of the first tokens in the order have TopP of the weight of the first n.
func (s *Sampler) reaching(n int) int {
	sum := 0.0
	for _, i := range s.order[:n] {
		sum += float64(s.weights[i])
	}
	share := s.TopP * sum
	sum = 0
	for k, i := range s.order[:n] {
		if sum += float64(s.weights[i]); sum >= share {
			return k + 1
		}
	}
	return n
}
