package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Start is what a training takes over from the weights that it starts from.
type Start struct {
	Codec *data.Codec // theirs
	File  string      // where they stand, for messages
	// Rescale takes new statistics of the rows to train on; columns and texts stay.
	Rescale bool
	// NewTargets says that targets are new: the part of the model that they judge starts anew.
	NewTargets bool
}

// mayBeAnew reports whether nothing of the codec need be taken over: where neither statistics nor targets are, its columns
// matter only if the new data have them.
func (s *Start) mayBeAnew() bool { return s.Rescale && s.NewTargets }

// knows reports whether a table has all of the codec's columns, and the model inputs for them.
func (s *Start) knows(header []string, inputs []data.Port) bool {
	for _, name := range s.Codec.Columns() {
		if !slices.Contains(header, name) {
			return false
		}
	}
	return s.Codec.FitsInputs(inputs) == nil
}

// check compares the codec with the model and with what else was asked for.
func (s *Start) check(q Training) error {
	for _, f := range []flagged{{"--number", q.Number}, {"--text", q.Text}, {"--index", q.Index}} {
		if len(f.columns) > 0 {
			return usageError("%s %s: what columns are is said by %s, which --init starts from: leave the flag out", f.flag, phrase.Listed(f.columns), s.File)
		}
	}
	if !s.Codec.IsTable() {
		q.Tokenizer = "" // it names the same vocabulary, or that of arrays
	}
	if err := q.Select.withoutTexts(s.File, "says that, which --init starts from: leave the flag out"); err != nil && s.Codec.Vocabulary() == nil {
		return err
	}
	if q.MissingIndicator {
		return usageError("--missing-indicator: what columns make is said by %s, which --init starts from: leave the flag out", s.File)
	}
	if !s.NewTargets {
		if err := s.Codec.Fits(q.Inputs, q.Targets); err != nil {
			return fmt.Errorf("%s: %w", s.File, err)
		}
	} else if err := s.Codec.FitsInputs(q.Inputs); err != nil {
		return fmt.Errorf("%s: %w: --rescale takes nothing of its columns", s.File, err)
	}
	if q.Scale != "" && !s.Rescale && q.Scale != s.Codec.Scale() {
		return usageError("--scale %s: %s was trained with --scale %s, and its statistics are used: take new ones with --rescale, or leave --scale out", q.Scale, s.File, s.Codec.Scale())
	}
	return nil
}

// note says which statistics are used.
func (s *Start) note() string {
	switch {
	case s == nil:
		return ""
	case s.Rescale:
		return fmt.Sprintf("statistics are those of these rows, not of %s", s.File)
	}
	return fmt.Sprintf("statistics are those of %s; --rescale takes new ones of these rows", s.File)
}

// anewNote says that nothing of the codec is taken over.
func (s *Start) anewNote() string {
	return fmt.Sprintf("columns and statistics are those of these rows, not of %s", s.File)
}

// selects is what the columns are: those of the codec, found by their names. What a flag names must be the same.
func (s *Start) selects(sel Select, inputs []data.Port) (Select, error) {
	same := func(flag string, named, stored []string) error {
		if len(named) > 0 && !slices.Equal(sorted(named), sorted(stored)) {
			advice := "leave the flag out"
			if flag == "--target" {
				advice += ", or start a new head with --init-only PATTERN, the pattern of the tensors to take over"
			}
			return usageError("%s names %s, but %s was trained on %s: %s", flag, phrase.Listed(named), s.File, phrase.Listed(stored), advice)
		}
		return nil
	}
	var features []string
	for i, p := range inputs {
		for k, c := range s.Codec.InputColumns(i) {
			if name := c.Name; len(inputs) > 1 && k == 0 {
				features = append(features, p.Name+"="+name)
			} else {
				features = append(features, name)
			}
		}
	}
	if len(inputs) == 1 {
		if err := same("--features", sel.Features, features); err != nil {
			return sel, err
		}
	}
	sel.Features, sel.from = features, s.File
	for i := range s.Codec.Columns() {
		sel.storedPieces = sel.storedPieces || s.Codec.WordPiece(i) != nil
	}
	if s.NewTargets {
		return sel, nil
	}
	var targets []string
	for _, t := range s.Codec.Targets() {
		if !t.Input {
			targets = append(targets, t.Sources()...)
		}
	}
	if err := same("--target", sel.Target, targets); err != nil {
		return sel, err
	}
	sel.Target = targets
	return sel, nil
}

