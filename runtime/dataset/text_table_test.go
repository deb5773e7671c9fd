package dataset

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

const reviews = "review,label\n" +
	"a good film,yes\n" +
	"\"Good, GOOD film\",yes\n" +
	"a bad bad bad film,no\n" +
	",no\n" +
	"an unheard word,no\n"

func tokensOf(length, size int) data.Port {
	return data.Port{Name: "tokens", Shape: []int{length}, Int: true, Limit: size}
}

// loadReviews trains on all rows but the last.
func loadReviews(t *testing.T, text string, inputs []data.Port, change ...func(*Training)) (*Loaded, error) {
	t.Helper()
	q := Training{
		Data: []string{writeFile(t, "r.csv", text)}, Select: Select{Target: []string{"label"}}, Valid: "last:1", Inputs: inputs,
		Targets: []data.Port{{Name: "target", Shape: []int{1}, Judged: &data.Judged{Loss: "bce_logits", Kind: data.Flag, Link: data.Sigmoid}}},
	}
	for _, c := range change {
		c(&q)
	}
	return Load(q)
}

func TestTextOfATableBecomesIntegers(t *testing.T) {
	l, err := loadReviews(t, reviews, []data.Port{tokensOf(4, 9)})
	require.NoError(t, err)
	// Of the rows to train on: bad, film and good thrice, a twice, the comma once.
	v := l.Codec.Column(0).Tokens.Vocabulary
	for id, symbol := range map[int32]string{2: "bad", 3: "film", 4: "good", 5: "a", 6: ","} {
		assert.Equal(t, symbol, v.Symbol(id))
	}
	assert.Equal(t, 7, v.Size(), "held-out rows have no say")
	in, _ := gather(l.Train)
	assert.Equal(t, []int32{
		0, 5, 4, 3,
		4, 6, 4, 3,
		5, 2, 2, 2,
		0, 0, 0, 0,
	}, in[0].Int)
	in, _ = gather(l.Valid)
	assert.Equal(t, []int32{0, 1, 1, 1}, in[0].Int)
	assert.Contains(t, l.Notes, "review: 21.4 % of 14 words are unknown; 1 of 5 texts longer than 4 lose their end; 1 of 5 texts without a word: all padding")

	l, err = loadReviews(t, reviews, []data.Port{tokensOf(4, 4)}, func(q *Training) { q.Truncate = "start" })
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, []int32{
		0, 1, 1, 3,
		1, 1, 1, 3,
		2, 2, 2, 3,
		0, 0, 0, 0,
	}, in[0].Int)
	assert.Contains(t, l.Notes, "review: 5 different words in the rows to train on, of which the 2 most frequent are known")

	l, err = loadReviews(t, reviews, []data.Port{tokensOf(3, 300)}, func(q *Training) { q.Tokens = "byte" })
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, []int32{'a' + 2, ' ' + 2, 'g' + 2}, in[0].Int[:3])
	l, err = loadReviews(t, "review,label\néa,yes\naab,no\nb,no\n", []data.Port{tokensOf(3, 5)}, func(q *Training) { q.Tokens = "char" })
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, []int32{0, 4, 2, 2, 2, 3}, in[0].Int, "a thrice, b, é")
}

