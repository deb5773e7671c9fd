package check

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/diag"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
)

// arguments reads what a statement says by what the word declares. It reports everything that does not fit;
// ok is false if anything did not.
func (c *checker) arguments(word *vocab.Word, at diag.Span, args []*grammar.Arg) (values map[string]vocab.Value, ok bool) {
	values, ok = map[string]vocab.Value{}, true
	fail := func(d diag.Diagnostic) {
		c.report(d)
		ok = false
	}
	for _, a := range args {
		declared := c.declared(word, values, a)
		if declared == nil {
			fail(c.undeclared(word, a))
			continue
		}
		if _, twice := values[declared.Name]; twice {
			fail(c.problem(diag.GivenTwice, a.Span, "`%s` is given twice", declared.Name))
			continue
		}
		value, bad := c.argument(word, declared, a)
		if bad != nil {
			fail(*bad)
			value = vocab.Value{Number: max(declared.Default, declared.Min)} // counts as given
		}
		value.Span, value.From = a.Span, a.Value.Span
		values[declared.Name] = value
	}
	for _, declared := range word.Args {
		if _, given := values[declared.Name]; declared.Required && !given {
			fail(c.problem(diag.MissingArgument, at, "`%s` needs %s: %s", word.Name, declared.Kind, declared.Doc).
				WithHelp("write `%s`", word.Usage))
		}
	}
	return values, ok
}

// declared finds the declaration that an argument as written belongs to.
func (c *checker) declared(word *vocab.Word, values map[string]vocab.Value, a *grammar.Arg) *vocab.Arg {
	name := ""
	switch {
	case a.Name != nil:
		name = a.Name.Name
	case a.To == nil && a.Value.Expr != nil && a.Value.Expr.Kind == grammar.Name:
		name = a.Value.Expr.Text
	}
	for i, declared := range word.Args {
		_, given := values[declared.Name]
		switch {
		case name == declared.Name && (a.Name != nil || declared.Kind == vocab.Flag):
			return &word.Args[i]
		case name == "" && declared.Positional && !given:
			return &word.Args[i]
		}
	}
	for i, declared := range word.Args { // a name that is no flag may be meant as a constant
		if _, given := values[declared.Name]; a.Name == nil && declared.Required && !given {
			return &word.Args[i]
		}
	}
	return nil
}

// undeclared words the mistake of an argument that the word does not take.
func (c *checker) undeclared(word *vocab.Word, a *grammar.Arg) diag.Diagnostic {
	var named []string
	for _, declared := range word.Args {
		if !declared.Positional {
			named = append(named, declared.Name)
		}
	}
	name := ""
	switch {
	case a.Name != nil:
		name = a.Name.Name
	case a.Value.Expr != nil && a.Value.Expr.Kind == grammar.Name:
		name = a.Value.Expr.Text
	}
	if name == "" {
		return c.problem(diag.UnexpectedArgument, a.Span, "`%s` has no use for `%s`", word.Name, a).
			WithHelp("write `%s`", word.Usage)
	}
	d := c.problem(diag.UnknownArgument, a.Span, "`%s` has no argument `%s`", word.Name, name)
	for _, declared := range word.Args {
		if declared.Name == name {
			return d.WithHelp("write `%s`", word.Usage)
		}
	}
	if near, ok := diag.Nearest(name, named); ok {
		return d.WithHelp("did you mean `%s`?", near)
	}
	if len(named) == 0 {
		return d.WithHelp("write `%s`", word.Usage)
	}
	return d.WithHelp("it has %s", "`"+strings.Join(named, "`, `")+"`")
}

// argument reads one argument by its declaration.
func (c *checker) argument(word *vocab.Word, declared *vocab.Arg, a *grammar.Arg) (vocab.Value, *diag.Diagnostic) {
	wrong := func() (vocab.Value, *diag.Diagnostic) {
		d := c.problem(diag.WrongType, a.Span, "`%s` of `%s` is %s", declared.Name, word.Name, declared.Kind).
			WithHelp("write `%s`", word.Usage)
		return vocab.Value{}, &d
	}
	if a.Value.IsList() || a.To != nil && a.To.IsList() || a.To != nil && declared.Kind != vocab.Sizes {
		return wrong()
	}
	switch declared.Kind {
	case vocab.Flag:
		if a.Name != nil {
			return wrong()
		}
		return vocab.Value{Number: 1}, nil
	case vocab.Bool:
		switch {
		case a.Value.Expr.Kind == grammar.Name && a.Value.Expr.Text == "true":
			return vocab.Value{Number: 1}, nil
		case a.Value.Expr.Kind == grammar.Name && a.Value.Expr.Text == "false":
			return vocab.Value{Number: 0}, nil
		}
		return wrong()
	case vocab.Sizes:
		from, bad := c.size(a.Value.Expr)
		if bad != nil || a.To == nil {
			return vocab.Value{Number: float64(from)}, bad
		}
		to, bad := c.size(a.To.Expr)
		return vocab.Value{Number: float64(from), To: float64(to), Arrow: true}, bad
	}
	x, bad := c.constant(a.Value.Expr)
	if bad != nil {
		return vocab.Value{}, bad
	}
	if declared.Kind == vocab.Integer && !x.whole {
		return wrong()
	}
	if x.value < declared.Min || x.value > declared.Max || declared.Below && x.value == declared.Max {
		d := c.problem(diag.OutOfRange, a.Span, "`%s` of `%s` must be %s, but is %s", declared.Name, word.Name, interval(declared), a.Value)
		return vocab.Value{}, &d
	}
	return vocab.Value{Number: x.value}, nil
}

// interval words the range of an argument.
func interval(a *vocab.Arg) string {
	switch {
	case a.Below:
		return fmt.Sprintf("at least %v and below %v", a.Min, a.Max)
	case a.Max >= math.MaxFloat32:
		return fmt.Sprintf("at least %v, and finite", a.Min)
	}
	return fmt.Sprintf("from %s to %s", plain(a.Min), plain(a.Max))
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
