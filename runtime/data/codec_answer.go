package data

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// NewAnswerCodec makes the codec of a model that answers questions about passages: windows says how these become its rows.
// The only target is the span of the answer. Which input takes what of a window tells FindQuestionPorts, whatever their names.
func NewAnswerCodec(windows *answer.Windows, targets []Target) *Codec {
	c := NewCodec(ScaleStandard, Writing{}, nil, nil, nil, targets)
	c.questions = windows
	return c
}

// Windows says how questions and passages become rows; nil where the model was trained on anything else.
func (c *Codec) Windows() *answer.Windows { return c.questions }

// fitsQuestions is the part of Fits about the windows of questions.
func (c *Codec) fitsQuestions(inputs, targets []Port) error {
	ports, err := FindQuestionPorts(inputs, targets)
	if err == nil {
		err = ports.CheckWindows(c.questions)
	}
	if err != nil {
		return fmt.Errorf("the stored codec is of questions about passages, and this model is for others: %w: were the weights trained with another spec?", err)
	}
	return nil
}

// fitsTokens is FitsInputs for a codec of questions, whose target is not told: an input takes the tokens of a window.
func (c *Codec) fitsTokens(inputs []Port) error {
	w := c.questions
	if slices.ContainsFunc(inputs, func(p Port) bool { return p.Int && p.Size() == w.Length && p.Limit >= w.Tokenizer.Size() }) {
		return nil
	}
	return fmt.Errorf("the stored vocabulary has %s, in windows of %d, which is not what the model takes (%s): were the weights trained with another spec?",
		phrase.Counted(w.Tokenizer.Size(), "token"), w.Length, PortList(inputs))
}

// verifyQuestions reports what is wrong with a codec of questions that was read from a file. Its windows were verified as they
// were read.
func (s *storedCodec) verifyQuestions() error {
	switch {
	case s.Questions == nil:
		return nil
	case len(s.Columns) > 0 || len(s.Arrays) > 0 || len(s.Inputs) > 0 || s.Text != nil || s.Series != nil || s.Cells != nil:
		return errors.New("questions have neither columns, arrays nor a text beside them")
	case len(s.Targets) != 1 || s.Targets[0].Kind != Span || s.Targets[0].Input || len(s.Targets[0].Columns) > 0:
		return errors.New("questions want one target, a span that is no column's")
	}
	return nil
}

// describeQuestions says what becomes of a question.
func (c *Codec) describeQuestions() []string {
	w := c.questions
	return []string{
		fmt.Sprintf("questions and passages as tokens, of a vocabulary of %d: in windows of %d, with up to %d of the question, and a new piece of the passage every %d",
			w.Tokenizer.Size(), w.Length, w.Question, w.Step),
		fmt.Sprintf("target: where the answer starts and ends, up to %s; [CLS] in a window without it", phrase.Counted(w.Longest, "token")),
	}
}
