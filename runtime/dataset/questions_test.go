package dataset

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/internal/shared"
	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// letters is a vocabulary whose words are single letters: a is 4, b is 5, and so on.
func letters(t *testing.T) string {
	tokens := []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]"}
	for r := 'a'; r <= 'z'; r++ {
		tokens = append(tokens, string(r))
	}
	return writeFile(t, "vocab.txt", strings.Join(tokens, "\n")+"\n")
}

// askedBy are the ports of a model that answers questions in windows of so many tokens, of those letters.
func askedBy(length int) (inputs, targets []data.Port) {
	span := &data.Judged{Loss: "span", Kind: data.Span, Longest: 4, Mask: "real"}
	return []data.Port{
			{Name: "part", Shape: []int{length}, Int: true, Limit: 2},
			{Name: "real", Shape: []int{length}},
			{Name: "words", Shape: []int{length}, Int: true, Limit: 30},
		},
		[]data.Port{{Name: "target", Shape: []int{2}, Int: true, Limit: length, Judged: span}}
}

// asked is a question and its answer, "" of one without.
type asked struct{ question, answer string }

// article is one of a passage.
func article(passage string, questions ...asked) string {
	var qas []any
	for _, q := range questions {
		qa := map[string]any{"id": fmt.Sprint(passage, q), "question": q.question, "answers": []any{}}
		if at := strings.Index(passage, q.answer); q.answer == "" {
			qa["is_impossible"] = true
		} else {
			qa["answers"] = []any{map[string]any{"text": q.answer, "answer_start": len([]rune(passage[:at]))}}
		}
		qas = append(qas, qa)
	}
	text, _ := json.Marshal(map[string]any{"title": "t", "paragraphs": []any{map[string]any{"context": passage, "qas": qas}}})
	return string(text)
}

func squad(articles ...string) string { return `{"data": [` + strings.Join(articles, ",\n") + "]}" }

func loadQuestions(t *testing.T, text string, change ...func(*Training)) (*Loaded, error) {
	t.Helper()
	q := Training{Data: []string{writeFile(t, "q.json", text)}, Select: Select{Tokenizer: "wordpiece:" + letters(t)}}
	q.Inputs, q.Targets = askedBy(16)
	for _, c := range change {
		c(&q)
	}
	return Load(q)
}

// gathered are all rows of a set for a model.
func gathered(d *Set, inputs, targets []data.Port) (in, out []data.Block) {
	in, out = newBlocks(inputs, d.Rows()), newBlocks(targets, d.Rows())
	d.Gather(allRows(d.Rows()), in, out)
	return in, out
}

