package pytorch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// class is a class of the program: that of the model, or of scopes of it that compute the same.
type class struct {
	name    string
	doc     string
	named   bool // its objects are told their names, as what they draw goes by them
	init    []string
	args    []string
	given   string // what the arguments are
	forward []statement
}

// define finds the classes of an object and of those below it.
func (p *program) define(o *object) {
	for _, b := range o.below {
		p.define(b)
	}
	if !o.own() {
		return
	}
	c := &class{}
	for _, v := range o.holds {
		c.init = append(c.init, fmt.Sprintf("self.%s = %s", v.Name, holder(v)))
	}
	for _, b := range o.below {
		made := p.made(o, b)
		c.named = c.named || o.up != nil && b.draws()
		c.init = append(c.init, fmt.Sprintf("self.%s = %s", b.name, made))
	}
	if o.up == nil {
		c.init = append(c.init, p.ties()...)
	}
	if o.whole {
		c.args, c.forward = p.forward(o)
		ins := p.graph.Inputs
		if o.up != nil {
			ins = p.ins(o)
		}
		var given []string
		for _, v := range ins {
			given = append(given, typed(v))
		}
		c.given = strings.Join(given, ", ")
	}
	if o.up == nil {
		c.doc = p.graph.Doc
	} else if same := p.same(c); same != nil {
		o.class = same
		return
	}
	o.class = c
	p.classes = append(p.classes, c)
	c.name = p.taken.take(p.className(o))
}

// classes adds those of an object and of what stands below it to a list: the model first, then what it is made of.
func (o *object) classes(list []*class) []*class {
	if o.class != nil && !slices.Contains(list, o.class) {
		list = append(list, o.class)
	}
	for _, b := range o.below {
		list = b.classes(list)
	}
	return list
}

// className is what an object's class is called.
func (p *program) className(o *object) string {
	switch {
	case o.up == nil:
		return p.graph.Model
	case o.up.list():
		name := camel(o.up.name)
		if strings.HasPrefix(o.up.path[strings.LastIndexByte(o.up.path, '.')+1:], "repeat") {
			name = "Round"
		}
		return name
	}
	return camel(o.name)
}

// same returns the class that does what c does, and gives its comments the lines of c; nil if there is none.
func (p *program) same(c *class) *class {
	sign := c.sign()
	for _, other := range p.classes {
		if other.sign() != sign {
			continue
		}
		for i := range other.forward {
			s := &other.forward[i]
			for _, line := range c.forward[i].lines {
				if !slices.Contains(s.lines, line) {
					s.lines = append(s.lines, line)
				}
			}
		}
		return other
	}
	return nil
}

func (c *class) sign() string {
	lines := append([]string{c.given, strings.Join(c.args, ", ")}, c.init...)
	for _, s := range c.forward {
		lines = append(lines, s.sign())
	}
	return strings.Join(lines, "\n")
}

// made is the expression that makes an object below another.
func (p *program) made(above, o *object) string {
	switch {
	case o.list():
		return p.madeRounds(above, o)
	case o.own():
		name := ""
		if o.class.named {
			name = called(above, o.path)
		}
		return o.class.name + "(" + name + ")"
	case o.made == "":
		var fields []string
		for _, v := range o.holds {
			fields = append(fields, v.Name+"="+tupled(v.Type.Shape))
		}
		p.parts["params"] = true
		return "Params(" + strings.Join(fields, ", ") + ")"
	}
	return strings.ReplaceAll(o.made, "{stream}", called(above, o.stream))
}

// draws reports whether the object or one below it draws random numbers.
func (o *object) draws() bool { return o.stream != "" || slices.ContainsFunc(o.below, (*object).draws) }

// called writes a name as a string of Python: of what stands below an object that is told its own by that.
func called(above *object, path string) string {
	switch {
	case above.up == nil || !within(path, above.path):
		return fmt.Sprintf("%q", path)
	case path == above.path:
		return "name"
	}
	return fmt.Sprintf("f%q", "{name}"+path[len(above.path):])
}

