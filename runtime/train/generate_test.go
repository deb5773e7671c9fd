package train

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/generate"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// alphabet is a generator that takes for the continuation of a symbol the next of its vocabulary, or after the last the
// first, by so much that nothing else is ever chosen; if it is fair, all alike.
type alphabet struct {
	size, context, position int
	fair                    bool
}

func (a *alphabet) Next(token int32, logits []float32) error {
	a.position++
	clear(logits)
	if !a.fair {
		logits[(int(token)+1)%a.size] = 1000
	}
	return nil
}

func (a *alphabet) Reset()          { a.position = 0 }
func (a *alphabet) Context() int    { return a.context }
func (a *alphabet) Vocabulary() int { return a.size }

// continuing is such a model of characters, and weights with their vocabulary.
func continuing(t *testing.T, fair bool, symbols ...string) (Model, string) {
	t.Helper()
	return continuingBy(t, fair, data.Chars, symbols...)
}

func continuingBy(t *testing.T, fair bool, kind data.Tokens, symbols ...string) (Model, string) {
	t.Helper()
	v, err := data.NewVocabulary(kind, false, symbols)
	require.NoError(t, err)
	size := v.Size()
	m := steady([]data.Port{{Name: "tokens", Shape: []int{4}, Int: true, Limit: size}}, []data.Port{{Name: "scores", Shape: []int{4, size}}}, nil)
	m.Train = nil
	m.Generator = func() generate.Model { return &alphabet{size: size, context: 4, fair: fair} }
	text, err := data.NewTextCodec(v, nil).Text()
	require.NoError(t, err)
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, weights.Write(saved, &weights.File{Meta: map[string]string{data.CodecKey: text}}))
	return m, saved
}

func TestATextIsContinued(t *testing.T) {
	m, saved := continuing(t, false, "\n", "a", "b", "c", "é")
	for _, c := range []struct {
		say  Generation
		want string
	}{
		{Generation{Prompt: "bc", Length: 7}, "bcé\nabcé\n"},
		{Generation{Prompt: "bc", Length: 7, NoEcho: true}, "é\nabcé\n"},
		{Generation{Prompt: strings.Repeat("a", 1000) + "b", Length: 3, NoEcho: true}, "cé\n"},
		{Generation{Length: 3}, "abc"},
		{Generation{PromptFile: write(t, "prompt.txt", "a\n"), Length: 2}, "abc"},
		{Generation{PromptFile: write(t, "prompt.txt", "\ufeffa\r\nb\r\n\r\n"), Length: 2}, "a\nb\nab"},
		{Generation{Prompt: "a", Length: 5, Temperature: 0.8, TopK: 2, TopP: 0.9}, "abcé\na"},
		{Generation{Prompt: "a", Stop: []string{"é"}}, "abc"},
		{Generation{Prompt: "a", Stop: []string{"cé\na", "é\nab"}}, "ab"},
		{Generation{Prompt: "a", Stop: []string{"é\nab", "cé\na"}}, "ab"},
		{Generation{Prompt: "a", Length: 8, Stop: []string{"cc", "é\nb"}}, "abcé\nabcé"},
		{Generation{Prompt: "a", Length: 2, Stop: []string{"cé"}}, "abc"}, // what may have been the beginning of an end
	} {
		stdout, stderr := mustRun(t, m, Job{Command: "generate", Weights: saved, Generation: c.say})
		assert.Equal(t, c.want, stdout, "%+v", c.say)
		assert.Regexp(t, `^\d+ characters, \d+ a second\n$`, stderr)
	}
	stdout, stderr := mustRun(t, m, Job{Command: "generate", Weights: saved, Quiet: true, Generation: Generation{Prompt: "a", Length: 1}})
	assert.Equal(t, "ab", stdout)
	assert.Empty(t, stderr)
}

func TestATextOfBytesIsWholeCharacters(t *testing.T) {
	m, saved := continuingBy(t, false, data.Bytes)
	stdout, _ := mustRun(t, m, Job{Command: "generate", Weights: saved, Generation: Generation{Prompt: "\xc2", Length: 3, NoEcho: true}})
	assert.Equal(t, "\uFFFD\uFFFD\uFFFD", stdout, "C3, C4, C5 are beginnings of characters")
	stdout, _ = mustRun(t, m, Job{Command: "generate", Weights: saved, Generation: Generation{Prompt: "y", Length: 2}})
	assert.Equal(t, "yz{", stdout)
}

