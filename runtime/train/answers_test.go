package train

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// questionWords is the vocabulary of the model that answers.
var questionWords = strings.Fields("[PAD] [UNK] [CLS] [SEP] who saw the fox dog hen cat é ? .")

// follower answers a question with the words that stand in the passage behind the question's last: the first of them has the
// score 3 as a start and 2 as an end, the next 1 and 2.5. It has windows of 12 tokens. Its loss is the share of windows without
// the answer.
func follower() Model {
	span := &data.Judged{Loss: "span", Kind: data.Span, Link: data.Identity, Longest: 2, Mask: "real"}
	m := Model{
		Name:    "Follower",
		Inputs:  []data.Port{{Name: "real", Shape: []int{12}}, {Name: "words", Shape: []int{12}, Int: true, Limit: len(questionWords)}, {Name: "part", Shape: []int{12}, Int: true, Limit: 2}},
		Targets: []data.Port{{Name: "target", Shape: []int{2}, Int: true, Limit: 12, Judged: span}},
		Outputs: []data.Port{{Name: "linear1", Shape: []int{12, 2}}},
		Losses:  []Loss{{Name: "span", Kind: data.Span, Link: data.Identity, Longest: 2, Mask: "real", Weight: 1}},
		Batch:   4,
		Train:   func(*Batch) (float32, error) { return 1, nil },
		Export:  func() []weights.Tensor { return nil },
		Import:  func(*weights.File) error { return nil },
	}
	m.Predict = func(b *Batch, out [][]float32) error {
		for row := range b.N {
			ids, part, scores := b.Inputs[1].Int[row*12:][:12], b.Inputs[2].Int[row*12:][:12], out[0][row*24:][:24]
			clear(scores)
			last := int32(0)
			for i, id := range ids {
				switch {
				case i == 0 || b.Inputs[0].Float[row*12+i] == 0:
				case part[i] == 0 && id != 3:
					last = id
				case part[i-1] == 1 && ids[i-1] == last:
					scores[2*i], scores[2*i+1] = 3, 2
					if i+1 < 12 {
						scores[2*i+2], scores[2*i+3] = 1, 2.5
					}
				}
			}
		}
		return nil
	}
	m.Evaluate = func(b *Batch, out [][]float32, losses []nnrt.Mean) error {
		for row := range b.N {
			none := float32(0)
			if b.Targets[0].Int[2*row] == 0 {
				none = 1
			}
			losses[0].Add(none, 1)
		}
		return m.Predict(b, out)
	}
	return m
}

// followerWeights are weights that know the follower's vocabulary.
func followerWeights(t *testing.T, m Model) string {
	t.Helper()
	tokenizer, err := wordpiece.New(questionWords)
	require.NoError(t, err)
	w := &answer.Windows{Tokenizer: tokenizer, Length: 12, Step: 3, Question: 3, Longest: 2}
	text, err := data.NewAnswerCodec(w, data.TargetsOf(m.Inputs, m.Targets)).Text()
	require.NoError(t, err)
	return weightsWith(t, map[string]string{data.CodecKey: text})
}

// weightsWith is a file of weights with nothing in it but that.
func weightsWith(t *testing.T, meta map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, weights.Write(path, &weights.File{Meta: meta}))
	return path
}

// One question about a file: the text of the answer, its score, and where it stands in code points and bytes.
func TestOneQuestion(t *testing.T) {
	m := follower()
	saved := followerWeights(t, m)
	job := Job{Command: "predict", Weights: saved, Asking: Asking{Question: "Who saw", Passage: write(t, "p.txt", "É saw the\nfox. Dog")}}
	stdout, stderr := mustRun(t, m, job)
	assert.Equal(t, "warning: 12.5 % of 8 tokens are unknown: is this the vocabulary of the model, and of these texts?\n", stderr, "É, without its accent")
	assert.Equal(t, "answer,score,start,end,start_byte,end_byte\n\"the\nfox\",5.5,6,13,7,14\n", stdout)
	job.JSON = true
	stdout, _ = mustRun(t, m, job)
	assert.Equal(t, `{"answer":"the\nfox","score":5.5,"start":6,"end":13,"start_byte":7,"end_byte":14}`+"\n", stdout)
	job.Best = 3
	stdout, _ = mustRun(t, m, job)
	assert.Equal(t, `{"rank":1,"answer":"the\nfox","score":5.5,"start":6,"end":13,"start_byte":7,"end_byte":14}`+"\n"+
		`{"rank":2,"answer":"the","score":5,"start":6,"end":9,"start_byte":7,"end_byte":10}`+"\n"+
		`{"rank":3,"answer":"fox","score":3.5,"start":10,"end":13,"start_byte":11,"end_byte":14}`+"\n", stdout)
	job.Out = filepath.Join(t.TempDir(), "out.jsonl")
	mustRun(t, m, job)
	text, err := os.ReadFile(job.Out)
	require.NoError(t, err)
	assert.Equal(t, stdout, string(text))
}