// madeRounds is the list of the rounds of a repetition.
func (p *program) madeRounds(above, list *object) string {
	first := list.below[0]
	alike := !slices.ContainsFunc(list.below, func(o *object) bool { return !o.own() || o.class != first.class })
	if alike && len(list.below) > 1 && first.name == "0" {
		name := ""
		if first.class.named {
			name = "f" + strings.TrimPrefix(called(above, list.path+".{i}"), "f")
		}
		index := "_"
		if name != "" {
			index = "i"
		}
		return fmt.Sprintf("nn.ModuleList(%s(%s) for %s in range(%d))", first.class.name, name, index, len(list.below))
	}
	var items []string
	for _, o := range list.below {
		for len(items) < o.round() {
			items = append(items, "nn.Identity()")
		}
		items = append(items, p.made(above, o))
	}
	return "nn.ModuleList([" + strings.Join(items, ", ") + "])"
}

// holder makes a tensor.
func holder(v *ir.Value) string {
	return "nn.Parameter(torch.empty" + tupled(v.Type.Shape) + ")"
}

// ties are the statements that let layers share tensors.
func (p *program) ties() []string {
	var list []string
	for _, v := range p.graph.Params {
		for _, name := range v.Shared {
			list = append(list, p.reach(name)+" = "+p.reach(v.Name))
		}
	}
	return list
}

// reach writes a tensor of the model by its name.
func (p *program) reach(name string) string {
	cut := strings.LastIndexByte(name, '.')
	return p.root.at(p, name[:cut]).from(p.root) + name[cut:]
}

// write writes the class.
func (c *class) write(w *strings.Builder, file string) {
	fmt.Fprintf(w, "class %s(nn.Module):\n", c.name)
	if c.doc != "" {
		fmt.Fprintf(w, "    %s\n\n", docstring(c.doc, 4))
	}
	name := ""
	if c.named {
		name = ", name"
	}
	fmt.Fprintf(w, "    def __init__(self%s):\n        super().__init__()\n", name)
	for _, line := range c.init {
		fmt.Fprintln(w, strings.Join(wrap("        "+line, width), "\n"))
	}
	if c.forward == nil {
		return
	}
	lines := []statement{{code: "    def forward(self, " + strings.Join(c.args, ", ") + "):", note: c.given}}
	for _, s := range c.forward {
		s.code = "        " + s.code
		lines = append(lines, s)
	}
	w.WriteString("\n")
	comments(w, lines, file)
}

// comments writes lines of code with their comments below one another.
func comments(w *strings.Builder, lines []statement, file string) {
	notes, codes := make([]string, len(lines)), make([][]string, len(lines))
	column, widest, place := 0, 0, 0
	places := make([]string, len(lines))
	for i, s := range lines {
		if len(s.lines) > 0 {
			numbers := make([]string, len(s.lines))
			for j, n := range s.lines {
				numbers[j] = fmt.Sprint(n)
			}
			places[i] = "  # " + file + ":" + strings.Join(numbers, ", ")
			place = max(place, len(places[i]))
		} else if s.note != "" {
			notes[i] = "  # " + s.note
		}
	}
	for i, s := range lines {
		if places[i] != "" {
			notes[i] = fmt.Sprintf("%-*s  %s", place, places[i], s.note)
		}
		widest = max(widest, len(notes[i]))
	}
	for i, s := range lines {
		codes[i] = wrap(s.code, width)
		if end := len(codes[i][len(codes[i])-1]); notes[i] != "" && end+widest <= width && end <= 88 {
			column = max(column, end)
		}
	}
	for i := range lines {
		code := codes[i]
		end := code[len(code)-1]
		switch {
		case notes[i] == "":
		case len(end)+len(notes[i]) <= width:
			code[len(code)-1] = end + strings.Repeat(" ", max(0, min(column, width-len(notes[i]))-len(end))) + notes[i]
		default:
			indent := len(code[0]) - len(strings.TrimLeft(code[0], " "))
			code = append([]string{strings.Repeat(" ", indent) + strings.TrimLeft(notes[i], " ")}, code...)
		}
		fmt.Fprintln(w, strings.Join(code, "\n"))
	}
}

// docstring writes a text as Python's documentation of what it stands in.
func docstring(text string, indent int) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), `"""`, `\"\"\"`)
	if strings.HasSuffix(text, `"`) {
		text = text[:len(text)-1] + `\"`
	}
	return `"""` + strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", indent)) + `"""`
}
