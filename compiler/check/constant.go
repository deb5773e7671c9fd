package check

import (
	"math"
	"strconv"

	"github.com/nnc-lang/nnc/compiler/diag"
	"github.com/nnc-lang/nnc/grammar"
)

// constant is the value of an expression: a whole number, or a real one.
type constant struct {
	value float64
	whole bool
}

// exact is the largest whole number up to which float64 counts every one.
const exact = 1 << 53

// constant computes an expression.
func (c *checker) constant(e *grammar.Expr) (constant, *diag.Diagnostic) {
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
		x = constant{value, err == nil}
	case grammar.Negate:
		operand, bad := c.constant(e.X)
		if bad != nil {
			return constant{}, bad
		}
		x = constant{-operand.value, operand.whole}
	case grammar.Binary:
		left, bad := c.constant(e.X)
		if bad != nil {
			return constant{}, bad
		}
		right, bad := c.constant(e.Y)
		if bad != nil {
			return constant{}, bad
		}
		x.whole = left.whole && right.whole
		switch e.Op {
		case '+':
			x.value = left.value + right.value
		case '-':
			x.value = left.value - right.value
		case '*':
			x.value = left.value * right.value
		case '/':
			if right.value == 0 {
				return fail(diag.OutOfRange, "`%s` divides by zero", e)
			}
			x.value = left.value / right.value
			if x.whole && x.value != math.Trunc(x.value) {
				return fail(diag.OutOfRange, "`%s` does not divide exactly: it is %v", e, x.value)
			}
		}
	case grammar.Name:
		return fail(diag.UndefinedName, "`%s` is not defined", e.Text)
	default:
		return fail(diag.WrongType, "a text where a number is wanted")
	}
	if math.IsInf(x.value, 0) || math.IsNaN(x.value) || x.whole && math.Abs(x.value) > exact {
		return fail(diag.OutOfRange, "%s is too large a number", e)
	}
	return x, nil
}

// size computes an expression that is the length of an axis.
func (c *checker) size(e *grammar.Expr) (int, *diag.Diagnostic) {
	x, bad := c.constant(e)
	if bad != nil {
		return 1, bad
	}
	if !x.whole || x.value < 1 {
		d := c.problem(diag.OutOfRange, e.Span, "a size is a whole number from 1, but this is %v", x.value)
		return 1, &d
	}
	if x.value > tooMany {
		d := c.problem(diag.TooLarge, e.Span, "a size of %s is too large", e).WithHelp("the limit is %d", tooMany)
		return 1, &d
	}
	return int(x.value), nil
}
