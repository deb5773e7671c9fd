package answer

import (
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// Windows says how a question and a passage become rows of a model.
type Windows struct {
	Tokenizer *wordpiece.Tokenizer
	Length    int // tokens of a window, padding included: positions of the model
	Step      int // tokens of the passage from where a window's piece begins to where the next one's does
	Question  int // tokens of a question at most; the rest is cut off its end
	Longest   int // tokens of an answer at most
}

// special is how many tokens of a window are neither the question's nor the passage's: [CLS], [SEP] and [SEP].
const special = 3

// maxLength bounds the positions of a window.
const maxLength = 1 << 20

// MaxQuestion and MaxPassage bound the texts, in bytes.
const (
	MaxQuestion = 64 << 10
	MaxPassage  = 4 << 20
)

// maxPositions bounds the positions of all windows of a question. The usual windows of the longest passage have fewer.
const maxPositions = 1 << 25

// New returns the usual windows of a model with so many positions: a question has a quarter of them at most, a new window
// begins every half, so that what one cuts through stands whole in another. BERT's 256 positions give 64 and 128.
func New(tokenizer *wordpiece.Tokenizer, length, longest int) (*Windows, error) {
	w := &Windows{Tokenizer: tokenizer, Length: length, Question: max(1, length/4), Longest: longest}
	w.Step = max(1, min(length/2, w.room(w.Question)))
	return w, w.Verify()
}

// Verify reports what is wrong with the numbers.
func (w *Windows) Verify() error {
	switch {
	case w.Tokenizer == nil:
		return errors.New("windows without a tokenizer")
	case w.Length < special+2 || w.Length > maxLength:
		return fmt.Errorf("windows of %s: a question and a passage need %d at least, and %d are the most", phrase.Counted(w.Length, "token"), special+2, maxLength)
	case w.Question < 1 || w.room(w.Question) < 1:
		return fmt.Errorf("questions of up to %s leave nothing of %d to the passage", phrase.Counted(w.Question, "token"), w.Length)
	case w.Step < 1 || w.Step > w.room(w.Question):
		return fmt.Errorf("a window every %s: beside a question of %d tokens one has %d of the passage, and between two nothing may be left out",
			phrase.Counted(w.Step, "token"), w.Question, w.room(w.Question))
	case w.Longest < 1:
		return fmt.Errorf("answers of up to %s", phrase.Counted(w.Longest, "token"))
	}
	return nil
}

// room is how many tokens of a passage stand beside a question of so many.
func (w *Windows) room(question int) int { return w.Length - special - question }

// Passage is a text that questions can be asked about. It may be shared.
type Passage struct {
	Text   string
	Tokens []wordpiece.Token

	windows *Windows
}

// Read makes tokens of a passage. One without any is an error.
func (w *Windows) Read(passage string) (*Passage, error) {
	if len(passage) > MaxPassage {
		return nil, fmt.Errorf("the passage has more than %d bytes, the most that are read: ask about a part of it", MaxPassage)
	}
	p := &Passage{Text: passage, Tokens: w.Tokenizer.Encode(nil, passage), windows: w}
	if len(p.Tokens) == 0 {
		return nil, errors.New("the passage is empty: there is no word in it that could be an answer")
	}
	return p, nil
}

// Asked is a question about a passage, as rows of the model.
type Asked struct {
	Question string
	Passage  string
	Tokens   []wordpiece.Token // of the passage
	Windows  []Window          // one at least, by where their pieces begin
}

// Window is one row of the model.
type Window struct {
	IDs     []int32 // [Length] tokens: [CLS] question [SEP] piece [SEP], then [PAD]
	Segment []int32 // [Length] 1 at the piece and the [SEP] behind it, else 0
	Mask    []int32 // [Length] 0 at padding, else 1

	First  int               // the position of the piece's first token
	Tokens []wordpiece.Token // of the piece
	Offset int               // of its first among the passage's tokens
}

// Encode is Read and Ask, for a passage that one question is asked about.
func (w *Windows) Encode(question, passage string) (*Asked, error) {
	p, err := w.Read(passage)
	if err != nil {
		return nil, err
	}
	return p.Ask(question)
}

// Ask makes the windows of a question about the passage. A question without any token is an error.
func (p *Passage) Ask(question string) (*Asked, error) {
	q, err := p.windows.question(question)
	if err != nil {
		return nil, err
	}
	n := p.count(len(q))
	if n > maxPositions/p.windows.Length {
		return nil, fmt.Errorf("the passage, of %d tokens, makes %d windows of %d, which are too many: ask about a part of it", len(p.Tokens), n, p.windows.Length)
	}
	asked := &Asked{Question: question, Passage: p.Text, Tokens: p.Tokens, Windows: make([]Window, n)}
	for i := range asked.Windows {
		asked.Windows[i] = p.window(q, i)
	}
	return asked, nil
}

// Window is window i of those that Ask makes, alone.
func (p *Passage) Window(question string, i int) (Window, error) {
	q, err := p.windows.question(question)
	if err != nil {
		return Window{}, err
	}
	if n := p.count(len(q)); i < 0 || i >= n {
		return Window{}, fmt.Errorf("window %d of a question that has %s", i, phrase.Counted(n, "window"))
	}
	return p.window(q, i), nil
}

// question is the tokens of a question that a window takes.
func (w *Windows) question(question string) ([]wordpiece.Token, error) {
	if len(question) > MaxQuestion {
		return nil, fmt.Errorf("the question has %d bytes, and %d are the most", len(question), MaxQuestion)
	}
	q := w.Tokenizer.Encode(nil, question)
	if len(q) == 0 {
		return nil, errors.New("the question is empty: there is no word in it")
	}
	return q[:min(len(q), w.Question)], nil
}

// count is the number of windows of a question of so many tokens.
func (p *Passage) count(question int) int {
	rest := len(p.Tokens) - p.windows.room(question) // behind the first piece
	if rest <= 0 {
		return 1
	}
	return 1 + (rest+p.windows.Step-1)/p.windows.Step
}

// window is window i of a question.
func (p *Passage) window(question []wordpiece.Token, i int) Window {
	w := p.windows
	begin := i * w.Step
	return w.window(question, p.Tokens[begin:min(begin+w.room(len(question)), len(p.Tokens))], begin)
}

// window is the row of a question and a piece of the passage.
func (w *Windows) window(question, piece []wordpiece.Token, offset int) Window {
	numbers := make([]int32, 3*w.Length)
	ids, segment, mask := numbers[:w.Length:w.Length], numbers[w.Length:2*w.Length:2*w.Length], numbers[2*w.Length:]
	at := 0
	put := func(id, part int32) {
		ids[at], segment[at], mask[at] = id, part, 1
		at++
	}
	put(w.Tokenizer.Class(), 0)
	for _, t := range question {
		put(t.ID, 0)
	}
	put(w.Tokenizer.Separator(), 0)
	first := at
	for _, t := range piece {
		put(t.ID, 1)
	}
	put(w.Tokenizer.Separator(), 1)
	for ; at < w.Length; at++ {
		ids[at] = w.Tokenizer.Padding()
	}
	return Window{IDs: ids, Segment: segment, Mask: mask, First: first, Tokens: piece, Offset: offset}
}
