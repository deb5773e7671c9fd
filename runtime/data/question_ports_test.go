package data

import (
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asks are the ports of a model that answers questions, whatever their names.
func asks() (inputs, targets []Port) {
	return []Port{
			{Name: "part", Shape: []int{8}, Int: true, Limit: 2},
			{Name: "words", Shape: []int{8}, Int: true, Limit: 7},
			{Name: "real", Shape: []int{8}},
		}, []Port{
			{Name: "where", Shape: []int{2}, Int: true, Limit: 8, Judged: &Judged{Loss: "span", Kind: Span, Longest: 3, Mask: "real"}},
		}
}

func TestFindQuestionPorts(t *testing.T) {
	inputs, targets := asks()
	p, err := FindQuestionPorts(inputs, targets)
	require.NoError(t, err)
	assert.Equal(t, QuestionPorts{Tokens: 1, Segment: 0, Mask: 2, Length: 8, Symbols: 7, Longest: 3}, p)

	p, err = FindQuestionPorts(inputs[1:], targets)
	require.NoError(t, err)
	assert.Equal(t, QuestionPorts{Tokens: 0, Segment: -1, Mask: 1, Length: 8, Symbols: 7, Longest: 3}, p)

	inputs[2] = Port{Name: "real", Shape: []int{8}, Int: true, Limit: 2}
	p, err = FindQuestionPorts(inputs, targets)
	require.NoError(t, err, "a mask may be of integers")
	assert.Equal(t, QuestionPorts{Tokens: 1, Segment: 0, Mask: 2, Length: 8, Symbols: 7, Longest: 3}, p)
}

func TestWithoutQuestionPorts(t *testing.T) {
	for want, change := range map[string]func(inputs, targets []Port) ([]Port, []Port){
		"where an answer starts and ends is what the loss span learns": func(inputs, targets []Port) ([]Port, []Port) {
			return inputs, nil
		},
		"it would be the model's only one": func(inputs, targets []Port) ([]Port, []Port) {
			return inputs, append(targets, Port{Name: "more", Judged: &Judged{Loss: "mse"}})
		},
		"`loss span mask=mask`": func(inputs, targets []Port) ([]Port, []Port) {
			targets[0].Judged = &Judged{Loss: "mse"}
			return inputs, targets
		},
		"no input takes the tokens of a question and a passage, as `tokens[8] of 30522`": func(inputs, targets []Port) ([]Port, []Port) {
			return append(inputs[:1], inputs[2]), targets
		},
		"the input real may be the mask of its 8 positions, but the loss does not say so: write `loss span mask=real`": func(inputs, targets []Port) ([]Port, []Port) {
			targets[0].Judged.Mask = ""
			return inputs, targets
		},
		"the input more[8] of 7 is neither the tokens of a question and a passage": func(inputs, targets []Port) ([]Port, []Port) {
			return append(inputs, Port{Name: "more", Shape: []int{8}, Int: true, Limit: 7}), targets
		},
		"the input more[9] of 2 is neither": func(inputs, targets []Port) ([]Port, []Port) {
			return append(inputs, Port{Name: "more", Shape: []int{9}, Int: true, Limit: 2}), targets
		},
	} {
		_, err := FindQuestionPorts(change(asks()))
		assert.ErrorContains(t, err, want)
	}
}

func TestFillWindows(t *testing.T) {
	inputs, targets := asks()
	p, err := FindQuestionPorts(inputs, targets)
	require.NoError(t, err)
	tokenizer, err := wordpiece.New(strings.Fields("[PAD] [UNK] [CLS] [SEP] who fox dog"))
	require.NoError(t, err)
	w := &answer.Windows{Tokenizer: tokenizer, Length: 8, Step: 2, Question: 2, Longest: 3}
	require.NoError(t, p.CheckWindows(w))
	asked, err := w.Encode("who", "fox dog")
	require.NoError(t, err)
	blocks := []Block{NewBlock(inputs[0], 2), NewBlock(inputs[1], 2), NewBlock(inputs[2], 2)}
	p.Fill(blocks, 1, &asked.Windows[0])
	zeros := make([]int32, 8)
	assert.Equal(t, append(zeros, 0, 0, 0, 1, 1, 1, 0, 0), blocks[0].Int)
	assert.Equal(t, append(zeros, 2, 4, 3, 5, 6, 3, 0, 0), blocks[1].Int)
	assert.Equal(t, append(make([]float32, 8), 1, 1, 1, 1, 1, 1, 0, 0), blocks[2].Float)

	w.Length = 9
	assert.EqualError(t, p.CheckWindows(w), "windows of 9 positions, but the model has 8")
	p.Symbols, w.Length = 6, 8
	assert.EqualError(t, p.CheckWindows(w), "a vocabulary of 7 tokens, but the model knows 6: write the input as `of 7`")
}