// Questions of a table or of JSON lines, in their order, more than are put to the model at a time, some in several windows.
func TestQuestionsOfATable(t *testing.T) {
	m := follower()
	saved := followerWeights(t, m)
	var lines, table, want strings.Builder
	table.WriteString("passage,number,question,id\n")
	want.WriteString("id,answer,score,start,end,start_byte,end_byte\n")
	for i := range 150 {
		passage := strings.Repeat("fox ", i%40) + "saw hen dog"
		fmt.Fprintf(&lines, `{"id":"q%d","context":%q,"question":"who saw"}`+"\n", i, passage)
		fmt.Fprintf(&table, "%s,%d,who saw,q%d\n", passage, i, i)
		start := 4*(i%40) + 4
		fmt.Fprintf(&want, "q%d,hen dog,5.5,%d,%d,%[2]d,%[3]d\n", i, start, start+7)
	}
	for name, text := range map[string]string{"q.jsonl": lines.String(), "q.csv": table.String()} {
		stdout, _ := mustRun(t, m, Job{Command: "predict", Weights: saved, Data: []string{write(t, name, text)}})
		assert.Equal(t, want.String(), stdout, name)
	}
	job := Job{Command: "predict", Weights: saved, Keep: []string{"number"}, Asking: Asking{Best: 2}, Data: []string{
		write(t, "a.csv", "question,answer,number,passage\nsaw,x,1,saw fox\n"), write(t, "b.csv", "passage,question,answer,number\nsaw hen,saw,y,2\n")}}
	job.ID = []string{"answer"}
	stdout, _ := mustRun(t, m, job)
	assert.Equal(t, "answer,number,rank,answer.predicted,score,start,end,start_byte,end_byte\nx,1,1,fox,5,4,7,4,7\nx,1,2,saw fox,2,0,7,0,7\n"+
		"y,2,1,hen,5,4,7,4,7\ny,2,2,saw hen,2,0,7,0,7\n", stdout)
	// Of JSON lines what is nested does no harm, as the answers of Hugging Face's data sets.
	stdout, _ = mustRun(t, m, Job{Command: "predict", Weights: saved, Data: []string{
		write(t, "a.jsonl", `{"question":"saw","context":"saw fox","answers":{"text":["fox"],"answer_start":[4]},"tags":[]}`+"\n"),
		write(t, "b.jsonl", `{"tags":[[{}]],"question":"saw","context":"saw hen","answers":null}`+"\n")}})
	assert.Equal(t, "answer,score,start,end,start_byte,end_byte\nfox,5,4,7,4,7\nhen,5,4,7,4,7\n", stdout)
	stdout, _ = mustRun(t, m, Job{Command: "predict", Weights: saved, Data: []string{write(t, "none.csv", "question,passage\n")}})
	assert.Equal(t, "answer,score,start,end,start_byte,end_byte\n", stdout)
}

// squadFile has three questions about two passages: the second passage is in five windows.
func squadFile(t *testing.T, first string) string {
	t.Helper()
	long := strings.Repeat("fox . ", 8) + "saw the dog hen"
	type object = map[string]any
	ask := func(id, question string, answers ...object) object {
		return object{"id": id, "question": question, "answers": answers}
	}
	text, err := json.Marshal(object{"version": "1.1", "data": []object{
		{"title": "A", "paragraphs": []object{{"context": "é saw the hen.", "qas": []object{
			ask(first, "Who saw?", object{"text": "the hen", "answer_start": 6}),
			ask(first+"2", "who saw", object{"text": "saw the", "answer_start": 2}, object{"text": "hen", "answer_start": 10}),
		}}}},
		{"title": "B", "paragraphs": []object{{"context": long, "qas": []object{ask(first+"3", "saw", object{"text": "the dog", "answer_start": 52})}}}},
	}})
	require.NoError(t, err)
	return write(t, "q.json", string(text))
}