// Each row is a window: its tokens, parts and mask go to the inputs that take them, whatever their names and order, and the target
// is where the answer stands, [CLS] in windows without it.
func TestWindowsOfQuestions(t *testing.T) {
	l, err := loadQuestions(t, squad(
		article("a b c d e f g h i j k l m n", asked{"x y", "l m"}, asked{"x y z w v u", "a"}),
		article("é q", asked{"x", "q"}, asked{"y", ""})))
	require.NoError(t, err)
	d := l.Train
	inputs, targets := askedBy(16)
	in, out := gathered(d, inputs, targets)
	require.Equal(t, 6, d.Rows())
	// 4 tokens of a question at most, a new piece every 8.
	assert.Equal(t, []int32{
		2, 27, 28, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 3,
		2, 27, 28, 3, 12, 13, 14, 15, 16, 17, 3, 0, 0, 0, 0, 0,
		2, 27, 28, 29, 26, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 3,
		2, 27, 28, 29, 26, 3, 12, 13, 14, 15, 16, 17, 3, 0, 0, 0,
		2, 27, 3, 8, 20, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		2, 28, 3, 8, 20, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	}, in[2].Int)
	assert.Equal(t, []int32{
		0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
	}, in[0].Int[:32])
	assert.Equal(t, []float32{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0}, in[1].Float[16:32])
	assert.Equal(t, []int32{0, 0, 7, 8, 6, 6, 0, 0, 4, 4, 0, 0}, out[0].Int)

	file := strings.SplitN(l.Notes[0], ":", 2)[0]
	assert.Equal(t, []string{
		file + ": 4 questions in 2 articles",
		"2 articles to train on: 4 questions in 6 windows of 16 tokens, 3 of them without the answer",
		"1 question cut after 4 tokens",
		"1 question marked as without an answer: right is [CLS] in all their windows",
	}, l.Notes)

	// Which question, and which of its windows.
	q := d.Questions()
	require.Equal(t, 4, q.Len())
	var asks [][2]int
	for r := range d.Rows() {
		question, window := d.Asks(r)
		asks = append(asks, [2]int{question, window})
		all, err := q.Ask(question)
		require.NoError(t, err)
		assert.Equal(t, in[2].Int[16*r:16*r+16], all.Windows[window].IDs)
	}
	assert.Equal(t, [][2]int{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {3, 0}}, asks)
	assert.Equal(t, []string{"l m"}, q.At(0).Answers)
	assert.Empty(t, q.At(3).Answers)
	assert.Same(t, q.At(0).Passage, q.At(1).Passage, "questions about a passage share it")
	assert.Equal(t, 4, q.Windows().Longest)

	// Parts of the rows, and other uses of a set.
	some := d.Subset([]int{5, 1})
	question, window := some.Asks(1)
	assert.Equal(t, [2]int{0, 1}, [2]int{question, window})
	some.Gather([]int{1}, in, nil)
	assert.Equal(t, int32(12), in[2].Int[4])
	some.Gather([]int{1}, nil, out)
	assert.Equal(t, []int32{7, 8}, out[0].Int[:2])
	assert.Nil(t, d.Classes())
	assert.Nil(t, d.Weights())
	assert.Zero(t, d.White(0))
	assert.Same(t, d, d.Epoch(1, 2))
}

// What no prediction can get right is told.
func TestAnswersThatAreLost(t *testing.T) {
	passage := strings.Repeat("a ", 30) + "b c d e f g"
	l, err := loadQuestions(t, squad(article(passage, asked{"x", strings.Repeat("a ", 20)}, asked{"y", "b c d e f"}, asked{"z", "f g"})))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"1 question whose answer is whole in no window",
		"1 question whose answer has more than 4 tokens, the most that a prediction has",
	}, l.Notes[len(l.Notes)-2:])
}

// A vocabulary is in the codec, and what starts from that needs no flag.
// That a vocabulary tells capitals apart is said of questions too.
func TestQuestionsWithACasedVocabulary(t *testing.T) {
	text, err := os.ReadFile(letters(t))
	require.NoError(t, err)
	cased := writeFile(t, "cased.txt", strings.TrimRight(string(text), "\n")+"\nBerlin\n")
	l, err := loadQuestions(t, articles(3), func(q *Training) {
		q.Tokenizer = "wordpiece:" + cased
		q.Inputs[2].Limit++
	})
	require.NoError(t, err)
	assert.Contains(t, strings.Join(l.Notes, "\n"), "cased.txt: 1 of 31 tokens hold capitals")
}

