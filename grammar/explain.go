package grammar

import (
	"fmt"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// explain reports where and why the parser gave up on a statement. The last
// of the tokens is the end of the statement. The words are chosen from the tokens around the
// place: the parser's own speak of its productions.
func (p *splitter) explain(tokens []lexer.Token, err error) {
	at := unexpected(tokens, err)
	summary, help := reason(tokens, at)
	d := p.report.add(diag.SyntaxError, spanOf(tokens[at]), "%s", summary)
	d.Help = help
}

// reason describes what is wrong at a token, and what may help.
func reason(tokens []lexer.Token, at int) (summary, help string) {
	found := tokens[at]
	if at == 0 {
		if found.Value == "{" {
			return "this `{` has no statement in front", "a body starts on the line of its statement: `repeat 2 {`"
		}
		return "a statement starts with a word, not with " + quote(found), ""
	}
	if summary, help = afterToken(tokens, at); summary != "" {
		return summary, help
	}
	return atToken(tokens, at)
}

// afterToken finds what the token before the place asks for.
func afterToken(tokens []lexer.Token, at int) (summary, help string) {
	before, found := tokens[at-1], tokens[at]
	insteadOf := ""
	if before.Value == "/" && found.Value == "*" {
		help = "comments start with `//`"
	}
	if !found.EOF() {
		insteadOf = ", not " + quote(found)
	}
	switch {
	case before.Value == ":" && at == 2:
		return fmt.Sprintf("expected a word after the label `%s:`%s", clip(tokens[0].Value), insteadOf), ""
	case before.Value == "->":
		return "expected a size after `->`" + insteadOf, ""
	case before.Value == "=":
		return fmt.Sprintf("expected a value after `%s=`%s", clip(tokens[at-2].Value), insteadOf), ""
	case before.Type == negToken, before.Type == minusToken, before.Value == "+", before.Value == "*", before.Value == "/":
		return fmt.Sprintf("expected a number or a name after `%s`%s", before.Value, insteadOf), help
	case before.Value == "[" && found.Value == "]":
		return "a list cannot be empty", ""
	case before.Value == "(" && found.Value == ")" && called(tokens) && at == wordOf(tokens)+2:
		word := clip(tokens[at-2].Value)
		return fmt.Sprintf("`%s` stands without parentheses", word), fmt.Sprintf("write `%s`; arguments stand behind the word, separated by blanks", word)
	case before.Value == "(" || before.Value == "[" || before.Value == ",":
		return fmt.Sprintf("expected a number or a name after `%s`%s", before.Value, insteadOf), ""
	case before.Value == "}" && found.Value == "{":
		return "a statement has one body only", "put a new line or `;` after `}`"
	case before.Value == "}":
		return "expected a new line or `;` after `}`" + insteadOf, ""
	}
	return "", ""
}

// atToken finds why the token at the place cannot stand behind a complete
// operand or word.
func atToken(tokens []lexer.Token, at int) (summary, help string) {
	before, found := tokens[at-1], tokens[at]
	if open := enclosing(tokens[:at]); open != "" {
		switch {
		case open == "(" && found.Value == "," && called(tokens):
			return "expected `)`, not `,`", "arguments stand behind the word, separated by blanks, without parentheses: `linear 10->1`"
		case open == "(" && found.Value == ",":
			return "expected `)`, not `,`", "lists stand in square brackets: `[3, 3]`"
		case open == "[":
			return "expected `,` or `]`, not " + quote(found), ""
		}
		return "expected `)`, not " + quote(found), ""
	}
	word := wordOf(tokens)
	switch found.Value {
	case ":":
		return "a label stands only in front of a statement", "start a new line, or put a `;` in front of the label"
	case "=":
		if at-1 == word {
			return fmt.Sprintf("expected an argument after `%s`, not `=`", clip(before.Value)), "a statement is a word and its arguments, without a `=` between them"
		}
		return "only a name can stand before `=`, and only once", "write `name=value`"
	case ",":
		if next := tokens[at+1]; before.Type == numberToken && next.Type == numberToken && next.Pos.Offset == before.Pos.Offset+len(before.Value)+1 {
			return "unexpected `,`", fmt.Sprintf("a fraction stands behind a point: write `%s.%s`; arguments are separated by blanks", clip(before.Value), clip(next.Value))
		}
		return "unexpected `,`", "arguments are separated by blanks"
	case "->":
		if at-1 == word {
			return "expected a size before `->`", ""
		}
		return "an argument has one `->` only", ""
	case "-":
		return "expected a number or a name before `-`", "without a blank behind it, `-` is a sign: `-1`"
	case "+", "*", "/":
		if found.Value == "/" && tokens[at+1].Value == "*" {
			help = "comments start with `//`"
		}
		return fmt.Sprintf("expected a number or a name before `%s`", found.Value), help
	}
	if found.EOF() {
		return "the statement is not complete", ""
	}
	return "unexpected " + quote(found), ""
}

// wordOf returns the index of a statement's word.
func wordOf(tokens []lexer.Token) int {
	if len(tokens) > 2 && tokens[1].Value == ":" {
		return 2
	}
	return 0
}

// called reports whether a bracket stands right behind the word, as in a call of a function.
func called(tokens []lexer.Token) bool {
	word, next := tokens[wordOf(tokens)], tokens[wordOf(tokens)+1]
	return next.Value == "(" && next.Pos.Offset == word.Pos.Offset+len(word.Value)
}

// enclosing returns the innermost bracket that is open behind the tokens.
func enclosing(tokens []lexer.Token) string {
	var open []string
	for _, t := range tokens {
		switch t.Value {
		case "(", "[":
			open = append(open, t.Value)
		case ")", "]":
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return ""
	}
	return open[len(open)-1]
}

// bracket reports a bracket without its partner.
func (p *splitter) bracket(tokens []lexer.Token, at int, stray bool) {
	t := tokens[at]
	if stray {
		opening := map[string]string{")": "(", "]": "["}[t.Value]
		p.report.add(diag.SyntaxError, spanOf(t), "`%s` without a `%s`", t.Value, opening)
		return
	}
	p.report.add(diag.SyntaxError, spanOf(t), "this `%s` is never closed", t.Value).
		Help = fmt.Sprintf("put a `%s` on the same line: a statement ends with its line", closing[t.Value])
}

// blockHead refuses a block without a name, and what stands in parentheses
// behind the name but is no list of parameters. As in any other statement,
// the grammar takes both for arguments.
func (p *splitter) blockHead(tokens []lexer.Token, s *Stmt) bool {
	name := wordOf(tokens) + 1
	if tokens[name].Type != identToken {
		p.report.add(diag.SyntaxError, spanOf(tokens[name]), "expected the block's name after `block`, not %s", quote(tokens[name])).
			Help = "write `block Name(parameter) {`"
		return false
	}
	if behind := tokens[name+1]; behind.Value == "(" && len(s.Params) == 0 && tokens[name+2].Value != ")" {
		p.report.add(diag.SyntaxError, spanOf(tokens[name+2]), "expected the name of a parameter, not %s", quote(tokens[name+2])).
			Help = fmt.Sprintf("write `block %s(name, other=1)`", clip(tokens[name].Value))
		return false
	}
	return true
}

// quote names a token in a message.
func quote(t lexer.Token) string {
	if t.EOF() {
		return "the end of the statement"
	}
	return "`" + clip(t.Value) + "`"
}
