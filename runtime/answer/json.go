package answer

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// stored is the form of Windows in a file of weights.
type stored struct {
	Length   int      `json:"length"`
	Step     int      `json:"step"`
	Question int      `json:"question"`
	Longest  int      `json:"longest"`
	Tokens   []string `json:"tokens"` // the whole vocabulary, by id
}

// MarshalJSON writes the numbers and the whole vocabulary.
func (w *Windows) MarshalJSON() ([]byte, error) {
	return json.Marshal(stored{w.Length, w.Step, w.Question, w.Longest, w.Tokenizer.Tokens()})
}

// UnmarshalJSON reads what MarshalJSON writes, and verifies it.
func (w *Windows) UnmarshalJSON(text []byte) error {
	var s stored
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return err
	}
	if len(s.Tokens) == 0 {
		return errors.New("windows without a vocabulary")
	}
	tokenizer, err := wordpiece.New(s.Tokens)
	if err != nil {
		return err
	}
	read := Windows{Tokenizer: tokenizer, Length: s.Length, Step: s.Step, Question: s.Question, Longest: s.Longest}
	if err := read.Verify(); err != nil {
		return err
	}
	*w = read
	return nil
}
