package wordpiece

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVocabulary(t *testing.T) {
	tokenizer, err := Parse("vocab.txt", []byte("\uFEFF[UNK]\r\nthe\r\n[SEP]\r\n[CLS]\r\n##s\r\n[PAD]"))
	require.NoError(t, err)
	assert.Equal(t, []string{"[UNK]", "the", "[SEP]", "[CLS]", "##s", "[PAD]"}, tokenizer.Tokens())
	assert.Equal(t, 6, tokenizer.Size())
	assert.Equal(t, []int32{5, 0, 3, 2}, []int32{tokenizer.Padding(), tokenizer.Unknown(), tokenizer.Class(), tokenizer.Separator()})
	id, ok := tokenizer.ID("##s")
	assert.True(t, ok)
	assert.Equal(t, int32(4), id)
	_, ok = tokenizer.ID("s")
	assert.False(t, ok)
	assert.Equal(t, "the", tokenizer.Token(1))
	assert.Equal(t, "", tokenizer.Token(6))
	assert.Equal(t, "", tokenizer.Token(-1))
	assert.Equal(t, []Token{{1, 0, 3, 0, 3}, {4, 3, 4, 3, 4}}, tokenizer.Encode(nil, "thes"))

	text, err := json.Marshal(tokenizer)
	require.NoError(t, err)
	var again Tokenizer
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, tokenizer, &again)
}

func TestUnreachableTokens(t *testing.T) {
	tokenizer, err := New([]string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[unused1]", "the", "##s", "中", ".", "ß", "##\u1100", "The", "##S", "é", "e\u0301", "\u00ad", "각"})
	require.NoError(t, err)
	assert.Equal(t, 6, tokenizer.Unreachable())
}

func TestVocabularyErrors(t *testing.T) {
	const special = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n"
	for text, want := range map[string]string{
		"":                                     "v.txt: the file is empty: a vocabulary has a token on each line",
		"\n\n":                                 "v.txt: the file is empty: a vocabulary has a token on each line",
		"the\ncat\n":                           "v.txt: there is no [PAD], [UNK], [CLS], [SEP]: a vocabulary of WordPiece, as BERT's vocab.txt, has a token on each line, [PAD], [UNK], [CLS] and [SEP] among them",
		"{\n{\n":                               "v.txt: there is no [PAD], [UNK], [CLS], [SEP]: a vocabulary of WordPiece, as BERT's vocab.txt, has a token on each line, [PAD], [UNK], [CLS] and [SEP] among them",
		"[PAD]\n[UNK]\n[SEP]\n":                "v.txt: there is no [CLS]: a vocabulary of WordPiece, as BERT's vocab.txt, has a token on each line, [PAD], [UNK], [CLS] and [SEP] among them",
		special + "a\n\nb\n":                   "v.txt:6: the token is empty",
		special + "a\nb\na\nb\n":               `v.txt:7: the token "a" is that of v.txt:5 too: a token's place is its integer, so it has one only`,
		special + "a\n\xff\n":                  `v.txt:6: "\xff" is no UTF-8: a vocabulary is text, with a token on each line`,
		special + strings.Repeat("x\n", 1<<20): "v.txt: a vocabulary has 1048576 tokens at most, a line each",
		strings.Repeat("x", 33<<20):            "v.txt: 34603008 bytes are too many for a vocabulary",
		special + strings.Repeat("x", 17<<20):  "v.txt: tokens of 17825812 bytes are too many, 16777216 are not",
	} {
		_, err := Parse("v.txt", []byte(text))
		assert.EqualError(t, err, want)
	}
	_, err := New([]string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "a"})
	assert.EqualError(t, err, `vocabulary: token 5: the token "a" is that of vocabulary: token 4 too: a token's place is its integer, so it has one only`)
	for text, want := range map[string]string{
		"null":    "vocabulary: a list of tokens is missing",
		`["a"]`:   "vocabulary: there is no [PAD], [UNK], [CLS], [SEP]: a vocabulary of WordPiece, as BERT's vocab.txt, has a token on each line, [PAD], [UNK], [CLS] and [SEP] among them",
		`{"a":1}`: "json: cannot unmarshal object into Go value of type []string",
	} {
		var tokenizer Tokenizer
		assert.EqualError(t, tokenizer.UnmarshalJSON([]byte(text)), want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\n##s\n"), "the s")
	f.Fuzz(func(t *testing.T, file []byte, text string) {
		tokenizer, err := Parse("v.txt", file)
		if err != nil {
			return
		}
		for _, token := range tokenizer.Encode(nil, text) {
			require.NotEmpty(t, tokenizer.Token(token.ID))
		}
		again, err := New(tokenizer.Tokens())
		require.NoError(t, err)
		require.Equal(t, tokenizer.Encode(nil, text), again.Encode(nil, text))
	})
}
