package train

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/generate"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Generation is what a job says of a text to write.
type Generation struct {
	Prompt      string   `json:"prompt,omitempty"`      // the text to continue
	PromptFile  string   `json:"prompt_file,omitempty"` // a file that holds it; - is standard input
	Length      int      `json:"length,omitempty"`      // symbols to write at most; 0: until something else ends it
	Temperature float64  `json:"temperature,omitempty"` // see generate.Sampling, as for the next two
	TopK        int      `json:"top_k,omitempty"`
	TopP        float64  `json:"top_p,omitempty"`
	Stop        []string `json:"stop,omitempty"`    // texts before the first of which the text ends
	NoEcho      bool     `json:"no_echo,omitempty"` // leave the prompt out of what is written
}

// maxPrompt bounds a prompt, in bytes.
const maxPrompt = 16 << 20

// maxKept bounds, in bytes, a text that is kept until its end, which it is then.
const maxKept = 16 << 20

// beginning is what a text begins behind where there is no prompt.
const beginning = "\n"

// generate continues a text, symbol by symbol.
func (r *run) generate(ctx context.Context) error {
	v, err := r.openVocabulary()
	if err != nil {
		return err
	}
	seed := r.m.Seed
	if r.job.Seed != nil {
		seed = *r.job.Seed
	}
	sampler, err := generate.NewSampler(generate.Sampling{Temperature: r.job.Temperature, TopK: r.job.TopK, TopP: r.job.TopP, Seed: seed})
	if err != nil {
		return usage{err}
	}
	prompt, tokens, err := r.prompt(v)
	if err != nil {
		return err
	}
	t := &writtenText{w: r.stdout, stop: r.job.Stop, tame: r.job.Terminal}
	if r.job.JSON {
		t.w = nil
	} else if !r.job.NoEcho {
		if err := t.write(prompt); err != nil {
			return err
		}
	}
	sequence := generate.NewSequence(r.m.Generator())
	scores, err := sequence.Append(tokens...)
	if err != nil {
		return err
	}
	began := time.Now()
	decoder := v.Decoder()
	count, end := 0, "length"
	for !t.ended {
		if ctx.Err() != nil {
			end = "interrupt"
			break
		}
		token, err := sampler.Pick(scores, uint64(count))
		if err != nil {
			t.end()
			return err
		}
		if err := t.add(decoder.Next(token)); err != nil {
			return err
		}
		if count++; count == r.job.Length || t.all.Len() >= maxKept {
			break
		}
		if scores, err = sequence.Append(token); err != nil {
			return err
		}
	}
	elapsed := time.Since(began)
	if err := t.add(decoder.Rest()); err != nil {
		return err
	}
	if t.ended {
		end = "stop"
	}
	if err := t.end(); err != nil {
		return err
	}
	if r.job.JSON {
		if err := r.reportText(prompt, t, count, end); err != nil {
			return err
		}
	}
	if end == "interrupt" {
		return stoppedBy(ctx)
	}
	r.note("%s, %.0f a second", phrase.Counted(count, v.Kind().Noun()), float64(count)/max(elapsed.Seconds(), 1e-9))
	return nil
}

// openVocabulary loads the weights, and returns the vocabulary of the text that they were trained on.
func (r *run) openVocabulary() (*data.Vocabulary, error) {
	if r.job.Weights == "" {
		return nil, usage{errors.New("which weights? Name a file with --weights")}
	}
	if r.m.Generator == nil {
		return nil, usage{fmt.Errorf("the model %s does not compute one position of a sequence after the other", r.m.Name)}
	}
	f, err := r.readWeights(r.job.Weights)
	if err != nil {
		return nil, err
	}
	codec, err := data.CodecOf(f.Meta)
	if err != nil && !errors.Is(err, data.ErrNoCodec) {
		return nil, fmt.Errorf("%s: %w", r.job.Weights, err)
	}
	if err == nil && codec.Vocabulary() == nil {
		for i := range codec.Columns() {
			if codec.Column(i).Tokens != nil {
				return nil, fmt.Errorf("%s: its vocabulary is that of the texts of the column %s of a table, which the model reads but does not continue: generate takes weights that nnc train saved after training on a text, as --data book.txt",
					r.job.Weights, phrase.Visible(codec.Columns()[i]))
			}
		}
	}
	if err != nil || codec.Vocabulary() == nil {
		return nil, fmt.Errorf("%s: it holds no vocabulary, so nobody knows which text its integers are: continue one with weights that nnc train saved after training on a text, as --data book.txt", r.job.Weights)
	}
	if err := codec.FitsInputs(r.m.Inputs); err != nil {
		return nil, fmt.Errorf("%s: %w", r.job.Weights, err)
	}
	return codec.Vocabulary(), r.m.importWeights(f, r.job.Weights)
}