func TestVocabularyOfQuestionsIsTakenOver(t *testing.T) {
	first, err := loadQuestions(t, articles(3))
	require.NoError(t, err)
	text, err := first.Codec.Text()
	require.NoError(t, err)
	stored, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	start := func(change func(*Training)) (*Loaded, error) {
		return loadQuestions(t, articles(4), func(q *Training) {
			q.Tokenizer = ""
			q.From = &Start{Codec: stored, File: "w.safetensors"}
			change(q)
		})
	}
	l, err := start(func(*Training) {})
	require.NoError(t, err)
	assert.Contains(t, l.Notes, "the vocabulary is that of w.safetensors")
	assert.Equal(t, first.Codec.Windows().Tokenizer.Tokens(), l.Codec.Windows().Tokenizer.Tokens())
	same := letters(t)
	l, err = start(func(q *Training) { q.Tokenizer = "wordpiece:" + same })
	require.NoError(t, err, "the same vocabulary")
	assert.Equal(t, 8, l.Train.Rows())
	l, err = start(func(q *Training) { q.Targets[0].Judged.Longest = 2 })
	require.NoError(t, err)
	assert.Equal(t, 2, l.Codec.Windows().Longest, "the spec's")
	_, err = start(func(q *Training) { q.From.NewTargets = true })
	require.NoError(t, err, "a new head")
	_, err = start(func(q *Training) { q.From.NewTargets, q.From.Rescale = true, true })
	require.NoError(t, err)

	other := writeFile(t, "other.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n")
	for _, bad := range []struct {
		change func(*Training)
		want   string
	}{
		{func(q *Training) { q.Tokenizer = "wordpiece:" + other }, "the weights were trained with another vocabulary"},
		{func(q *Training) { q.From.Rescale = true }, "--rescale takes new statistics, and those of questions are none"},
		{func(q *Training) { q.Inputs, q.Targets = askedBy(32) }, "w.safetensors: the stored vocabulary has 30 tokens, in windows of 16"},
		{func(q *Training) { q.Data = []string{writeFile(t, "t.csv", "a,b\n1,2\n")} },
			"w.safetensors: it was trained on questions about passages, which these data are not"},
		{func(q *Training) {
			table := data.NewCodec(data.ScaleStandard, data.Writing{}, []data.Column{{Name: "a", Kind: data.KindNumber}}, nil, nil, nil)
			q.From = &Start{Codec: table, File: "w.safetensors"}
		}, "w.safetensors: the stored columns make"},
	} {
		_, err := start(bad.change)
		assert.ErrorContains(t, err, bad.want)
	}
	// Weights of arrays of tokens say nothing of a vocabulary.
	arrays := data.NewCodec(data.ScaleStandard, data.Writing{}, nil, nil, []data.ArrayScale{{Name: "words"}}, data.TargetsOf(askedBy(16)))
	_, err = start(func(q *Training) { q.From = &Start{Codec: arrays, File: "w.safetensors"} })
	assert.ErrorContains(t, err, "Name the model's vocabulary, as --tokenizer wordpiece:vocab.txt")
	_, err = start(func(q *Training) {
		q.Tokenizer, q.From = "wordpiece:"+same, &Start{Codec: arrays, File: "w.safetensors"}
	})
	assert.NoError(t, err)
}

func TestQuestionsThatCannotBeRead(t *testing.T) {
	table := writeFile(t, "t.csv", "a,b\n1,2\n")
	for _, bad := range []struct {
		text   string
		change func(*Training)
		want   string
	}{
		{articles(1), func(q *Training) { q.Tokenizer = "" }, "q.json holds questions about passages: which integer is which part of a word? Name the model's vocabulary, as --tokenizer wordpiece:vocab.txt"},
		{articles(1), func(q *Training) { q.Tokenizer = "wordpiece:no.txt" }, "--tokenizer: open no.txt"},
		{articles(1), func(q *Training) { q.Inputs[2].Limit = 20 }, "q.json is read in a vocabulary of 30 tokens, but the model knows 20: write the input as `of 30`"},
		{articles(1), func(q *Training) { q.Inputs = q.Inputs[:2] }, "q.json holds questions about passages, which this model does not answer: no input takes the tokens"},
		{articles(1), func(q *Training) { q.Inputs, q.Targets = features(2), regression(1) }, "q.json holds questions about passages, which this model does not answer: where an answer starts and ends"},
		{articles(1), func(q *Training) { q.Inputs, q.Targets = askedBy(4) }, "windows of 4 tokens"},
		{articles(1), func(q *Training) { q.Target = []string{"a"} }, "--target a chooses columns of a table, and"},
		{articles(1), func(q *Training) { q.Group = "a" }, "--group a is a column of a table, and"},
		{articles(1), func(q *Training) { q.Weight = "a" }, "--weight a chooses columns of a table"},
		{articles(1), func(q *Training) { q.Tokens = "char" }, "--tokens char says what a text is divided into, but"},
		{articles(1), func(q *Training) { q.Truncate = "start" }, "--truncate start"},
		{articles(1), func(q *Training) { q.MissingIndicator = true }, "--missing-indicator says how a table is read"},
		{articles(1), func(q *Training) { q.Sep = ';' }, "without --sep and --no-header"},
		{articles(1), func(q *Training) { q.Scale = "none" }, "--scale none is for numbers, and questions have none"},
		{articles(1), func(q *Training) { q.Window = 3 }, "--window makes windows of the rows of a table, and"},
		{articles(1), func(q *Training) { q.SkipUnreadable = true }, "--skip-unreadable is for images"},
		{articles(1), func(q *Training) { q.Data = append(q.Data, table) }, "only other files of questions stand beside it in --data"},
		{articles(1), func(q *Training) { q.Data = append(q.Data, q.Data[0]) }, "is that of the question at"},
		{articles(1), func(q *Training) { q.Data[0] = "words=" + q.Data[0] }, "which give all inputs and the target at once: write --data"},
		{articles(1), func(q *Training) { q.ValidData = []string{table} }, "holds no questions about passages, which the weights were trained on"},
		{`{"data": []}`, nil, "q.json: there is no question in it"},
		{`{"area": 120}`, nil, `q.json:1:1: the object has no "data", but area`},
		{`[1, 2]`, nil, `q.json:1:1: questions come as SQuAD has them`},
		{squad(article("a b", asked{"x", "b"}), article("\u200b", asked{"x", ""})), nil, "q.json:2:16: the passage is empty"},
		{squad(article("a b", asked{"x", "b"}), article("a", asked{"\u200b", "a"})), nil, "q.json:2:38: the question is empty"},
	} {
		_, err := loadQuestions(t, bad.text, func(q *Training) {
			if bad.change != nil {
				bad.change(q)
			}
		})
		assert.ErrorContains(t, err, bad.want, "%.60s", bad.text)
	}
}