func TestAGeneratedTextAsJSON(t *testing.T) {
	m, saved := continuing(t, false, "\n", "<", "b", "é")
	stdout, _ := mustRun(t, m, Job{Command: "generate", Weights: saved, JSON: true, Generation: Generation{Prompt: "é", Length: 3}})
	assert.Equal(t, `{"prompt":"é","text":"\n<b","tokens":3,"end":"length"}`+"\n", stdout)
	stdout, _ = mustRun(t, m, Job{Command: "generate", Weights: saved, JSON: true, Generation: Generation{Length: 9, Stop: []string{"é"}}})
	assert.Equal(t, `{"prompt":"","text":"<b","tokens":3,"end":"stop"}`+"\n", stdout)
	stdout, _ = mustRun(t, m, Job{Command: "generate", Weights: saved, JSON: true, Generation: Generation{Prompt: "é", Length: 1, NoEcho: true}})
	assert.Equal(t, `{"text":"\n","tokens":1,"end":"length"}`+"\n", stdout)
}

// What is kept for an object has a bound: 2²² of the symbol of four bytes are 2²⁴.
func TestAnObjectIsNoLongerThanItMayBe(t *testing.T) {
	m, saved := continuing(t, false, "😀")
	stdout, _ := mustRun(t, m, Job{Command: "generate", Weights: saved, JSON: true, Generation: Generation{Prompt: "😀", NoEcho: true}})
	assert.Equal(t, `","tokens":4194304,"end":"length"}`+"\n", stdout[len(`{"text":"`)+1<<24:])
}

// interrupted is an alphabet that interrupts the run when it reads that position.
type interrupted struct {
	alphabet
	reads  int
	cancel context.CancelCauseFunc
}

func (a *interrupted) Next(token int32, logits []float32) error {
	if a.reads--; a.reads == 0 {
		a.cancel(Interrupted{syscall.SIGINT})
	}
	return a.alphabet.Next(token, logits)
}

func TestAnInterruptedTextIsAnObjectToo(t *testing.T) {
	m, saved := continuing(t, false, "\n", "a", "b", "c")
	ctx, cancel := context.WithCancelCause(context.Background())
	m.Generator = func() generate.Model {
		return &interrupted{alphabet{size: 4, context: 4}, 5, cancel}
	}
	var stdout, stderr bytes.Buffer
	code := Run(ctx, m, Job{Command: "generate", Weights: saved, JSON: true, Generation: Generation{Prompt: "ab", Stop: []string{"cc"}}}, &stdout, &stderr)
	assert.Equal(t, 130, code)
	assert.Equal(t, `{"prompt":"ab","text":"c\na","tokens":3,"end":"interrupt"}`+"\n", stdout.String())
	assert.Empty(t, stderr.String())
}

func TestOneSeedMakesOneText(t *testing.T) {
	m, saved := continuing(t, true, "\n", "a", "b", "c")
	text := func(seed *uint64) string {
		stdout, _ := mustRun(t, m, Job{Command: "generate", Weights: saved, Seed: seed, Generation: Generation{Prompt: "a", Length: 60, Temperature: 1}})
		return stdout
	}
	assert.Equal(t, text(nil), text(nil))
	assert.Equal(t, text(nil), text(ptr(uint64(0))), "the model's seed is 0")
	assert.NotEqual(t, text(nil), text(ptr(uint64(1))))
	m.Seed = 1
	assert.Equal(t, text(nil), text(ptr(uint64(1))))
}

// A terminal gets whole lines, and nothing that commands it.
func TestAGeneratedTextOnATerminal(t *testing.T) {
	m, saved := continuing(t, false, "\n", "\x1b", "a", "b")
	stdout, _ := mustRun(t, m, Job{Command: "generate", Weights: saved, Terminal: true, Generation: Generation{Length: 6}})
	assert.Equal(t, "<U+001B>ab\n<U+001B>a\n", stdout)
	stdout, _ = mustRun(t, m, Job{Command: "generate", Weights: saved, Terminal: true, Generation: Generation{Length: 4}})
	assert.Equal(t, "<U+001B>ab\n", stdout, "its line has ended")
}

