package check

import (
	"bytes"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// scope is where names are declared: the file, a use of a block, a round of a repetition.
type scope struct {
	outer    *scope
	sealed   bool           // a block's body: of the names outside it sees the constants
	path     string         // what the names of layers here begin with: layer1.0.
	ordinals map[string]int // statements of each word so far
	names    map[string]*name
	declared []*name
	in       *name         // the value that entered the block, nil outside of blocks
	init     *vocab.Scheme // of the `init` above, nil without one
}

// nameKind says what a name stands for.
type nameKind uint8

const (
	isNumber nameKind = iota
	isFlag
	isValue
	isUnknown // its declaration is missing, which has been reported
)

// name is what a name stands for.
type name struct {
	text string
	what string // input, label, part, constant, parameter
	span diag.Span
	kind nameKind

	number constant
	on     bool          // of a flag
	value  *ir.Value     // nil: it could not be made
	labels *vocab.Labels // of a layer

	made   bool // the statement that makes it is complete
	owns   bool // parameters of the model are named after it, whether or not it is used
	used   bool
	behind *grammar.Ident // the activation or norm that directly follows
}

// root returns the file's own scope.
func (s *scope) root() *scope {
	for s.outer != nil {
		s = s.outer
	}
	return s
}

// outward yields the scopes from s to the file's, and whether each is outside of the block whose body s is in: then
// its constants only are seen from s.
func (s *scope) outward() iter.Seq2[*scope, bool] {
	return func(yield func(*scope, bool) bool) {
		outside := false
		for s := s; s != nil && yield(s, outside); s = s.outer {
			outside = outside || s.sealed
		}
	}
}

// note says in a diagnostic where the name is declared; `in` is nowhere.
func (n *name) note(d diag.Diagnostic) diag.Diagnostic {
	if !n.span.IsValid() {
		return d
	}
	return d.WithNote(n.span, "the %s `%s`", n.what, n.text)
}

// open enters a scope within the current one, or, sealed, beside it.
func (c *checker) open(path string, sealed bool) {
	outer := c.scope
	c.scope = &scope{outer: outer, sealed: sealed, path: path, init: outer.init,
		ordinals: map[string]int{}, names: map[string]*name{}}
	if sealed {
		c.scope.in = &name{text: "in", what: "value", kind: isValue, value: c.current, made: c.current != nil || c.broken}
		c.scope.outer = outer.root()
	} else {
		c.scope.in = outer.in
	}
}

// close leaves the current scope for the one that was current before.
func (c *checker) close(before *scope) {
	c.unused()
	c.scope = before
}

// unused warns of the names of the current scope that nothing has used.
func (c *checker) unused() {
	for _, n := range c.scope.declared {
		switch {
		case n.used || !n.made || c.wanted[n.text]:
		case n.what == "part":
			c.report(c.problem(diag.UnusedLabel, n.span, "the part `%s` is never used", n.text).
				WithHelp("name it somewhere, as `concat %s`", n.text))
		case n.what == "label" && !n.owns:
			c.report(c.problem(diag.UnusedLabel, n.span, "the label `%s` is never used, and names no parameters", n.text).
				WithHelp("leave it out, or name the value somewhere, as `add %s`", n.text))
		case n.what == "constant":
			c.report(c.problem(diag.UnusedName, n.span, "the constant `%s` is never used", n.text).WithHelp("leave it out"))
		}
	}
}

// automatic returns the word of a name that has the form of those that unlabelled layers get: a word and a number. No
// word that is numbered ends in a digit itself.
func automatic(name string) (word string, ok bool) {
	word = strings.TrimRight(name, "0123456789")
	return word, word != name
}

// declare takes a name in the current scope, which must be free. It stands for nothing until it is made. Where it
// cannot be had, the result is a name that nothing can find.
func (c *checker) declare(ident grammar.Ident, what string, kind nameKind) *name {
	n := &name{text: ident.Name, what: what, span: ident.Span, kind: kind}
	refuse := func(format string, args ...any) {
		c.report(c.problem(diag.ReservedName, ident.Span, format, args...).WithHelp("choose another name"))
	}
	if word, ok := automatic(ident.Name); ok && c.numbered(word) && kind == isValue {
		c.report(c.problem(diag.ReservedName, ident.Span, "the %s `%s` looks like an automatic name", what, ident.Name).
			WithHelp("layers without a label are named by their word and a number; choose another name"))
		return n
	}
	switch ident.Name {
	case "in", "of", "true", "false":
		refuse("`%s` is a reserved name", ident.Name)
		return n
	}
	if word := vocab.Flagged(ident.Name); word != nil {
		refuse("`%s` is a flag of `%s`, which would hide the %s", ident.Name, word.Name, what)
		return n
	}
	if before := c.visible(ident.Name); before != nil && !(c.scope.names[ident.Name] == nil && what == "parameter") {
		summary := fmt.Sprintf("the %s `%s` is declared twice", what, ident.Name)
		if before.what != what {
			summary = fmt.Sprintf("the name `%s` is taken: there is the %s", ident.Name, before.what)
		}
		c.report(c.problem(diag.DuplicateName, ident.Span, "%s", summary).
			WithNote(before.span, "first here").WithHelp("choose another name"))
		return n
	}
	c.scope.names[ident.Name] = n
	c.scope.declared = append(c.scope.declared, n)
	return n
}

// numbered reports whether statements of that word get automatic names.
func (c *checker) numbered(word string) bool {
	_, planned := vocab.Planned(word, vocab.Layer)
	return planned || vocab.Find(word, vocab.Layer) != nil || word == "repeat" || word == "residual" ||
		c.blocks[capital(word)] != nil
}

// visible finds what a name stands for, nil if it is not declared in reach.
func (c *checker) visible(text string) *name {
	for s, outside := range c.scope.outward() {
		if n := s.names[text]; n != nil && (!outside || n.what == "constant") {
			return n
		}
	}
	return nil
}

// find finds what a name stands for; a diagnostic if it is not declared in reach, or not made yet.
func (c *checker) find(ident grammar.Ident) (*name, *diag.Diagnostic) {
	if ident.Name == "in" {
		return c.entered(ident)
	}
	n := c.visible(ident.Name)
	switch {
	case n == nil && c.maybeDeclared[ident.Name]:
		return &name{text: ident.Name, kind: isUnknown, made: true}, nil
	case n == nil:
		d := c.undefined(ident)
		return nil, &d
	case !n.made:
		d := c.problem(diag.UndefinedName, ident.Span, "`%s` is not known before its own statement ends", ident.Name).
			WithNote(n.span, "declared here")
		return nil, &d
	}
	n.used = true
	return n, nil
}

// entered finds the value that entered the block.
func (c *checker) entered(ident grammar.Ident) (*name, *diag.Diagnostic) {
	switch n := c.scope.in; {
	case n == nil:
		d := c.problem(diag.UndefinedName, ident.Span, "`in` is the value that enters a block, and this is not in a block").
			WithHelp("label the statement that makes the value, and write the label")
		return nil, &d
	case !n.made:
		d := c.problem(diag.NoInput, ident.Span, "nothing flows into the block").
			WithHelp("declare an input above, as `input x[10]`")
		return nil, &d
	default:
		return n, nil
	}
}

// declaration finds the first label, input or constant of that name, in bodies too.
func declaration(stmts []*grammar.Stmt, text string) diag.Span {
	for _, s := range stmts {
		switch {
		case s.Label != nil && s.Label.Name == text:
			return s.Label.Span
		case (s.Word.Name == "input" || s.Word.Name == "split") && len(s.Args) > 0:
			for _, a := range s.Args {
				if n := nameOf(a); n != nil && n.Name == text && text != "of" {
					return n.Span
				}
			}
		case s.Word.Name == "const" && len(s.Args) > 0 && s.Args[0].Name != nil && s.Args[0].Name.Name == text:
			return s.Args[0].Name.Span
		}
		if s.Body != nil {
			if span := declaration(s.Body.Stmts, text); span.IsValid() {
				return span
			}
		}
	}
	return diag.Span{}
}

// declares finds what a statement may declare in its text: a label, or the name behind its word.
var declares = regexp.MustCompile(`([A-Za-z][A-Za-z0-9_]*)\s*:|\b(?:const|input|block)\s+([A-Za-z][A-Za-z0-9_]*)`)

// missing notes the names that a statement which is missing may have declared, on the line of the mistake and not far
// from it.
func (c *checker) missing(span diag.Span) {
	const far = 200
	src := c.file.Src
	at := min(span.Start.Offset, len(src))
	near := src[max(0, at-far):at]
	near = near[bytes.LastIndexByte(near, '\n')+1:]
	behind, _, _ := bytes.Cut(src[at:min(len(src), at+far)], []byte("\n"))
	line := slices.Concat(near, behind)
	for _, m := range declares.FindAllSubmatch(line, -1) {
		c.maybeDeclared[string(m[1])+string(m[2])] = true // one of the two is empty
	}
}

// ordinal names an unlabelled statement by its word and its number among those of the scope, labelled or not.
func (c *checker) ordinal(word string, label *grammar.Ident) string {
	c.scope.ordinals[word]++
	if label != nil {
		return c.scope.path + label.Name
	}
	return fmt.Sprintf("%s%s%d", c.scope.path, word, c.scope.ordinals[word])
}

// nameOf returns an argument that is a bare name, or nil.
func nameOf(a *grammar.Arg) *grammar.Ident {
	if a.Name != nil || a.To != nil || a.Value.Expr == nil || a.Value.Expr.Kind != grammar.Name {
		return nil
	}
	return &grammar.Ident{Name: a.Value.Expr.Text, Span: a.Span}
}

// warnBehind warns where a label names the value before an activation or a norm.
func (c *checker) warnBehind(n *name, at diag.Span) {
	if n.behind == nil || n.value == nil {
		return
	}
	c.report(c.problem(diag.BeforeNorm, at, "`%s` is the value before `%s`", n.text, n.behind.Name).
		WithNote(n.behind.Span, "this comes after the label").
		WithHelp("if the value after it is meant, put the label there: `%s: %s`", n.text, n.behind.Name))
}