// Questions are read for a judgement as for a training, and need no answers to be asked.
func TestRowsOfQuestions(t *testing.T) {
	inputs, targets := askedBy(16)
	l, err := loadQuestions(t, articles(3))
	require.NoError(t, err)
	want, truth := gathered(l.Train, inputs, targets)
	path := writeFile(t, "again.json", articles(3))
	for _, codec := range []*data.Codec{l.Codec, nil} {
		q := Rows{Data: []string{path}, Inputs: inputs, Targets: targets, Judge: true}
		if codec == nil {
			q.Tokenizer = "wordpiece:" + letters(t)
		}
		r, err := OpenRows(q, codec)
		require.NoError(t, err)
		assert.Equal(t, []string{path + ": 6 questions in 6 windows of 16 tokens"}, r.Notes())
		assert.Equal(t, 30, r.Codec().Windows().Tokenizer.Size())
		in, out := newBlocks(inputs, 6), newBlocks(targets, 6)
		n, err := r.Read(in, out, 6)
		require.NoError(t, err)
		assert.Equal(t, 6, n)
		assert.Equal(t, want, in)
		assert.Equal(t, truth, out)
		assert.NoError(t, r.Close())
	}
	_, err = OpenRows(Rows{Data: []string{path}, Inputs: inputs, Targets: targets, Judge: true}, nil)
	assert.ErrorContains(t, err, "Name the model's vocabulary")
	_, err = OpenRows(Rows{Data: []string{path}, Inputs: inputs, Targets: targets, Keep: []string{"id"}}, l.Codec)
	assert.ErrorContains(t, err, "--keep id chooses columns of a table")

	unanswered := writeFile(t, "unanswered.json", `{"data": [{"paragraphs": [{"context": "a b", "qas": [{"id": "1", "question": "x"}]}]}]}`)
	r, err := OpenRows(Rows{Data: []string{unanswered}, Inputs: inputs, Targets: targets}, l.Codec)
	require.NoError(t, err)
	set, err := r.ReadAll(inputs, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, set.Rows())
	_, err = OpenRows(Rows{Data: []string{unanswered}, Inputs: inputs, Targets: targets, Judge: true}, l.Codec)
	assert.ErrorContains(t, err, "has no answers")
}

