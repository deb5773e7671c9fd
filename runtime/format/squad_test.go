package format

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readQuestions(text string, answers bool) ([]Article, error) {
	return articlesOf((&File{Path: "q.json", In: bufio.NewReader(strings.NewReader(text))}).Questions(answers))
}

func articlesOf(r *Questions) ([]Article, error) {
	var all []Article
	for {
		a, err := r.Next()
		if errors.Is(err, io.EOF) {
			_, err := r.Next()
			if !errors.Is(err, io.EOF) {
				return nil, errors.New("there is no end")
			}
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, *a)
	}
}

const twoArticles = "\xef\xbb\xbf" + `{"version": "1.1", "more": {"data": [[1.5e3, true, null, "x"], {}]}, "data": [
  {"title": "Boats", "paragraphs": [
    {"qas": [
       {"id": "a", "question": "Who rows?", "answers": [{"answer_start": 7, "text": "Zoë"}, {"text": "Zoë", "answer_start": 7, "id": 3}]},
       {"question": "What for?", "id": "b", "is_impossible": true, "answers": [], "plausible_answers": [{"text": "gold"}]}],
     "context": "Today: Zoë rows \ud83d\udea3 to the isle.\n"},
    {"context": "Empty.", "qas": []}]},
  {"paragraphs": [
    {"context": "a\u0062\/\"\\\b\f\n\r\t\ud800x\ud800\ud83d\udea3", "qas": [{"id": "c", "question": "?", "answers": [{"text": "\ud83d\udea3", "answer_start": 13}]}]}]}
], "after": [1]}
`

func TestQuestions(t *testing.T) {
	all, err := readQuestions(twoArticles, true)
	require.NoError(t, err)
	require.Len(t, all, 2)
	assert.Equal(t, "Boats", all[0].Title)
	assert.Empty(t, all[1].Title)
	require.Len(t, all[0].Passages, 2)
	first := all[0].Passages[0]
	assert.Equal(t, "Today: Zoë rows 🚣 to the isle.\n", first.Text)
	require.Len(t, first.Questions, 2)
	assert.Equal(t, Question{ID: "a", Text: "Who rows?", Answers: []Answer{{"Zoë", 7}, {"Zoë", 7}}, At: Place{"q.json", 4, 8}}, first.Questions[0])
	assert.Equal(t, 10, first.Questions[0].Answers[0].End(), "in code points")
	assert.Equal(t, Question{ID: "b", Text: "What for?", Impossible: true, At: Place{"q.json", 5, 8}}, first.Questions[1])
	assert.Empty(t, all[0].Passages[1].Questions)
	// What Python's json.loads makes of it, but that half a pair of surrogates is U+FFFD.
	assert.Equal(t, "ab/\"\\\b\f\n\r\t\ufffdx\ufffd🚣", all[1].Passages[0].Text)
}

