package check

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// arguments reads what a statement says by what the word declares. It reports everything that does not fit;
// ok is false if anything did not, or if a value that is named could not be made.
func (c *checker) arguments(word *vocab.Word, at diag.Span, args []*grammar.Arg) (values map[string]vocab.Value, ok bool) {
	values, ok = map[string]vocab.Value{}, true
	meant := map[string]bool{} // arguments that are given by other names
	fail := func(d diag.Diagnostic) {
		c.report(d)
		ok = false
	}
	for _, a := range args {
		declared := c.declared(word, values, a)
		if declared == nil {
			if next := another(word, a); next != nil {
				fail(c.unseparated(word, a, next))
				break // what follows is that statement's
			}
			fail(c.undeclared(word, a))
			if a.Name != nil {
				if arg, _ := word.ArgumentElsewhere(a.Name.Name); arg != nil {
					meant[arg.Name] = true
				}
			}
			continue
		}
		before, again := values[declared.Name]
		switch {
		case again && !declared.Many:
			fail(c.problem(diag.GivenTwice, a.Span, "`%s` is given twice", declared.Name).WithNote(before.Span, "here").WithHelp("keep one of the two"))
			continue
		case len(before.Spans) == maxNames:
			fail(c.tooMany(a.Span))
			return values, false
		}
		value, known, bad := c.argument(word, declared, a)
		if bad != nil {
			fail(*bad)
			value = vocab.Value{Number: max(declared.Default, declared.Min)} // counts as given
		}
		ok = ok && known
		value.Span, value.From = a.Span, a.Value.Span
		if declared.Many {
			value.Named = append(before.Named, value.Named...)
			value.Texts = append(before.Texts, value.Text)
			value.Spans = append(before.Spans, a.Span)
		}
		values[declared.Name] = value
	}
	for i := range word.Args {
		declared := &word.Args[i]
		if _, given := values[declared.Name]; declared.Required && !given && !meant[declared.Name] && declared.Kind != vocab.Free {
			fail(c.problem(diag.MissingArgument, at, "`%s` needs %s: %s", word.Name, declared.Form(), declared.Doc).
				WithHelp("write `%s`", word.Usage))
		}
	}
	return values, ok
}

func (c *checker) tooMany(span diag.Span) diag.Diagnostic {
	return c.problem(diag.LimitExceeded, span, "the statement has more than %d names", maxNames).
		WithHelp("use several statements")
}

// declared finds the declaration that an argument as written belongs to, nil if there is none. The bare name of a
// flag is the flag, whatever else it may name.
func (c *checker) declared(word *vocab.Word, values map[string]vocab.Value, a *grammar.Arg) *vocab.Arg {
	if a.Name != nil {
		i := slices.IndexFunc(word.Args, func(d vocab.Arg) bool { return d.Name == a.Name.Name && !d.Many })
		if i < 0 {
			return nil
		}
		return &word.Args[i]
	}
	ident := nameOf(a)
	var positional *vocab.Arg
	for i := range word.Args {
		d := &word.Args[i]
		_, given := values[d.Name]
		if ident != nil && d.Kind == vocab.Flag && d.Name == ident.Name {
			return d
		}
		if ident != nil && d.Positional && slices.Contains(d.Choices, ident.Name) {
			return d
		}
		if positional == nil && d.Positional && d.Kind != vocab.Free && (!given || d.Many) {
			positional = d
		}
	}
	if ident != nil && positional != nil && positional.Kind != vocab.Choice && c.meansFlag(word, ident) {
		return nil
	}
	return positional
}

// meansFlag reports whether a name that stands for nothing is probably a misspelt argument of the word.
func (c *checker) meansFlag(word *vocab.Word, ident *grammar.Ident) bool {
	if c.visible(ident.Name) != nil || ident.Name == "in" {
		return false
	}
	_, near := diag.Nearest(ident.Name, named(word))
	return near || slices.Contains(named(word), ident.Name)
}

// named lists the arguments of a word that are written with their names.
func named(word *vocab.Word) []string {
	var names []string
	for _, declared := range word.Args {
		if !declared.Positional {
			names = append(names, declared.Name)
		}
	}
	return names
}

// undeclared words the mistake of an argument that the word does not take.
func (c *checker) undeclared(word *vocab.Word, a *grammar.Arg) diag.Diagnostic {
	name := ""
	switch ident := nameOf(a); {
	case a.Name != nil:
		name = a.Name.Name
	case ident != nil:
		name = ident.Name
	}
	if name == "" || c.visible(name) != nil && a.Name == nil {
		return c.problem(diag.UnexpectedArgument, a.Span, "`%s` has no use for `%s`", word.Name, a).
			WithHelp("write `%s`", word.Usage)
	}
	d := c.problem(diag.UnknownArgument, a.Span, "`%s` has no argument `%s`", word.Name, name)
	names := named(word)
	switch {
	case a.Name == nil && slices.Contains(names, name):
		return d.WithHelp("an argument of that name has a value: write `%s=…`", name)
	case slices.ContainsFunc(word.Args, func(d vocab.Arg) bool { return d.Name == name }):
		return d.WithHelp("write `%s`", word.Usage)
	}
	switch arg, phrase := word.ArgumentElsewhere(name); {
	case arg != nil && arg.Positional && a.Name != nil:
		return d.WithHelp("it stands without a name: write `%s`", word.Usage)
	case arg != nil && arg.Name != name:
		return d.WithHelp("it is called `%s` here", arg.Name)
	case phrase != "":
		return d.WithHelp("%s", phrase)
	}
	if near, ok := diag.Nearest(name, names); ok {
		return d.WithHelp("did you mean `%s`?", near)
	}
	if len(names) == 0 {
		return d.WithHelp("write `%s`", word.Usage)
	}
	return d.WithHelp("it has %s", list(names))
}

