package ir

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var (
	larger = &Function{Name: "max", FLOPs: 1, Eval: func(x ...float64) float64 { return max(x[0], x[1]) }}
	minus  = &Function{Name: "Minus", Eval: func(x ...float64) float64 { return -x[0] }}
	dear   = &Function{Name: "Dear", FLOPs: 5, Eval: func(x ...float64) float64 { return x[0] }}
)

func call(f *Function, args ...Expr) Expr { return Apply{f, args} }

// leaf says that Arg(i) is i + 2, the attribute "k" 10, and everything else 100.
func leaf(e Expr) float64 {
	switch e := e.(type) {
	case Arg:
		return float64(e) + 2
	case Named:
		return float64(len(e)) * 10
	}
	return 100
}

func TestEvaluate(t *testing.T) {
	for i, c := range []struct {
		e    Expr
		want float64
	}{
		{Num(3), 3},
		{Add(Arg(0), Arg(1)), 5},
		{Sub(Arg(0), Arg(1)), -1},
		{Mul(Arg(0), Arg(1)), 6},
		{Div(Arg(0), Num(4)), 0.5},
		{Sub(Num(1), Sub(Num(2), Num(3))), 2},
		{Div(Total{}, Rows{3}), 1},
		{Mul(Named("k"), Count{}), 1000},
		{call(larger, Arg(0), call(minus, Arg(1))), 2},
		{Elem{Index: 3}, 100},
	} {
		assert.Equal(t, c.want, Evaluate(c.e, leaf, nil), "expression %d", i)
	}
	assert.Panics(t, func() { Evaluate(Binary{'%', Num(1), Num(2)}, leaf, nil) })
}

func TestEvaluateTellsOfFunctions(t *testing.T) {
	var seen []string
	var arguments [][]float64
	Evaluate(Add(call(larger, Arg(0), call(minus, Arg(1))), call(minus, Num(7))), leaf, func(a Apply, x []float64) {
		seen, arguments = append(seen, a.Func.Name), append(arguments, x)
	})
	assert.Equal(t, []string{"Minus", "max", "Minus"}, seen, "arguments before the function")
	assert.Equal(t, [][]float64{{3}, {2, -3}, {7}}, arguments)
}

func TestReplace(t *testing.T) {
	e := Add(call(larger, Arg(0), Num(2)), Mul(Arg(1), Named("k")))
	got := Replace(e, func(l Expr) Expr {
		if a, ok := l.(Arg); ok {
			return Sub(a+1, Num(1))
		}
		return l
	})
	assert.Equal(t, Add(call(larger, Sub(Arg(1), Num(1)), Num(2)), Mul(Sub(Arg(2), Num(1)), Named("k"))), got)
	assert.Equal(t, Add(call(larger, Arg(0), Num(2)), Mul(Arg(1), Named("k"))), e, "the expression stays as it is")
}

func TestOperations(t *testing.T) {
	x, y := Arg(0), Arg(1)
	for i, c := range []struct {
		e    Expr
		want int
	}{
		{x, 0},
		{Add(x, y), 1},
		{Add(x, Mul(x, y)), 2},
		{Mul(Sub(x, y), Sub(x, y)), 2}, // x − y is computed once
		{Mul(Sub(x, y), Sub(y, x)), 3},
		{Add(Add(Num(1), x), Add(y, x)), 3},                          // the number 1 is not operand 1
		{Add(Mul(x, Count{}), Mul(x, Total{})), 3},                   // nor is a count a total
		{Mul(x, Div(Num(2), Rows{4})), 1},                            // 2/n is there already
		{Mul(x, Sub(Num(0), Named("k"))), 1},                         // and so is −k
		{call(dear, Add(x, y)), 6},                                   //
		{Add(call(dear, x), call(dear, x)), 6},                       // once
		{Add(call(dear, x), call(dear, y)), 11},                      //
		{call(minus, Mul(x, y)), 1},                                  // what costs nothing itself may hold what does
		{Add(call(minus, Mul(x, y)), call(larger, x, Mul(x, y))), 3}, //
		{Add(Elem{Index: 1}, Elem{Index: 2}), 1},
	} {
		assert.Equal(t, c.want, Operations(c.e), "expression %d", i)
	}
}

func TestInvariant(t *testing.T) {
	for _, e := range []Expr{Num(1), Named("k"), Rows{2}, Count{}, Div(Num(1), Mul(Rows{2}, Named("k")))} {
		assert.True(t, Invariant(e), "%v", e)
	}
	for _, e := range []Expr{Arg(0), Elem{}, Total{}, Add(Num(1), Arg(0)), Add(Arg(0), Num(1)), call(minus, Arg(0))} {
		assert.False(t, Invariant(e), "%v", e)
	}
}
