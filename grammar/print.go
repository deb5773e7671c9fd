package grammar

import "strings"

// String gives the tree as text: one statement per line, without comments,
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

// Head gives the statement without its body, on one line.
func (s *Stmt) Head() string {
	var b strings.Builder
	if s.Label != nil {
		b.WriteString(s.Label.Name)
		b.WriteString(": ")
	}
	b.WriteString(s.Word.Name)
	for i, a := range s.Args {
		// `image[28, 28]` reads as one thing, though it is two arguments.
		if i == 0 || !a.isList() || !s.Args[i-1].isName() {
			b.WriteByte(' ')
		}
		b.WriteString(a.String())
		// A further argument in parentheses would be read as parameters.
		if i == 0 && s.Word.Name == "block" && (len(s.Params) > 0 || len(s.Args) > 1) {
			b.WriteString("(")
			for j, p := range s.Params {
				if j > 0 {
					b.WriteString(", ")
				}
				b.WriteString(p.String())
			}
			b.WriteString(")")
		}
	}
	return b.String()
}

func (a *Arg) isList() bool { return a.Name == nil && a.Value.IsList() }

func (a *Arg) isName() bool {
	return a.Name == nil && a.To == nil && !a.Value.IsList() && a.Value.Expr.Kind == Name
}

// String gives `name` or `name=value`.
func (p *Param) String() string {
	if p.Default == nil {
		return p.Name.Name
	}
	return p.Name.Name + "=" + p.Default.String()
}

// String gives the argument as it would be written.
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

// String gives the value as it would be written.
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

// String gives the expression in its canonical form: no blanks, and
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

// strength says how tightly an expression binds: sums 0, products 1, negations 2, atoms 3.
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
