package dataset

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// widthError says which columns made which values of an input, and what to write.
func (t *table) widthError(columns []data.Column, width int, input data.Port, several bool) error {
	made := data.Port{Name: input.Name, Shape: []int{width}, Limit: input.Limit}
	if t.window > 0 {
		made.Shape = []int{t.window, width}
	}
	write, choose := fmt.Sprintf("write `input %s`", data.PortList([]data.Port{made})), "choose columns with --features or --drop"
	if several {
		choose = fmt.Sprintf("choose its columns with --features %s=…", input.Name)
	}
	if input.Int {
		if input.Size() > 1 {
			choose += "; a text is one column"
			switch {
			case t.texts.tokenizer != nil:
				choose += ", a pair of texts two"
			case width == 2:
				choose += ", a pair of texts two, with --tokenizer"
			}
		}
		return fmt.Errorf("%s: the model's input %s takes %s, but %s it (%s)\n%s, or %s", t.name, input.Name,
			phrase.Counted(input.Size(), "integer"), feed(width), phrase.Listed(data.NamesOf(columns, data.KindIndex)), write, choose)
	}
	var b strings.Builder
	if width > input.Size() && !t.chosen {
		for _, line := range t.tellRowsApart() {
			fmt.Fprintf(&b, "%s: %s\n", t.name, line)
		}
	}
	where := ""
	if t.window > 0 {
		where = " in a row"
	}
	fmt.Fprintf(&b, "%s: the columns make %s%s, but the model's input %s takes %d:", t.name,
		phrase.Counted(width, "feature"), where, input.Name, input.Size())
	if numbers := data.NamesOf(columns, data.KindNumber); len(numbers) > 0 {
		fmt.Fprintf(&b, "\n  %s from %s", phrase.Counted(len(numbers), "number"), phrase.Listed(numbers))
	}
	var gaps []string
	for _, c := range columns {
		if c.Indicator {
			gaps = append(gaps, c.Name)
		}
	}
	if len(gaps) > 0 {
		fmt.Fprintf(&b, "\n  %s of missing values from %s", phrase.Counted(len(gaps), "indicator"), phrase.Listed(gaps))
	}
	for _, c := range columns {
		if c.Kind == data.KindClass {
			fmt.Fprintf(&b, "\n  %s from %s (%s)", phrase.Counted(len(c.Classes), "indicator"), phrase.Visible(c.Name), phrase.Listed(c.Classes))
		}
	}
	if !several && t.window == 0 {
		write += fmt.Sprintf(" (or `linear %d->…` where there is no input statement)", width)
	}
	fmt.Fprintf(&b, "\n%s, or %s", write, choose)
	if len(input.Shape) == 2 && t.window == 0 {
		fmt.Fprintf(&b, "; if a row of the model is %d rows of the table in order, say --window %d", input.Shape[0], input.Shape[0])
	}
	return fmt.Errorf("%s", b.String())
}

// feed is "1 column feeds", "3 columns feed".
func feed(columns int) string {
	if columns == 1 {
		return "1 column feeds"
	}
	return phrase.Counted(columns, "column") + " feed"
}
