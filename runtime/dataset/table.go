package dataset

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// table is a whole table, its feature and target columns parsed.
type table struct {
	name     string
	how      Reading
	from     *Start // what columns are taken over from; nil: none are
	window   int    // rows of a window of a series; rows without a target stay, as without. 0: each row stands alone
	without  []bool // by row; nil: no row is
	chosen   bool   // --features or weights say which the features are
	rows     int
	inputs   [][]*tableColumn          // by the model's input
	measures map[int]data.InputColumns // inputs that measure a text, which no column feeds
	texts    texts
	targets  [][]*tableColumn // by the model's target
	group    *tableColumn     // nil: none
	weight   *tableColumn     // nil: none
	times    []times          // of a series, the columns of --id
	notes    []string         // remarks for the user, and those of the last fit
	fitNotes []string
}

// readTable reads the columns that sel selects. Memory is bounded by the size of the text. All that is wrong with the
// columns is told at once.
func readTable(in *format.Table, how Reading, from *Start, sel Select, inputs, targets []data.Port) (*table, error) {
	t := &table{name: in.Name, how: how, from: from, window: sel.window}
	if err := t.choose(in, sel, inputs, targets); err != nil {
		return nil, err
	}
	if err := t.read(in); err != nil {
		return nil, err
	}
	var wrong problems
	wrong.add(t.settleClasses())
	t.withoutIndex(in, &wrong)
	for _, c := range t.columns() {
		undecided := c.kind == ""
		wrong.add(c.decide())
		if undecided {
			t.noteDates(c)
		}
	}
	t.warnOfCounters()
	t.warnOfIndex()
	return t, wrong.err()
}

// read takes the cells of all rows, those that are left out aside.
func (t *table) read(in *format.Table) error {
	all, skipped := t.columns(), 0
	for {
		cells, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		without := t.how.SkipMissingTarget && t.withoutTarget(cells)
		if t.window > 0 {
			t.without = append(t.without, without)
		}
		if without {
			skipped++
		}
		if without && t.window == 0 {
			for _, c := range all {
				c.skip(in, cells[c.field])
			}
			continue
		}
		for _, c := range all {
			c.add(in, cells[c.field])
		}
		for i := range t.times {
			t.times[i].add(cells)
		}
		t.rows++
	}
	switch {
	case skipped > 0 && (t.rows == 0 || t.rows == skipped && t.window > 0):
		return fmt.Errorf("%s: no row has a target", t.name)
	case t.rows == 0:
		return fmt.Errorf("%s: there is a header but no row", t.name)
	case skipped > 0 && t.window > 0:
		t.noteWithout(skipped)
	case skipped > 0:
		t.notes = append(t.notes, fmt.Sprintf("%s without a target left out, of %d", phrase.Counted(skipped, "row"), t.rows+skipped))
	}
	return nil
}

// noteWithout says how many rows of a series have no target, which is then no mistake.
func (t *table) noteWithout(rows int) {
	t.notes = append(t.notes, fmt.Sprintf("%s without a target, of %d: windows that forecast them are left out", phrase.Counted(rows, "row"), t.rows))
	for _, columns := range t.targets {
		for _, c := range columns {
			c.gaps = nil
		}
	}
}

// withoutTarget reports whether a target's cell has no value in a row.
func (t *table) withoutTarget(cells []string) bool {
	for _, columns := range t.targets {
		if slices.ContainsFunc(columns, func(c *tableColumn) bool { return c.lacks(cells[c.field]) }) {
			return true
		}
	}
	return false
}

// settleClasses decides what NA and its like are in class targets: missing where at least half of the other cells are
// numbers, as in any column, else a class. Rows where it is missing are left out if that was asked for.
func (t *table) settleClasses() error {
	var left []int
	for _, columns := range t.targets {
		for _, c := range columns {
			if c.kind == data.KindClass && !c.many {
				left = append(left, c.withoutMissing()...)
			}
		}
	}
	if !t.how.SkipMissingTarget || len(left) == 0 {
		return nil
	}
	gone := make([]bool, t.rows)
	for _, r := range left {
		gone[r] = true
	}
	if t.window > 0 {
		for r := range gone {
			t.without[r] = t.without[r] || gone[r]
		}
		t.noteWithout(len(left))
		return nil
	}
	var kept []int
	for r, is := range gone {
		if !is {
			kept = append(kept, r)
		}
	}
	if len(kept) == 0 {
		return fmt.Errorf("%s: no row has a target", t.name)
	}
	t.notes = append(t.notes, fmt.Sprintf("%s left out whose target is missing as a number is", phrase.Counted(t.rows-len(kept), "row")))
	for _, c := range t.columns() {
		c.keep(kept)
		if c.target {
			c.gaps = nil
		}
	}
	t.rows = len(kept)
	return nil
}

// columns are all that are read, features first.
func (t *table) columns() []*tableColumn {
	all := slices.Concat(slices.Concat(t.inputs...), slices.Concat(t.targets...))
	for _, c := range []*tableColumn{t.group, t.weight} {
		if c != nil {
			all = append(all, c)
		}
	}
	return all
}

