package data

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Describe says in a few lines what happens to the raw values.
func (c *Codec) Describe() []string {
	if c.questions != nil {
		return c.describeQuestions()
	}
	how := "standardised"
	if c.scale == ScaleNone {
		how = "as they stand"
	}
	lines := c.describeInputs()
	if windows := c.describeSeries(); windows != "" {
		lines = append(lines, windows)
	}
	if numbers := NamesOf(c.columns, KindNumber); len(numbers) > 0 {
		lines = append(lines, fmt.Sprintf("numbers %s: %s", how, phrase.Listed(numbers)))
	}
	var integers []string
	for i := range c.columns {
		if col := &c.columns[i]; col.Kind == KindIndex && len(col.Classes) == 0 {
			integers = append(integers, col.Name)
		}
	}
	if len(integers) > 0 {
		lines = append(lines, fmt.Sprintf("integers as they stand: %s", phrase.Listed(integers)))
	}
	for i := range c.columns {
		switch col := &c.columns[i]; {
		case col.Kind == KindIndex && len(col.Classes) > 0:
			lines = append(lines, fmt.Sprintf("%s as its place among %s: %s", phrase.Visible(col.Name), phrase.Counted(len(col.Classes), "text"), phrase.Listed(col.Classes)))
		case col.Kind == KindTokens:
			lines = append(lines, col.Tokens.describe(col.Name, col.Limit))
		case col.Kind == KindClass:
			lines = append(lines, fmt.Sprintf("%s as %s: %s", phrase.Visible(col.Name), phrase.Counted(len(col.Classes), "indicator"), phrase.Listed(col.Classes)))
		}
	}
	for _, a := range c.arrays {
		if a.Divisor > 0 {
			lines = append(lines, fmt.Sprintf("%s: bytes divided by %g", a.Name, a.Divisor))
		} else {
			lines = append(lines, fmt.Sprintf("%s: as it stands", a.Name))
		}
	}
	if c.text != nil {
		return append(lines, c.text.describe())
	}
	for i := range c.targets {
		lines = append(lines, c.targets[i].describe(how))
	}
	return lines
}

// describeInputs says which columns make which input, where there are several; not that one is made of the column of its
// name.
func (c *Codec) describeInputs() []string {
	if len(c.inputs) < 2 {
		return nil
	}
	var lines []string
	columns := c.Columns()
	for _, in := range c.inputs {
		if in.Of != "" {
			lines = append(lines, fmt.Sprintf("%s: the %s of the text of %s", in.Name, in.Measures, in.Of))
			continue
		}
		own := columns[:in.Columns]
		columns = columns[in.Columns:]
		if len(own) != 1 || own[0] != in.Name {
			lines = append(lines, fmt.Sprintf("%s from %s", in.Name, phrase.Listed(own)))
		}
	}
	return lines
}

// NamesOf are the names of the columns of a kind.
func NamesOf(columns []Column, kind string) []string {
	var names []string
	for i := range columns {
		if columns[i].Kind == kind {
			names = append(names, columns[i].Name)
		}
	}
	return names
}

// describe says what the target is; how is what happens to numbers.
func (t *Target) describe(how string) string {
	if t.Input {
		return fmt.Sprintf("target: the input %s itself", t.Name)
	}
	name := "target"
	names := t.Sources()
	if names == nil {
		names = []string{t.Name}
	}
	if listed := phrase.Listed(names); listed != name {
		name += " " + listed
	}
	switch {
	case t.IsClass() && len(t.Columns) > 0 && t.Columns[0].Kind == KindClass:
		return fmt.Sprintf("%s: classes %s", name, phrase.Listed(t.Columns[0].Classes))
	case t.IsClass():
		return fmt.Sprintf("%s: %d classes by index", name, t.Count)
	case len(t.Columns) == 0 || !t.Scaled():
		return fmt.Sprintf("%s: as it stands", name)
	}
	return fmt.Sprintf("%s: %s", name, how)
}
