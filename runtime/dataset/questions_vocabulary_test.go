package dataset

import (
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
