package grammar

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// The productions, as the parser library wants them. They mirror the tree and
// are turned into it, so that no other package sees the library's types.
type (
	file struct {
		Stmts []*stmt `parser:"( EOL | @@ )*"`
	}
	stmt struct {
		Tokens []lexer.Token
		Label  lexer.Token `parser:"( @Ident ':' )?"`
		Word   lexer.Token `parser:"( @'block':Ident"`
		Name   lexer.Token `parser:"  @Ident"`
		Params *params     `parser:"  @@?"`
		Plain  lexer.Token `parser:"| @Ident )"`
		Args   []*arg      `parser:"@@*"`
		Body   *body       `parser:"@@?"`
	}
	params struct {
		List []*param `parser:"'(' ( @@ ( ',' @@ )* )? ')'"`
	}
	param struct {
		Tokens  []lexer.Token
		Name    lexer.Token `parser:"@Ident"`
		Default *expr       `parser:"( '=' @@ )?"`
	}
	arg struct {
		Tokens []lexer.Token
		Name   lexer.Token `parser:"( @Ident '=' )?"`
		Value  *value      `parser:"@@"`
		To     *value      `parser:"( '->' @@ )?"`
	}
	value struct {
		Tokens []lexer.Token
		List   []*expr `parser:"  '[' @@ ( ',' @@ )* ']'"`
		Expr   *expr   `parser:"| @@"`
	}
	expr struct {
		First *prod    `parser:"@@"`
		Ops   []string `parser:"( @( '+' | '-':Minus )"`
		Rest  []*prod  `parser:"  @@ )*"`
	}
	prod struct {
		First *unary   `parser:"@@"`
		Ops   []string `parser:"( @( '*' | '/' )"`
		Rest  []*unary `parser:"  @@ )*"`
	}
	unary struct {
		Tokens []lexer.Token
		Neg    bool  `parser:"@'-':Neg?"`
		Atom   *atom `parser:"@@"`
	}
	atom struct {
		Tokens []lexer.Token
		Number string `parser:"  @Number"`
		Name   string `parser:"| @Ident"`
		String string `parser:"| @String"`
		Paren  *expr  `parser:"| '(' @@ ')'"`
	}
	body struct {
		Stmts []*stmt `parser:"'{' ( EOL | @@ )* '}'"`
	}
)

var (
	fileParser = participle.MustBuild[file](participle.Lexer(definition{}), participle.UseLookahead(2))
	stmtParser = mustProduction[stmt](fileParser)
)

func mustProduction[P, G any](p *participle.Parser[G]) *participle.Parser[P] {
	production, err := participle.ParserForProduction[P](p)
	if err != nil {
		panic(err)
	}
	return production
}

// tokenList hands a statement's tokens to the parser library.
type tokenList []lexer.Token

func (l *tokenList) Next() (lexer.Token, error) {
	t := (*l)[0]
	if !t.EOF() {
		*l = (*l)[1:]
	}
	return t, nil
}

// ident returns nil for a name that is not there.
func ident(t lexer.Token) *Ident {
	if t.Value == "" {
		return nil
	}
	return &Ident{Name: t.Value, Span: spanOf(t)}
}

// tree turns a statement without its body into the exported form.
func (s *stmt) tree() *Stmt {
	out := &Stmt{Label: ident(s.Label), Span: spanOver(s.Tokens)}
	if name := ident(s.Name); name == nil {
		out.Word = *ident(s.Plain)
	} else {
		out.Word = *ident(s.Word)
		e := &Expr{Kind: Name, Text: name.Name, Span: name.Span}
		out.Args = append(out.Args, &Arg{Value: Value{Expr: e, Span: e.Span}, Span: e.Span})
	}
	if s.Params != nil {
		for _, p := range s.Params.List {
			param := &Param{Name: *ident(p.Name), Span: spanOver(p.Tokens)}
			if p.Default != nil {
				param.Default = p.Default.tree()
			}
			out.Params = append(out.Params, param)
		}
	}
	for _, a := range s.Args {
		arg := &Arg{Name: ident(a.Name), Value: a.Value.tree(), Span: spanOver(a.Tokens)}
		if a.To != nil {
			to := a.To.tree()
			arg.To = &to
		}
		out.Args = append(out.Args, arg)
	}
	return out
}

func (v *value) tree() Value {
	out := Value{Span: spanOver(v.Tokens)}
	if v.Expr != nil {
		out.Expr = v.Expr.tree()
		return out
	}
	for _, e := range v.List {
		out.List = append(out.List, e.tree())
	}
	return out
}

func (e *expr) tree() *Expr {
	out := e.First.tree()
	for i, op := range e.Ops {
		out = binary(out, op, e.Rest[i].tree())
	}
	return out
}

func (p *prod) tree() *Expr {
	out := p.First.tree()
	for i, op := range p.Ops {
		out = binary(out, op, p.Rest[i].tree())
	}
	return out
}

func binary(x *Expr, op string, y *Expr) *Expr {
	return &Expr{Kind: Binary, Op: op[0], X: x, Y: y, Span: x.Span.Join(y.Span)}
}

func (u *unary) tree() *Expr {
	out := u.Atom.tree()
	if u.Neg {
		return &Expr{Kind: Negate, X: out, Span: spanOver(u.Tokens)}
	}
	return out
}

func (a *atom) tree() *Expr {
	span := spanOver(a.Tokens)
	switch {
	case a.Paren != nil:
		// The span takes in the parentheses: it is what the user sees as the operand.
		out := *a.Paren.tree()
		out.Span = span
		return &out
	case a.Number != "":
		return &Expr{Kind: Number, Text: a.Number, Span: span}
	case a.Name != "":
		return &Expr{Kind: Name, Text: a.Name, Span: span}
	}
	return &Expr{Kind: String, Text: unquote(a.String), Span: span}
}
