package dataset

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// readText reads the text of a training.
func (w *whole) readText(src *source) error {
	q := w.q
	if q.Truncate != "" {
		return usageError("--truncate is for the texts of a table: this one is read in windows")
	}
	if q.Seeded {
		return usageError("--split-seed draws the rows that are held out, but those of a text are its last: leave it out")
	}
	if q.SkipUnreadable {
		return src.loadImages(nil, nil, nil, true)
	}
	if q.Tokenizer != "" {
		return usageError("--tokenizer %s is for the texts of a table: this one, which the model continues, is one of characters or bytes (--tokens)", q.Tokenizer)
	}
	kind, err := textTokens(q.Tokens)
	if err != nil {
		return err
	}
	var v *data.Vocabulary
	if from := q.From; from != nil && (!from.mayBeAnew() || from.Codec.FitsInputs(q.Inputs) == nil) {
		if v = from.Codec.Vocabulary(); v == nil {
			return fmt.Errorf("%s: it was not trained on a text (%s), and knows no vocabulary: give data such as it was trained on", from.File, src.texts[0].Path)
		}
		if q.Tokens != "" && kind != v.Kind() {
			return usageError("--tokens %s: %s was trained on %ss: leave the flag out", q.Tokens, from.File, v.Kind())
		}
		w.notes = append(w.notes, fmt.Sprintf("the vocabulary is that of %s", from.File))
	}
	if q.Scale == data.ScaleNone {
		return usageError("--scale none is for numbers, and a text has none")
	}
	if w.text, err = src.readRunning(q.Inputs[0], q.Targets[0], kind, v); err != nil {
		if v != nil {
			err = fmt.Errorf("%w: %s takes no other, since each has weights of its own", err, q.From.File)
		}
		return err
	}
	w.name, w.rows = w.text.name, w.text.ids.len()/w.text.window
	w.notes = append(w.notes, w.text.remarks...)
	w.codec = data.NewTextCodec(w.text.vocabulary, data.TargetsOf(q.Inputs, q.Targets))
	return nil
}

// loadText divides a text: the part to test on is its end, the one held out stands before that, and the rest trains. No
// window reaches over a border, nor does what follows it.
func (w *whole) loadText() (*Loaded, error) {
	q, r := w.q, w.text
	train := r.ids.len()
	l := &Loaded{Codec: w.codec, Notes: w.notes}
	// cut takes a part off the end.
	cut := func(flag, text string, s Split) (*Set, error) {
		n := s.symbols(r.ids.len(), r.window)
		if n == 0 {
			return nil, nil
		}
		if n <= r.window {
			if text == "" {
				l.Notes = append(l.Notes, fmt.Sprintf("no part of the text is held out: the last tenth has %s, and a window takes %d", r.counted(n), r.window+1))
				return nil, nil
			}
			return nil, r.tooShort(fmt.Sprintf("%s %s holds out", flag, text), n, "hold out more, or nothing with "+flag+" 0")
		}
		to := train
		if train -= n; train <= r.window {
			return nil, r.tooShort(fmt.Sprintf("%s %s holds out %s, which leaves", flag, text, r.counted(n)), max(train, 0), "hold out less, or give a longer text")
		}
		return r.part(train, to, q.Inputs, q.Targets), nil
	}
	if train <= r.window {
		return nil, r.tooShort("the text has", train, "give a longer one, or write a shorter input")
	}
	var err error
	if len(q.Test) > 0 && len(w.testFiles) == 0 {
		if l.Test, err = cut("--test", q.Test[0], w.test); err != nil {
			return nil, err
		}
	}
	if len(q.ValidData) == 0 {
		s := w.valid
		if q.Valid == "" {
			s = Split{fraction: defaultFraction}
		}
		if l.Valid, err = cut("--valid", q.Valid, s); err != nil {
			return nil, err
		}
	}
	l.Train = r.part(0, train, q.Inputs, q.Targets)
	l.Train.whole()
	l.Notes = append(l.Notes, fmt.Sprintf("%s: %s, of which %d train, in %s of %d an epoch", r.name, r.counted(r.ids.len()), train,
		phrase.Counted(l.Train.Rows(), "window"), r.window))
	if len(q.ValidData) > 0 {
		if l.Valid, err = l.read(q.ValidData, q); err != nil {
			return nil, err
		}
	}
	if len(w.testFiles) > 0 {
		if l.Test, err = l.read(w.testFiles, q); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// symbols is how many of n symbols of a text are held out: a part of them, or the windows that were asked for with the symbol behind
// the last.
func (s Split) symbols(n, window int) int {
	if s.isLast {
		if s.last > n/window {
			return n // more than there are
		}
		return s.last*window + 1
	}
	if s.fraction == 0 {
		return 0
	}
	return int(float64(s.fraction*float64(n)) + exact)
}