// reading is how tables are read: numbers as the codec says unless a flag does, and with its columns' values only.
func (s *Start) reading(how Reading) Reading {
	w := s.Codec.Writing().With(how.writing())
	how.Writing = &w
	return how
}

// unused is the remark about columns that the weights do not know; "" where there are none.
func (s *Start) unused(header []string, sel Select) string {
	known := slices.Concat(s.Codec.Columns(), sel.Target, sel.Drop, sel.ID, one(sel.Group), one(sel.Weight))
	var extra []string
	for _, name := range header {
		if !slices.Contains(known, name) {
			extra = append(extra, name)
		}
	}
	if len(extra) == 0 {
		return ""
	}
	return fmt.Sprintf("%s does not know %s: %s", s.File, phrase.Counted(len(extra), "column"), phrase.Listed(extra))
}

// shape makes a column of the table one of the stored column's kind.
func (c *tableColumn) shape(stored *data.Column) {
	c.kind, c.signed, c.limit, c.most = stored.Kind, stored.Signed, stored.Limit, maxTexts
	if c.kind == data.KindTokens {
		c.length = stored.Tokens.Length
	}
	c.dictionary = stored.Kind == data.KindIndex && len(stored.Classes) > 0
}

// takeOver is fitColumn for a column of the weights that the training starts from.
func (t *table) takeOver(f *tableColumn, stored *data.Column, train []int) (data.Column, error) {
	c := *stored
	switch {
	case f.kind == data.KindNumber:
		if t.from.Rescale {
			if err := c.Measure(f.numbers, train); err != nil {
				return c, err
			}
		}
		t.noteMissing(f, &c, train)
	case len(c.Classes) > 0:
		c.Absent = slices.DeleteFunc(slices.Clone(c.Absent), func(name string) bool {
			code, known := f.code[name]
			return known && slices.ContainsFunc(train, func(r int) bool { return f.codes[r] == code })
		})
		t.noteUnseen(f, &c)
	}
	return c, nil
}

// noteUnseen counts the cells whose text is none of the column's.
func (t *table) noteUnseen(f *tableColumn, c *data.Column) {
	known := map[string]bool{}
	for _, name := range c.Classes {
		known[name] = true
	}
	cells := 0
	var texts []string
	for _, name := range f.names {
		if !known[name] {
			texts = append(texts, name)
		}
	}
	for _, code := range f.codes {
		if code >= 0 && !known[f.names[code]] {
			cells++
		}
	}
	if cells > 0 {
		t.fitNotes = append(t.fitNotes, fmt.Sprintf("%s: %s of a text that %s does not know (%s): taken as texts never seen",
			phrase.Visible(f.name), phrase.Counted(cells, "cell"), t.from.File, phrase.Listed(sorted(texts))))
	}
}

// takeOverTarget is the column of a target of the weights that the training starts from, and the class of each code of
// a text, which goes by its name.
func (t *table) takeOverTarget(c *tableColumn, target *data.Target, stored data.Column, train []int) (data.Column, []int32, error) {
	switch {
	case stored.Kind == data.KindNumber:
		if t.from.Rescale && target.Scaled() {
			return stored, nil, stored.Measure(c.numbers, train)
		}
		return stored, nil, nil
	case stored.Kind == data.KindIndex:
		col, index, err := c.classes(t.name, target.Judged, target.Count)
		if err == nil && col.Kind != data.KindIndex {
			err = fmt.Errorf("%s: column %q has the classes %s, but %s knows them by index, 0 to %d", t.name, c.name, phrase.Listed(col.Classes), t.from.File, target.Count-1)
		}
		return col, index, err
	}
	index := make([]int32, len(c.names))
	var unknown []string
	for code, name := range c.names {
		k := slices.Index(stored.Classes, name)
		index[code] = int32(k)
		if k < 0 {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return stored, nil, fmt.Errorf("%s: column %q: %s does not know %s (it knows %s): leave such rows out, or start a new head with --init-only PATTERN, the pattern of the tensors to take over",
			t.name, c.name, t.from.File, phrase.Listed(sorted(unknown)), phrase.Listed(stored.Classes))
	}
	return stored, index, nil
}
