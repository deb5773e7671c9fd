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

const pairs = "one,two,label\n" +
	"a b,c,yes\n" +
	"a,\"b, c\",no\n" +
	"a a a a a a,c b,no\n" +
	",,yes\n"

// pieces is a vocabulary of 9: a to c, a comma, and b that goes on with a word.
func pieces(t *testing.T) func(*Training) {
	t.Helper()
	flag := vocabulary(t, "a b c , ##b")
	return func(q *Training) { q.Tokenizer = flag }
}

func segmentOf(length int) data.Port {
	return data.Port{Name: "segment", Shape: []int{length}, Int: true, Limit: 2}
}

func TestPairsOfATable(t *testing.T) {
	const length = 7
	mask := data.Port{Name: "seen", Shape: []int{length}}
	inputs := []data.Port{segmentOf(length), tokensOf(length, 9), mask}
	l, err := loadReviews(t, pairs, inputs, pieces(t))
	require.NoError(t, err)
	in, _ := gather(l.Train)
	assert.Equal(t, []int32{
		2, 4, 5, 3, 6, 3, 0,
		2, 4, 3, 5, 7, 6, 3,
		2, 4, 4, 3, 6, 5, 3,
	}, in[1].Int)
	assert.Equal(t, []int32{
		0, 0, 0, 0, 1, 1, 0,
		0, 0, 0, 1, 1, 1, 1,
		0, 0, 0, 0, 1, 1, 1,
	}, in[0].Int)
	assert.Equal(t, []float32{
		1, 1, 1, 1, 1, 1, 0,
		1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 1, 1, 1,
	}, in[2].Float)
	in, _ = gather(l.Valid)
	assert.Equal(t, []int32{2, 3, 3, 0, 0, 0, 0}, in[1].Int)
	assert.Contains(t, l.Notes, "one and two: 0 % of 11 tokens are unknown; 1 of 4 pairs longer than 4 tokens lose the end of the longer text; 1 of 4 pairs without a token")
	assert.Equal(t, []string{"one", "two"}, l.Codec.Columns())

	// --features says which of the texts comes first.
	l, err = loadReviews(t, pairs, inputs, pieces(t), func(q *Training) { q.Features = []string{"two", "one"} })
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, []int32{2, 6, 3, 4, 5, 3, 0}, in[1].Int[:length])

	// The codec reads raw texts alone, and so does a service.
	stored, err := l.Codec.Text()
	require.NoError(t, err)
	codec, err := data.ParseCodec([]byte(stored))
	require.NoError(t, err)
	want := []int32{2, 5, 3, 1, 4, 5, 3}
	for name, text := range map[string]string{"new.csv": "one,two\nx ab,b\n", "new.jsonl": `{"two":"b","one":"X AB"}` + "\n"} {
		r, err := OpenRows(Rows{Data: []string{writeFile(t, name, text)}, Inputs: inputs, Targets: l.Train.ports()}, codec)
		require.NoError(t, err)
		blocks := []data.Block{data.NewBlock(inputs[0], 1), data.NewBlock(inputs[1], 1), data.NewBlock(inputs[2], 1)}
		_, err = r.Read(blocks, nil, 1)
		require.NoError(t, err)
		assert.Equal(t, []int32{2, 5, 3, 1, 4, 8, 3}, blocks[1].Int, "ab is a and ##b")
		assert.Equal(t, []int32{0, 0, 0, 1, 1, 1, 1}, blocks[0].Int)
		assert.Equal(t, []string{"two and one: 25 % of 4 tokens are unknown"}, r.Remarks())
		require.NoError(t, r.Close())
	}
	blocks := []data.Block{data.NewBlock(inputs[0], 1), data.NewBlock(inputs[1], 1), data.NewBlock(inputs[2], 1)}
	require.NoError(t, codec.EncodeInputs(blocks, []string{"b", "x a b"}))
	assert.Equal(t, want, blocks[1].Int)

	// So does a training that starts from the weights; it needs no file.
	again, err := loadReviews(t, pairs, inputs, func(q *Training) {
		q.From = &Start{Codec: codec, File: "w.safetensors"}
		q.Target = []string{"label"}
	})
	require.NoError(t, err)
	next, _ := gather(again.Train)
	first, _ := gather(l.Train)
	assert.Equal(t, first, next)
}

func TestCasedVocabularies(t *testing.T) {
	flag := vocabulary(t, "a A B c d")
	l, err := loadReviews(t, pairs, []data.Port{tokensOf(7, 9)}, func(q *Training) { q.Tokenizer = flag })
	require.NoError(t, err)
	assert.Contains(t, l.Notes, "warning: "+strings.TrimPrefix(flag, "wordpiece:")+": 2 of 9 tokens hold capitals, accents or what else texts lose, and are never found: texts are taken in lower case, as uncased models want them")
	l, err = loadReviews(t, pairs, []data.Port{tokensOf(7, 9)}, pieces(t))
	require.NoError(t, err)
	for _, note := range l.Notes {
		assert.NotContains(t, note, "warning")
	}
}

