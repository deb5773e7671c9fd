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

// read answers a question.
func read(t testing.TB, r *reader, question, passage string, n int) *reading {
	asked, err := r.windows.Encode(question, passage)
	require.NoError(t, err)
	reading, err := r.read(context.Background(), asked, n)
	require.NoError(t, err)
	return reading
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
		reading := read(t, r, q.question, q.passage, 3)
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
	a := read(t, small(t), "Where does Kanor live?", passage, 1).answers[0]
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

	passage = "\n\tab\x1b[31m cd\r\n"
	a = answer.Answer{Text: "cd", Start: 10, End: 12}
	assert.Equal(t, "ab [31m [cd]", marked(passage, a), "a terminal obeys nothing of it")

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

// The places of answers count in the file, whatever space it begins with.
func TestPlacesInTheFile(t *testing.T) {
	const text = " \r\n\t\u2003\n" + passage + "\n\n"
	path := filepath.Join(t.TempDir(), "passage.txt")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	read, err := readPassage(path, nil)
	require.NoError(t, err)
	assert.Equal(t, text, read)
	var said bytes.Buffer
	require.NoError(t, run(context.Background(), []string{"-passage", path, "Where does Kanor live?"}, nil, &said))
	assert.Contains(t, said.String(), "characters 53 to 62: Sólum lives") // six more than in the passage alone
}

func TestRefuses(t *testing.T) {
	dir := t.TempDir()
	plain, texts := filepath.Join(dir, "plain.safetensors"), filepath.Join(dir, "texts.safetensors")
	require.NoError(t, NewSmall().Save(plain))
	letters, err := data.NewVocabulary(data.Chars, false, []string{"a", "b"})
	require.NoError(t, err)
	goesOn, err := data.NewTextCodec(letters, []data.Target{{Name: "next", Judged: data.Judged{Loss: "cross_entropy", Kind: data.Class, Link: data.Softmax}, Count: 2}}).Text()
	require.NoError(t, err)
	require.NoError(t, weights.Write(texts, &weights.File{Meta: map[string]string{data.CodecKey: goesOn}}))
	for want, args := range map[string][]string{
		"not written by nnc train":                        {"-weights", plain, "Why?"},
		"it was not trained on questions":                 {"-weights", texts, "Why?"},
		"none: no such file or directory: -weights names": {"-weights", filepath.Join(dir, "none"), "Why?"},
		"none.txt":                                 {"-passage", filepath.Join(dir, "none.txt"), "Why?"},
		"the question is empty":                    {"-passage", "passage.txt", " "},
		"a question is missing":                    {},
		"-n is 0: how many answers, from 1 to 20":  {"-n", "0", "Why?"},
		"-n is -1: how many answers":               {"-n", "-1", "Why?"},
		"-n is 21: how many answers":               {"trace", "-n", "21", "Why?"},
		"-addr is for serve alone":                 {"-addr", "localhost:0", "Why?"},
		"-n: flags stand before the question":      {"Why?", "-n", "3"},
		`what is "Why?"? the questions come over`:  {"serve", "Why?"},
		"-passage is not for serve":                {"serve", "-passage", "passage.txt"},
		"-n is not for serve":                      {"serve", "-n", "1"},
		"flag provided but not defined: -best":     {"-best", "3", "Why?"},
		"safetensors: it was not trained on quest": {"serve", "-weights", texts},
	} {
		assert.ErrorContains(t, run(context.Background(), args, strings.NewReader(""), &bytes.Buffer{}), want)
	}
}

func TestRefusesPassages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passage.txt")
	long := strings.Repeat("a passage ", answer.MaxPassage/10+1)
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "the passage is empty"},
		{"spaces", " \n", "the passage is empty"},
		{"a byte too many", long[:answer.MaxPassage+1], ": the passage has more than 4194304 bytes"},
		{"a letter cut through at the bound", strings.Repeat("é", answer.MaxPassage/2) + "é", ": the passage has more than 4194304 bytes"},
		{"bad bytes", strings.Repeat("\x80", 100) + " Kanor", ": the text is not UTF-8"},
		{"Latin 1", "Kanor lives in B\xe9tonford.", ": the text is not UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(path, []byte(test.text), 0o600))
			err := run(context.Background(), []string{"-passage", path, "Where does Kanor live?"}, nil, &bytes.Buffer{})
			assert.ErrorContains(t, err, test.want)
			err = run(context.Background(), []string{"Where does Kanor live?"}, strings.NewReader(test.text), &bytes.Buffer{})
			assert.ErrorContains(t, err, test.want)
			if strings.HasPrefix(test.want, ":") {
				assert.ErrorContains(t, err, "standard input"+test.want)
			}
		})
	}
	text, err := readPassage("-", strings.NewReader(long[:answer.MaxPassage]))
	require.NoError(t, err)
	assert.Len(t, text, answer.MaxPassage)
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
	if testing.Short() {
		t.Skip("six layers of 384")
	}
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
		assert.Equal(t, said.Answers[q.id], read(t, r, q.question, q.passage, 1).answers[0].Text, q.question)
	}
}