func TestInputsThatMeasureTheText(t *testing.T) {
	n := data.Port{Name: "n", Shape: []int{1}, Int: true, Limit: 5}
	mask := data.Port{Name: "seen", Shape: []int{4}, Int: true, Limit: 2}
	l, err := loadReviews(t, reviews, []data.Port{n, tokensOf(4, 9), mask})
	require.NoError(t, err)
	in, _ := gather(l.Train)
	assert.Equal(t, []int32{3, 4, 4, 0}, in[0].Int)
	assert.Equal(t, []int32{5, 4, 3, 0}, in[1].Int[:4], "padding stands after")
	assert.Equal(t, []int32{1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0}, in[2].Int)

	// A mask that comes before the text is none that is measured.
	l, err = loadReviews(t, reviews, []data.Port{n, mask, tokensOf(4, 9)})
	require.NoError(t, err)
	swapped, _ := gather(l.Train)
	assert.Equal(t, []data.Block{in[0], in[2], in[1]}, swapped)

	// Rows that are read later have the same values, those of JSON lines too.
	l, err = loadReviews(t, reviews, []data.Port{n, tokensOf(4, 9), mask})
	require.NoError(t, err)
	for name, text := range map[string]string{"new.csv": reviews, "new.jsonl": `{"review":"a good film"}` + "\n" + `{"review":"Good, GOOD film"}` + "\n"} {
		r, err := OpenRows(Rows{Data: []string{writeFile(t, name, text)}, Inputs: []data.Port{n, tokensOf(4, 9), mask}, Targets: l.Train.ports()}, l.Codec)
		require.NoError(t, err)
		blocks := []data.Block{data.NewBlock(n, 2), data.NewBlock(tokensOf(4, 9), 2), data.NewBlock(mask, 2)}
		rows, err := r.Read(blocks, nil, 2)
		require.NoError(t, err)
		assert.Equal(t, 2, rows)
		for i, b := range blocks {
			assert.Equal(t, in[i].Int[:len(b.Int)], b.Int)
		}
		assert.Contains(t, r.Remarks(), "review: 0 % of 7 words are unknown")
		require.NoError(t, r.Close())
	}

	l, err = loadReviews(t, "title,review,label\nx,b,yes\ny,b,no\nz,b,no\n", []data.Port{n, tokensOf(4, 9), mask}, func(q *Training) { q.Features, q.Drop = []string{"review"}, []string{"title"} })
	require.NoError(t, err)
	assert.Equal(t, []string{"review"}, l.Codec.Columns(), "--features needs no input where only one is fed")

	// An input that a column which is left may be meant for is no length by its size alone.
	kind := n
	for _, name := range []string{"kind", "text_length"} {
		kind.Name = name
		l, err = loadReviews(t, "review,category,label\nx y,1,yes\nx,2,no\nx,3,no\n", []data.Port{tokensOf(4, 9), kind, mask}, func(q *Training) { q.Features = []string{"tokens=review"} })
		if name == "kind" {
			var usage UsageError
			require.ErrorAs(t, err, &usage)
			assert.ErrorContains(t, err, "does a column feed the input kind, or is it the length of the text of tokens? Name the column, as in --features kind=category; or leave out those that nothing takes, with --drop category, or call the input length")
			continue
		}
		require.NoError(t, err)
		in, _ = gather(l.Train)
		assert.Equal(t, []int32{2, 1}, in[1].Int)
	}

	// A column of the input's name feeds it, and two texts are measured each by its own.
	l, err = loadReviews(t, "review,n,label\nx y,4,yes\nx,2,no\nx,3,no\n", []data.Port{n, tokensOf(4, 9)})
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, []int32{4, 2}, in[0].Int)
	other := tokensOf(6, 9)
	other.Name = "title"
	l, err = loadReviews(t, "review,head,label\nx y z,a,yes\nx,b b,no\nx,3,no\n", []data.Port{tokensOf(4, 9), n, other, {Name: "m", Shape: []int{1}, Int: true, Limit: 7}},
		func(q *Training) { q.Features = []string{"title=head"} })
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, []int32{3, 1}, in[1].Int)
	assert.Equal(t, []int32{1, 2}, in[3].Int)
}

// ports are those of the targets.
func (d *Set) ports() []data.Port {
	var ports []data.Port
	for i := range d.targets {
		ports = append(ports, d.targets[i].port)
	}
	return ports
}

