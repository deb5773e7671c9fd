package gogen

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
)

// expressions writes scalar expressions as Go, within a loop over rows or outside one.
type expressions struct {
	*body
	inLoop bool
	total  *jen.Statement // what ir.Total is
	long   bool           // within a sum that has a line for each term

	before, loads, stmts, after []jen.Code // before the loop; at its start; in it; after it

	seen   map[string]int            // how often a subexpression occurs in the loop
	read   map[element]bool          // the elements that occur in the loop
	shared map[string]*jen.Statement // the variables of those that occur more than once
	rows   map[*ir.Value]string      // pointers to a row, or the one element of it
	locals map[element]jen.Code      // results of the same row
}

// key identifies an expression.
func key(e ir.Expr) string {
	switch e := e.(type) {
	case ir.Elem:
		return fmt.Sprintf("%s[%d]", e.Of.Base().Name, e.Index)
	case ir.Num:
		return fmt.Sprint(float64(e))
	case ir.Rows:
		return fmt.Sprintf("n*%d", e.Times)
	case ir.Total:
		return "total"
	case ir.Binary:
		return "(" + key(e.X) + string(e.Op) + key(e.Y) + ")"
	case ir.Apply:
		args := make([]string, len(e.Args))
		for i, a := range e.Args {
			args[i] = key(a)
		}
		return e.Func + "(" + strings.Join(args, ",") + ")"
	}
	panic(fmt.Sprintf("gogen: expression %T", e))
}

// count notes the subexpressions and the elements of e.
func (x *expressions) count(e ir.Expr) {
	switch e := fold(e).(type) {
	case ir.Elem:
		x.read[element{e.Of.Base(), e.Index}] = true
	case ir.Binary:
		x.seen[key(e)]++
		x.count(e.X)
		x.count(e.Y)
	case ir.Apply:
		for _, a := range e.Args {
			x.count(a)
		}
	}
}

// code writes an expression.
func (x *expressions) code(e ir.Expr) *jen.Statement {
	e = fold(e)
	switch e := e.(type) {
	case ir.Num:
		return number(float64(e))
	case ir.Rows:
		return jen.Float32().Parens(times(e.Times, jen.Id("n")))
	case ir.Total:
		return x.total
	case ir.Elem:
		return x.elem(e)
	case ir.Apply:
		args := make([]jen.Code, len(e.Args))
		for i, a := range e.Args {
			args[i] = x.code(a)
		}
		return kernelFunc(e.Func).Call(args...)
	case ir.Binary:
		if x.inLoop {
			return x.share(e)
		}
		return x.binary(e)
	}
	panic(fmt.Sprintf("gogen: expression %T", e))
}

// binary writes X op Y; a long sum has a line for each term.
func (x *expressions) binary(e ir.Binary) *jen.Statement {
	if e.Op == '+' && (x.long || addends(e) > 4) {
		x.long = true
		sum := x.operand(e.X, e.Op, false).Op("+").Line().Add(x.operand(e.Y, e.Op, true))
		x.long = false
		return sum
	}
	return x.operand(e.X, e.Op, false).Op(string(e.Op)).Add(x.operand(e.Y, e.Op, true))
}

// addends counts the terms of a sum.
func addends(e ir.Expr) int {
	if sum, ok := e.(ir.Binary); ok && sum.Op == '+' {
		return addends(sum.X) + addends(sum.Y)
	}
	return 1
}

// operand writes an operand of op. A product stands in a conversion, so that it is rounded by itself; other
// compounds stand in parentheses where Go's precedence asks for them.
func (x *expressions) operand(e ir.Expr, op byte, right bool) *jen.Statement {
	inner, compound := e.(ir.Binary)
	code := x.code(e)
	if !compound || x.isShared(inner) {
		return code
	}
	sum := inner.Op == '+' || inner.Op == '-'
	switch {
	case inner.Op == '*':
		return jen.Float32().Parens(code)
	case (op == '*' || op == '/') && (sum || right), op == '-' && right && sum:
		return jen.Parens(code)
	}
	return code
}

// addend writes an expression that is added to a variable.
func (x *expressions) addend(e ir.Expr) *jen.Statement {
	code := x.code(e)
	if inner, ok := fold(e).(ir.Binary); ok && inner.Op == '*' && !x.isShared(inner) {
		return jen.Float32().Parens(code)
	}
	return code
}

// isShared reports whether the expression stands in a variable.
func (x *expressions) isShared(e ir.Binary) bool {
	return x.inLoop && x.shared[key(e)] != nil
}