// All windows of a public file are those of the reference in Python, and so are those of its last eight articles.
func TestXQuAD(t *testing.T) {
	text, err := os.ReadFile(shared.File(t, "qa/fixture/windows.json"))
	require.NoError(t, err)
	var want map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &want))
	span := &data.Judged{Loss: "span", Kind: data.Span, Longest: 30, Mask: "mask"}
	q := Training{
		Data: []string{shared.File(t, "data/xquad.en.json")}, Select: Select{Tokenizer: "wordpiece:" + shared.File(t, "data/minilm/vocab.txt")}, Valid: "last:8",
		Inputs: []data.Port{{Name: "tokens", Shape: []int{256}, Int: true, Limit: 30522}, {Name: "segment", Shape: []int{256}, Int: true, Limit: 2},
			{Name: "mask", Shape: []int{256}, Int: true, Limit: 2}},
		Targets: []data.Port{{Name: "target", Shape: []int{2}, Int: true, Limit: 256, Judged: span}},
	}
	l, err := Load(q)
	require.NoError(t, err)
	for part, d := range map[string]*Set{"train": l.Train, "held out": l.Valid} {
		var figures struct {
			Windows int    `json:"windows"`
			Hash    string `json:"sha256"`
		}
		require.NoError(t, json.Unmarshal(want[part], &figures))
		require.Equal(t, figures.Windows, d.Rows())
		in, out := newBlocks(q.Inputs, 1), newBlocks(q.Targets, 1)
		hash := sha256.New()
		for r := range d.Rows() {
			d.Gather([]int{r}, in, out)
			for _, b := range append(in, out...) {
				require.NoError(t, binary.Write(hash, binary.LittleEndian, b.Int))
			}
		}
		assert.Equal(t, figures.Hash, hex.EncodeToString(hash.Sum(nil)), part)
	}
	assert.Equal(t, []string{
		q.Data[0] + ": 1190 questions in 48 articles",
		"40 articles to train on: 1013 questions in 1190 windows of 256 tokens, 137 of them without the answer",
		"8 articles held out: 177 questions in 189 windows of 256 tokens, 10 of them without the answer",
	}, l.Notes)
}

// Whatever a file of questions says, the windows that are gathered are those that the question has.
func FuzzWindowsOfQuestions(f *testing.F) {
	f.Add("a b c d e f g h i j k l m n", "x y z w v", 3, 7)
	f.Add("é\u0301 q", "?", 0, 1)
	tokenizer, err := wordpiece.New([]string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "##a", "?"})
	require.NoError(f, err)
	windows, err := answer.New(tokenizer, 12, 4)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, passage, question string, from, n int) {
		passage, question = strings.ToValidUTF8(passage, "?"), strings.ToValidUTF8(question, "?")
		runes := []rune(passage)
		if from < 0 || n < 1 || from >= len(runes) || n > len(runes)-from {
			return
		}
		text, err := json.Marshal(map[string]any{"data": []any{map[string]any{"paragraphs": []any{map[string]any{"context": passage, "qas": []any{map[string]any{
			"id": "1", "question": question, "answers": []any{map[string]any{"text": string(runes[from : from+n]), "answer_start": from}}}}}}}}})
		require.NoError(t, err)
		inputs, targets := askedBy(12)
		ports, err := data.FindQuestionPorts(inputs, targets)
		require.NoError(t, err)
		file, err := format.Open(writeFile(t, "q.json", string(text)))
		require.NoError(t, err)
		defer file.Close()
		q, err := readQuestions([]*format.File{file}, windows, ports, true)
		if err != nil {
			assert.True(t, strings.Contains(err.Error(), "is empty") || strings.Contains(err.Error(), "has no text"), "%s", err)
			return
		}
		all, err := q.Ask(0)
		require.NoError(t, err)
		d := q.set(inputs, targets)
		require.Equal(t, len(all.Windows), d.Rows())
		in, out := gathered(d, inputs, targets)
		for r := range d.Rows() {
			assert.Equal(t, all.Windows[r].IDs, in[2].Int[12*r:12*r+12])
			first, last := out[0].Int[2*r], out[0].Int[2*r+1]
			assert.True(t, first == 0 && last == 0 || 3 <= first && first <= last && int(last) < 12)
		}
	})
}
