package check

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// numeric reads a number, a list of numbers, or a name that may stand in their place, as an argument declares them.
// known is false where a list has a number that is not known, for a mistake that has been reported.
func (c *checker) numeric(word *vocab.Word, declared *vocab.Arg, a *grammar.Arg) (value vocab.Value, known bool, bad *diag.Diagnostic) {
	wrong := func(help string, args ...any) (vocab.Value, bool, *diag.Diagnostic) {
		d := c.wrongType(word, declared, a)
		if help != "" {
			d = d.WithHelp(help, args...)
		}
		return vocab.Value{}, true, &d
	}
	if a.To != nil || a.Value.IsList() && !declared.IsList() {
		return wrong("")
	}
	if a.Value.IsList() {
		return c.numbers(word, declared, a)
	}
	e := a.Value.Expr
	if e.Kind == grammar.Name && len(declared.Choices) > 0 {
		if slices.Contains(declared.Choices, e.Text) {
			return vocab.Value{Text: e.Text}, true, nil
		}
		if near, ok := diag.Nearest(e.Text, declared.Choices); ok && c.visible(e.Text) == nil && !c.maybeDeclared[e.Text] {
			return wrong("did you mean `%s`?", near)
		}
	}
	if declared.IsList() && !declared.Single {
		return wrong("put it in brackets: `[%s]`", a.Value)
	}
	x, bad := c.compute(e)
	switch {
	case bad != nil && bad.Help == "" && len(declared.Choices) > 0:
		d := bad.WithHelp("`%s` is %s", declared.Name, declared.Form())
		return vocab.Value{}, true, &d
	case bad != nil:
		return vocab.Value{}, true, c.withNumbers(bad)
	case x.unknown:
		return vocab.Value{Number: declared.Min}, true, nil
	case declared.IsWhole() && !x.whole && x.value == math.Trunc(x.value):
		return wrong(writeWhole, x.value)
	case declared.IsWhole() && !x.whole:
		return wrong("")
	case !declared.InRange(x.value):
		d := c.problem(diag.OutOfRange, a.Span, "`%s` of `%s` must be %s, but is %s", declared.Name, word.Name, declared.Range(), a.Value)
		switch {
		case e.Kind == grammar.Name || e.Kind == grammar.Binary:
			d = d.WithHelp("here it is %v", x.value)
		case declared.Max <= 1 && x.whole && x.value >= leastPercent && declared.InRange(x.value/100):
			d = d.WithHelp("if it is a percentage, write `%v`", x.value/100)
		}
		return vocab.Value{}, true, &d
	}
	return vocab.Value{Number: x.value}, true, nil
}

// writeWhole is the help for a real number that could be whole.
const writeWhole = "write it as one, without a point or an exponent: `%.0f`"

// leastPercent is the smallest number that is taken for a percentage where a share is wanted.
const leastPercent = 5

// numbers reads a list.
func (c *checker) numbers(word *vocab.Word, declared *vocab.Arg, a *grammar.Arg) (value vocab.Value, known bool, bad *diag.Diagnostic) {
	if items := len(a.Value.List); !declared.HasLength(items) {
		d := c.problem(diag.WrongType, a.Value.Span, "`%s` of `%s` is %s, but this is a list of %d",
			declared.Name, word.Name, declared.Form(), items).
			WithHelp("write `%s`", word.Usage)
		return vocab.Value{}, true, &d
	}
	known = true
	for _, e := range a.Value.List {
		x, bad := c.constant(e)
		if bad != nil {
			return vocab.Value{}, true, bad
		}
		known = known && !x.unknown
		switch {
		case x.unknown:
		case declared.IsWhole() && !x.whole:
			d := c.problem(diag.WrongType, e.Span, "every number in `%s` of `%s` is whole, but this is %v", declared.Name, word.Name, x.value)
			if x.value == math.Trunc(x.value) {
				d = d.WithHelp(writeWhole, x.value)
			}
			return vocab.Value{}, true, &d
		case !declared.InRange(x.value):
			d := c.problem(diag.OutOfRange, e.Span, "every number in `%s` of `%s` must be %s, but this is %v",
				declared.Name, word.Name, declared.Range(), x.value)
			return vocab.Value{}, true, &d
		}
		value.List, value.Spans = append(value.List, x.value), append(value.Spans, e.Span)
	}
	return value, known, nil
}
