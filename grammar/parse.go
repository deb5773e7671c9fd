package grammar

import (
	"errors"
	"slices"
	"sort"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// Parse reads a spec. The file is never nil: it holds the statements that
// could be read, so that tools can work on a text with mistakes in it. The
// list has every syntax error, in order of position, and is empty if there is
// none.
//
// The text is scanned once and split into statements, and each of these is
// parsed alone: the parser library stops at its first error, and this way it
// does so once per statement and not once per file.
func Parse(name string, src []byte) (*File, diag.List) {
	f := &File{Name: name, Src: src}
	r := &report{file: name}
	start, ok := check(r, src)
	if !ok {
		return f, r.list
	}
	s, ok := scan(r, string(src), start)
	f.Comments = s.comments
	if !ok {
		r.list.Sort()
		return f, r.list
	}
	p := &splitter{report: r, tokens: s.tokens, comments: s.comments, end: s.at}
	f.Stmts = p.statements(nil)
	if len(r.list) == 0 && len(f.Stmts) == 0 {
		r.add(diag.EmptySpec, pointAt(start), "the spec has no statements").
			Help = "the smallest spec that can be trained is `linear 10->1; loss mse; sgd 0.01`"
	}
	r.list.Sort()
	return f, r.list
}

// splitter cuts the tokens into statements and nests them by their braces.
type splitter struct {
	report   *report
	tokens   []lexer.Token
	comments []Comment
	end      lexer.Position // of the text
	next     int            // index of the next token
	broken   bool           // a bracket was left open at the end of the last statement's line
}

// statements reads up to the `}` that belongs to open, or to the end of the
// text. Its depth is that of the braces, which the scanner has limited.
func (p *splitter) statements(open *lexer.Token) []*Stmt {
	var out []*Stmt
	for p.next < len(p.tokens) && !p.report.full() {
		t := p.tokens[p.next]
		switch {
		case t.Type == eolToken:
			p.next++
		case t.Value == "}" && open != nil:
			return out
		case t.Value == "}":
			p.report.add(diag.SyntaxError, spanOf(t), "`}` without a `{`")
			p.next++
		default:
			if s := p.statement(); s != nil {
				out = append(out, s)
			}
		}
	}
	return out
}

// statement reads one statement, and its body by way of statements. The parser
// gets it with the body empty. It is nil if there was a mistake in it; what
// was wrong in the body has been reported nevertheless.
func (p *splitter) statement() *Stmt {
	first := p.next
	var head []lexer.Token
	var body *Body
	for p.next < len(p.tokens) {
		t := p.tokens[p.next]
		if t.Type == eolToken || t.Value == "}" {
			break
		}
		head = append(head, t)
		p.next++
		if t.Value == "{" {
			stmts := p.statements(&t)
			if p.report.full() {
				return nil
			}
			if p.next == len(p.tokens) {
				p.unclosed(t)
				return nil
			}
			end := p.tokens[p.next]
			head = append(head, end)
			body = &Body{Stmts: stmts, Span: spanOf(t).Join(spanOf(end))}
			p.next++
		}
	}
	s := p.parse(head)
	if s == nil {
		return nil
	}
	s.Body = body
	s.Doc = p.doc(first)
	return s
}

func (p *splitter) unclosed(brace lexer.Token) {
	d := p.report.add(diag.SyntaxError, pointAt(p.end), "expected `}` before the end of the file")
	d.Notes = append(d.Notes, diag.Note{Span: spanOf(brace), Text: "this `{` is never closed"})
}

// parse turns the tokens of one statement into a tree, or reports why not.
func (p *splitter) parse(tokens []lexer.Token) *Stmt {
	if len(tokens) > maxStatement {
		p.report.add(diag.LimitExceeded, spanOf(tokens[maxStatement]), "the statement has more than %d words and signs", maxStatement)
		return nil
	}
	for _, t := range tokens {
		if t.Type == badToken {
			return nil // reported by the scanner
		}
	}
	// The lines behind a bracket that was left open are probably the rest of
	// its list. They would only repeat the mistake.
	rest := p.broken && tokens[0].Type != identToken
	if at, stray := unmatched(tokens); at >= 0 {
		if !rest && !(p.broken && stray) {
			p.bracket(tokens, at, stray)
		}
		p.broken = !stray
		return nil
	}
	if rest {
		return nil
	}
	p.broken = false

	end := lexer.EOFToken(endOf(tokens[len(tokens)-1]))
	list := tokenList(append(slices.Clip(tokens), end))
	stream, err := lexer.Upgrade(&list)
	if err != nil {
		panic("grammar: a list of tokens cannot fail: " + err.Error())
	}
	parsed, err := stmtParser.ParseFromLexer(stream)
	if err != nil {
		p.explain(append(slices.Clip(tokens), end), err)
		return nil
	}
	s := parsed.tree()
	if s.Word.Name == "block" && !p.blockHead(append(slices.Clip(tokens), end), s) {
		return nil
	}
	return s
}

// doc returns the comment lines right above the statement that starts at a token.
func (p *splitter) doc(first int) string {
	line := p.tokens[first].Pos.Line
	if first > 0 {
		if before := p.tokens[first-1]; before.Value != "\n" && before.Pos.Line == line {
			return ""
		}
	}
	i := sort.Search(len(p.comments), func(i int) bool { return p.comments[i].Span.Start.Line >= line })
	var lines []string
	for i--; i >= 0; i-- {
		c := p.comments[i]
		line--
		if c.Span.Start.Line != line || c.After {
			break
		}
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(c.Text, "//"), " "))
	}
	slices.Reverse(lines)
	return strings.Join(lines, "\n")
}

// unmatched finds the bracket of a statement that has no partner: the index of
// a closing one that nothing opened (stray), or of one that is never closed. It
// is -1 if all have one. Braces were matched when the statements were split.
func unmatched(tokens []lexer.Token) (at int, stray bool) {
	var open []int
	for i, t := range tokens {
		if t.Type != punctToken {
			continue
		}
		switch t.Value {
		case "(", "[":
			open = append(open, i)
		case ")", "]":
			if len(open) == 0 {
				return i, true
			}
			last := open[len(open)-1]
			if closing[tokens[last].Value] != t.Value {
				return last, false
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return open[len(open)-1], false
	}
	return -1, false
}

var closing = map[string]string{"(": ")", "[": "]", "{": "}"}

// endOf is the position right behind a token.
func endOf(t lexer.Token) lexer.Position {
	end := spanOf(t).End
	return lexer.Position{Offset: end.Offset, Line: end.Line, Column: end.Col}
}

// unexpected finds the token at which the parser gave up.
func unexpected(tokens []lexer.Token, err error) int {
	var at participle.Error
	if !errors.As(err, &at) {
		return len(tokens) - 1
	}
	offset := at.Position().Offset
	i := sort.Search(len(tokens), func(i int) bool { return tokens[i].Pos.Offset >= offset })
	return min(i, len(tokens)-1)
}