func TestBadQuestions(t *testing.T) {
	passage := func(qas string) string {
		return "{\"data\": [\n {\"paragraphs\": [\n  {\"context\": \"Ein Café am Kai, ein Kai am Fluss.\",\n   \"qas\": [\n" + qas + "]}]}]}"
	}
	question := func(answers string) string {
		return passage(`{"id": "a", "question": "?", "answers": [` + answers + `]}`)
	}
	for _, test := range []struct{ text, want string }{
		{question(`{"text": "Kai", "answer_start": 13}`),
			`q.json:5:42: the answer "Kai" is not at its answer_start, code point 13 of the passage: there stands "ai,"; it stands at 12`},
		{question(`{"text": "Kai", "answer_start": 20}`), `there stands " Ka"; it stands at 21`},
		{question(`{"text": "am Fluss", "answer_start": 26}`), `there stands "m Fluss."; it stands at 25: answer_start counts code points, not bytes`},
		{question(`{"text": "kai", "answer_start": 12}`), `there stands "Kai"; it stands nowhere in the passage: an answer is a text of the passage, letter by letter`},
		{question(`{"text": "Fluss.", "answer_start": 30}`), `there stands "uss."; it stands at 28`},
		{question(`{"text": "Kai", "answer_start": 99}`), `the passage ends before; it stands at 21`},
		{question(`{"text": "", "answer_start": 1}`), `q.json:5:42: an answer without a text`},
		{question(`{"text": "Kai"}`), `q.json:5:42: an answer has no "answer_start"`},
		{question(`{"answer_start": 3}`), `q.json:5:42: an answer has no "text"`},
		{question(`{"text": "Kai", "answer_start": "12"}`), `q.json:5:74: an "answer_start" is a whole number, and here stands a text`},
		{question(`{"text": "Kai", "answer_start": 12.0}`), `an "answer_start" is a whole number of at least 0, not "12.0"`},
		{question(`{"text": "Kai", "answer_start": -1}`), `an "answer_start" is a whole number of at least 0, not "-1"`},
		{question(`{"text": "Kai", "answer_start": 12345678901234567890}`), `a whole number of at least 0, not "12345678901234567890"`},
		{question(`{"text": ["Kai"], "answer_start": 12}`), `q.json:5:51: a "text" is a text, and here stands a list`},
		{question(`{"text": "Kai", "text": "Kai", "answer_start": 12}`), `q.json:5:58: the key "text" occurs twice in an answer`},
		{question(""), `q.json:5:1: the question "a" has no answers: give it some, or take it out; where the passage does not answer it, mark it with "is_impossible": true`},
		{passage(`{"id": "a", "question": "?"}`), `q.json:5:1: the question "a" has no answers`},
		{passage(`{"id": "a", "question": " ", "answers": []}`), `q.json:5:1: the question "a" has no text`},
		{passage(`{"question": "?", "answers": []}`), `q.json:5:1: a question has no "id": questions come as SQuAD has them, {"data": [{"paragraphs": [`},
		{passage(`{"id": 5, "question": "?", "answers": []}`), `q.json:5:8: an "id" is a text, and here stands a number`},
		{passage(`{"id": "a", "question": "?", "is_impossible": 1}`), `"is_impossible" is true or false, not "1"`},
		{passage(`{"id": "a", "question": "?", "is_impossible": true, "answers": [{"text": "Kai", "answer_start": 12}]}`), `marked with is_impossible, and has answers`},
		{passage("{\"id\": \"a\", \"question\": \"?\", \"is_impossible\": true},\n{\"id\": \"a\", \"question\": \"?\", \"is_impossible\": true}"),
			`q.json:6:1: the question's id, "a", is that of the question at q.json:5:1`},
		{passage("7"), `q.json:5:1: a question is an object, and here stands a number`},
		{`{"data": [{"paragraphs": [{"qas": []}]}]}`, `q.json:1:27: a paragraph has no "context"`},
		{`{"data": [{"paragraphs": [{"context": "x"}]}]}`, `q.json:1:27: a paragraph has no "qas"`},
		{`{"data": [{"title": "x"}]}`, `q.json:1:11: an article has no "paragraphs"`},
		{`{"data": [{"paragraphs": {}}]}`, `q.json:1:26: "paragraphs" is a list, and here stands an object`},
		{`{"data": {"paragraphs": []}}`, `q.json:1:10: "data" is a list, and here stands an object`},
		{`{"data": [], "data": []}`, `q.json:1:14: the key "data" occurs twice in the file`},
		{`{"data": []} {`, `q.json:1:14: '{' stands behind the object`},
		{`{"version": "1.1"}`, `q.json:1:1: the object has no "data", but version: questions come as SQuAD has them, {"data"`},
		{`{}`, `q.json:1:1: the object has no "data": questions`},
		{`{"id": "a", "context": "x", "question": "?"}`, `these are JSON lines of questions`},
		{`[{"context": "x"}]`, `q.json:1:1: questions come as SQuAD has them, {"data": [{"paragraphs"`},
		{`[]`, `and this file begins with a list`},
		{"", `begins with nothing: it is empty`},
		{"\n\n  \xe9", `q.json:3:3: questions come as SQuAD has them`},
		{`{"data": [{"paragraphs"`, `q.json:1:24: the file ends within its JSON: it is not whole`},
		{`{"data": [{"paragraphs": [{"context": "Ende`, `q.json:1:44: the file ends within its JSON`},
		{`{"data": [`, `q.json:1:11: the file ends within`},
		{`{"data": [}`, `an article is an object, and here stands '}'`},
		{`{"data": [] "more": 1}`, `q.json:1:13: no JSON: '"' stands where ',' belongs, between the members of an object`},
		{`{"data": [{"paragraphs": []} {}]}`, `q.json:1:30: no JSON: '{' stands where ',' belongs, between articles`},
		{`{"data" []}`, `q.json:1:9: no JSON: '[' stands where ':' belongs, behind a key`},
		{`{data: []}`, `q.json:1:2: no JSON: 'd' stands where a key in quotes belongs`},
		{`{"more": 01, "data": []}`, `q.json:1:10: no JSON: "01", where a value belongs`},
		{`{"more": nul, "data": []}`, `no JSON: "nul"`},
		{`{"more": , "data": []}`, `q.json:1:10: no JSON: ',' stands where a value belongs`},
		{`{"more": ` + strings.Repeat("1", 2000) + `}`, `a number of more than 1000 digits`},
		{`{"more": ` + strings.Repeat("[", 1e6), `more than 1000 objects and lists within one another`},
		{`{"more": "a` + "\n" + `b"}`, `q.json:1:12: no JSON: '\n' within a text`},
		{`{"more": "\x"}`, `q.json:1:11: no JSON: a backslash before 'x'`},
		{`{"more": "\u12g4"}`, `\u wants four hexadecimal digits, not "12g4"`},
		{"{\n\"more\": \"Caf\xe9\"}", `q.json:2:9: the text that begins here is not UTF-8`},
		{`{"data": [{"paragraphs": [{"context": "` + strings.Repeat("x", 17<<20) + `"}]}]}`, `q.json:1:39: a text of more than 16 MiB`},
	} {
		_, err := readQuestions(test.text, true)
		if len(test.text) > 200 {
			test.text = test.text[:200]
		}
		if assert.Error(t, err, test.text) {
			assert.Contains(t, err.Error(), test.want, test.text)
			assert.True(t, strings.HasPrefix(err.Error(), "q.json:"), "%s", err)
		}
	}
}