func TestQuestionsOfSQuAD(t *testing.T) {
	m := follower()
	saved := followerWeights(t, m)
	files := []string{squadFile(t, "a"), squadFile(t, "b")}
	stdout, _ := mustRun(t, m, Job{Command: "predict", Weights: saved, Data: files})
	// Behind the ? of the first question stands nothing: of equal scores the first.
	want := "a,é,0,0,1,0,2\na2,the hen,5.5,6,13,7,14\na3,the dog,5.5,52,59,52,59\n"
	assert.Equal(t, "id,answer,score,start,end,start_byte,end_byte\n"+want+
		"b,é,0,0,1,0,2\nb2,the hen,5.5,6,13,7,14\nb3,the dog,5.5,52,59,52,59\n", stdout)
	_, _, stderr := runJob(t, m, Job{Command: "predict", Weights: saved, Data: files[:1], Keep: []string{"title"}})
	assert.Contains(t, stderr, "--id and --keep name columns of a table")
	_, _, stderr = runJob(t, m, Job{Command: "predict", Weights: saved, Data: []string{files[0], write(t, "q.csv", "question,passage\n")}})
	assert.Contains(t, stderr, "q.csv: it holds no questions as SQuAD has them, and the file before it does")
}

// The loss of windows, and what SQuAD measures of questions.
func TestEvaluationOfAnswers(t *testing.T) {
	m := follower()
	saved := followerWeights(t, m)
	job := Job{Command: "eval", Weights: saved, Data: []string{squadFile(t, "a")}}
	stdout, stderr := mustRun(t, m, job)
	assert.Equal(t, "3.23 % of 31 tokens are unknown\n", stderr)
	// Of seven windows, one each of the first passage and five of the second, the answer is not in four. EM: the third of three;
	// F1: 0, 2·1/(1+1) of hen and hen, 1.
	assert.Equal(t, "questions  3\nwindows    7\nloss       0.5714\nEM         66.67\nF1         66.67\n", stdout)
	job.JSON, job.Metrics = true, []string{"exact_match"}
	stdout, _ = mustRun(t, m, job)
	var record struct {
		Event           string
		Rows, Questions int
		Loss            float64
		Metrics         map[string]float64
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &record))
	assert.Equal(t, 7, record.Rows)
	assert.Equal(t, 3, record.Questions)
	assert.InDelta(t, 4./7, record.Loss, 1e-7)
	assert.InDelta(t, 200./3, record.Metrics["EM"], 1e-9)
	assert.Contains(t, record.Metrics, "exact_match")
}

// Training judges the answers to held-out questions after each epoch and at the end, and so it does those of --test.
func TestTrainingJudgesAnswers(t *testing.T) {
	m := follower()
	m.Epochs = 1
	vocabulary := "wordpiece:" + write(t, "vocab.txt", strings.Join(questionWords, "\n")+"\n")
	job := Job{Command: "train", Data: []string{squadFile(t, "a")}, ValidData: []string{squadFile(t, "b")}, Tables: Tables{Tokenizer: vocabulary}, JSON: true,
		Save: filepath.Join(t.TempDir(), "w.safetensors")}
	stdout, stderr := mustRun(t, m, job)
	var ms []map[string]float64
	for _, line := range strings.Split(strings.TrimSpace(stdout), "\n") {
		var record struct{ Metrics map[string]float64 }
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		ms = append(ms, record.Metrics)
	}
	require.Len(t, ms, 2, "an epoch and the result")
	for _, m := range ms {
		// As TestEvaluationOfAnswers has it: these windows are others, and the answers the same.
		assert.Len(t, m, 2)
		assert.InDelta(t, 200./3, m["EM"], 1e-9, "%s", stdout)
		assert.InDelta(t, 200./3, m["F1"], 1e-9)
	}
	assert.Regexp(t, `valid loss \S+  EM \S+  F1 \S+\n`, stderr)
}

// Of weights that nobody trained here the vocabulary is named.
func TestQuestionsWithATokenizer(t *testing.T) {
	m := follower()
	vocabulary := "wordpiece:" + write(t, "vocab.txt", strings.Join(questionWords, "\n")+"\n")
	job := Job{Command: "predict", Weights: weightsWith(t, nil), Asking: Asking{Question: "saw", Passage: write(t, "p.txt", "saw fox")}}
	code, _, stderr := runJob(t, m, job)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "w.safetensors: it holds no vocabulary: name that of its tokens with --tokenizer wordpiece:vocab.txt")
	job.Tokenizer = vocabulary
	stdout, _ := mustRun(t, m, job)
	assert.Contains(t, stdout, "\nfox,5,4,7,4,7\n")
	cased := questionWords[4]
	questionWords[4] = "Who" // no text in small letters has it
	defer func() { questionWords[4] = cased }()
	job.Tokenizer = "wordpiece:" + write(t, "vocab.txt", strings.Join(questionWords, "\n")+"\n")
	_, stderr = mustRun(t, m, job)
	assert.Contains(t, stderr, "vocab.txt: 2 of 14 tokens hold capitals")
	job.Tokenizer, questionWords[4] = vocabulary, cased
	job.Weights = followerWeights(t, m)
	again, _ := mustRun(t, m, job)
	assert.Equal(t, stdout, again, "the same vocabulary")
	job.Tokenizer = "wordpiece:" + write(t, "vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n")
	code, _, stderr = runJob(t, m, job)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "the weights were trained with another vocabulary")
	// Fewer tokens than the model has are those of another.
	job.Weights = weightsWith(t, nil)
	_, stderr = mustRun(t, m, job)
	assert.Contains(t, stderr, "vocab.txt has 4 tokens, and the model takes integers of 14: weights that learnt another vocabulary take these tokens for others")
	assert.Contains(t, stderr, "warning: 100 % of 3 tokens are unknown")
}

