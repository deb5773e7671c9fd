package check

import (
	"regexp"
	"strings"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// elsewhere words the mistake of a name that a word of those kinds has in PyTorch or Keras, and tells the kind of that
// word; false if it is no such name, or differs by nothing but capitals.
func (c *checker) elsewhere(d diag.Diagnostic, ident grammar.Ident, kinds ...vocab.Kind) (diag.Diagnostic, vocab.Kind, bool) {
	name, phrase := vocab.Elsewhere(ident.Name, kinds...)
	if kind, planned := vocab.Planned(name, kinds...); planned {
		later := c.notYet(grammar.Ident{Name: name, Span: ident.Span}, kind)
		later.Summary += ": it is what `" + ident.Name + "` is called here"
		return later, kind, true
	}
	word := vocab.Find(name, kinds...)
	switch {
	case word != nil && strings.EqualFold(name, ident.Name):
		return d, 0, false
	case word != nil:
		return d.WithHelp("it is called `%s` here: write `%s`", word.Name, word.Usage), word.Kind, true
	case phrase != "":
		return d.WithHelp("%s", phrase), vocab.Setting, true
	}
	return d, 0, false
}

// Qualified says in the diagnostics of syntax what a name with points, as in nn.Linear, is called here.
func Qualified(src []byte, syntax diag.List) {
	for i, d := range syntax {
		name := string(src[d.Span.Start.Offset:d.Span.End.Offset])
		if !qualified.MatchString(name) {
			continue
		}
		kinds := []vocab.Kind{vocab.Layer, vocab.Optimiser, vocab.Setting, vocab.Loss, vocab.Metric, vocab.Schedule}
		word, phrase := vocab.Elsewhere(name[strings.LastIndexByte(name, '.')+1:], kinds...)
		switch found := vocab.Find(word, kinds...); {
		case found != nil:
			syntax[i] = d.WithHelp("names have no points: it is called `%s` here, write `%s`", found.Name, found.Usage)
		case word != "":
			syntax[i] = d.WithHelp("names have no points: it is called `%s` here, which this version of nnc does not have yet", word)
		case phrase != "":
			syntax[i] = d.WithHelp("%s", phrase)
		}
	}
}

// qualified is a name with points.
var qualified = regexp.MustCompile(`^[A-Za-z]\w*(\.[A-Za-z]\w*)+$`)

// another returns the word that an argument begins which stands there for want of a `;`, or nil: `linear 16 relu`.
func another(word *vocab.Word, a *grammar.Arg) *vocab.Word {
	ident := nameOf(a)
	if ident == nil || a.Name != nil || word.Kind == vocab.Structure && word.Name != "loss" && word.Name != "metric" {
		return nil
	}
	kinds := []vocab.Kind{vocab.Layer, vocab.Optimiser, vocab.Setting}
	name, _ := vocab.Elsewhere(ident.Name, kinds...)
	if found := vocab.Find(name, kinds...); found != nil {
		return found
	}
	for _, s := range []string{"loss", "metric", "input"} {
		if ident.Name == s {
			return vocab.Find(s, vocab.Structure)
		}
	}
	return nil
}

// unseparated words the mistake of a word right behind a statement.
func (c *checker) unseparated(word *vocab.Word, a *grammar.Arg, next *vocab.Word) diag.Diagnostic {
	before := word.Name
	if len(word.Args) > 0 {
		before += " …"
	}
	return c.problem(diag.UnexpectedArgument, a.Span, "`%s` begins a statement of its own", nameOf(a).Name).
		WithHelp("put a `;` before it, or a new line: `%s; %s`", before, next.Name)
}
