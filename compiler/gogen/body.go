package gogen

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// body writes some nodes of a program as the statements of one function.
type body struct {
	*file
	program  *plan.Program
	receiver string                           // m, or p in a predictor
	outside  func(v *ir.Value) *jen.Statement // the slice of an input, a target, or a predictor's output
	nodes    map[*ir.Node]bool                // those of this function
	forgets  bool                             // nothing that the function makes is read after it
	params   map[string]bool                  // the names of its parameters
	local    *namer

	stmts   []jen.Code
	used    map[string]bool        // the prologue's variables: w, s, a
	scalars map[*ir.Value]jen.Code // scalar results: their variables
	sums    map[element]jen.Code   // results of row loops that stand in variables
	wholes  map[*ir.Value]string   // pointers to small arrays without the batch axis
}

// element is one element of a value.
type element struct {
	of    *ir.Value
	index int
}

// function writes the nodes as a function body, in order, without its signature.
func (f *file) function(b *body, nodes []*ir.Node) []jen.Code {
	b.file, b.local = f, newNamer()
	for name := range b.params {
		b.local.taken[name] = true
	}
	b.used, b.nodes = map[string]bool{}, map[*ir.Node]bool{}
	b.scalars, b.sums, b.wholes = map[*ir.Value]jen.Code{}, map[element]jen.Code{}, map[*ir.Value]string{}
	for _, n := range nodes {
		b.nodes[n] = true
	}
	var group []*ir.Node
	for _, n := range nodes {
		if b.written[n] != nil || b.forgets && n.Op.View { // what stays in variables cannot leave the loop
			group = append(group, n)
			continue
		}
		b.group(group)
		group = nil
		b.says(n)
		if !n.Op.View {
			b.call(n)
		}
	}
	b.group(group)
	return append(b.prologue(), b.stmts...)
}

// prologue declares the short names of the structs that the function reads.
func (b *body) prologue() []jen.Code {
	var left, right []jen.Code
	for _, v := range []struct{ name, field, prefix string }{{"w", "params", ""}, {"s", "slots", "&"}, {"a", "arena", "&"}} {
		if b.used[v.name] {
			left = append(left, jen.Id(v.name))
			right = append(right, jen.Op(v.prefix).Id(b.receiver).Dot(v.field))
		}
	}
	if left == nil {
		return nil
	}
	return []jen.Code{jen.List(left...).Op(":=").List(right...)}
}

// memory returns the slice that holds a value.
func (b *body) memory(v *ir.Value) *jen.Statement {
	v = v.Base()
	field := func(of string) *jen.Statement {
		b.used[of] = true
		return jen.Id(of).Dot(b.value(v))
	}
	switch v.Role {
	case ir.Param:
		return field("w")
	case ir.Slot:
		return field("s")
	case ir.Result:
		for i, r := range v.Def.Out {
			if old := v.Def.Overwrites(i); r == v && old != nil {
				return b.memory(old)
			}
		}
		if _, ok := b.program.Places[v]; ok {
			return field("a")
		}
	}
	return b.outside(v)
}

// says writes the comment over a node: the line of the spec, the formula, the result's shape.
func (b *body) says(n *ir.Node) {
	b.stmts = append(b.stmts, b.formula(n))
}

