package kernelgen

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// expressions writes what is computed for one element as Go.
type expressions struct {
	leaves    map[ir.Arg]string // the operands' elements
	inside    []string          // statements before the result's
	seen      map[string]int    // how often an expression occurs, not counting within one that occurs again
	variables map[string]string // those that stand in one
}

// element writes the value of an element, rounded by itself if it is handed on to be added.
func (x *expressions) element(e ir.Expr, added bool) string {
	x.count(e)
	if added {
		return x.rounded(e)
	}
	return x.code(e)
}

// invariant writes an expression that stands before the loop as a whole.
func invariant(e ir.Expr) string {
	x := expressions{variables: map[string]string{}}
	return x.rounded(e)
}

// rounded writes an expression that something is made of. A product stands in a conversion, because Go may otherwise
// fuse it with an addition, also of a later statement.
func (x *expressions) rounded(e ir.Expr) string {
	text := x.code(e)
	if b, ok := e.(ir.Binary); ok && b.Op == '*' && x.variables[ir.Key(e)] != text {
		return "float32(" + text + ")"
	}
	return text
}

func (x *expressions) count(e ir.Expr) {
	k := ir.Key(e)
	if x.seen[k]++; x.seen[k] > 1 {
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

// code writes an expression. It stands in a variable if it occurs twice.
func (x *expressions) code(e ir.Expr) string {
	k := ir.Key(e)
	switch {
	case parts(e) == nil || x.seen[k] < 2:
		return x.plain(e)
	case x.variables[k] == "":
		code := x.plain(e)
		if b, ok := e.(ir.Binary); ok && b.Op == '*' {
			code = "float32(" + code + ")"
		}
		x.variables[k] = "e"
		if n := len(x.variables); n > 1 {
			x.variables[k] += strconv.Itoa(n)
		}
		x.inside = append(x.inside, x.variables[k]+" := "+code)
	}
	return x.variables[k]
}

// plain writes an expression made of its parts.
func (x *expressions) plain(e ir.Expr) string {
	switch e := e.(type) {
	case ir.Arg:
		return x.leaves[e]
	case ir.Named:
		return identifier(string(e))
	case ir.Num:
		switch {
		case math.IsNaN(float64(e)):
			return "notANumber()"
		case math.IsInf(float64(e), 1):
			return "infinity()"
		case math.IsInf(float64(e), -1):
			return "-infinity()"
		}
		return strconv.FormatFloat(float64(float32(e)), 'g', -1, 32)
	case ir.Count:
		return "float32(n*size)"
	case ir.Apply:
		args := make([]string, len(e.Args))
		for i, a := range e.Args {
			args[i] = x.rounded(a)
		}
		return e.Func.Name + "(" + strings.Join(args, ", ") + ")"
	case ir.Binary:
		return x.operand(e, e.X) + " " + string(e.Op) + " " + x.operand(e, e.Y)
	}
	panic(fmt.Sprintf("kernelgen: a Scalar has no %T", e))
}

// operand writes a part of a Binary, in parentheses where it is compound itself.
func (x *expressions) operand(of ir.Binary, e ir.Expr) string {
	code := x.rounded(e)
	inner, compound := e.(ir.Binary)
	if !compound || inner.Op == '*' || x.variables[ir.Key(e)] == code || inner.Op == '/' && (of.Op == '+' || of.Op == '-') {
		return code
	}
	return "(" + code + ")"
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
