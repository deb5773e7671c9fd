package dataset

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// writtenBy is the flag for texts that are all numbers, only written in a way that it must accept, such as $5 and
// 1,234.5; empty for any others. Letters make a text: A1 and 5 doors are names.
func (c *tableColumn) writtenBy() string {
	letters := func(text string) bool {
		_, _, kind := c.writing.Parse(text)
		return kind == data.CellText && strings.ContainsFunc(text, unicode.IsLetter)
	}
	flag := c.writing.FlagFor(c.name, c.names...)
	if flag == "" || slices.ContainsFunc(c.names, letters) {
		return ""
	}
	return flag
}

// writtenError is the error for a column of such texts, nil for any other.
func (c *tableColumn) writtenError() error {
	flag := c.writtenBy()
	if flag == "" {
		return nil
	}
	return c.cellsError(c.strays, phrase.Quoted(c.strays[0].text)+" is not a number",
		fmt.Sprintf("accept it with %s; or take the column as texts with %s, or leave it out with %s", flag, phrase.Option("--text", c.name), phrase.Option("--drop", c.name)))
}

// manyError is the error for too many different texts.
func (c *tableColumn) manyError() error {
	why, advice := "", "leave it out with "+phrase.Option("--drop", c.name)
	if c.dates() {
		why = " (they look like dates)"
		if c.ordered && !c.target && c.required == "" {
			advice = fmt.Sprintf("say with %s that it tells the rows of the series apart, or make numbers of it, such as the year and the month", phrase.Option("--id", c.name))
		} else {
			advice += ", make numbers of it, such as the year and the month"
		}
	}
	if !c.target && c.required == "" {
		advice += fmt.Sprintf(", or give it to an input of integers (`input name[1] of …`, more than there are texts, then `embedding`) with %s", phrase.Option("--index", c.name))
		if len(c.strays) > 0 && c.numeric > 0 {
			why = fmt.Sprintf(" (it is a column of text: only %d of its %d cells are numbers, and %s in line %d is none)",
				c.numeric, c.filled, phrase.Quoted(c.strays[0].text), c.strays[0].at.Line)
		}
	}
	return fmt.Errorf("%s: column %q: more than %d different texts%s, such as %s: %s", c.file, c.name, c.most, why, phrase.Listed(c.names[:min(3, len(c.names))]), advice)
}

// strayError tells the cells that do not suit the column, nil if all do.
func (c *tableColumn) strayError() error {
	if len(c.gaps) > 0 {
		if c.required != "" {
			return c.cellsError(c.gaps, "the value is missing", fmt.Sprintf("%s wants one in every row", c.required))
		}
		return c.cellsError(c.gaps, "the value is missing", "a row without a target cannot be learned from; leave such rows out with --skip-missing-target")
	}
	if len(c.strays) == 0 || c.kind == data.KindClass {
		return nil
	}
	s := c.strays[0]
	if c.signed {
		return c.signedError()
	}
	if s.kind == data.CellNotFinite {
		return c.cellsError(c.strays, phrase.Quoted(s.text)+" is not a finite number", "empty the cell if the value is missing")
	}
	if c.target && 2*c.numeric < c.filled {
		advice := "this target is a quantity; if its texts are classes, the loss is `cross_entropy`, after a `linear` with an output for each class"
		if flag := c.writing.FlagFor(c.name, s.text); flag != "" {
			advice = fmt.Sprintf("accept it with %s; ", flag) + advice
		}
		return c.cellsError(c.strays, phrase.Quoted(s.text)+" is not a number", advice)
	}
	advice := fmt.Sprintf("%d of %d cells are numbers; ", c.numeric, c.filled)
	if flag := c.writing.FlagFor(c.name, s.text); flag != "" {
		advice += fmt.Sprintf("accept it with %s", flag)
	} else {
		advice += "if it stands for a missing value, empty the cell or say " + phrase.Option("--missing", shorter(s.text))
	}
	if !c.target && c.required == "" {
		advice += fmt.Sprintf("; or take the column as texts with %s, or leave it out with %s", phrase.Option("--text", c.name), phrase.Option("--drop", c.name))
	}
	return c.cellsError(c.strays, phrase.Quoted(s.text)+" is not a number", advice)
}

// signedError is the error for a column that was said to be one of numbers and has none, or one that is not finite; nil
// for any other: what is no number there is missing.
func (c *tableColumn) signedError() error {
	for _, s := range c.strays {
		if s.kind == data.CellNotFinite {
			return c.cellsError([]stray{s}, phrase.Quoted(s.text)+" is not a finite number", "empty the cell if the value is missing")
		}
	}
	if c.numeric > 0 {
		return nil
	}
	advice := "leave the column out with " + phrase.Option("--drop", c.name)
	if flag := c.writing.FlagFor(c.name, c.strays[0].text); flag != "" {
		advice = "accept it with " + flag
	}
	return c.cellsError(c.strays, phrase.Quoted(c.strays[0].text)+" is not a number, signs aside, nor is any other cell", advice)
}

// shorter is a text where it fits into an advice, else what stands for one.
func shorter(text string) string {
	if len(text) > 20 {
		return "TEXT"
	}
	return text
}

// cellsError is an error about cells, with what is wrong with the first.
func (c *tableColumn) cellsError(cells []stray, what, advice string) error {
	var others []string
	for _, o := range cells[1:] {
		text := "an empty cell"
		if o.text != "" {
			text = phrase.Quoted(o.text)
		}
		others = append(others, fmt.Sprintf("%s in line %d", text, o.at.Line))
	}
	if len(others) > 0 {
		what += " (see also " + strings.Join(others, ", ") + ")"
	}
	return fmt.Errorf("%s: column %q: %s: %s", cells[0].at, c.name, what, advice)
}
