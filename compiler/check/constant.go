package check

import (
	"fmt"
	"math"
	"strconv"

	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// constant is the value of an expression: a whole number, or a real one.
type constant struct {
	value   float64
	whole   bool
	unknown bool // its own declaration is wrong, which has been reported
}

// exact is the largest whole number up to which float64 counts every one.
const exact = 1 << 53

// constant computes an expression.
func (c *checker) constant(e *grammar.Expr) (constant, *diag.Diagnostic) {
	x, bad := c.compute(e)
	return x, c.withNumbers(bad)
}

// compute computes an expression. Of a name that is not defined it does not say which numbers have names.
func (c *checker) compute(e *grammar.Expr) (constant, *diag.Diagnostic) {
	fail := func(code, format string, args ...any) (constant, *diag.Diagnostic) {
		d := c.problem(code, e.Span, format, args...)
		return constant{}, &d
	}
	var x constant
	switch e.Kind {
	case grammar.Number:
		value, err := strconv.ParseFloat(e.Text, 64)
		if err != nil {
			return fail(diag.OutOfRange, "%s is too large a number", e)
		}
		whole, err := strconv.ParseUint(e.Text, 10, 64)
		if whole > exact {
			return fail(diag.OutOfRange, "%s is too large a number", e)
		}
		x = constant{value: value, whole: err == nil}
	case grammar.Negate:
		operand, bad := c.compute(e.X)
		if bad != nil {
			return constant{}, bad
		}
		x = operand
		x.value = -x.value
	case grammar.Binary:
		return c.binary(e)
	case grammar.Name:
		return c.number(e)
	default:
		return fail(diag.WrongType, "a text where a number is wanted")
	}
	return c.sound(e, x)
}

// binary computes X op Y.
func (c *checker) binary(e *grammar.Expr) (constant, *diag.Diagnostic) {
	left, bad := c.compute(e.X)
	if bad != nil {
		return constant{}, bad
	}
	right, bad := c.compute(e.Y)
	if bad != nil {
		return constant{}, bad
	}
	x := constant{whole: left.whole && right.whole, unknown: left.unknown || right.unknown}
	switch e.Op {
	case '+':
		x.value = left.value + right.value
	case '-':
		x.value = left.value - right.value
	case '*':
		x.value = left.value * right.value
	case '/':
		x.value = left.value / right.value
		switch {
		case x.unknown:
		case right.value == 0:
			d := c.problem(diag.OutOfRange, e.Span, "`%s` divides by zero", e)
			return constant{}, &d
		case x.whole && x.value != math.Trunc(x.value):
			d := c.problem(diag.OutOfRange, e.Span, "`%s` does not divide exactly: it is %v", e, x.value)
			return constant{}, &d
		}
	}
	return c.sound(e, x)
}

// number finds the number that a name stands for.
func (c *checker) number(e *grammar.Expr) (constant, *diag.Diagnostic) {
	if e.Text == "true" || e.Text == "false" {
		d := c.problem(diag.WrongType, e.Span, "`%s` is a flag, but a number is wanted", e.Text)
		return constant{}, &d
	}
	n, bad := c.find(grammar.Ident{Name: e.Text, Span: e.Span})
	switch {
	case bad != nil:
		return constant{}, bad
	case n.kind == isNumber:
		return n.number, nil
	case n.kind == isUnknown:
		return constant{unknown: true}, nil
	}
	what := "a value that flows"
	if n.kind == isFlag {
		what = "true or false"
	}
	d := n.note(c.problem(diag.WrongType, e.Span, "`%s` is %s, but a number is wanted", e.Text, what))
	return constant{}, &d
}

// sound refuses what float64 does not hold, or does not count exactly.
func (c *checker) sound(e *grammar.Expr, x constant) (constant, *diag.Diagnostic) {
	if !x.unknown && (math.IsInf(x.value, 0) || math.IsNaN(x.value) || x.whole && math.Abs(x.value) > exact) {
		d := c.problem(diag.OutOfRange, e.Span, "%s is too large a number", e)
		return constant{}, &d
	}
	return x, nil
}

// size computes an expression that is the length of an axis.
func (c *checker) size(e *grammar.Expr) (int, *diag.Diagnostic) {
	x, bad := c.constant(e)
	if bad != nil {
		return 1, bad
	}
	if x.unknown {
		return 1, nil
	}
	if !x.whole && x.value == math.Trunc(x.value) && x.value >= 1 {
		d := c.problem(diag.OutOfRange, e.Span, "a size is a whole number, but %s is a real one", e).
			WithHelp("write it without a point or an exponent: `%.0f`", x.value)
		return 1, &d
	}
	if !x.whole || x.value < 1 {
		d := c.problem(diag.OutOfRange, e.Span, "a size is a whole number from 1, but this is %v", x.value)
		return 1, &d
	}
	if x.value > float64(c.most) {
		d := c.problem(diag.TooLarge, e.Span, "a size of %s is too large", e).
			WithHelp("the limit is %d elements, %s; --max-memory raises it", c.most, memory(c.most))
		return 1, &d
	}
	return int(x.value), nil
}

// memory is the memory that so many float32s take.
func memory(elements int) string {
	bytes, unit := 4*float64(elements), 0
	for ; bytes >= 1024 && unit < 3; unit++ {
		bytes /= 1024
	}
	return fmt.Sprintf("%.4g %s", bytes, [...]string{"bytes", "KiB", "MiB", "GiB"}[unit])
}
