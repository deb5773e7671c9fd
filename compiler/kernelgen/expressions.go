package kernelgen

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// expressions writes what is computed for one element as Go.
type expressions struct {
	leaves         map[ir.Arg]string // the operands' elements
	before, inside []string          // statements before the loop, and in it
	seen           map[string]int    // how often an expression occurs, not counting within one that occurs again
	variables      map[string]string // those that stand in one
}

// element writes the value of an element, rounded by itself if it is handed on to be added.
func (x *expressions) element(e ir.Expr, added bool) string {
	x.count(e)
	if added {
		return x.rounded(e, x.code)
	}
	return x.code(e)
}

// rounded writes an expression that something is made of. A product stands in a conversion, because Go may otherwise
// fuse it with an addition, also of a later statement.
func (x *expressions) rounded(e ir.Expr, code func(ir.Expr) string) string {
	text := code(e)
	if b, ok := e.(ir.Binary); ok && b.Op == '*' && x.variables[ir.Key(e)] != text {
		return "float32(" + text + ")"
	}
	return text
}

func (x *expressions) count(e ir.Expr) {
	k := ir.Key(e)
	if x.seen[k]++; x.seen[k] > 1 || ir.Invariant(e) {
		return
	}
	for _, part := range parts(e) {
		x.count(part)
	}
}

func parts(e ir.Expr) []ir.Expr {
	switch e := e.(type) {
	case ir.Binary:
		return []ir.Expr{e.X, e.Y}
	case ir.Apply:
		return e.Args
	}
	return nil
}

// code writes an expression of the loop. It stands in a variable if it is the same for all elements, or occurs twice.
func (x *expressions) code(e ir.Expr) string {
	if parts(e) == nil {
		return x.plain(e, x.code)
	}
	k := ir.Key(e)
	switch {
	case x.variables[k] != "":
	case ir.Invariant(e):
		x.variables[k] = x.fresh(constantName(e))
		x.before = append(x.before, x.variables[k]+" := "+x.rounded(e, x.invariant))
	case x.seen[k] > 1:
		code := x.rounded(e, func(e ir.Expr) string { return x.plain(e, x.code) })
		x.variables[k] = x.fresh("e")
		x.inside = append(x.inside, x.variables[k]+" := "+code)
	default:
		return x.plain(e, x.code)
	}
	return x.variables[k]
}

// invariant writes an expression that stands before the loop as a whole.
func (x *expressions) invariant(e ir.Expr) string { return x.plain(e, x.invariant) }

// plain writes an expression whose parts are written by part.
func (x *expressions) plain(e ir.Expr, part func(ir.Expr) string) string {
	switch e := e.(type) {
	case ir.Arg:
		return x.leaves[e]
	case ir.Named:
		return identifier(string(e))
	case ir.Num:
		return strconv.FormatFloat(float64(e), 'g', -1, 64)
	case ir.Count:
		return "float32(n*size)"
	case ir.Apply:
		args := make([]string, len(e.Args))
		for i, a := range e.Args {
			args[i] = x.rounded(a, part)
		}
		return e.Func.Name + "(" + strings.Join(args, ", ") + ")"
	case ir.Binary:
		return x.operand(e, e.X, part) + " " + string(e.Op) + " " + x.operand(e, e.Y, part)
	}
	panic(fmt.Sprintf("kernelgen: a Scalar has no %T", e))
}

// operand writes a part of a Binary, in parentheses where it is compound itself.
func (x *expressions) operand(of ir.Binary, e ir.Expr, part func(ir.Expr) string) string {
	code := x.rounded(e, part)
	inner, compound := e.(ir.Binary)
	if !compound || inner.Op == '*' || x.variables[ir.Key(e)] == code || inner.Op == '/' && (of.Op == '+' || of.Op == '-') {
		return code
	}
	return "(" + code + ")"
}

// fresh returns the name, or the name with the first number from 2 that makes it new.
func (x *expressions) fresh(name string) string {
	used := 1
	for _, v := range x.variables {
		if strings.TrimRight(v, "0123456789") == name {
			used++
		}
	}
	if used == 1 {
		return name
	}
	return name + strconv.Itoa(used)
}

// constantName is what a variable is called that is the same for all elements.
func constantName(e ir.Expr) string {
	if b, ok := e.(ir.Binary); ok && (b.Op == '*' || b.Op == '/') {
		return "scale"
	}
	return "c"
}

// fold computes what is made of numbers alone, in float32 as the loop would.
func fold(e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case ir.Apply:
		args := make([]ir.Expr, len(e.Args))
		for i, a := range e.Args {
			args[i] = fold(a)
		}
		return ir.Apply{Func: e.Func, Args: args}
	case ir.Binary:
		return ir.Binary{Op: e.Op, X: fold(e.X), Y: fold(e.Y)}.Folded()
	}
	return e
}
