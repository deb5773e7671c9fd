package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// draft is a first model of a table.
type draft struct {
	table   *dataset.Summary
	plain   []dataset.Feature // numbers and indicators, which make one input
	texts   []textColumn      // inputs of their own
	left    []leftOut
	outputs []string // of several targets, in their order; nil of one
	names   names
	sizes
}

// leftOut is a column that the model does not take.
type leftOut struct {
	dataset.Feature
	id  bool // it tells rows apart
	why string
}

// plainInput is the input of numbers and indicators.
const plainInput = "features"

// newDraft decides what the model is. Columns in index were said to be texts for an embedding.
func newDraft(table *dataset.Summary, index []string) (*draft, error) {
	d := &draft{table: table, names: names{plainInput: true, "trunk": true}}
	for _, f := range table.Features {
		said := slices.Contains(index, f.Name)
		why, id := d.unfit(f, said)
		switch {
		case why != "":
			d.left = append(d.left, leftOut{f, id, why})
		case f.Prose != nil && !said:
			d.texts = append(d.texts, d.prose(f))
		case f.Kind == data.KindIndex:
			d.texts = append(d.texts, textColumn{Feature: f, input: d.names.of(f.Name, "texts"), embedding: embeddingWidth(len(f.Texts))})
		default:
			d.plain = append(d.plain, f)
		}
	}
	if len(d.plain)+len(d.texts) == 0 {
		return nil, problem("%s: no column is left to learn from: %s%s", table.Name, strings.Join(d.leftOut(), ", "), d.wordsIn())
	}
	if len(table.Goals) > 1 {
		for _, g := range table.Goals {
			d.outputs = append(d.outputs, d.names.of(g.Name, "output"))
		}
	}
	d.sizes = sizesFor(table.Rows, table.HeldOut, d.values())
	return d, nil
}

// fewRows is the number of rows below which a column may well have another value in each.
const fewRows = 10

// unfit says why nothing can be learnt from a column, nothing if something can, and whether it tells rows apart. What
// was said to be for an embedding is.
func (d *draft) unfit(f dataset.Feature, said bool) (why string, id bool) {
	switch rows := d.table.Rows; {
	case f.Kind == "":
		return "no value in any row", false
	case f.Constant:
		return "the same value in every row", false
	case f.Dates:
		return "dates; numbers made of them, such as the year and the month, can be learnt from", false
	case f.Prose != nil && !said:
		return "", false
	case f.Kind == data.KindIndex && f.Texts == nil:
		return "too many different texts", false
	case said:
		return "", false
	case f.Unique && rows >= fewRows && f.Kind != data.KindNumber:
		return "another text in every row", true
	case f.Counts && rows >= fewRows && len(d.table.Features) > 1:
		return "counts the rows", true
	case f.Unique && rows >= fewRows && namesRows(f.Name):
		return "another number in every row", true
	case f.Kind == data.KindIndex && 2*len(f.Texts) > rows:
		return fmt.Sprintf("%d different texts in %d rows", len(f.Texts), rows), false
	}
	return "", false
}

// namesRows reports whether a column's name is one of those that people give to what tells rows apart.
func namesRows(column string) bool {
	words := strings.FieldsFunc(column, func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	return slices.Contains([]string{"id", "index", "key", "no", "nr", "row", "rowid", "uuid"}, strings.ToLower(last)) || strings.HasSuffix(last, "Id") || strings.HasSuffix(last, "ID")
}

// values is how many numbers the hidden layers take.
func (d *draft) values() int {
	n := d.plainWidth()
	for _, e := range d.texts {
		n += e.width()
	}
	return n
}

// plainWidth is the width of the input of numbers and indicators.
func (d *draft) plainWidth() (n int) {
	for _, f := range d.plain {
		n += f.Width
	}
	return n
}

// leftOut are the columns that the model does not take, with the reasons.
func (d *draft) leftOut() []string {
	var list []string
	for _, l := range d.left {
		list = append(list, fmt.Sprintf("%s (%s)", l.Shown, l.why))
	}
	return list
}

// wordsIn is an advice for a column that is left out though its texts have words.
func (d *draft) wordsIn() string {
	for _, l := range d.left {
		if !l.Dates && slices.ContainsFunc(l.Texts, func(text string) bool { return strings.Contains(text, " ") }) {
			return fmt.Sprintf("; read the words of %s with --text %s", l.Shown, shellWord(l.Name))
		}
	}
	return ""
}

// flags are the flags with which a training takes the columns as the model does, of those that were given.
func (d *draft) flags(columns columnFlags, kinds kindFlags) (columnFlags, kindFlags) {
	chosen := columns.Features != nil
	columns.Drop, columns.ID, columns.Features = slices.Clone(columns.Drop), slices.Clone(columns.ID), nil
	kinds.Index = nil
	for _, l := range d.left {
		switch {
		case chosen:
		case l.id:
			columns.ID = append(columns.ID, l.Name)
		default:
			columns.Drop = append(columns.Drop, l.Name)
		}
	}
	several := len(d.texts) > 1 || len(d.texts) == 1 && len(d.plain) > 0
	for i, f := range d.plain {
		name := f.Name
		if several && i == 0 {
			name = plainInput + "=" + name
		}
		if chosen {
			columns.Features = append(columns.Features, name)
		}
	}
	for _, e := range d.texts {
		if e.mask == "" {
			kinds.Index = append(kinds.Index, e.Name)
		}
		switch {
		case several && (chosen || e.input != e.Name || e.mask != ""):
			columns.Features = append(columns.Features, e.input+"="+e.Name)
		case chosen:
			columns.Features = append(columns.Features, e.Name)
		}
	}
	return columns, kinds
}

// names are those that the values of a spec have.
type names map[string]bool

// of makes a name for what a column gives: the column's own, if it may stand in a spec, else one like it, else other.
func (n names) of(column, other string) string {
	like := strings.ToLower(strings.Join(strings.FieldsFunc(column, func(r rune) bool { return !letterOrDigit(r) }), "_"))
	candidates := []string{column, like, like + "_column", "column_" + like, other}
	if like == "" {
		candidates = []string{other}
	}
	for _, name := range candidates {
		if n.free(name) {
			n[name] = true
			return name
		}
	}
	for { // a word and a digit would be an automatic name
		if other += "_x"; n.free(other) {
			n[other] = true
			return other
		}
	}
}

// free reports whether the language takes a name, and nothing else has it.
func (n names) free(name string) bool {
	for i, r := range name {
		if r != '_' && !letterOrDigit(r) || i == 0 && '0' <= r && r <= '9' {
			return false
		}
	}
	if name == "" || n[name] {
		return false
	}
	list, err := compiler.Check("", []byte("input "+name+"[1]\nfrom "+name+"\n"+"x_"+name+": linear 1\n"), compiler.Options{})
	return err == nil && !list.HasErrors()
}

// spec is the model's text in its canonical form, with the command that trains it.
func (d *draft) spec(model, train string) ([]byte, error) {
	text, list := grammar.Format("", []byte(d.text(model, train)))
	if list.HasErrors() {
		return nil, fmt.Errorf("the first spec is wrong (%s), which is an internal error: please report it with the table's header", list[0].Summary)
	}
	return text, nil
}
