package data

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// NewTextCodec makes the codec of a model that reads a text on and on and predicts at every position what comes next:
// its only input takes the integers of the vocabulary.
func NewTextCodec(v *Vocabulary, targets []Target) *Codec {
	c := NewCodec(ScaleStandard, Writing{}, nil, nil, nil, targets)
	c.text = v
	return c
}

// Vocabulary is that of the text that the model was trained to continue; nil where it was trained on anything else.
func (c *Codec) Vocabulary() *Vocabulary { return c.text }

// fitsText is FitsInputs for a codec of text.
func (c *Codec) fitsText(inputs []Port) error {
	if len(inputs) == 1 && inputs[0].Int && inputs[0].Limit == c.text.Size() {
		return nil
	}
	with := ""
	if len(inputs) == 1 && inputs[0].Constant != "" {
		with = fmt.Sprintf(", or with --set %s=%d", inputs[0].Constant, c.text.Size())
	}
	return fmt.Errorf("the stored vocabulary has %s, which is not what the model takes (%s): were the weights trained with another spec%s?",
		c.text.counted(), PortList(inputs), with)
}

// counted is "65 characters".
func (v *Vocabulary) counted() string { return phrase.Counted(len(v.symbols), v.kind.Noun()) }

// describe says what the symbols are.
func (v *Vocabulary) describe() string {
	if v.kind == Bytes {
		return "vocabulary: the 256 bytes"
	}
	return fmt.Sprintf("vocabulary: %s: %s", v.counted(), v.List())
}
