package pytorch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// most is how long a line of several nodes may become: comments stand behind it.
const most = 84

// statement is a line of a method, with what a comment says of it.
type statement struct {
	code  string
	lines []int  // of the spec
	note  string // the shape of what it makes
}

// flow writes a forward pass: which value has which name.
type flow struct {
	p       *program
	steps   []*step
	results []*ir.Value
	makes   map[*ir.Value]*step
	uses    map[*ir.Value]int
	last    map[*ir.Value]int // the last of the roots that reads a value
	names   map[*ir.Value]string
	taken   names
	list    []statement
}

// always is behind the last statement: what is returned is read there.
const always = 1 << 30

// forward writes the forward pass of an object: the names of what it is given, and the statements.
func (p *program) forward(o *object) (args []string, list []statement) {
	f := &flow{p: p, steps: p.steps(o), makes: map[*ir.Value]*step{}, uses: map[*ir.Value]int{}, last: map[*ir.Value]int{},
		names: map[*ir.Value]string{}, taken: taken(p.busy, []string{"self", "layer"})}
	ins := p.graph.Inputs
	if f.results = p.graph.Outputs; o.up != nil {
		ins, f.results = p.ins(o), p.outs(o)
	}
	for _, chained := range chain {
		delete(f.taken, chained)
	}
	for i, v := range ins {
		switch {
		case v.Role == ir.Input && (o.up == nil || i > 0):
			f.names[v] = f.taken.take(variable(v.Name))
		case i < len(chain):
			f.names[v] = f.taken.take(chain[i])
		default:
			f.names[v] = f.taken.take("value")
		}
		args = append(args, f.names[v])
	}
	roots := f.inline()
	for i, s := range roots {
		f.statement(i, s, i == len(roots)-1)
	}
	if len(roots) == 0 || len(f.results) != 1 || len(roots[len(roots)-1].out) != 1 || roots[len(roots)-1].out[0] != f.results[0] || roots[len(roots)-1].loop != "" {
		var names []string
		for _, v := range f.results {
			names = append(names, f.names[v])
		}
		f.list = append(f.list, statement{code: "return " + strings.Join(names, ", ")})
	}
	return args, f.list
}

// chain are the names of values that the next statement reads and no other.
var chain = []string{"x", "y", "z"}

// inline decides which nodes are written where their result is read, and returns the others.
func (f *flow) inline() []*step {
	for _, s := range f.steps {
		for _, v := range s.out {
			f.makes[v] = s
		}
		for _, v := range s.values() {
			f.uses[v]++
		}
	}
	for _, v := range f.results {
		f.uses[v]++
	}
	size := map[*step]int{}
	for _, s := range f.steps {
		size[s] = s.size()
		if s.loop != "" {
			continue
		}
		for _, v := range s.values() {
			by := f.makes[v]
			if by == nil || by.loop != "" || len(by.out) != 1 || f.uses[v] != 1 || max(by.line, -by.line) != max(s.line, -s.line) || size[s]+size[by] > most || by.inlined {
				continue
			}
			by.inlined = true
			size[s] += size[by]
		}
	}
	var roots []*step
	for _, s := range f.steps {
		if !s.inlined {
			for _, v := range f.reads(s) {
				f.last[v] = len(roots)
			}
			roots = append(roots, s)
		}
	}
	for _, v := range f.results {
		f.last[v] = always
	}
	return roots
}

// reads lists the variables that a statement reads.
func (f *flow) reads(s *step) []*ir.Value {
	var list []*ir.Value
	for _, v := range s.values() {
		if by := f.makes[v]; by != nil && by.inlined {
			list = append(list, f.reads(by)...)
		} else {
			list = append(list, v)
		}
	}
	return list
}

// write writes a value: the variable that it is, or the expression that makes it.
func (f *flow) write(v *ir.Value) string {
	if by := f.makes[v]; by != nil && by.inlined {
		return by.expression.write(f.write)
	}
	return f.names[v]
}

// statement writes the statement of that number.
func (f *flow) statement(i int, s *step, last bool) {
	note := ""
	if len(s.out) > 0 {
		note = typed(s.out[0])
	}
	if s.loop != "" {
		f.loop(i, s, note)
		return
	}
	text := s.expression.write(f.write)
	if last && len(f.results) == 1 && len(s.out) == 1 && s.out[0] == f.results[0] {
		f.list = append(f.list, statement{code: "return " + text, lines: f.linesOf(s), note: note})
		return
	}
	var names []string
	for _, v := range s.out {
		names = append(names, f.name(i, v))
	}
	if len(names) > 0 && strings.Trim(strings.Join(names, ""), "_") != "" {
		text = strings.Join(names, ", ") + " = " + text
	}
	f.list = append(f.list, statement{code: text, lines: f.linesOf(s), note: note})
}

// linesOf are the lines of the spec that a statement is of.
func (f *flow) linesOf(s *step) []int {
	var list []int
	for _, v := range s.values() {
		if by := f.makes[v]; by != nil && by.inlined {
			list = append(list, f.linesOf(by)...)
		}
	}
	if s.line > 0 {
		list = append(list, s.line)
	}
	return slices.Compact(list)
}

// loop writes a loop over rounds.
func (f *flow) loop(i int, s *step, note string) {
	names := make([]string, len(s.out))
	for j, v := range s.out {
		start := s.starts[j]
		if start == nil {
			continue
		}
		if f.last[start] == i { // nobody else reads what the first round begins with
			names[j] = f.names[start]
			f.names[v] = names[j]
		}
	}
	for j, v := range s.out {
		if names[j] != "" {
			continue
		}
		names[j] = f.name(i, v)
		if start := s.starts[j]; start != nil {
			if names[j] == "_" {
				names[j] = f.taken.take(variable(v.Name))
			}
			f.list = append(f.list, statement{code: names[j] + " = " + f.names[start]})
		}
	}
	text := s.expression.write(func(v *ir.Value) string {
		if j, ok := s.rounds[v]; ok {
			return names[j]
		}
		return f.write(v)
	})
	f.list = append(f.list, statement{code: s.loop}, statement{code: "    " + strings.Join(names, ", ") + " = " + text, note: note})
}

// name gives a value that statement i makes the name of a variable.
func (f *flow) name(i int, v *ir.Value) string {
	last, read := f.last[v]
	if !read {
		return "_"
	}
	if last == i+1 {
		for _, name := range chain {
			if f.free(name, i) {
				f.names[v] = name
				f.taken[name] = true
				return name
			}
		}
	}
	f.names[v] = f.taken.take(variable(v.Name))
	return f.names[v]
}

// free reports whether nothing that is read behind statement i has the name.
func (f *flow) free(name string, i int) bool {
	for v, n := range f.names {
		if n == name && f.last[v] > i {
			return false
		}
	}
	return !slices.Contains(f.p.busy, name)
}

// sign is a statement without what only a comment says of where it comes from.
func (s statement) sign() string { return fmt.Sprintf("%s # %s", s.code, s.note) }