func TestMistakesWithTextsOfATable(t *testing.T) {
	type change = func(*Training)
	none := func(*Training) {}
	for name, c := range map[string]struct {
		text   string
		inputs []data.Port
		change change
		want   string
	}{
		"several columns": {"id,review,label\nx,a b,yes\ny,c,no\n", []data.Port{tokensOf(4, 9)}, none,
			"r.csv: the model's input tokens takes 4 integers, but 2 columns feed it (id, review)\nwrite `input tokens[2] of 9`, or choose columns with --features or --drop; a text is one column"},
		"integers": {"a,label\n1,yes\n2,no\n", []data.Port{tokensOf(4, 9)}, none,
			"but 1 column feeds it (a)\nwrite `input tokens[1] of 9`, or choose columns with --features or --drop; a text is one column, or take its numbers as texts with --text a"},
		"its place":    {reviews, []data.Port{tokensOf(4, 9)}, func(q *Training) { q.Index = []string{"review"} }, "but 1 column feeds it (review)"},
		"small":        {reviews, []data.Port{tokensOf(4, 100)}, func(q *Training) { q.Tokens = "byte" }, `column "review": a vocabulary of bytes takes 258 integers, padding and the unknown among them, but there are 100: write ` + "`of 258`"},
		"kind":         {reviews, []data.Port{tokensOf(4, 9)}, func(q *Training) { q.Tokens = "line" }, "--tokens line: write word, char or byte"},
		"end":          {reviews, []data.Port{tokensOf(4, 9)}, func(q *Training) { q.Truncate = "middle" }, "--truncate middle: write start or end"},
		"no text":      {"a,label\n1,yes\n2,no\n", features(1), func(q *Training) { q.Tokens = "word" }, "--tokens word says what a text is divided into, but"},
		"no word":      {"review,label\n,yes\n  ,no\nx,no\n", []data.Port{tokensOf(4, 9)}, none, `column "review" has no word in the training part`},
		"only a mask":  {"a,b,label\n1,2,yes\n2,3,no\n", []data.Port{tokensOf(2, 9), {Name: "n", Shape: []int{1}, Int: true, Limit: 3}}, none, "no column feeds the input n: it would measure the text of tokens, which takes one column"},
		"a series":     {reviews, []data.Port{{Name: "tokens", Shape: []int{2, 4}, Int: true, Limit: 9}}, func(q *Training) { q.Window, q.Features = 2, []string{"review"} }, "--window makes windows of numbers and integers, but an input takes texts"},
		"with weights": {reviews, []data.Port{tokensOf(4, 9)}, func(q *Training) { q.Tokens, q.From = "char", startOfReviews(t) }, "--tokens char says what a text is divided into, but w.safetensors says that, which --init starts from"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadReviews(t, c.text, c.inputs, c.change)
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err := loadReviews(t, "a,label\n1,yes\n2,no\n2,no\n", []data.Port{tokensOf(4, 9)}, func(q *Training) { q.Text = []string{"a"} })
	assert.NoError(t, err)
	l, err := loadReviews(t, ",review,label\n0,a,yes\n1,b,no\n2,c,no\n", []data.Port{tokensOf(4, 9)})
	require.NoError(t, err, "the index that pandas writes is no text")
	assert.Equal(t, []string{"review"}, l.Codec.Columns())
}

func startOfReviews(t *testing.T) *Start {
	t.Helper()
	l, err := loadReviews(t, reviews, []data.Port{tokensOf(4, 9)})
	require.NoError(t, err)
	return &Start{Codec: l.Codec, File: "w.safetensors"}
}

func TestTextIsReadByTheWeightsToStartFrom(t *testing.T) {
	from := startOfReviews(t)
	for _, rescale := range []bool{false, true} {
		from.Rescale = rescale
		l, err := loadReviews(t, "label,review\nno,new a film\nyes,new new\nyes,new\n", []data.Port{tokensOf(4, 9)}, func(q *Training) { q.From = from })
		require.NoError(t, err)
		in, _ := gather(l.Train)
		assert.Equal(t, []int32{0, 1, 5, 3, 0, 0, 1, 1}, in[0].Int, "each word has weights of its own, which statistics do not change")
		assert.True(t, strings.Contains(strings.Join(l.Notes, "\n"), "review: 66.7 % of 6 words are unknown"))
	}
}

func TestVocabularyOfEachFold(t *testing.T) {
	q := Training{Data: []string{writeFile(t, "r.csv", "review,label\na,yes\nb,no\nc,yes\nd,no\n")}, Select: Select{Target: []string{"label"}}, Inputs: []data.Port{tokensOf(2, 9)},
		Targets: []data.Port{{Name: "target", Shape: []int{1}, Judged: &data.Judged{Loss: "bce_logits", Kind: data.Flag, Link: data.Sigmoid}}}}
	folds, err := LoadFolds(q, 2)
	require.NoError(t, err)
	for i := range 2 {
		l, err := folds.Fold(i)
		require.NoError(t, err)
		assert.Equal(t, 4, l.Codec.Column(0).Tokens.Vocabulary.Size())
		in, _ := gather(l.Valid)
		assert.Equal(t, []int32{0, 1, 0, 1}, in[0].Int)
	}
}
