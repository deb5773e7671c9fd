package ir

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var (
	negative = &Function{Name: "Negative", FLOPs: 3, Eval: func(x ...float64) float64 { return -x[0] }}
	a, b     = Arg(0), Arg(1)
)

func TestKeysTellExpressionsApart(t *testing.T) {
	v := &Value{Name: "v"}
	all := []Expr{Arg(0), Arg(1), Num(0), Num(1), Num(0.5), Named("arg0"), Named("count"), Count{}, Total{}, Rows{Times: 1}, Rows{Times: 2},
		Elem{Of: v}, Elem{Of: v, Index: 1}, Elem{Of: &Value{Name: "w"}}, Add(a, b), Add(b, a), Sub(a, b), Mul(a, b), Div(a, b),
		Add(Add(a, b), a), Add(a, Add(b, a)), Add(Num(0), b), Apply{negative, []Expr{a}}, Apply{&Function{Name: "F"}, []Expr{a}},
		Apply{negative, []Expr{a, b}}}
	keys := map[string]Expr{}
	for _, e := range all {
		assert.NotContains(t, keys, Key(e), "%#v", e)
		keys[Key(e)] = e
	}
	assert.Equal(t, Key(Mul(Add(a, b), a)), Key(Mul(Add(Arg(0), b), a)))
}

func TestOperationsCountsWhatIsDoneForEveryElement(t *testing.T) {
	for want, list := range map[int][]Expr{
		0: {a, Num(2), Mul(Num(2), Named("k")), Div(Num(1), Count{}), Apply{negative, []Expr{Named("k")}}},
		1: {Add(a, b), Mul(a, Div(Num(1), Count{}))},
		2: {Mul(Sub(a, b), Sub(a, b)), Sub(Mul(a, b), Num(1))},
		3: {Apply{negative, []Expr{a}}, Add(Mul(Num(0), b), Mul(a, b))}, // an operand is not the number of its place
		4: {Apply{negative, []Expr{Add(a, b)}}},
		7: {Mul(Apply{negative, []Expr{a}}, Apply{negative, []Expr{b}})},
	} {
		for _, e := range list {
			assert.Equal(t, want, Operations(e), "%s", Key(e))
		}
	}
}

func TestEvaluate(t *testing.T) {
	leaf := func(e Expr) float64 {
		if arg, ok := e.(Arg); ok {
			return []float64{7, 2}[arg]
		}
		return math.NaN()
	}
	var visited []float64
	e := Sub(Div(Mul(a, b), Num(4)), Apply{negative, []Expr{Add(a, b)}})
	assert.Equal(t, 7*2/4.0+9, Evaluate(e, leaf, func(f Apply, x []float64) {
		assert.Equal(t, negative, f.Func)
		visited = append(visited, x...)
	}))
	assert.Equal(t, []float64{9}, visited)
	swapped := Replace(e, func(l Expr) Expr {
		if arg, ok := l.(Arg); ok {
			return 1 - arg
		}
		return l
	})
	assert.Equal(t, "(((arg1 * arg0) / 4) - Negative((arg1 + arg0)))", Key(swapped))
}

// What is computed of numbers beforehand is what a loop over float32s would have computed.
func TestFoldedRoundsAsALoopWould(t *testing.T) {
	x, y := float32(0.1), float32(3)
	for _, c := range []struct {
		e    Binary
		want float32
	}{
		{Binary{'+', Num(0.1), Num(3)}, x + y},
		{Binary{'-', Num(0.1), Num(3)}, x - y},
		{Binary{'*', Num(0.1), Num(3)}, x * y},
		{Binary{'/', Num(0.1), Num(3)}, x / y},
	} {
		assert.Equal(t, Num(c.want), c.e.Folded(), "%s", Key(c.e))
	}
	for _, e := range []Binary{{'+', Num(1), a}, {'*', a, Num(1)}, {'/', Num(1), Count{}}} {
		assert.Equal(t, e, e.Folded())
	}
}
