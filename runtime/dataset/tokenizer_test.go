package dataset

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// vocabulary writes a vocabulary and returns the flag that names it.
func vocabulary(t *testing.T, tokens string) string {
	t.Helper()
	return "wordpiece:" + writeFile(t, "vocab.txt", strings.ReplaceAll("[PAD] [UNK] [CLS] [SEP] "+tokens, " ", "\n")+"\n")
}

func TestTokenizerFlag(t *testing.T) {
	tokenizer, err := Select{}.tokenizer()
	assert.NoError(t, err)
	assert.Nil(t, tokenizer)

	s := Select{Tokenizer: vocabulary(t, "a ##b c:d")}
	tokenizer, err = s.tokenizer()
	require.NoError(t, err)
	assert.Equal(t, []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "##b", "c:d"}, tokenizer.Tokens())

	port := data.Port{Name: "tokens", Shape: []int{8}, Int: true, Limit: 7}
	assert.NoError(t, s.fitsVocabulary(tokenizer, port))
	for limit, takes := range map[int]string{0: "integers without a limit", 6: "integers of 6", 8: "integers of 8"} {
		port.Limit = limit
		assert.ErrorContains(t, s.fitsVocabulary(tokenizer, port),
			"vocab.txt has 7 tokens, but the model's input tokens takes "+takes+": write `of 7`, or give the vocabulary that the model was made for")
	}
}

func TestMistakesOfTheTokenizerFlag(t *testing.T) {
	for _, flag := range []string{"wordpiece", "wordpiece:", "vocab.txt", "bpe:vocab.txt"} {
		_, err := Select{Tokenizer: flag}.tokenizer()
		var usage UsageError
		require.ErrorAs(t, err, &usage)
		assert.EqualError(t, err, "--tokenizer "+flag+": write wordpiece:FILE, the file of a vocabulary that has a token on each line, as BERT's vocab.txt")
	}
	_, err := Select{Tokenizer: "wordpiece:" + filepath.Join(t.TempDir(), "none.txt")}.tokenizer()
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "--tokenizer: ")
	_, err = Select{Tokenizer: "wordpiece:" + t.TempDir()}.tokenizer()
	assert.ErrorContains(t, err, "is a directory")
	file := writeFile(t, "v.txt", "a\nb\n")
	_, err = Select{Tokenizer: "wordpiece:" + file}.tokenizer()
	assert.ErrorContains(t, err, "--tokenizer: "+file+": there is no [PAD], [UNK], [CLS], [SEP]: a vocabulary of WordPiece")
}
