package grammar

import (
	"strings"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// String returns the tree as text: one statement per line, without comments,
// the same for the same tree. Parsing it gives the same tree, places and
// comments aside.
func (f *File) String() string {
	var b strings.Builder
	writeStmts(&b, f.Stmts, "")
	return b.String()
}

func writeStmts(b *strings.Builder, stmts []*Stmt, indent string) {
	for _, s := range stmts {
		b.WriteString(indent)
		b.WriteString(s.Head())
		if s.Body != nil {
			b.WriteString(" {\n")
			writeStmts(b, s.Body.Stmts, indent+"    ")
			b.WriteString(indent)
			b.WriteString("}")
		}
		b.WriteByte('\n')
	}
}

// Head returns the statement without its body, on one line.
func (s *Stmt) Head() string {
	var b strings.Builder
	for i, a := range s.pieces() {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(a.text)
	}
	return b.String()
}

// piece is a part of a statement in its canonical form. Alignment moves pieces, and nothing within them.
type piece struct {
	text  string
	start diag.Pos
}

// pieces returns the parts of a statement without its body: label, word, arguments.
func (s *Stmt) pieces() []piece {
	var out []piece
	if s.Label != nil {
		out = append(out, piece{s.Label.Name + ":", s.Label.Span.Start})
	}
	out = append(out, piece{s.Word.Name, s.Word.Span.Start})
	for i, a := range s.Args {
		text := a.String()
		switch {
		case i == 0 && s.Word.Name == "block":
			text += s.paramList()
		case i > 0 && a.isList() && s.Args[i-1].isName() && !trainingWords[s.Word.Name]:
			// `image[28, 28]` reads as one thing, though it is two arguments. `schedule multistep [30, 60]` has no shapes.
			out[len(out)-1].text += text
			continue
		}
		out = append(out, piece{text, a.Span.Start})
	}
	return out
}

// paramList returns what stands in parentheses behind a block's name, empty where nothing has to.
func (s *Stmt) paramList() string {
	if len(s.Params) == 0 {
		// A further argument in parentheses would be read as parameters.
		if len(s.Args) > 1 && strings.HasPrefix(s.Args[1].String(), "(") {
			return "()"
		}
		return ""
	}
	params := make([]string, len(s.Params))
	for i, p := range s.Params {
		params[i] = p.String()
	}
	return "(" + strings.Join(params, ", ") + ")"
}

func (a *Arg) isList() bool { return a.Name == nil && a.Value.IsList() }

func (a *Arg) isName() bool {
	return a.Name == nil && a.To == nil && !a.Value.IsList() && a.Value.Expr.Kind == Name
}

// String returns `name` or `name=value`.
func (p *Param) String() string {
	if p.Default == nil {
		return p.Name.Name
	}
	return p.Name.Name + "=" + p.Default.String()
}

// String returns the argument as it would be written.
func (a *Arg) String() string {
	out := a.Value.String()
	if a.Name != nil {
		out = a.Name.Name + "=" + out
	}
	if a.To != nil {
		out += "->" + a.To.String()
	}
	return out
}

// String returns the value as it would be written.
func (v Value) String() string {
	if !v.IsList() {
		return v.Expr.String()
	}
	items := make([]string, len(v.List))
	for i, e := range v.List {
		items[i] = e.String()
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// String returns the expression in its canonical form: no blanks, and
// parentheses only where the tree needs them.
func (e *Expr) String() string {
	var b strings.Builder
	e.write(&b)
	return b.String()
}

func (e *Expr) write(b *strings.Builder) {
	switch e.Kind {
	case String:
		b.WriteByte('"')
		b.WriteString(quoter.Replace(e.Text))
		b.WriteByte('"')
	case Negate:
		b.WriteByte('-')
		e.X.operand(b, 3)
	case Binary:
		e.X.operand(b, e.strength())
		b.WriteByte(e.Op)
		e.Y.operand(b, e.strength()+1)
	default:
		b.WriteString(e.Text)
	}
}

// operand writes e, in parentheses if it binds less than the place asks for.
func (e *Expr) operand(b *strings.Builder, least int) {
	if e.strength() >= least {
		e.write(b)
		return
	}
	b.WriteByte('(')
	e.write(b)
	b.WriteByte(')')
}

// strength is how tightly an expression binds: sums 0, products 1, negations 2, atoms 3.
func (e *Expr) strength() int {
	switch {
	case e.Kind == Negate:
		return 2
	case e.Kind != Binary:
		return 3
	case e.Op == '+' || e.Op == '-':
		return 0
	}
	return 1
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`)
