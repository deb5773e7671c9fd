package check

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// undefined words the mistake of a name that is not declared in reach.
func (c *checker) undefined(ident grammar.Ident) diag.Diagnostic {
	d := c.problem(diag.UndefinedName, ident.Span, "`%s` is not defined", ident.Name)
	c.wanted[ident.Name] = true
	if elsewhere := declaration(c.file.Stmts, ident.Name); elsewhere.IsValid() {
		d = d.WithNote(elsewhere, "`%s` is declared here", ident.Name)
		switch {
		case c.scope.in != nil && c.scope.root().names[ident.Name] != nil:
			return d.WithHelp("a block's body sees its parameters and constants only: make `%s` a parameter of the block", ident.Name)
		case elsewhere.Start.Offset > ident.Span.Start.Offset:
			return d.WithHelp("declare it above the place where it is used")
		}
		return d.WithHelp("a name that is declared in a body is not known outside of it")
	}
	if word := vocab.Flagged(ident.Name); word != nil {
		return d.WithHelp("`%s` is a flag of `%s`, and stands for nothing else", ident.Name, word.Name)
	}
	if guess, ok := diag.Nearest(ident.Name, c.known(isNumber, isFlag, isValue)); ok {
		return d.WithHelp("did you mean `%s`?", guess)
	}
	if word := vocab.Find(ident.Name, vocab.Layer, vocab.Optimiser, vocab.Setting); word != nil {
		return d.WithHelp("`%s` is a word: put a `;` before it, if it begins a statement", word.Name)
	}
	if word, ok := automatic(ident.Name); ok && c.numbered(word) {
		return d.WithHelp("give the layer a label to name what it makes: `hidden: %s …`", word)
	}
	return d
}

// known are the names of those kinds that are made and can be seen.
func (c *checker) known(kinds ...nameKind) (names []string) {
	for s, outside := range c.scope.outward() {
		for _, n := range s.declared {
			if n.made && (!outside || n.what == "constant") && slices.Contains(kinds, n.kind) {
				names = append(names, n.text)
			}
		}
	}
	return names
}

// withNumbers adds to the mistake of an undefined name, where a number is wanted, how to make one and which there are.
func (c *checker) withNumbers(bad *diag.Diagnostic) *diag.Diagnostic {
	return c.withNames(bad, "declare the number above: `const %s = 8`", "numbers", isNumber)
}

// withValues adds to the mistake of an undefined name, where a value is wanted, how to make one and which there are.
func (c *checker) withValues(bad *diag.Diagnostic) *diag.Diagnostic {
	return c.withNames(bad, "label the layer that makes it: `%s: linear 8`", "values", isValue)
}

// mostKnown bounds the names that a help lists.
const mostKnown = 8

func (c *checker) withNames(bad *diag.Diagnostic, how, what string, kind nameKind) *diag.Diagnostic {
	if bad == nil || bad.Code != diag.UndefinedName || bad.Help != "" || len(bad.Notes) > 0 {
		return bad
	}
	help := fmt.Sprintf(how, c.file.Src[bad.Span.Start.Offset:bad.Span.End.Offset])
	if names := c.known(kind); len(names) > 0 {
		help += fmt.Sprintf("; the %s that have names are %s", what, list(names[:min(len(names), mostKnown)]))
	}
	d := bad.WithHelp("%s", help)
	return &d
}
