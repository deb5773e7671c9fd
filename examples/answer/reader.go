package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
)

// reader answers questions, for any number of goroutines at a time.
type reader struct {
	windows    *answer.Windows // between texts and the rows of the model, with the vocabulary
	predictors chan predictor  // those that nobody uses right now
}

// predictor is a SmallPredictor or a BertQAPredictor, for one goroutine at a time.
type predictor interface {
	// Predict fills scores [n, T, 2], a start and an end for each of T positions, from windows of n questions.
	Predict(tokens, segment []int32, mask, scores []float32) error
}

// newReader loads what nnc train saved: by either spec of this folder, which the positions of its windows tell.
func newReader(path string) (*reader, error) {
	codec, err := data.LoadCodec(path)
	if err != nil {
		return nil, err
	}
	windows := codec.Windows()
	if windows == nil {
		return nil, fmt.Errorf("%s: %w", path, errors.New("it was not trained on questions"))
	}
	var next func() predictor // another one, which shares the weights
	switch windows.Length {
	case 64:
		first, err := LoadSmallPredictor(path)
		if err != nil {
			return nil, err
		}
		next = func() predictor { return first.Predictor() }
	case 256:
		first, err := LoadBertQAPredictor(path)
		if err != nil {
			return nil, err
		}
		next = func() predictor { return first.Predictor() }
	default:
		return nil, fmt.Errorf("%s: its windows have %d tokens, those of small.nn 64 and of bert-qa.nn 256", path, windows.Length)
	}
	r := &reader{windows: windows, predictors: make(chan predictor, runtime.GOMAXPROCS(0))}
	for range cap(r.predictors) {
		r.predictors <- next()
	}
	return r, nil
}

// reading is what became of a question.
type reading struct {
	asked   *answer.Asked
	scores  [][]float32     // of each window [T, 2]: a start and an end for each of its positions
	answers []answer.Answer // the best first
}

// read finds the n best answers to a question about a passage. It waits for a predictor where all are in use, and ends
// early, with its error, when the context does.
func (r *reader) read(ctx context.Context, question, passage string, n int) (*reading, error) {
	asked, err := r.windows.Encode(question, passage)
	if err != nil {
		return nil, err
	}
	var p predictor
	select {
	case p = <-r.predictors:
		defer func() { r.predictors <- p }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
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
