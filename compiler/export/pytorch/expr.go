package pytorch

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// part is a piece of an expression: text, or the value that stands there.
type part struct {
	text  string
	value *ir.Value
}

// expression is the text of one with values in it.
type expression []part

var placeholder = regexp.MustCompile(`\{(m|\d+)\}`)

// express makes an expression of a text of a rule: what stands for an operand, and for {m}.
func express(text string, operands []*ir.Value, object string, fixed func(*ir.Value) string) expression {
	var e expression
	for text != "" {
		at := placeholder.FindStringSubmatchIndex(text)
		if at == nil {
			return append(e, part{text: text})
		}
		if at[0] > 0 {
			e = append(e, part{text: text[:at[0]]})
		}
		which := text[at[2]:at[3]]
		text = text[at[1]:]
		if which == "m" {
			e = append(e, part{text: object})
			continue
		}
		i, _ := strconv.Atoi(which)
		if v := operands[i]; fixed(v) != "" {
			e = append(e, part{text: fixed(v)})
		} else {
			e = append(e, part{value: v})
		}
	}
	return e
}

// write writes the expression, each value as it says.
func (e expression) write(of func(*ir.Value) string) string {
	var s strings.Builder
	for i, p := range e {
		if p.value == nil {
			s.WriteString(p.text)
			continue
		}
		before, after := "", ""
		if i > 0 {
			before = e[i-1].text
		}
		if i+1 < len(e) {
			after = e[i+1].text
		}
		s.WriteString(operand(of(p.value), before, after))
	}
	return s.String()
}

// operand puts an expression into parentheses where it stands beside an operator.
func operand(text, before, after string) string {
	before = strings.TrimRight(before, " ")
	alone := (before == "" || strings.HasSuffix(before, "(") || strings.HasSuffix(before, ",") || strings.HasSuffix(before, "[") || strings.HasSuffix(before, "=")) &&
		(after == "" || strings.ContainsAny(after[:1], ",)]"))
	if alone || atom(text) {
		return text
	}
	return "(" + text + ")"
}

// atom reports whether no operator stands outside of parentheses in a text.
func atom(text string) bool {
	depth, quote := 0, byte(0)
	for i := range len(text) {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case depth == 0 && strings.IndexByte(" +-*/@<>=&|^~,%", c) >= 0:
			return false
		}
	}
	return true
}

// values lists the values of an expression, each as often as it stands there.
func (e expression) values() []*ir.Value {
	var list []*ir.Value
	for _, p := range e {
		if p.value != nil {
			list = append(list, p.value)
		}
	}
	return list
}

// size is about how long the text is, values being short names.
func (e expression) size() int { return len(e.write(func(*ir.Value) string { return "x" })) }

// tupled writes sizes as Python does: (13,).
func tupled(sizes []int) string {
	texts := make([]string, len(sizes))
	for i, d := range sizes {
		texts[i] = strconv.Itoa(d)
	}
	if len(texts) == 1 {
		return "(" + texts[0] + ",)"
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

// width is the number of columns that a line has at most.
const width = 120

// wrap breaks a line of code that is too long, where the fewest brackets are open, and begins the next ones further in.
func wrap(code string, room int) []string {
	indent := len(code) - len(strings.TrimLeft(code, " "))
	var lines []string
	for open := 0; len(code) > room; {
		cut, inside := breakAt(code, room, open)
		if cut < 0 {
			break
		}
		lines = append(lines, strings.TrimRight(code[:cut], " "))
		code, open = strings.Repeat(" ", indent+4)+strings.TrimLeft(code[cut:], " "), inside
	}
	return append(lines, code)
}

// breakAt finds where a line that begins inside of so many brackets may end and fits: behind a comma or an opening bracket,
// or before an operator, inside of brackets, of which it returns the number; −1 if there is no such place.
func breakAt(code string, room, open int) (cut, inside int) {
	cut, quote := -1, byte(0)
	start := len(code) - len(strings.TrimLeft(code, " "))
	for i := start; i < len(code) && i < room; i++ {
		at := -1
		switch c := code[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[' || c == '{':
			open++
			if at = i + 1; at < len(code) && strings.IndexByte(")]}", code[at]) >= 0 {
				at = -1
			}
		case c == ')' || c == ']' || c == '}':
			open--
		case c == ',':
			at = i + 1
		case c == ' ' && i+2 < len(code) && strings.IndexByte("+*/-", code[i+1]) >= 0 && code[i+2] == ' ':
			at = i
		}
		if at > start && open > 0 && (cut < 0 || open <= inside) {
			cut, inside = at, open
		}
	}
	return cut, inside
}

// typed says what a value is, in a comment.
func typed(v *ir.Value) string {
	dims := make([]string, 0, len(v.Type.Shape)+1)
	if v.Type.Batch {
		dims = append(dims, "n")
	}
	for _, d := range v.Type.Shape {
		dims = append(dims, strconv.Itoa(d))
	}
	text := "[" + strings.Join(dims, ", ") + "]"
	if v.Type.Kind == ir.I32 {
		text += fmt.Sprintf(" of %d", v.Type.Limit)
	}
	return text
}
