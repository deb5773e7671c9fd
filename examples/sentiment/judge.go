package main

import (
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
)

// judge judges one sentence at a time.
type judge struct {
	predictor *SentimentPredictor
	codec     *data.Codec  // between a text and integers, between scores and labels
	tokens    []data.Block // of a sentence: its words
	target    data.Target
}

// newJudge loads what nnc train saved. It fails where the file was trained with another spec.
func newJudge(path string) (*judge, error) {
	predictor, err := LoadSentimentPredictor(path)
	if err != nil {
		return nil, err
	}
	codec, err := data.CodecOf(predictor.Metadata())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	inputs := codec.Inputs()
	if len(inputs) != 1 || codec.Column(0).Tokens == nil {
		return nil, fmt.Errorf("%s: %w", path, errors.New("it was not trained on texts"))
	}
	return &judge{predictor: predictor, codec: codec, tokens: []data.Block{data.NewBlock(inputs[0], 1)}, target: codec.Targets()[0]}, nil
}

// judge is the likelier label of a text, and its probability.
func (j *judge) judge(text string) (label string, probability float32, err error) {
	if err := j.codec.EncodeInputs(j.tokens, []string{text}); err != nil {
		return "", 0, err
	}
	score := make([]float32, 1)
	if err := j.predictor.Predict(j.tokens[0].Int, score); err != nil {
		return "", 0, err
	}
	label, probability = j.target.Class(0, score)
	return label, probability, nil
}

// unknown are the words of a text that no sentence to train on had.
func (j *judge) unknown(text string) []string {
	words := j.codec.Column(0).Tokens.Vocabulary
	var unknown []string
	for _, word := range words.Kind().Of(text) {
		if _, known := words.ID(word); !known {
			unknown = append(unknown, word)
		}
	}
	return unknown
}
