package ir

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
	OverRows     // one accumulator per element that starts at 0 and runs over the rows upwards
	InLanes      // term t of row r goes to lane (r·Terms+t) mod 16; a fixed tree adds the lanes
)

// Expr is an expression over single numbers: Elem, Num, Rows, Total, Binary or Apply.
type Expr interface{ expr() }

// Elem is an element of a value: of the current row, where the value has the batch axis.
type Elem struct {
	Of    *Value
	Index int
}

// Num is a constant.
type Num float64

// Rows is the number of rows in this call, times a constant.
type Rows struct{ Times int }

// Total is the sum that a Post takes.
type Total struct{}

// Binary is X Op Y, rounded to float32; Op is one of + - * /.
type Binary struct {
	Op   byte
	X, Y Expr
}

// Apply applies a function of the runtime's kernel package to numbers.
type Apply struct {
	Func string
	Args []Expr
}

func (Elem) expr()   {}
func (Num) expr()    {}
func (Rows) expr()   {}
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