func TestOneTextInTokens(t *testing.T) {
	const length = 5
	mask := data.Port{Name: "mask", Shape: []int{length}, Int: true, Limit: 2}
	l, err := loadReviews(t, pairs, []data.Port{tokensOf(length, 9), mask}, pieces(t), func(q *Training) { q.Drop, q.Truncate = []string{"one"}, "start" })
	require.NoError(t, err)
	in, _ := gather(l.Train)
	assert.Equal(t, []int32{2, 6, 3, 0, 0, 2, 5, 7, 6, 3, 2, 6, 5, 3, 0}, in[0].Int)
	assert.Equal(t, []int32{1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0}, in[1].Int, "its name says what it is")

	l, err = loadReviews(t, pairs, []data.Port{tokensOf(length, 9), segmentOf(length), mask}, pieces(t), func(q *Training) { q.Drop = []string{"one"} })
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, make([]int32, 3*length), in[1].Int)
	assert.Equal(t, []int32{1, 1, 1, 0, 0}, in[2].Int[:length])
}

func TestMistakesWithTokens(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		inputs []data.Port
		change func(*Training)
		want   string
	}{
		"another size":    {pairs, []data.Port{tokensOf(7, 10)}, nil, "vocab.txt has 9 tokens, but the model's input tokens takes integers of 10: write `of 9`"},
		"three texts":     {"x,one,two,label\na,b,c,yes\n", []data.Port{tokensOf(7, 9)}, nil, "but 3 columns feed it (x, one, two)\nwrite `input tokens[3] of 9`, or choose columns with --features or --drop; a text is one column, a pair of texts two"},
		"too short":       {pairs, []data.Port{tokensOf(4, 9)}, nil, "the model's input tokens takes 4 integers, too few for the tokens of texts, [CLS] a [SEP] b [SEP]: write `input tokens[128] of 9`"},
		"numbers":         {"n,label\n1,yes\n2,no\n", []data.Port{tokensOf(7, 9)}, nil, "or take its numbers as texts with --text n"},
		"kinds of tokens": {pairs, []data.Port{tokensOf(7, 9)}, func(q *Training) { q.Tokens = "word" }, "exclude each other"},
		"no text":         {"n,label\n1,yes\n2,no\n", features(1), nil, "says which tokens a text is divided into, but"},
	} {
		_, err := loadReviews(t, c.text, c.inputs, pieces(t), func(q *Training) {
			if c.change != nil {
				c.change(q)
			}
		})
		assert.ErrorContains(t, err, c.want, name)
	}
}

// Weights that no training of nnc made say nothing of texts: the flag does.
func TestTokensWithoutACodec(t *testing.T) {
	var q Training
	pieces(t)(&q)
	inputs := []data.Port{segmentOf(7), tokensOf(7, 9), {Name: "price", Shape: []int{1}}}
	rows := func(text string, inputs []data.Port) Rows {
		return Rows{Data: []string{writeFile(t, "n.csv", text)}, Select: Select{Tokenizer: q.Tokenizer}, Inputs: inputs}
	}
	const text = "one,price,two\na,2.5,b c\n"
	r, err := OpenRows(rows(text, inputs), nil)
	require.NoError(t, err)
	defer r.Close()
	blocks := []data.Block{data.NewBlock(inputs[0], 1), data.NewBlock(inputs[1], 1), data.NewBlock(inputs[2], 1)}
	_, err = r.Read(blocks, nil, 1)
	require.NoError(t, err)
	assert.Equal(t, []int32{2, 4, 3, 5, 6, 3, 0}, blocks[1].Int)
	assert.Equal(t, []int32{0, 0, 0, 1, 1, 1, 0}, blocks[0].Int)
	assert.Equal(t, []float32{2.5}, blocks[2].Float)

	_, err = OpenRows(rows(text, []data.Port{tokensOf(7, 10)}), nil)
	assert.ErrorContains(t, err, "n.csv: the model's input tokens takes 7 integers, but 3 columns feed it (one, price, two)")
	_, err = OpenRows(rows("one,two\na,b\n", []data.Port{tokensOf(7, 10)}), nil)
	assert.ErrorContains(t, err, "vocab.txt has 9 tokens, but the model's input tokens takes integers of 10")
	_, err = OpenRows(rows("one,two\na,b\n", features(2)), nil)
	assert.ErrorContains(t, err, "says which tokens a text is divided into, but")

	l, err := loadReviews(t, pairs, []data.Port{tokensOf(7, 9)}, pieces(t))
	require.NoError(t, err)
	_, err = OpenRows(Rows{Data: []string{writeFile(t, "p.csv", pairs)}, Select: Select{Tokenizer: q.Tokenizer}, Inputs: []data.Port{tokensOf(7, 9)}, Targets: l.Train.ports()}, l.Codec)
	var usage UsageError
	assert.ErrorAs(t, err, &usage)
	assert.ErrorContains(t, err, "hold the vocabulary if they are tokens: leave the flag out")
}

func TestAdviceOfTheTokenizer(t *testing.T) {
	inputs := []data.Port{tokensOf(7, 9), segmentOf(7), {Name: "mask", Shape: []int{7}}}
	_, err := loadReviews(t, pairs, inputs)
	assert.ErrorContains(t, err, "which columns make the inputs tokens, mask? Name them, as in --features tokens=a,b; one input may be left to take the others; or let texts make all, in the tokens of a vocabulary, with --tokenizer wordpiece:FILE")
	_, err = loadReviews(t, pairs, []data.Port{tokensOf(7, 9), {Name: "facts", Shape: []int{3}}})
	require.ErrorContains(t, err, "one input may be left to take the others")
	assert.NotContains(t, err.Error(), "--tokenizer")
	_, err = loadReviews(t, pairs, inputs[:1])
	assert.ErrorContains(t, err, "; a text is one column, a pair of texts two, with --tokenizer")
}