// choose makes the columns of the inputs and targets, and the others.
func (t *table) choose(in *format.Table, sel Select, inputs, targets []data.Port) error {
	r, err := sel.roles(in, inputs, targets)
	if err != nil {
		return err
	}
	t.chosen, t.measures = len(sel.Features) > 0, r.measures
	if t.texts, err = sel.texts(); err != nil {
		return err
	}
	if pieces := t.texts.tokenizer; pieces != nil {
		if note := sel.NoteCased(pieces); note != "" {
			t.notes = append(t.notes, note)
		}
	}
	taken := 0
	writing := t.how.writing()
	if sel.window > 0 {
		t.times = timesOf(in.Header, sel.ID, &writing)
	}
	column := func(field int) *tableColumn {
		return &tableColumn{file: t.name, name: in.Header[field], field: field, writing: &writing, most: data.MaxIndicators, ordered: sel.window > 0}
	}
	for i, p := range inputs {
		var columns []*tableColumn
		asText, texts := r.isText(i, p, in.Header, sel.inPieces()), 0
		if asText && t.texts.tokenizer != nil {
			if err := sel.fitsVocabulary(t.texts.tokenizer, p); err != nil {
				return err
			}
		}
		for _, f := range r.features[i] {
			c := column(f)
			c.kind, c.signed = r.kinds[f], r.signed[f]
			switch {
			case c.kind == data.KindIndex && !p.Int:
				return usageError("%s: --index %s: the input %s takes numbers, not integers: declare it as `input %s[…] of …`, or take the column as it is",
					t.name, phrase.Shell(c.name), p.Name, p.Name)
			case asText && c.name != "" && c.name != pandasIndex:
				c.sure = c.kind == data.KindClass // --text says so
				c.kind, c.limit, c.length, c.measured, c.second = data.KindTokens, p.Limit, p.Size(), r.measuredText(p.Name), texts > 0
				texts++
			case asText:
				c.kind = data.KindNumber // of an index
			case p.Int:
				c.dictionary = c.kind == data.KindIndex
				c.kind, c.limit, c.most = data.KindIndex, p.Limit, maxTexts
			}
			if t.from != nil {
				c.shape(t.from.Codec.Column(taken))
				taken++
			}
			columns = append(columns, c)
		}
		t.inputs = append(t.inputs, columns)
		if err := t.checkIntegers(columns, p, len(inputs) > 1); err != nil {
			return err
		}
	}
	if !t.hasTexts() {
		if err := sel.withoutTexts(t.name, "has no column for an input of several integers"); err != nil {
			return err
		}
		for i := range inputs {
			if m, ok := t.measures[i]; ok {
				return usageError("%s: no column feeds the input %s: it would measure the text of %s, which takes one column, but has %s", t.name, m.Name, m.Of, phrase.Listed(in.Header))
			}
		}
	}
	for i, p := range targets {
		var columns []*tableColumn
		for _, f := range r.targets[i] {
			c := column(f)
			c.target, c.kind, c.signed, c.most = true, data.KindNumber, r.signed[f], maxTexts
			if p.Judged.Kind.Classes() {
				c.kind = data.KindClass
			}
			columns = append(columns, c)
		}
		t.targets = append(t.targets, columns)
	}
	if r.group >= 0 {
		t.group = column(r.group)
		t.group.kind, t.group.most, t.group.required = data.KindClass, maxGroups, "--group"
	}
	if r.weight >= 0 {
		t.weight = column(r.weight)
		t.weight.kind, t.weight.required, t.weight.check = data.KindNumber, "--weight", checkWeight
	}
	return nil
}

// pandasIndex is what pandas calls a column that had no name.
const pandasIndex = "Unnamed: 0"

// withoutIndex leaves out features that are an index of the rows, or nothing: a first column that counts up by one,
// and columns without values, where they have no name.
func (t *table) withoutIndex(in *format.Table, wrong *problems) {
	for i, columns := range t.inputs {
		t.inputs[i] = slices.DeleteFunc(slices.Clone(columns), func(c *tableColumn) bool {
			switch {
			case c.field == 0 && (c.name == "" || c.name == pandasIndex) && c.counts():
				t.notes = append(t.notes, fmt.Sprintf("the first column (%s) counts the rows and is left out", c.shownName()))
			case c.name == "" && c.filled == 0:
				t.notes = append(t.notes, fmt.Sprintf("column %d has neither a name nor a value and is left out", c.field+1))
			case c.name == "":
				wrong.add(fmt.Errorf("%s: column %d has no name: name it, choose the others with --features, or leave it out with --drop '' (pandas writes no index with index=False)",
					namePlace(in.At, t.name, c.field), c.field+1))
			default:
				return false
			}
			return true
		})
		if _, measures := t.measures[i]; len(t.inputs[i]) == 0 && len(wrong.list) == 0 && !measures {
			wrong.add(fmt.Errorf("%s: no column is left as a feature (the columns are %s)", t.name, phrase.Listed(in.Header)))
		}
	}
}

// shownName is the column's name where a message needs no quotes.
func (c *tableColumn) shownName() string {
	if c.name == "" {
		return "without a name"
	}
	return strconv.Quote(c.name)
}