// argument reads one argument by its declaration. known is false where it names a value that could not be made.
func (c *checker) argument(word *vocab.Word, declared *vocab.Arg, a *grammar.Arg) (value vocab.Value, known bool, bad *diag.Diagnostic) {
	wrong := func() (vocab.Value, bool, *diag.Diagnostic) {
		d := c.wrongType(word, declared, a)
		return vocab.Value{}, true, &d
	}
	if declared.IsNumeric() {
		return c.numeric(word, declared, a)
	}
	if a.Value.IsList() || a.To != nil && (a.To.IsList() || declared.Kind != vocab.Sizes) {
		return wrong()
	}
	e := a.Value.Expr
	switch declared.Kind {
	case vocab.Flag, vocab.Bool:
		if declared.Kind == vocab.Flag && a.Name == nil {
			return vocab.Value{Number: 1}, true, nil
		}
		on, ok, bad := c.flag(e)
		if !ok && bad == nil {
			return wrong()
		}
		return vocab.Value{Number: on}, true, bad
	case vocab.Sizes:
		from, bad := c.size(e)
		if bad != nil || a.To == nil {
			return vocab.Value{Number: float64(from)}, true, bad
		}
		to, bad := c.size(a.To.Expr)
		return vocab.Value{Number: float64(from), To: float64(to), Arrow: true}, true, bad
	case vocab.Choice:
		if e.Kind != grammar.Name || !slices.Contains(declared.Choices, e.Text) {
			return wrong()
		}
		return vocab.Value{Text: e.Text}, true, nil
	case vocab.Measure:
		if e.Kind != grammar.Name && e.Kind != grammar.String {
			return wrong()
		}
		return vocab.Value{Text: e.Text}, true, nil
	case vocab.Text:
		if e.Kind != grammar.String {
			d := c.wrongType(word, declared, a)
			if e.Kind == grammar.Name {
				d = d.WithHelp("put it in quotes: `%s \"%s\"`", word.Name, e.Text)
			}
			return vocab.Value{}, true, &d
		}
		return vocab.Value{Text: e.Text}, true, nil
	}
	if e.Kind != grammar.Name {
		return wrong()
	}
	return c.named(word, declared, grammar.Ident{Name: e.Text, Span: e.Span})
}

// wrongType words the mistake of an argument that is something else than the word wants.
func (c *checker) wrongType(word *vocab.Word, declared *vocab.Arg, a *grammar.Arg) diag.Diagnostic {
	if text := strings.ToLower(a.Value.String()); (declared.Kind == vocab.Bool || declared.Kind == vocab.Flag) && (text == "true" || text == "false") {
		return c.problem(diag.WrongType, a.Span, "`%s` is written in small letters here", a.Value).
			WithHelp("write `%s=%s`", declared.Name, text)
	}
	if declared.Kind != vocab.Choice {
		return c.problem(diag.WrongType, a.Span, "`%s` of `%s` is %s", declared.Name, word.Name, declared.Form()).
			WithHelp("write `%s`", word.Usage)
	}
	d := c.problem(diag.WrongType, a.Span, "`%s` has no %s `%s`", word.Name, declared.Name, a.Value).
		WithHelp("it has %s", list(declared.Choices))
	if near, ok := diag.Nearest(a.Value.String(), declared.Choices); ok {
		d = d.WithHelp("did you mean `%s`?", near)
	}
	return d
}

// flag reads true, false or a parameter that is one of them.
func (c *checker) flag(e *grammar.Expr) (on float64, ok bool, bad *diag.Diagnostic) {
	if e.Kind != grammar.Name {
		return 0, false, nil
	}
	if n := c.visible(e.Text); n == nil && e.Text != "true" && e.Text != "false" && !c.maybeDeclared[e.Text] {
		return 0, false, nil
	}
	n, bad := c.evaluate(e)
	switch {
	case bad == nil && n.kind == isUnknown:
		return 0, true, nil
	case bad != nil || n.kind != isFlag:
		return 0, false, bad
	case n.on:
		return 1, true, nil
	}
	return 0, true, nil
}

// named finds the value or the layer that a name stands for.
func (c *checker) named(word *vocab.Word, declared *vocab.Arg, ident grammar.Ident) (value vocab.Value, known bool, bad *diag.Diagnostic) {
	n, bad := c.find(ident)
	if bad != nil {
		return vocab.Value{}, true, c.withValues(bad)
	}
	switch {
	case n.kind == isUnknown:
		return vocab.Value{}, false, nil
	case n.kind != isValue:
		d := n.note(c.problem(diag.WrongType, ident.Span, "`%s` is no value, but `%s` of `%s` is %s",
			ident.Name, declared.Name, word.Name, declared.Kind))
		return vocab.Value{}, true, &d
	case n.value == nil:
		return vocab.Value{}, false, nil
	case declared.Kind == vocab.Labelled && (n.labels == nil || len(n.labels.Params) == 0):
		d := n.note(c.problem(diag.TiedMisfit, ident.Span, "`%s` names no layer with parameters to share", ident.Name)).
			WithHelp("label the layer whose parameters are to be shared: `%s: %s …`", ident.Name, word.Name)
		return vocab.Value{}, true, &d
	case declared.Kind == vocab.Labelled:
		return vocab.Value{Layer: n.labels}, true, nil
	}
	if word.Kind != vocab.Loss && word.Kind != vocab.Metric && word.Name != "output" {
		c.warnBehind(n, ident.Span)
	}
	return vocab.Value{Text: ident.Name, Named: []*ir.Value{n.value}}, true, nil
}

// list joins names for a message.
func list(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }
