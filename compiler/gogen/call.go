package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// call writes a node as a call of its kernel. Maps have lines of their own.
func (b *body) call(n *ir.Node) {
	call := n.Op.Emit(n)
	var arguments []string
	if slices.ContainsFunc(slices.Concat(n.In, n.Out), func(v *ir.Value) bool { return !v.Scalar() }) {
		arguments = append(arguments, b.name(b.receiver)+".pool") // scalars alone are no work to share
	}
	arguments = append(arguments, b.arguments(n, call)...)
	text := "kernel." + call.Kernel + "(" + strings.Join(arguments, ", ")
	for _, m := range call.Maps {
		text += ",\nkernel.Map" + m.Kernel + "(" + strings.Join(b.arguments(n, m), ", ") + ")"
	}
	b.stmts = append(b.stmts, raw(b.results(n)+text+")"))
}

// arguments writes what a call passes behind the pool, its maps apart.
func (b *body) arguments(n *ir.Node, call ir.Call) []string {
	var arguments []string
	add := func(format string, args ...any) { arguments = append(arguments, fmt.Sprintf(format, args...)) }
	overwritten, elsewhere := map[*ir.Value]bool{}, map[*ir.Value]bool{}
	for _, part := range call.Parts {
		elsewhere[part.Value] = true
	}
	for _, v := range call.List {
		elsewhere[v] = true
	}
	results, operands := call.Results, call.Operands
	if results == nil {
		results = n.Out
	}
	if operands == nil {
		operands = n.In
	}
	for i := range n.Out {
		if old := n.Overwrites(i); old != nil {
			overwritten[old] = true
		}
	}
	for _, v := range results {
		if !v.Scalar() && !elsewhere[v] {
			add("%s", b.memory(v))
		}
	}
	for _, v := range operands {
		switch {
		case v == nil:
			add("nil")
		case overwritten[v], elsewhere[v]:
		case v.Scalar():
			add("%s", b.read(v))
		default:
			add("%s", b.memory(v))
		}
	}
	if n.Op.Random {
		add("%s", b.stream(n))
	}
	if call.List != nil {
		add("%s", b.list(n))
	}
	if call.Scratch {
		add("%s", b.scratch(n))
	}
	switch {
	case call.Rows == 1:
		add("%s", b.name("n"))
	case call.Rows > 1:
		add("%d*%s", call.Rows, b.name("n"))
	}
	if call.Geometry != nil {
		add("&%s", b.geometry(n, call.Geometry))
	}
	for _, c := range call.Consts {
		if c.Float {
			add("%s", numeral(c.Number))
		} else {
			add("%d", c.Int)
		}
	}
	for _, part := range call.Parts {
		of := "nil"
		if part.Value != nil {
			of = b.memory(part.Value)
		}
		add("kernel.Part{Of: %s, Size: %d}", of, part.Size)
	}
	return arguments
}

// results writes what the scalar results of a call are assigned to.
func (b *body) results(n *ir.Node) string {
	var names []string
	assign := ":="
	blank := true
	for _, v := range n.Out {
		if v.Scalar() {
			name := b.scalar(v)
			names = append(names, name)
			blank = blank && name == "_"
			if strings.Contains(name, ".") {
				assign = "="
			}
		}
	}
	if names == nil || blank {
		return ""
	}
	return strings.Join(names, ", ") + " " + assign + " "
}

// scratch returns the temporary memory of a node's kernel.
func (b *body) scratch(n *ir.Node) string {
	if _, ok := b.program.Scratch[n]; !ok {
		return "nil"
	}
	return b.besideResults(n, "Scratch")
}

// list returns the list that a node's kernel takes, which is made once.
func (b *body) list(n *ir.Node) string { return b.besideResults(n, "List") }

// besideResults returns a field that a node has beside its results.
func (b *body) besideResults(n *ir.Node, suffix string) string {
	which, name := structOf(n), b.besideName(n, suffix)
	b.used[which] = true
	if r, round := b.file.round(n.Scope); r != nil && b.round == nil {
		return fmt.Sprintf("%s.%s[%d].%s", b.name(letters[which]), r.ident, round, name)
	}
	return b.name(letters[which]) + "." + name
}

// stream returns the random numbers of a node.
func (b *body) stream(n *ir.Node) string {
	stream := b.name(b.receiver) + ".random." + b.path(n.Out[0])
	if b.round != nil {
		stream = b.name("random") + "." + b.field(n.Out[0])
	}
	if b.graph.Recipe.Accumulate != nil { // the rows of a step are numbered through all its batches
		stream += fmt.Sprintf(".From(%s)", times(n.Out[0].Type.Shape.Size(), b.name(b.receiver)+".rows"))
	}
	return stream
}

// geometry returns the variable of a geometry, which nodes of equal ones share.
func (f *file) geometry(n *ir.Node, g *ir.Geometry) string {
	var fields []string
	for _, a := range g.Fields {
		fields = append(fields, fmt.Sprintf("%s: %v", a.Name, a))
	}
	for _, list := range g.Lists {
		if list.Numbers == nil {
			fields = append(fields, fmt.Sprintf("%s: %#v", list.Name, list.Of))
			continue
		}
		numbers := make([]string, len(list.Numbers))
		for i, v := range list.Numbers {
			numbers[i] = numeral(v)
		}
		fields = append(fields, fmt.Sprintf("%s: []float32{%s}", list.Name, strings.Join(numbers, ", ")))
	}
	text := "kernel." + g.Type + "{" + strings.Join(fields, ", ") + "}"
	if f.geometries[text] == "" {
		name := f.fresh(f.prefix + upper(identifier(n.Layer)))
		f.geometries[text] = name
		f.later = append(f.later, raw(fmt.Sprintf("// %s is the geometry of %s.\nvar %s = %s\n", name, oneLine(n.Layer), name, text)))
	}
	return f.geometries[text]
}
