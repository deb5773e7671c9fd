package answer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

func TestUnknown(t *testing.T) {
	words, err := wordpiece.New([]string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "fox"})
	require.NoError(t, err)
	w := &Windows{Tokenizer: words, Length: 12, Step: 4, Question: 4, Longest: 3}
	var u Unknown
	add := func(question, passage string) {
		asked, err := w.Encode(question, passage)
		require.NoError(t, err)
		u.Add(w, asked)
	}
	add("the", "the fox")
	assert.Equal(t, "", u.Said(), "all are known")
	long := strings.Repeat("the fox ", 8) + "hen"
	add("the", long)
	add("fox the", long) // whose passage is counted already
	assert.Equal(t, 3+1+17+2, u.Tokens)
	assert.Equal(t, "4.35 % of 23 tokens are unknown", u.Said())
	rare := u
	rare.Tokens = 101
	assert.Equal(t, "", rare.Said(), "less than one in a hundred")
	add("who cares", "the fox")
	assert.Equal(t, "warning: 11.1 % of 27 tokens are unknown: is this the vocabulary of the model, and of these texts?", u.Said())
}
