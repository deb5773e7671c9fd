package dataset

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A vocabulary with fewer tokens than the model takes may be that of another, and so may one that knows little of the texts.
func TestVocabularyOfAnotherModel(t *testing.T) {
	few := writeFile(t, "few.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n")
	text := squad(article("a b", asked{"a", "b"}), article("b c", asked{"a", "b"}))
	l, err := loadQuestions(t, text, func(q *Training) { q.Tokenizer, q.Inputs[2].Limit = "wordpiece:"+few, 30522 })
	require.NoError(t, err)
	assert.Contains(t, l.Notes, "warning: "+few+" has 6 tokens, and the model takes integers of 30522: weights that learnt another vocabulary take these tokens for others; give theirs, or train anew with `of 6`")
	assert.Contains(t, l.Notes, "warning: 16.7 % of 6 tokens are unknown: is this the vocabulary of the model, and of these texts?")
	l, err = loadQuestions(t, text)
	require.NoError(t, err)
	for _, note := range l.Notes {
		assert.NotContains(t, note, "warning")
	}
}

// A table that says nothing of where answers are is not what such a model learns from.
func TestTableInPlaceOfQuestions(t *testing.T) {
	q := Training{Data: []string{writeFile(t, "h.csv", "area,price\n1,2\n")}}
	q.Inputs, q.Targets = askedBy(16)
	_, err := Load(q)
	assert.ErrorContains(t, err, "h.csv: this model answers questions about passages, and this is a table: give a JSON file of questions as SQuAD has them")
}

// A column of few different texts is read by its tokens where --text and --tokenizer say so.
func TestFewTextsByTokens(t *testing.T) {
	q := Inspection{Data: []string{writeFile(t, "p.csv", "one,label\n"+strings.Repeat("a b,yes\nb a,no\n", 60))}, Select: Select{Target: []string{"label"}, Tokenizer: "wordpiece:" + letters(t)}}
	s, err := Inspect(q)
	require.NoError(t, err)
	assert.Nil(t, s.Features[0].Prose, "two texts are classes")
	q.Text = []string{"one"}
	s, err = Inspect(q)
	require.NoError(t, err)
	require.NotNil(t, s.Features[0].Prose)
	assert.Equal(t, 4, s.Features[0].Prose.Length)
}
