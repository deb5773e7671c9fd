package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
)

// reader answers questions, for any number of goroutines at a time.
type reader struct {
	windows    *answer.Windows // between texts and the rows of the model, with the vocabulary
	predictors sync.Pool       // those that nobody uses right now; made when needed, since for bert-qa.nn one has 0.1 GB to work in
	turns      chan struct{}   // one in it for each in use
}

// predictor is a SmallPredictor or a BertQAPredictor, for one goroutine at a time.
type predictor interface {
	// Predict fills scores [n, T, 2], a start and an end for each of T positions, from windows of n questions.
	Predict(tokens, segment []int32, mask, scores []float32) error
}

// newReader loads what nnc train saved: by either spec of this folder, which the positions of its windows tell.
func newReader(path string) (*reader, error) {
	codec, err := data.LoadCodec(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: -weights names the file that nnc train saved", err)
	}
	if err != nil {
		return nil, err
	}
	windows := codec.Windows()
	if windows == nil {
		return nil, fmt.Errorf("%s: it was not trained on questions", path)
	}
	r := &reader{windows: windows, turns: make(chan struct{}, runtime.GOMAXPROCS(0))}
	switch windows.Length {
	case 64:
		first, err := LoadSmallPredictor(path)
		if err != nil {
			return nil, err
		}
		r.predictors.New = func() any { return first.Predictor() } // shares the weights
	case 256:
		first, err := LoadBertQAPredictor(path)
		if err != nil {
			return nil, err
		}
		r.predictors.New = func() any { return first.Predictor() }
	default:
		return nil, fmt.Errorf("%s: its windows have %d tokens, those of small.nn 64 and of bert-qa.nn 256", path, windows.Length)
	}
	return r, nil
}

// reading is what became of a question.
type reading struct {
	asked   *answer.Asked
	scores  [][]float32     // of each window [T, 2]: a start and an end for each of its positions
	answers []answer.Answer // the best first
}

// read finds the n best answers to a question about a passage, of which windows.Encode made rows. It waits while as
// many as there are cores are at it, and ends early, with its error, when the context does. Any other error is the model's.
func (r *reader) read(ctx context.Context, asked *answer.Asked, n int) (*reading, error) {
	select {
	case r.turns <- struct{}{}:
		defer func() { <-r.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p := r.predictors.Get().(predictor)
	defer r.predictors.Put(p)
	scores := make([][]float32, len(asked.Windows))
	mask := make([]float32, r.windows.Length)
	for i, w := range asked.Windows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for j, part := range w.Mask {
			mask[j] = float32(part)
		}
		scores[i] = make([]float32, 2*r.windows.Length)
		if err := p.Predict(w.IDs, w.Segment, mask, scores[i]); err != nil {
			return nil, err
		}
	}
	answers, err := r.windows.Best(asked, scores, n)
	if err != nil {
		return nil, err
	}
	return &reading{asked, scores, answers}, nil
}
