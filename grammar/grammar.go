// Package grammar turns the text of a spec into a tree.
//
// In comes a file's bytes; out comes a *File, and a diagnostic for every
// syntax error in it. The grammar is lax: it knows statements and arguments
// but no layer, no optimiser and no shape. It must not know what a word means;
// `package check` is strict instead. Nothing else imports the parser library.
//
//	File   = (EOL | Stmt)* .                        EOL = newlines and semicolons
//	Stmt   = (Ident ":")? ("block" Ident Params? | Ident) Arg* Body? .
//	Params = "(" (Param ("," Param)*)? ")" .        Param = Ident ("=" Expr)? .
//	Arg    = (Ident "=")? Value ("->" Value)? .     Value = "[" Expr ("," Expr)* "]" | Expr .
//	Expr   = Prod (("+" | "-") Prod)* .             Prod  = Unary (("*" | "/") Unary)* .
//	Unary  = "-"? Atom .                            Atom  = Number | Ident | String | "(" Expr ")" .
//	Body   = "{" (EOL | Stmt)* "}" .
//
// Two statements are always separated by EOL, and a statement stands on one
// line: a newline within `( )` or `[ ]` is an error, one within `{ }` ends a
// statement of the body.
//
// Names and brackets: `input features[13]` is the word `input` with two
// arguments, the name `features` and the list `[13]`; blanks between them make
// no difference. What follows a name is for the checker to judge.
//
// Blanks decide what a minus is: `a -1` is two arguments, `a - 1` and `a-1`
// are one. Within brackets nothing but an operator can follow an operand, so
// `(a -1)` is a difference as well.
//
// A text may have 1 MiB, 10,000 statements, 100,000 words and signs, 5,000 of them in one statement,
// 1,000 bytes in one of them, and brackets 64 deep; see limits.go.
package grammar

import "github.com/nnc-lang/nnc/grammar/diag"

// File is a spec.
type File struct {
	Name     string // as in diagnostics
	Src      []byte // the text as it was given; positions refer to it
	Stmts    []*Stmt
	Comments []Comment // all of them, in order
}

// Comment is one `//` comment.
type Comment struct {
	Text  string // with the slashes, without the end of the line
	After bool   // it follows something else on its line
	Span  diag.Span
}

// Ident is a name where it stands.
type Ident struct {
	Name string
	Span diag.Span
}

// Stmt is `label: word arguments { body }`.
//
// A block's name is its first argument: `block Encoder(heads) { … }` has the
// word `block`, the argument `Encoder` and the parameter `heads`.
type Stmt struct {
	Label  *Ident   // nil without one
	Word   Ident    // `linear`
	Params []*Param // of `block Name(…)` only
	Args   []*Arg
	Body   *Body  // nil without one
	Doc    string // the comment lines right above, without slashes, joined by newlines
	Span   diag.Span
}

// Param is a parameter of a block.
type Param struct {
	Name    Ident
	Default *Expr // nil without one
	Span    diag.Span
}

// Arg is one argument: `10`, `causal`, `[28, 28]`, `kernel=3`, `784->128`.
type Arg struct {
	Name  *Ident // of `name=value`, else nil
	Value Value
	To    *Value // behind `->`, else nil
	Span  diag.Span
}

// Value is an expression or a list of them.
type Value struct {
	Expr *Expr   // nil for a list
	List []*Expr // at least one, for a list
	Span diag.Span
}

// IsList reports whether v was written in brackets.
func (v Value) IsList() bool { return v.Expr == nil }

// Body is the statements between braces.
type Body struct {
	Stmts []*Stmt
	Span  diag.Span // from brace to brace
}

// Kind says what an expression is.
type Kind int

const (
	Number Kind = iota // Text is digits, optionally with a fraction and an exponent
	Name               // Text is the name
	String             // Text is what the quoted text stands for
	Negate             // -X
	Binary             // X Op Y
)

// Expr is an expression. Nothing has been computed or looked up.
// Parentheses are in the shape of the tree only.
type Expr struct {
	Kind Kind
	Text string // of Number, Name and String
	Op   byte   // of Binary: '+', '-', '*' or '/'
	X, Y *Expr  // of Negate (X) and Binary
	Span diag.Span
}
