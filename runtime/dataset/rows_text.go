package dataset

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
)

// openTextRows begins to read a text in windows, by the vocabulary that the codec holds.
func openTextRows(src *source, q Rows, codec *data.Codec) (*RowReader, error) {
	name := src.texts[0].Path
	if !q.Judge {
		return nil, usageError("%s: a text is continued rather than predicted row by row: use nnc generate", name)
	}
	var v *data.Vocabulary
	if codec != nil {
		if v = codec.Vocabulary(); v == nil {
			return nil, fmt.Errorf("%s: the weights were trained on arrays of integers and know no vocabulary, so that nothing says which character is which: give arrays", name)
		}
	}
	text, err := src.readRunning(q.Inputs[0], q.Targets[0], data.Chars, v)
	if err != nil {
		return nil, err
	}
	r := &RowReader{codec: codec, notes: text.remarks}
	if codec == nil {
		r.codec = data.NewTextCodec(text.vocabulary, data.TargetsOf(q.Inputs, q.Targets))
		r.notes = append(r.notes, fmt.Sprintf("the vocabulary is that of %s, since the weights say none: right only where it is the one that they were trained with", name))
	}
	n := text.ids.len()
	set := text.part(0, n, q.Inputs, q.Targets)
	if set.Rows() == 0 {
		return nil, text.tooShort("the text has", n, "give a longer one")
	}
	if rest := n - 1 - set.Rows()*text.window; rest > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: left out, since no whole window is left: the last %s", name, text.counted(rest)))
	}
	r.from = &setRows{set: set}
	return r, nil
}