// prompt returns the text to continue, and its integers; without one, the integer of a line's end.
func (r *run) prompt(v *data.Vocabulary) (string, []int32, error) {
	text, from := r.job.Prompt, "--prompt"
	if r.job.PromptFile != "" {
		var err error
		if text, err = readPrompt(r.job.PromptFile); err != nil {
			return "", nil, err
		}
		from = r.job.PromptFile
		if v.Kind() == data.Chars { // as training reads a text
			text = data.Plain(text)
		}
		text = strings.TrimSuffix(text, "\n") // which every editor adds
	}
	if text == "" {
		tokens, err := v.Encode(nil, beginning)
		if err != nil {
			return "", nil, usage{errors.New("there is no prompt, and the vocabulary has no line break to begin after: give a --prompt")}
		}
		return "", tokens, nil
	}
	tokens, err := v.Encode(nil, text)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", from, err)
	}
	return text, tokens, nil
}

// readPrompt reads a prompt from a file, or from standard input.
func readPrompt(path string) (string, error) {
	in, name := io.Reader(os.Stdin), "standard input"
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in, name = f, path
	}
	text, err := io.ReadAll(io.LimitReader(in, maxPrompt+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxPrompt {
		return "", fmt.Errorf("%s: a prompt of more than %d bytes", name, maxPrompt)
	}
	return string(text), nil
}

// reportText writes the text, and what ended it, as one JSON object.
func (r *run) reportText(prompt string, t *writtenText, count int, end string) error {
	names := []string{"prompt", "text", "tokens", "end"}
	row := []value{{text: prompt}, {text: t.all.String()}, {text: strconv.Itoa(count), number: true}, {text: end}}
	if r.job.NoEcho {
		names, row = names[1:], row[1:]
	}
	w, err := newRowWriter(r.stdout, names, true, r.job.Terminal)
	if err != nil {
		return err
	}
	if err := w.write(row); err != nil {
		return err
	}
	return w.flush()
}

// writtenText is a text that is written as it comes, up to the first of some texts that end it.
type writtenText struct {
	w     io.Writer // nil: it is kept instead
	stop  []string
	tame  bool // it goes to a terminal, which it is not to command
	held  string
	ended bool
	last  string // the last that was written
	all   strings.Builder
}

// add writes what comes next, but for what may be the beginning of an end.
func (t *writtenText) add(text string) error {
	t.held += text
	at := -1
	for _, stop := range t.stop {
		if i := strings.Index(t.held, stop); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	if at >= 0 {
		ready := t.held[:at]
		t.held, t.ended = "", true
		return t.write(ready)
	}
	keep := 0
	for _, stop := range t.stop {
		for n := min(len(stop)-1, len(t.held)); n > keep; n-- {
			if strings.HasSuffix(t.held, stop[:n]) {
				keep = n
			}
		}
	}
	ready := t.held[:len(t.held)-keep]
	t.held = t.held[len(t.held)-keep:]
	return t.write(ready)
}

// write writes at once.
func (t *writtenText) write(text string) error {
	if text == "" {
		return nil
	}
	t.last = text
	if t.w == nil {
		t.all.WriteString(text)
		return nil
	}
	if t.tame {
		text = tameLines(text)
	}
	_, err := io.WriteString(t.w, text)
	return err
}

// end writes what was held back, and ends the line on a terminal.
func (t *writtenText) end() error {
	held := t.held
	t.held = ""
	if err := t.write(held); err != nil {
		return err
	}
	if t.tame && t.w != nil && !strings.HasSuffix(t.last, "\n") {
		return t.write("\n")
	}
	return nil
}

// tameLines is phrase.Tame of a text, but for ends of lines and tabs.
func tameLines(text string) string {
	var b strings.Builder
	for text != "" {
		at := strings.IndexAny(text, "\n\t")
		if at < 0 {
			at = len(text)
		}
		b.WriteString(phrase.Tame(text[:at]))
		if at == len(text) {
			break
		}
		b.WriteByte(text[at])
		text = text[at+1:]
	}
	return b.String()
}