// What repeats itself does not make the search for a misplaced answer slow.
func TestMisplacedAnswersAreFoundSoon(t *testing.T) {
	for _, part := range []string{"a", "abbbbbbbbbbbbbbb", "aab"} {
		n := 3_000_000 / len(part)
		file := func(text, answer string, start int) string {
			return fmt.Sprintf(`{"data": [{"paragraphs": [{"context": "%s", "qas": [{"id": "1", "question": "?", "answers": [{"text": "%s", "answer_start": %d}]}]}]}]}`, text, answer, start)
		}
		text := strings.Repeat(part, n)
		begin := time.Now()
		_, err := readQuestions(file(text, text[:len(text)/2]+"!", 7), true)
		assert.ErrorContains(t, err, "it stands nowhere in the passage")
		_, err = readQuestions(file(text+"!", text[:n/2*len(part)]+"!", 7), true)
		assert.ErrorContains(t, err, fmt.Sprintf("it stands at %d", (n-n/2)*len(part)))
		assert.Less(t, time.Since(begin), 5*time.Second)
	}
}

// Of several places of an answer the nearest is named, also where they overlap.
func TestNearestPlaceOfAnAnswer(t *testing.T) {
	for _, test := range []struct {
		text, answer string
		start, want  int
		bytes        bool
	}{
		{"ananas ananas", "anas", 6, 9, false}, {"ananas ananas", "anas", 5, 2, false}, {"éééaXaaXa", "aXa", 0, 3, false},
		{"xaaaax", "aaa", 4, 2, false}, {"xaaaax", "aaa", 0, 1, false}, {"éé éé", "éé", 2, 3, false}, {"éé éé", "éé", 5, 3, true}, {"abc", "abcd", 1, -1, false},
	} {
		p := &places{text: test.text}
		point, bytes := p.nearest(given{Answer: Answer{Text: test.answer, Start: test.start}})
		assert.Equal(t, test.want, point, "%v", test)
		assert.Equal(t, test.bytes, bytes, "%v", test)
	}
}

// Questions that are only asked need no answers.
func TestQuestionsWithoutAnswers(t *testing.T) {
	all, err := readQuestions(`{"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "a", "question": "?"}]}]}]}`, false)
	require.NoError(t, err)
	assert.Equal(t, "?", all[0].Passages[0].Questions[0].Text)
}

// An id is one question's in all files.
func TestQuestionsOfSeveralFiles(t *testing.T) {
	file := func(name, id string) *Questions {
		text := `{"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "` + id + `", "question": "?", "is_impossible": true}]}]}]}`
		return (&File{Path: name, In: bufio.NewReader(strings.NewReader(text))}).Questions(true)
	}
	first, second, third := file("a.json", "1"), file("b.json", "2"), file("c.json", "1")
	_, err := articlesOf(first)
	require.NoError(t, err)
	second.Follow(first)
	_, err = articlesOf(second)
	require.NoError(t, err)
	third.Follow(second)
	_, err = articlesOf(third)
	assert.EqualError(t, err, `c.json:1:52: the question's id, "1", is that of the question at a.json:1:52: each has its own`)
}