func (b *body) formula(n *ir.Node) jen.Code {
	text := strings.ReplaceAll(n.Op.Formula, "{y}", n.Out[0].Name)
	for i, v := range n.Out {
		text = strings.ReplaceAll(text, fmt.Sprintf("{y%d}", i), v.Name)
	}
	text = strings.ReplaceAll(text, "{weight}", weight(n))
	if n.Overwrites(0) == nil && len(n.In) > 1 { // the value that a loss's gradient is taken of
		count := "n"
		if size := n.In[1].Type.Shape.Size(); size > 1 {
			count = fmt.Sprintf("(%d·n)", size)
		}
		text = strings.ReplaceAll(text, "{count}", count)
	}
	for i, v := range n.In {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", i), v.Name)
	}
	for _, a := range n.Op.Attrs {
		text = strings.ReplaceAll(text, "{"+a.Name+"}", fmt.Sprint(a.Value))
	}
	shape := n.Out[0].Type.Shape.String()
	text = strings.ReplaceAll(text, "{shape}", shape)
	if t := n.Out[0].Type; t.Batch {
		shape = strings.TrimPrefix(t.String(), t.Kind.String())
	}
	text = fmt.Sprintf("%s:%d:%d  %s", b.graph.File, n.Pos.Line, n.Pos.Col, text)
	if n.Out[0].Type.Scalar() || n.Overwrites(0) != nil {
		return comment("%s", text)
	}
	return comment("%s%s  %s", text, strings.Repeat(" ", max(0, 72-utf8.RuneCountInString(text))), shape)
}

// weight writes the factor that a loss has among others, as it stands in the formula of its gradient.
func weight(n *ir.Node) string {
	if len(n.In) == 0 || n.In[0].Role != ir.Const || n.In[0].Number == 1 {
		return ""
	}
	return strconv.FormatFloat(n.In[0].Number, 'g', -1, 64) + "·"
}

// call writes a node as a call of its kernel.
func (b *body) call(n *ir.Node) {
	call := n.Op.Emit(n)
	args := []jen.Code{jen.Id(b.receiver).Dot("pool")}
	overwritten, beside := map[*ir.Value]bool{}, map[*ir.Value]bool{}
	for _, part := range call.Parts {
		beside[part.Value] = true
	}
	for i, v := range n.Out {
		if old := n.Overwrites(i); old != nil {
			overwritten[old] = true
		}
		if !v.Type.Scalar() && !beside[v] {
			args = append(args, b.memory(v))
		}
	}
	operands := call.Operands
	if operands == nil {
		operands = n.In
	}
	for _, v := range operands {
		switch {
		case v == nil:
			args = append(args, jen.Nil())
		case overwritten[v], beside[v]:
		case v.Role == ir.Const:
			args = append(args, number(v.Number))
		case v.Role == ir.Counter:
			args = append(args, jen.Id(b.receiver).Dot("step"))
		case v.Type.Scalar():
			args = append(args, b.scalars[v])
		default:
			args = append(args, b.memory(v))
		}
	}
	if n.Op.Random {
		args = append(args, jen.Id(b.receiver).Dot("streams").Dot(b.streamField(n)))
	}
	if call.Scratch {
		if place, ok := b.program.Scratch[n]; ok {
			args = append(args, jen.Id(b.receiver).Dot("arena").Dot("slab").Index(jen.Lit(place.Offset), jen.Lit(place.End())))
		} else {
			args = append(args, jen.Nil())
		}
	}
	switch {
	case call.Rows == 1:
		args = append(args, jen.Id("n"))
	case call.Rows > 1:
		args = append(args, jen.Lit(call.Rows).Op("*").Id("n"))
	}
	for _, c := range call.Consts {
		if c.Float {
			args = append(args, number(c.Number))
		} else {
			args = append(args, jen.Lit(c.Int))
		}
	}
	for _, part := range call.Parts {
		of := jen.Nil()
		if part.Value != nil {
			of = b.memory(part.Value)
		}
		args = append(args, kernelFunc("Part").Values(jen.Dict{jen.Id("Of"): of, jen.Id("Size"): jen.Lit(part.Size)}))
	}
	stmt := kernelFunc(call.Kernel).Call(args...)
	for _, v := range n.Out {
		if v.Type.Scalar() {
			name := b.scalar(v)
			stmt = jen.Id(name).Op(":=").Add(stmt)
		}
	}
	b.stmts = append(b.stmts, stmt)
}

// scalar declares the variable of a scalar result.
func (b *body) scalar(v *ir.Value) string {
	name := b.value(v)
	b.scalars[v] = jen.Id(name)
	return name
}

// streamField names the field of a node's random numbers.
func (f *file) streamField(n *ir.Node) string { return f.value(n.Out[0]) }