func TestQuestionMistakes(t *testing.T) {
	m := follower()
	saved := followerWeights(t, m)
	passage := write(t, "p.txt", "saw fox")
	one := Asking{Question: "saw", Passage: passage}
	house := newLinear(4, 1, byMSE).model(16, 1)
	longer := follower()
	for i := range longer.Inputs {
		longer.Inputs[i].Shape = []int{20}
	}
	longer.Targets[0].Limit, longer.Outputs[0].Shape = 20, []int{20, 2}
	for _, c := range []struct {
		m    Model
		job  Job
		code int
		want string
	}{
		{house, Job{Asking: one, Weights: weightsWith(t, nil)}, 2, "does not answer questions: where an answer starts and ends is what the loss span learns"},
		{m, Job{Asking: Asking{Question: "\n", Passage: passage}}, 1, "--question: the question is empty: there is no word in it"},
		{m, Job{Asking: Asking{Question: "saw", Passage: write(t, "p.txt", " \n")}}, 1, "p.txt: the passage is empty"},
		{m, Job{Asking: Asking{Question: "saw", Passage: write(t, "p.txt", "a\xff")}}, 1, "p.txt: the text is not UTF-8"},
		{m, Job{Asking: Asking{Question: "saw", Passage: write(t, "p.txt", strings.Repeat("saw ", answer.MaxPassage/4)+"x")}}, 1, "the passage has more than 4194304 bytes, the most that are read"},
		{m, Job{Asking: Asking{Question: "saw", Passage: "none.txt"}}, 2, "none.txt: no such file"},
		{m, Job{Asking: one, Proba: true}, 2, "--proba says nothing of questions about passages: leave it out"},
		{m, Job{Asking: one, Thresholds: []string{"1"}}, 2, "--threshold says nothing"},
		{m, Job{Asking: Asking{Question: "saw", Passage: passage, Best: 1001}}, 2, "--best 1001: the 1000 best answers to a question are the most"},
		{m, Job{Data: []string{write(t, "t.jsonl", `{"question":["a"],"passage":"saw"}`+"\n")}}, 1, `t.jsonl:1:13: the value of "question" is a list or an object`},
		{m, Job{Data: []string{write(t, "t.csv", "questoin,passage\na,b\n")}}, 1, `t.csv: there is no column "question", did you mean "questoin"? (the columns are questoin, passage)`},
		{m, Job{Data: []string{write(t, "t.csv", "question,text\na,b\n")}}, 1, `t.csv: there is no column "passage"`},
		{m, Job{Data: []string{write(t, "t.csv", "question,passage\nfox,hen\n\" \",hen\n")}}, 1, "t.csv:3:1: the question is empty"},
		{m, Job{Data: []string{write(t, "t.jsonl", `{"question":"a","passage":""}`+"\n")}}, 1, "t.jsonl:1:27: the passage is empty"},
		{m, Job{Data: []string{write(t, "t.jsonl", `{"question":"fox","passage":"hen"}`+"\n"+`{"question":"fox"}`+"\n")}}, 1, `t.jsonl:2:1: there is no "passage": each line has question, passage`},
		{m, Job{Data: []string{write(t, "t.json", `{"data":[{"paragraphs":[{"context":"","qas":[{"id":"7","question":"fox","answers":[]}]}]}]}`)}}, 1, `t.json:1:46: the question "7": the passage is empty`},
		{m, Job{Data: []string{write(t, "x.txt", "saw fox")}}, 1, "question"},
		{m, Job{Command: "eval", Data: []string{write(t, "t.csv", "question,passage\na,b\n")}}, 1, "t.csv: it holds no questions: they come in a JSON file as SQuAD has them, with their answers"},
		{m, Job{Asking: one, Tables: Tables{ID: []string{"id"}}}, 2, "--id and --keep name columns of a table, and --question asks without one"},
		{m, Job{Asking: one, Keep: []string{"id"}}, 2, "--id and --keep name columns of a table, and --question asks without one"},
		{m, Job{Asking: one, Tables: Tables{Sep: ";"}}, 2, "--sep and --no-header are for CSV, and --passage names a text"},
		{m, Job{Asking: one, Tables: Tables{NoHeader: true}}, 2, "--sep and --no-header are for CSV, and --passage names a text"},
		{m, Job{Data: []string{squadFile(t, "a")}, Tables: Tables{Sep: ";"}}, 2, "--sep and --no-header are for CSV, and "},
		{m, Job{Data: []string{squadFile(t, "a")}, Tables: Tables{NoHeader: true}}, 2, "q.json holds questions about passages: leave them out"},
		{m, Job{Command: "eval", Data: []string{squadFile(t, "a")}, Tables: Tables{Sep: ";"}}, 2, "q.json holds questions about passages: leave them out"},
		{m, Job{Command: "eval", Data: []string{squadFile(t, "a")}, Tables: Tables{NoHeader: true}}, 2, "q.json holds questions about passages: leave them out"},
		{longer, Job{Asking: one}, 1, "w.safetensors: the stored vocabulary has 14 tokens, in windows of 12, which is not what the model takes"},
		{longer, Job{Command: "eval", Data: []string{squadFile(t, "a")}}, 1, "were the weights trained with another spec?"},
		{m, Job{Command: "eval", Data: []string{squadFile(t, "a")}, Importance: 1}, 2, "--importance says nothing of questions"},
		{m, Job{Command: "eval", Data: []string{write(t, "t.json", `{"data":[]}`)}}, 1, "t.json: there is no question"},
		{m, Job{Command: "eval", Data: []string{write(t, "t.json", `{"data":[{"paragraphs":[{"context":"fox","qas":[{"id":"7","question":"fox","answers":[]}]}]}]}`)}}, 1, `the question "7" has no answers`},
	} {
		if c.job.Command == "" {
			c.job.Command = "predict"
		}
		if c.job.Weights == "" {
			c.job.Weights = saved
		}
		code, stdout, stderr := runJob(t, c.m, c.job)
		assert.Equal(t, c.code, code, "%s", stderr)
		assert.Contains(t, stderr, c.want)
		if !strings.Contains(c.want, "t.csv:3") && !strings.Contains(c.want, "t.jsonl:2") {
			assert.Empty(t, stdout)
		}
	}
}