// writes notes what is written at a time, and interrupts the run after some.
type writes struct {
	list   []string
	after  int
	cancel context.CancelCauseFunc
}

func (w *writes) Write(p []byte) (int, error) {
	w.list = append(w.list, string(p))
	if len(w.list) == w.after {
		w.cancel(Interrupted{syscall.SIGINT})
	}
	return len(p), nil
}

func TestATextIsWrittenAsItComesUntilAnInterrupt(t *testing.T) {
	m, saved := continuing(t, false, "\n", "a", "b", "c")
	ctx, cancel := context.WithCancelCause(context.Background())
	w := &writes{after: 4, cancel: cancel}
	code := Run(ctx, m, Job{Command: "generate", Weights: saved, Generation: Generation{Prompt: "ab"}}, w, &bytes.Buffer{})
	assert.Equal(t, 130, code)
	assert.Equal(t, []string{"ab", "c", "\n", "a"}, w.list)
}

func TestWhatKeepsATextFromBeingContinued(t *testing.T) {
	m, saved := continuing(t, false, "a", "b", "c")
	fails := func(m Model, code int, message string, job Job) {
		t.Helper()
		job.Command = "generate"
		if job.Length == 0 {
			job.Length = 10 // or a mistake in the test would never end
		}
		got, stdout, stderr := runJob(t, m, job)
		assert.Equal(t, code, got)
		assert.Contains(t, stderr, message)
		assert.Empty(t, stdout)
	}
	fails(m, 1, `--prompt: byte 2: the character "ü" (U+00FC) is none of the 3 that training saw (abc)`, Job{Weights: saved, Generation: Generation{Prompt: "aü"}})
	path := write(t, "p.txt", "a\n\n")
	fails(m, 1, path+`: byte 2: the character "\n" (U+000A) is none`, Job{Weights: saved, Generation: Generation{PromptFile: path}})
	fails(m, 2, "the vocabulary has no line break to begin after: give a --prompt", Job{Weights: saved})
	fails(m, 2, "a temperature of -1", Job{Weights: saved, Generation: Generation{Prompt: "a", Temperature: -1}})
	fails(m, 2, "which weights?", Job{})
	fails(m, 2, "nowhere.txt", Job{Weights: saved, Generation: Generation{PromptFile: "nowhere.txt"}})

	plain := filepath.Join(t.TempDir(), "plain.safetensors")
	require.NoError(t, weights.Write(plain, &weights.File{}))
	fails(m, 1, "plain.safetensors: it holds no vocabulary", Job{Weights: plain, Generation: Generation{Prompt: "a"}})
	_, other := continuing(t, false, "a", "b")
	fails(m, 1, "the stored vocabulary has 2 characters, which is not what the model takes (tokens[4] of 3)", Job{Weights: other, Generation: Generation{Prompt: "a"}})
	m.Generator = nil
	fails(m, 2, "does not compute one position of a sequence after the other", Job{Weights: saved, Generation: Generation{Prompt: "a"}})
}

// The vocabulary of a table's texts is none to continue a text by.
func TestWordsOfATableAreNotContinued(t *testing.T) {
	m, _ := continuing(t, false, "a", "b")
	v, err := data.NewVocabulary(data.Words, true, []string{"good"})
	require.NoError(t, err)
	text, err := data.NewCodec(data.ScaleStandard, data.Writing{},
		[]data.Column{{Name: "review", Kind: data.KindTokens, Limit: 3, Tokens: &data.Text{Vocabulary: v, Length: 4}}}, nil, nil, nil).Text()
	require.NoError(t, err)
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, weights.Write(saved, &weights.File{Meta: map[string]string{data.CodecKey: text}}))
	var stdout, stderr bytes.Buffer
	code := Run(context.Background(), m, Job{Command: "generate", Weights: saved}, &stdout, &stderr)
	assert.NotZero(t, code)
	assert.Contains(t, stderr.String(), "w.safetensors: its vocabulary is that of the texts of the column review of a table, which the model reads but does not continue")
}
