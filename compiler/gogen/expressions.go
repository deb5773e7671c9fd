package gogen

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// expressions writes scalar expressions as Go, within a loop over rows or outside one.
type expressions struct {
	*body
	inLoop bool
	total  string // what ir.Total is
	long   bool   // within a sum that has a line for each term

	before, loads, inner, after []string // before the loop; at its start; in it; after it

	seen    map[string]int       // how often a subexpression occurs in the loop
	reads   map[element]bool     // the elements that occur in the loop
	shared  map[string]string    // the variables of those that occur more than once
	rows    map[*ir.Value]string // pointers to a row, or the one element of it
	results map[element]string   // results of the same row
}

// count notes the subexpressions and the elements of e.
func (x *expressions) count(e ir.Expr) {
	switch e := fold(e).(type) {
	case ir.Elem:
		x.reads[element{e.Of.Base(), e.Index}] = true
	case ir.Binary:
		x.seen[ir.Key(e)]++
		x.count(e.X)
		x.count(e.Y)
	case ir.Apply:
		for _, a := range e.Args {
			x.count(a)
		}
	}
}

// code writes an expression.
func (x *expressions) code(e ir.Expr) string {
	e = fold(e)
	switch e := e.(type) {
	case ir.Num:
		return numeral(float64(e))
	case ir.Rows:
		return "float32(" + times(e.Times, x.name("n")) + ")"
	case ir.Total:
		return x.total
	case ir.Elem:
		return x.elem(e)
	case ir.Apply:
		args := make([]string, len(e.Args))
		for i, a := range e.Args {
			args[i] = x.addend(a)
		}
		name := e.Func.Name
		if name[0] < 'a' { // those of Go itself begin with a small letter
			name = "kernel." + name
		}
		return name + "(" + strings.Join(args, ", ") + ")"
	case ir.Binary:
		if x.inLoop {
			return x.share(e)
		}
		return x.binary(e)
	}
	panic(fmt.Sprintf("gogen: expression %T", e))
}

// times multiplies by a size, unless it is 1.
func times(size int, code string) string {
	if size == 1 {
		return code
	}
	return fmt.Sprintf("%d*%s", size, code)
}

// binary writes X op Y; a long sum has a line for each term.
func (x *expressions) binary(e ir.Binary) string {
	op := " " + string(e.Op) + " "
	if e.Op == '+' && (x.long || addends(e) > 4) {
		x.long = true
		sum := x.operand(e.X, e.Op, false) + " +\n" + x.operand(e.Y, e.Op, true)
		x.long = false
		return sum
	}
	return x.operand(e.X, e.Op, false) + op + x.operand(e.Y, e.Op, true)
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
func (x *expressions) operand(e ir.Expr, op byte, right bool) string {
	inner, compound := fold(e).(ir.Binary)
	code := x.code(e)
	if !compound || x.isShared(inner) {
		return code
	}
	sum := inner.Op == '+' || inner.Op == '-'
	switch {
	case inner.Op == '*':
		return "float32(" + code + ")"
	case (op == '*' || op == '/') && (sum || right), op == '-' && right && sum:
		return "(" + code + ")"
	}
	return code
}

// addend writes an expression that is added to a variable, or handed to a function, which may be inlined and do so.
func (x *expressions) addend(e ir.Expr) string {
	code := x.code(e)
	if inner, ok := fold(e).(ir.Binary); ok && inner.Op == '*' && !x.isShared(inner) {
		return "float32(" + code + ")"
	}
	return code
}

// isShared reports whether the expression stands in a variable.
func (x *expressions) isShared(e ir.Binary) bool {
	return x.inLoop && x.shared[ir.Key(e)] != ""
}

// share writes an expression of a loop: from a variable before the loop, if it is the same for all rows; from a
// variable in the loop, if it occurs more than once.
func (x *expressions) share(e ir.Binary) string {
	k := ir.Key(e)
	if v := x.shared[k]; v != "" {
		return v
	}
	if ir.Invariant(foldAll(e)) {
		name := x.locals.fresh("scale")
		x.before = append(x.before, name+" := "+(&expressions{body: x.body}).addend(e))
		x.shared[k] = name
		return name
	}
	code := x.binary(e)
	if x.seen[k] < 2 {
		return code
	}
	if e.Op == '*' { // rounded here, whatever it is added to
		code = "float32(" + code + ")"
	}
	name := x.locals.fresh("e")
	x.inner = append(x.inner, name+" := "+code)
	x.shared[k] = name
	return name
}

// foldAll folds an expression throughout.
func foldAll(e ir.Expr) ir.Expr {
	return ir.Replace(e, func(leaf ir.Expr) ir.Expr { return fold(leaf) })
}

// fold computes what is known at compile time: Go would compute it exactly, and take whole numbers for integers.
func fold(e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case ir.Elem:
		if e.Of.Role == ir.Const {
			return ir.Num(e.Of.Number)
		}
	case ir.Binary:
		x, y := fold(e.X), fold(e.Y)
		if x == ir.Num(1) && e.Op == '*' {
			return y
		}
		return ir.Binary{Op: e.Op, X: x, Y: y}.Folded()
	}
	return e
}

// elem writes an element: a variable where it stands in one, else a place in memory.
func (x *expressions) elem(e ir.Elem) string {
	v := e.Of.Base()
	at := element{v, e.Index}
	if name := x.results[at]; name != "" {
		return name
	}
	if name := x.sums[at]; name != "" {
		return name
	}
	switch {
	case v.Scalar() && v.Type.Kind == ir.F64:
		return "float32(" + x.read(v) + ")"
	case v.Scalar():
		return x.read(v)
	case !v.Type.Batch:
		return x.whole(v, e.Index)
	}
	name, loaded := x.rows[v]
	size := v.Type.Shape.Size()
	if !loaded {
		name = x.rowName(v)
		x.rows[v] = name
		x.loads = append(x.loads, name+" := "+x.row(v))
	}
	if size == 1 {
		return name
	}
	return fmt.Sprintf("%s[%d]", name, e.Index)
}

// row writes a row of a value: its one element, or a pointer to an array of them, which spares the checks.
func (x *expressions) row(v *ir.Value) string {
	size, r := v.Type.Shape.Size(), x.name("r")
	if size == 1 {
		return fmt.Sprintf("%s[%s]", x.memory(v), r)
	}
	return fmt.Sprintf("(*[%d]float32)(%s[%d*%s:])", size, x.memory(v), size, r)
}

// whole writes an element of a small array without the batch axis, through a pointer that spares the checks.
func (x *expressions) whole(v *ir.Value, index int) string {
	v = v.Home()
	name, declared := x.wholes[v]
	if !declared {
		name = x.locals.fresh(x.local(v))
		x.wholes[v] = name
		x.body.stmts = append(x.body.stmts, raw(fmt.Sprintf("%s := (*[%d]float32)(%s)", name, v.Type.Shape.Size(), x.memory(v))))
	}
	return fmt.Sprintf("%s[%d]", name, v.Layout.Index(v.Type.Shape, index))
}

// rowName is what a row of a value is called: as the slice, where that is a parameter of the function, which it
// hides within the loop.
func (x *expressions) rowName(v *ir.Value) string {
	name := x.local(v)
	if x.params[name] && v.Role != ir.Result {
		return name
	}
	return x.locals.fresh(name)
}

// elementName is the variable of an element.
func (x *expressions) elementName(v *ir.Value, i int) string {
	if v.Type.Shape.Size() == 1 {
		return x.locals.fresh(x.local(v))
	}
	return x.locals.fresh(fmt.Sprintf("%s_%d", x.local(v), i))
}
