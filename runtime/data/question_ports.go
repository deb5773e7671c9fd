package data

import (
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// QuestionPorts are the inputs of a model that answers questions about passages, by their places among its inputs. They are
// found by what they are, not by their names.
type QuestionPorts struct {
	Tokens  int // integers of a vocabulary, one for each position
	Segment int // 1 at the passage, of an input `of 2`; −1: the model does without
	Mask    int // 1 at what is no padding; −1: the model does without

	Length  int // positions
	Symbols int // tokens that the model knows at most
	Longest int // positions of an answer at most
}

// FindQuestionPorts finds the ports of a model that answers questions, or says what it lacks: its only target is a span of its
// positions, one input [T] takes the tokens, and there may be an input [T] of 2 for the segment and the mask that the loss names.
func FindQuestionPorts(inputs, targets []Port) (QuestionPorts, error) {
	p := QuestionPorts{Tokens: -1, Segment: -1, Mask: -1}
	if len(targets) != 1 || targets[0].Judged == nil || targets[0].Judged.Kind != Span {
		return p, errors.New("where an answer starts and ends is what the loss span learns, as `loss span mask=mask`, and it would be the model's only one")
	}
	by := targets[0].Judged
	p.Length, p.Longest = targets[0].Limit, by.Longest
	for i, in := range inputs {
		positions := len(in.Shape) == 1 && in.Shape[0] == p.Length
		switch {
		case positions && in.Name == by.Mask:
			p.Mask = i
		case positions && in.Int && in.Limit == 2 && p.Segment < 0:
			p.Segment = i
		case positions && in.Int && in.Limit > 2 && p.Tokens < 0:
			p.Tokens, p.Symbols = i, in.Limit
		case positions && !in.Int && by.Mask == "":
			return p, fmt.Errorf("the input %s may be the mask of its %d positions, but the loss does not say so: write `loss span mask=%s`", in.Name, p.Length, in.Name)
		default:
			return p, fmt.Errorf("the input %s is neither the tokens of a question and a passage, as `tokens[%d] of 30522`, nor their segment, as `segment[%[2]d] of 2`, nor the mask that the loss span names", PortList(inputs[i:i+1]), p.Length)
		}
	}
	if p.Tokens < 0 {
		return p, fmt.Errorf("no input takes the tokens of a question and a passage, as `tokens[%d] of 30522`", p.Length)
	}
	return p, nil
}

// CheckWindows returns an error if the model cannot read such windows.
func (p *QuestionPorts) CheckWindows(w *answer.Windows) error {
	switch {
	case w.Length != p.Length:
		return fmt.Errorf("windows of %s, but the model has %d", phrase.Counted(w.Length, "position"), p.Length)
	case w.Tokenizer.Size() > p.Symbols:
		return fmt.Errorf("a vocabulary of %s, but the model knows %d: write the input as `of %d`", phrase.Counted(w.Tokenizer.Size(), "token"), p.Symbols, w.Tokenizer.Size())
	}
	return nil
}

// Fill puts a window into a row of the inputs.
func (p *QuestionPorts) Fill(inputs []Block, row int, w *answer.Window) {
	for _, part := range []struct {
		input  int
		values []int32
	}{{p.Tokens, w.IDs}, {p.Segment, w.Segment}, {p.Mask, w.Mask}} {
		switch at := row * p.Length; {
		case part.input < 0:
		case inputs[part.input].Int != nil:
			copy(inputs[part.input].Int[at:], part.values)
		default:
			for i, v := range part.values {
				inputs[part.input].Float[at+i] = float32(v)
			}
		}
	}
}
