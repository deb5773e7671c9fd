package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// fewRows is the number of rows below which a column that counts up may well be data.
const fewRows = 10

// warnOfCounters tells of features that count the rows and are taken as numbers. The only feature is meant to be one.
func (t *table) warnOfCounters() {
	features := slices.Concat(t.inputs...)
	for _, c := range features {
		if len(features) > 1 && t.rows >= fewRows && c.kind == data.KindNumber && c.counts() {
			t.notes = append(t.notes, fmt.Sprintf("%s counts the rows: if it is no feature, leave it out with %s; where rows are sorted it gives the target away",
				phrase.Visible(c.name), phrase.Option("--drop", c.name)))
		}
	}
}

// warnOfIndex tells of what pandas calls a column that had no name and is a feature: an index with gaps or in disorder.
func (t *table) warnOfIndex() {
	for _, c := range slices.Concat(t.inputs...) {
		if c.name == pandasIndex && c.kind == data.KindNumber {
			t.notes = append(t.notes, fmt.Sprintf("%s is a feature: if it is the index of pandas, leave it out with %s", phrase.Visible(c.name), phrase.Option("--drop", c.name)))
		}
	}
}

// tellRowsApart says, a line each, which features count the rows, or where none does have another value in each row: with
// such a column, an order's number say, the columns make more values than a model of the others takes.
func (t *table) tellRowsApart() []string {
	if t.rows < fewRows {
		return nil
	}
	var count, differ []string
	for _, c := range slices.Concat(t.inputs...) {
		id := phrase.Option("--id", c.name)
		switch {
		case c.kind == data.KindNumber && c.counts():
			count = append(count, fmt.Sprintf("%s counts the rows: leave it out with %s", phrase.Visible(c.name), id))
		case c.differs():
			differ = append(differ, fmt.Sprintf("%s has another value in every row: if it only tells rows apart, leave it out with %s", phrase.Visible(c.name), id))
		}
	}
	if len(count) > 0 {
		return count
	}
	return differ[:min(len(differ), maxStrays)]
}

// differs reports whether no two rows have the same value: whole numbers, or texts.
func (c *tableColumn) differs() bool {
	if c.kind == data.KindNumber {
		_, unique := spread(c.numbers)
		return unique
	}
	return c.kind == data.KindClass && len(c.names) == len(c.codes)
}
