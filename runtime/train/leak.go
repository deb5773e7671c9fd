package train

import (
	"errors"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// errLeak is the error for a model that sees what it is to tell: its figures would be superb, and its text worthless.
var errLeak = errors.New("the scores at a position depend on later symbols, which they are to tell: " +
	"make attention causal (`attention 2 causal`), leave `bidirectional` out, and convolve or pool nothing along the sequence")

// verifyOrder reports whether a model that reads a text that goes on, of that vocabulary, sees behind a position: it
// predicts a window of symbols by chance, then others that differ from a position on, and compares the scores before it, where these are numbers.
// A nil vocabulary stands for other data, which may be seen as a whole. The error is errLeak, or one of the prediction.
func (r *run) verifyOrder(v *data.Vocabulary) error {
	if v == nil || v.Size() < 2 {
		return nil
	}
	c := newChunk(&r.m, 1, false)
	for _, p := range r.m.Outputs {
		c.out = append(c.out, make([]float32, p.Size()))
	}
	window, size := c.full.Inputs[0].Int, v.Size()
	chance := rng.New(r.m.Seed, "order")
	predict := func(from int) (scores [][]float32, err error) {
		for i := range window {
			window[i] = int32(chance.Uint64(uint64(i)) % uint64(size))
			if i >= from {
				other := 1 + chance.Uint64(uint64(len(window)+i))%uint64(size-1)
				window[i] = int32((uint64(window[i]) + other) % uint64(size))
			}
		}
		out, err := c.predict(1)
		for _, all := range out {
			scores = append(scores, append([]float32(nil), all...))
		}
		return scores, err
	}
	want, err := predict(len(window))
	if err != nil {
		return err
	}
	for _, from := range []int{1, len(window) / 2, len(window) - 1} {
		if from < 1 {
			continue
		}
		got, err := predict(from)
		if err != nil {
			return err
		}
		for _, l := range r.m.Losses {
			each := len(got[l.Output]) / len(window)
			for i, x := range got[l.Output][:from*each] {
				if y := want[l.Output][i]; x < y || x > y {
					return r.leak()
				}
			}
		}
	}
	return nil
}

// leak is errLeak, with what the command knows of the place.
func (r *run) leak() error {
	if r.job.Obstacle == "" {
		return errLeak
	}
	return errors.Join(errLeak, errors.New(r.job.Obstacle))
}