// Weights that diverged give no answers, and an evaluation says so by its loss.
func TestAnswersWithoutScores(t *testing.T) {
	m := follower()
	saved := followerWeights(t, m)
	predict := m.Predict
	m.Predict = func(b *Batch, out [][]float32) error {
		err := predict(b, out)
		for i := range out[0] {
			out[0][i] -= out[0][i] / 0
		}
		return err
	}
	code, _, stderr := runJob(t, m, Job{Command: "predict", Weights: saved, Data: []string{squadFile(t, "a")}})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "the model's scores are not finite numbers")
}

// Whoever writes a question into a pipe and waits gets the answer, without the questions that may follow.
func TestAnswersDoNotWaitForMoreQuestions(t *testing.T) {
	m := follower()
	saved := followerWeights(t, m)
	in, feed, err := os.Pipe()
	require.NoError(t, err)
	answers, out, err := os.Pipe()
	require.NoError(t, err)
	_ = answers.SetReadDeadline(time.Now().Add(20 * time.Second)) // where pipes have deadlines
	stdin := os.Stdin
	os.Stdin = in
	defer func() { os.Stdin = stdin }()
	done := make(chan int)
	go func() {
		done <- Run(t.Context(), m, Job{Command: "predict", Data: []string{"-"}, Weights: saved, JSON: true}, out, new(bytes.Buffer))
	}()
	for i, word := range []string{"fox", "hen", "dog"} {
		_, err := fmt.Fprintf(feed, `{"id":%d,"passage":"saw %s","question":"saw"}`+"\n", i, word)
		require.NoError(t, err)
		want := fmt.Sprintf(`{"id":"%d","answer":"%s","score":5,"start":4,"end":7,"start_byte":4,"end_byte":7}`+"\n", i, word)
		got := make([]byte, len(want))
		_, err = io.ReadFull(answers, got)
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
	require.NoError(t, feed.Close())
	assert.Equal(t, 0, <-done)
}
