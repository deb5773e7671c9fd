package pytorch

import (
	"fmt"
	"regexp"
	"slices"
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
	if atom(text) || alone && !(before == "" && after == "" && false) {
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

// Width is the number of columns that a line has at most.
const width = 120

// wrap breaks a line of code that is too long behind commas in brackets, and begins the next ones further in.
func wrap(code string, room int) []string {
	indent := len(code) - len(strings.TrimLeft(code, " "))
	lines := []string{}
	for len(code) > room {
		cut := breakAt(code, room)
		if cut < 0 {
			break
		}
		lines = append(lines, strings.TrimRight(code[:cut], " "))
		code = strings.Repeat(" ", indent+8) + strings.TrimLeft(code[cut:], " ")
	}
	return append(lines, code)
}

// breakAt finds the last place in a line that may end there and fits; −1 if there is none. Lines after the first are inside of
// brackets that were opened before.
func breakAt(code string, room int) int {
	depth, quote, found := 0, byte(0), -1
	body := strings.TrimLeft(code, " ")
	start := len(code) - len(body)
	for i := start; i < len(code) && i < room; i++ {
		c := code[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
			if found < 0 {
				found = i + 1
			}
		case c == ')' || c == ']' || c == '}':
			depth--
		case c == ',':
			found = i + 1
		}
	}
	if found <= start {
		return -1
	}
	return found
}

// types says what a value is, in a comment.
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

// once reports whether a value stands once in an expression.
func (e expression) once(v *ir.Value) bool {
	list := e.values()
	i := slices.Index(list, v)
	return i >= 0 && !slices.Contains(list[i+1:], v)
}
