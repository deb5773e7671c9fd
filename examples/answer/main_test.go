package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/examples/internal/nnctest"
	"github.com/nnc-lang/nnc/internal/shared"
	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/weights"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

func TestMain(m *testing.M) { os.Exit(nnctest.Main(m)) }

// small is the model that ships.
func small(t testing.TB) *reader {
	r, err := newReader("small.safetensors")
	require.NoError(t, err)
	return r
}

// asked is a question of a file in SQuAD's format, with its passage and the true answer.
type asked struct {
	id, question, passage, answer string
}

// questions are those of a file's articles from the first on.
func questions(t testing.TB, path string, first int) []asked {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var file struct {
		Data []struct {
			Paragraphs []struct {
				Context string
				Qas     []struct {
					ID, Question string
					Answers      []struct{ Text string }
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &file))
	var list []asked
	for _, a := range file.Data[first:] {
		for _, p := range a.Paragraphs {
			for _, q := range p.Qas {
				list = append(list, asked{q.ID, q.Question, p.Context, q.Answers[0].Text})
			}
		}
	}
	return list
}

// Of questions about people, towns and ships whose names no text to train on has, nearly all are answered right, those
// about passages of several windows too. Every answer stands in its passage where it is said to.
func TestAnswersAboutStrangers(t *testing.T) {
	r := small(t)
	var all, long struct{ questions, right int }
	for _, q := range questions(t, "unseen.json", 0) {
		reading, err := r.read(context.Background(), q.question, q.passage, 3)
		require.NoError(t, err)
		require.Len(t, reading.answers, 3)
		for _, a := range reading.answers {
			assert.Equal(t, a.Text, q.passage[a.Start:a.End])
			assert.Equal(t, a.Text, string([]rune(q.passage)[a.RuneStart:a.RuneEnd]))
		}
		right := 0
		if answer.ExactMatch(reading.answers[0].Text, q.answer) {
			right = 1
		}
		all.questions, all.right = all.questions+1, all.right+right
		if len(reading.asked.Windows) > 1 {
			long.questions, long.right = long.questions+1, long.right+right
		}
	}
	t.Logf("%d of %d right, %d of %d in several windows", all.right, all.questions, long.right, long.questions)
	assert.GreaterOrEqual(t, float64(all.right), 0.95*float64(all.questions))
	assert.Greater(t, long.questions, 100)
	assert.GreaterOrEqual(t, float64(long.right), 0.9*float64(long.questions))
}

// The place of an answer counts characters and bytes of the text as it stands, whatever stands before it.
func TestPlacesInTheTextAsItStands(t *testing.T) {
	const passage = "東京 🎶 — So\u0301lu\u0308m lives in Mïgarhölm. Känor has a house in Be\u0301tonfo\u0302rd."
	reading, err := small(t).read(context.Background(), "Where does Kanor live?", passage, 1)
	require.NoError(t, err)
	a := reading.answers[0]
	assert.Equal(t, "Be\u0301tonfo\u0302rd", a.Text)
	assert.Equal(t, a.Text, passage[a.Start:a.End])
	assert.Equal(t, a.Text, string([]rune(passage)[a.RuneStart:a.RuneEnd]))
}

func TestMarked(t *testing.T) {
	passage := strings.Repeat("é ", 40) + "here\nit is" + strings.Repeat(" ü", 40)
	start := strings.Index(passage, "here")
	a := answer.Answer{Text: "here\nit", Start: start, End: start + len("here\nit")}
	assert.Equal(t, "… "+strings.Repeat("é ", 19)+"[here it] is"+strings.Repeat(" ü", 18)+" …", marked(passage, a))
	a = answer.Answer{Text: "ab", Start: 0, End: 2}
	assert.Equal(t, "[ab]", marked("ab", a))

	// Texts without spaces, and such as are none.
	passage = strings.Repeat("東", 30) + "京" + strings.Repeat("東", 30)
	a = answer.Answer{Text: "京", Start: 90, End: 93}
	assert.Equal(t, "… "+strings.Repeat("東", 20)+"[京]"+strings.Repeat("東", 20)+" …", marked(passage, a))
	passage = strings.Repeat("\x80", 100) + "a" + strings.Repeat("\x80", 100)
	a = answer.Answer{Text: "a", Start: 100, End: 101}
	assert.Equal(t, "… [a] …", marked(passage, a))
}

// The README shows what the program prints.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	commands := regexp.MustCompile(`(?ms)^\$ go run \. (.*?)\n(.*?)^`+"(?:\\$|```)").FindAllStringSubmatch(string(text), -1)
	shown := 0
	for _, c := range commands {
		if strings.HasPrefix(c[1], "serve") || strings.Contains(c[1], "bert-qa.safetensors") {
			continue // prints nothing, or wants weights that are not here
		}
		var printed bytes.Buffer
		require.NoError(t, run(context.Background(), words(c[1]), nil, &printed), c[1])
		assert.Equal(t, c[2], printed.String(), c[1])
		shown++
	}
	assert.Equal(t, 2, shown)

	asked := regexp.MustCompile(`(?m)^\$ curl localhost:8080/answer -d '(.*)'\n(.*\n)`).FindStringSubmatch(string(text))
	require.Len(t, asked, 3)
	_, said := post(handler(small(t)), asked[1])
	assert.Equal(t, asked[2], said)
}

// words are the arguments of a command line.
func words(line string) []string {
	var list []string
	for _, part := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line, -1) {
		list = append(list, strings.Trim(part, `"`))
	}
	return list
}

