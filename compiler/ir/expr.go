package ir

import (
	"fmt"
	"slices"
	"strings"
)

// Written is one result of an operation written out element by element.
//
// Without a Sum, Elem(i) is element i of the result (of the current row, where it has the batch axis). With
// one, each row adds: under OverRows, Elem(i) to element i; under InLanes, Elem(0) … Elem(Terms-1) to the one
// element, and Post makes the result of the total.
type Written struct {
	Elem  func(i int) Expr
	Sum   Sum
	Terms int
	Post  Expr
}

// Sum is the order in which rows are added; it is part of the meaning, because it decides the bits.
type Sum uint8

// The orders.
const (
	NoSum    Sum = iota
	OverRows     // blocks of 256 rows; in each, one accumulator per element that starts at 0 and runs upwards
	InLanes      // blocks of 4,096 terms; in each, term t goes to lane t mod 16, and a fixed tree adds the lanes
)

// Expr is an expression over single numbers: Elem, Arg, Named, Num, Rows, Count, Total, Binary or Apply.
type Expr interface{ expr() }

// Elem is an element of a value: of the current row, where the value has the batch axis.
type Elem struct {
	Of    *Value
	Index int
}

// Arg is the element of an operand, in the Scalar of a card.
type Arg int

// Named is an attribute of the card, in its Scalar.
type Named string

// Num is a constant.
type Num float64

// Rows is the number of rows in this call, times a constant.
type Rows struct{ Times int }

// Count is the number of elements of all rows, in the Scalar of a card.
type Count struct{}

// Total is the sum that a Post takes.
type Total struct{}

// Binary is X Op Y, rounded to float32; Op is one of + - * /.
type Binary struct {
	Op   byte
	X, Y Expr
}

// Apply applies a function to numbers.
type Apply struct {
	Func *Function
	Args []Expr
}

// Function is a scalar function that expressions may use: Go's max or min, or one of the runtime's kernel package.
type Function struct {
	Name  string // as Go code calls it
	Eval  func(x ...float64) float64
	FLOPs int
	// Body computes it in steps, of which the last is the value; nil: it is a primitive. From it the runtime's Go and its
	// assembly are written, which so have the same bits.
	Body []Step
	Doc  string // of one with a Body: the formula, in x
	// Piece says which of the two pieces that its definition is made of holds at x, 0 or 1; nil if there is one.
	Piece func(x ...float64) int
	// ONNX adds the operators that compute it of arguments that are called x. nil where prediction has no need of it.
	ONNX func(o ONNX, x ...string) string
}

// Step is a named intermediate result of a Function's Body: an expression of the function's arguments (Arg), numbers
// and the steps before it (Named), whose operations each round to float32.
type Step struct {
	Name  string
	Value Expr
}

func (Elem) expr()   {}
func (Arg) expr()    {}
func (Named) expr()  {}
func (Num) expr()    {}
func (Rows) expr()   {}
func (Count) expr()  {}
func (Total) expr()  {}
func (Binary) expr() {}
func (Apply) expr()  {}

// Add returns x + y.
func Add(x, y Expr) Expr { return Binary{'+', x, y} }

// Sub returns x − y.
func Sub(x, y Expr) Expr { return Binary{'-', x, y} }

// Mul returns x·y.
func Mul(x, y Expr) Expr { return Binary{'*', x, y} }

// Div returns x / y.
func Div(x, y Expr) Expr { return Binary{'/', x, y} }

// Folded returns the number that a Binary of two numbers is, each rounded to float32 as a loop would; any other Binary
// as it is.
func (e Binary) Folded() Expr {
	x, isX := e.X.(Num)
	y, isY := e.Y.(Num)
	if !isX || !isY {
		return e
	}
	return Num(float32(Evaluate(Binary{e.Op, Num(float32(x)), Num(float32(y))}, nil, nil)))
}

// Replace returns the expression with each leaf (what is neither Binary nor Apply) replaced.
func Replace(e Expr, leaf func(Expr) Expr) Expr {
	switch e := e.(type) {
	case Binary:
		return Binary{e.Op, Replace(e.X, leaf), Replace(e.Y, leaf)}
	case Apply:
		args := make([]Expr, len(e.Args))
		for i, a := range e.Args {
			args[i] = Replace(a, leaf)
		}
		return Apply{e.Func, args}
	}
	return leaf(e)
}

// Evaluate returns the expression's value in float64. Each function that is applied is told to visit, unless that
// is nil, with its arguments.
func Evaluate(e Expr, leaf func(Expr) float64, visit func(a Apply, x []float64)) float64 {
	switch e := e.(type) {
	case Num:
		return float64(e)
	case Binary:
		x, y := Evaluate(e.X, leaf, visit), Evaluate(e.Y, leaf, visit)
		switch e.Op {
		case '+':
			return x + y
		case '-':
			return x - y
		case '*':
			return x * y
		case '/':
			return x / y
		}
		panic(fmt.Sprintf("ir: operator %c", e.Op))
	case Apply:
		x := make([]float64, len(e.Args))
		for i, a := range e.Args {
			x[i] = Evaluate(a, leaf, visit)
		}
		if visit != nil {
			visit(e, x)
		}
		return e.Func.Eval(x...)
	}
	return leaf(e)
}

// Key returns a text that equal expressions share and no others of the same graph or card.
func Key(e Expr) string {
	switch e := e.(type) {
	case Elem:
		return fmt.Sprintf("%s[%d]", e.Of.Base().Name, e.Index)
	case Arg:
		return fmt.Sprintf("arg%d", int(e))
	case Named:
		return fmt.Sprintf("%q", string(e))
	case Num:
		return fmt.Sprint(float64(e))
	case Rows:
		return fmt.Sprintf("rows*%d", e.Times)
	case Count:
		return "count"
	case Total:
		return "total"
	case Binary:
		return "(" + Key(e.X) + " " + string(e.Op) + " " + Key(e.Y) + ")"
	case Apply:
		args := make([]string, len(e.Args))
		for i, a := range e.Args {
			args[i] = Key(a)
		}
		return e.Func.Name + "(" + strings.Join(args, ", ") + ")"
	}
	panic(fmt.Sprintf("ir: expression %T", e))
}

// Operations counts the floating-point operations of an expression. A subexpression that occurs again counts once,
// as it is computed once; those of numbers and row counts alone are done before anything else, and count nothing.
func Operations(e Expr) int { return operations(e, map[string]bool{}) }

func operations(e Expr, seen map[string]bool) int {
	var n int
	var parts []Expr
	switch e := e.(type) {
	case Binary:
		n, parts = 1, []Expr{e.X, e.Y}
	case Apply:
		n, parts = e.Func.FLOPs, e.Args
	}
	if n == 0 || Invariant(e) || seen[Key(e)] {
		return 0
	}
	seen[Key(e)] = true
	for _, part := range parts {
		n += operations(part, seen)
	}
	return n
}

// Invariant reports whether an expression is the same for all rows and elements because it depends on numbers,
// attributes and the number of rows alone.
func Invariant(e Expr) bool {
	switch e := e.(type) {
	case Num, Named, Rows, Count:
		return true
	case Binary:
		return Invariant(e.X) && Invariant(e.Y)
	case Apply:
		return !slices.ContainsFunc(e.Args, func(a Expr) bool { return !Invariant(a) })
	}
	return false
}