func TestQuestionsAreFound(t *testing.T) {
	for text, want := range map[string]Kind{
		twoArticles:                   KindQuestions,
		`{"data": [`:                  KindQuestions,
		"{\n  \"data\"\n:\n [ ":       KindQuestions,
		`{"version": 2, "data": []}`:  KindQuestions,
		`{"data": "x", "area": 120}`:  KindJSONL,
		`{"area": "data", "data": 1}`: KindJSONL,
		`{"data": {}}`:                KindJSONL,
		`{"a": {"data": []}, "b": 1}`: KindJSONL,
		"{\"a\": 1}\n{\"data\": []}":  KindJSONL,
		`{"data": [ {`:                KindQuestions,
		`{"id": 1, "data": ["x"], "question": "?", "passage": "y"}`: KindJSONL,
		`{"id": 1, "data": [], "question": "?", "passage": "y"}`:    KindJSONL,
		`{"question": "?", "data": [{}], "passage": "y"}`:           KindJSONL,
		`{"data": [{"x": [1]}], "question": "?", "passage": "y"}`:   KindJSONL,
		`{"data": [[1, 2]]}`:            KindJSONL,
		`{"data": [{"question": "?"}]}`: KindQuestions,
		`{"data": [{"question": "?"`:    KindQuestions,
		`{"area": `:                     KindJSONL,
		"data,area\n[,1\n":              KindCSV,
		`{"x": "` + strings.Repeat("y", 1<<15) + `", "data": [{"title": "z"}]}`: KindQuestions,
	} {
		path := filepath.Join(t.TempDir(), "x.json")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		f, err := Open(path)
		require.NoError(t, err)
		assert.Equal(t, want, f.Kind, text[:min(len(text), 100)])
		assert.NoError(t, f.Close())
		f, err = OpenQuestions(path)
		require.NoError(t, err)
		assert.Equal(t, want == KindCSV, f.Kind == KindCSV, text[:min(len(text), 100)])
		assert.NoError(t, f.Close())
	}
}

func TestQuestionsInGzip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.json.gz")
	f, err := os.Create(path)
	require.NoError(t, err)
	z := gzip.NewWriter(f)
	_, err = z.Write([]byte(twoArticles))
	require.NoError(t, errors.Join(err, z.Close(), f.Close()))
	d, err := Open(path)
	require.NoError(t, err)
	defer d.Close()
	require.Equal(t, KindQuestions, d.Kind)
	all, err := articlesOf(d.Questions(true))
	require.NoError(t, err)
	assert.Len(t, all, 2)
}

// What is read is JSON, and is what encoding/json makes of it.
func FuzzQuestions(f *testing.F) {
	f.Add(twoArticles)
	f.Add(`{"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "a", "question": "?", "answers": [{"text": "x", "answer_start": 0}]}]}]}]}`)
	f.Add(`{"data": [], "x": [0, -1.5e-3, false]}`)
	f.Fuzz(func(t *testing.T, text string) {
		all, err := readQuestions(text, true)
		text = strings.TrimPrefix(text, byteOrderMark)
		if err != nil {
			assert.True(t, utf8.ValidString(err.Error()), "%q", err)
			return
		}
		require.True(t, json.Valid([]byte(text)))
		var want map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &want))
		// list is an object's list, which may be lacking.
		list := func(of any, key string) []any {
			list, _ := of.(map[string]any)[key].([]any)
			return list
		}
		articles := list(want, "data")
		require.Len(t, all, len(articles))
		for i, a := range all {
			paragraphs := list(articles[i], "paragraphs")
			require.Len(t, a.Passages, len(paragraphs))
			for k, p := range a.Passages {
				assert.Equal(t, paragraphs[k].(map[string]any)["context"], p.Text)
				questions := list(paragraphs[k], "qas")
				require.Len(t, p.Questions, len(questions))
				for n, q := range p.Questions {
					assert.Equal(t, questions[n].(map[string]any)["question"], q.Text)
					assert.Len(t, q.Answers, len(list(questions[n], "answers")))
					for _, g := range q.Answers {
						assert.Equal(t, g.Text, string([]rune(p.Text)[g.Start:g.End()]))
					}
				}
			}
		}
	})
}