func TestReadsThePassageFromStandardInput(t *testing.T) {
	text, err := os.ReadFile("passage.txt")
	require.NoError(t, err)
	var file, typed bytes.Buffer
	require.NoError(t, run(context.Background(), []string{"-n", "2", "-passage", "passage.txt", "Where", "does Kanor live?"}, nil, &file))
	require.NoError(t, run(context.Background(), []string{"-n", "2", "Where does Kanor live?"}, bytes.NewReader(text), &typed))
	assert.Equal(t, file.String(), typed.String())
	assert.Equal(t, 4, strings.Count(file.String(), "\n"))
}

func TestRefuses(t *testing.T) {
	dir := t.TempDir()
	plain, sums, empty := filepath.Join(dir, "plain.safetensors"), filepath.Join(dir, "sums.safetensors"), filepath.Join(dir, "empty.txt")
	require.NoError(t, NewSmall().Save(plain))
	spec, table := filepath.Join(dir, "sums.nn"), filepath.Join(dir, "sums.csv")
	require.NoError(t, os.WriteFile(spec, []byte("linear 1->1; loss mse; sgd 0.01; batch 2"), 0o600))
	require.NoError(t, os.WriteFile(table, []byte("x,y\n1,2\n2,4\n3,6\n4,8\n"), 0o600))
	nnctest.Run(t, "train", spec, "--data", table, "--target", "y", "--epochs", "1", "--save", sums)
	require.NoError(t, os.WriteFile(empty, []byte(" \n"), 0o600))
	for want, args := range map[string][]string{
		"a question is missing":        {},
		"not written by nnc train":     {"-weights", plain, "Why?"},
		"not trained on questions":     {"-weights", sums, "Why?"},
		"no such file":                 {"-weights", filepath.Join(dir, "none"), "Why?"},
		"none.txt":                     {"-passage", filepath.Join(dir, "none.txt"), "Why?"},
		"the passage is empty":         {"-passage", empty, "Why?"},
		"the question is empty":        {"-passage", "passage.txt", " "},
		"the questions come over HTTP": {"serve", "Why?"},
	} {
		assert.ErrorContains(t, run(context.Background(), args, strings.NewReader(""), &bytes.Buffer{}), want)
	}
}

// Training as the README says makes the weights that ship, byte for byte, and says what the README shows; so does judging them.
func TestTraining(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a model as a whole")
	}
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	readme := string(text)
	saved := filepath.Join(t.TempDir(), "small.safetensors")
	said := nnctest.Run(t, "train", "small.nn", "--data", "facts.json", "--tokenizer", "wordpiece:vocab.txt", "--save", saved)
	assert.Contains(t, readme, strings.Replace(said, saved, "small.safetensors", 1))
	want, err := os.ReadFile("small.safetensors")
	require.NoError(t, err)
	got, err := os.ReadFile(saved)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(want, got), "the weights that ship are others")
	assert.Contains(t, readme, "--data unseen.json\n"+nnctest.Run(t, "eval", "small.nn", "--weights", saved, "--data", "unseen.json")+"```")
}

// A BERT that was fine-tuned elsewhere, on questions about the first 40 articles of XQuAD, answers those about the next as it did
// there. Its weights are not the project's.
func TestFineTunedBERT(t *testing.T) {
	trained, xquad := shared.File(t, "qa/trained/minilm-l6-xquad.fp16.safetensors"), shared.File(t, "data/xquad.en.json")
	expected, err := os.ReadFile(shared.File(t, "qa/trained/predictions.json"))
	require.NoError(t, err)
	var said struct{ Answers map[string]string }
	require.NoError(t, json.Unmarshal(expected, &said))
	vocabulary, err := os.ReadFile(shared.File(t, "data/minilm/vocab.txt"))
	require.NoError(t, err)
	tokenizer, err := wordpiece.Parse("vocab.txt", vocabulary)
	require.NoError(t, err)
	windows, err := answer.New(tokenizer, 256, 30)
	require.NoError(t, err)

	// The file as nnc train would have written it: with our names, and the windows beside the weights.
	mapping, err := os.ReadFile("bert.map")
	require.NoError(t, err)
	ours := strings.Replace(string(mapping), "-                                                 = linear1.*", "qa_outputs.* = linear1.*", 1)
	ours = strings.Replace(ours, "pooler.*                                          = -", "", 1)
	m, err := weights.ParseMapping("bert.map", []byte(ours))
	require.NoError(t, err)
	file, err := weights.Read(trained)
	require.NoError(t, err)
	require.NoError(t, m.Rename(file))
	for i := range file.Tensors {
		file.Tensors[i].DType = weights.F32
	}
	codec, err := data.NewAnswerCodec(windows, []data.Target{{Name: "span", Judged: data.Judged{Loss: "span", Kind: data.Span, Longest: 30, Mask: "mask"}}}).Text()
	require.NoError(t, err)
	file.Meta = map[string]string{data.CodecKey: codec}
	path := filepath.Join(t.TempDir(), "bert-qa.safetensors")
	require.NoError(t, weights.Write(path, file))

	r, err := newReader(path)
	require.NoError(t, err)
	for _, q := range questions(t, xquad, 40)[:6] {
		reading, err := r.read(context.Background(), q.question, q.passage, 1)
		require.NoError(t, err)
		assert.Equal(t, said.Answers[q.id], reading.answers[0].Text, q.question)
	}
}