// share writes an expression of a loop: from a variable before the loop, if it is the same for all rows; from a
// variable in the loop, if it occurs more than once.
func (x *expressions) share(e ir.Binary) *jen.Statement {
	k := key(e)
	if v := x.shared[k]; v != nil {
		return v.Clone()
	}
	if invariant(e) {
		name := x.local.fresh("scale")
		x.before = append(x.before, jen.Id(name).Op(":=").Add((&expressions{body: x.body}).code(e)))
		x.shared[k] = jen.Id(name)
		return jen.Id(name)
	}
	code := x.binary(e)
	if x.seen[k] < 2 {
		return code
	}
	name := x.local.fresh("e")
	x.stmts = append(x.stmts, jen.Id(name).Op(":=").Add(code))
	x.shared[k] = jen.Id(name)
	return jen.Id(name)
}

// invariant reports whether an expression depends on the number of rows alone.
func invariant(e ir.Expr) bool {
	switch e := fold(e).(type) {
	case ir.Num, ir.Rows:
		return true
	case ir.Binary:
		return invariant(e.X) && invariant(e.Y)
	}
	return false
}

// fold computes what is known at compile time.
func fold(e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case ir.Elem:
		if e.Of.Role == ir.Const {
			return ir.Num(e.Of.Number)
		}
	case ir.Binary:
		x, y := fold(e.X), fold(e.Y)
		a, isA := x.(ir.Num)
		b, isB := y.(ir.Num)
		switch {
		case isA && isB && e.Op == '*':
			return ir.Num(float32(a) * float32(b))
		case isA && a == 1 && e.Op == '*':
			return y
		}
		return ir.Binary{Op: e.Op, X: x, Y: y}
	}
	return e
}

// elem writes an element: a variable where it stands in one, else a place in memory.
func (x *expressions) elem(e ir.Elem) *jen.Statement {
	v := e.Of.Base()
	at := element{v, e.Index}
	if name := x.locals[at]; name != nil {
		return jen.Add(name)
	}
	if name := x.sums[at]; name != nil {
		return jen.Add(name)
	}
	switch {
	case v.Type.Scalar():
		return jen.Add(x.scalars[v])
	case !v.Type.Batch:
		return x.whole(v, e.Index)
	}
	name, loaded := x.rows[v]
	size := v.Type.Shape.Size()
	if !loaded {
		name = x.rowName(v)
		x.rows[v] = name
		load := x.memory(v).Index(jen.Id("r"))
		if size > 1 {
			load = jen.Parens(jen.Op("*").Index(jen.Lit(size)).Float32()).Parens(x.memory(v).Index(jen.Lit(size).Op("*").Id("r"), jen.Empty()))
		}
		x.loads = append(x.loads, jen.Id(name).Op(":=").Add(load))
	}
	if size == 1 {
		return jen.Id(name)
	}
	return jen.Id(name).Index(jen.Lit(e.Index))
}

// whole writes an element of a small array without the batch axis, through a pointer that spares the checks.
func (x *expressions) whole(v *ir.Value, index int) *jen.Statement {
	v = v.Base()
	if v.Def != nil {
		for i, r := range v.Def.Out {
			if old := v.Def.Overwrites(i); r == v && old != nil {
				return x.whole(old, index)
			}
		}
	}
	name, declared := x.wholes[v]
	if !declared {
		name = x.local.fresh(x.value(v))
		x.wholes[v] = name
		pointer := jen.Parens(jen.Op("*").Index(jen.Lit(v.Type.Shape.Size())).Float32()).Parens(x.memory(v))
		x.body.stmts = append(x.body.stmts, jen.Id(name).Op(":=").Add(pointer))
	}
	if v.Layout == ir.Transposed {
		out, in := v.Type.Shape[0], v.Type.Shape[1]
		index = index%in*out + index/in
	}
	return jen.Id(name).Index(jen.Lit(index))
}

// rowName is what a row of a value is called: as the slice, where that is a parameter of the function, which it
// hides within the loop.
func (x *expressions) rowName(v *ir.Value) string {
	name := x.value(v)
	if x.params[name] && v.Role != ir.Result {
		return name
	}
	return x.local.fresh(name)
}

// elementName is the variable of an element.
func (x *expressions) elementName(v *ir.Value, i int) string {
	if v.Type.Shape.Size() == 1 {
		return x.local.fresh(x.value(v))
	}
	return x.local.fresh(fmt.Sprintf("%s_%d", x.value(v), i))
}
