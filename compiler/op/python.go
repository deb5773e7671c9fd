package op

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// What rules for PyTorch (ir.Op.Torch) are written with.

// torchCall is the rule of a node whose results are that expression of its operands, with what parts it takes.
func torchCall(call string, parts ...string) func(*ir.Node) ir.Torch {
	return func(*ir.Node) ir.Torch { return ir.Torch{Call: call, Parts: parts} }
}

// ownsTensor reports whether operand i is a parameter or a state of the node's layer, and not one that another layer shares
// with it: then a module may hold it.
func ownsTensor(n *ir.Node, i int) bool { return strings.HasPrefix(n.In[i].Name, n.Layer+".") }

// pyNumber writes a number in Python.
func pyNumber(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// pyTuple writes whole numbers as a tuple.
func pyTuple(numbers ...int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	if len(texts) == 1 {
		return "(" + texts[0] + ",)"
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

// pySizes writes sizes as arguments of PyTorch's take them: one number where all are equal.
func pySizes(sizes ...int) string {
	for _, n := range sizes[1:] {
		if n != sizes[0] {
			return pyTuple(sizes...)
		}
	}
	return strconv.Itoa(sizes[0])
}

// pyArgs are the arguments of a call in Python.
type pyArgs []string

// plus adds arguments by position.
func (a pyArgs) plus(values ...any) pyArgs {
	for _, v := range values {
		a = append(a, fmt.Sprint(v))
	}
	return a
}

// option adds one by name unless it is what is left out.
func (a pyArgs) option(name, value, leftOut string) pyArgs {
	if value == leftOut {
		return a
	}
	return append(a, name+"="+value)
}

// call writes the call of a function.
func (a pyArgs) call(function string) string { return function + "(" + strings.Join(a, ", ") + ")" }

// alongPositions turns a call of PyTorch's that wants channels before positions, with {0} for its operand, into one for a sequence
// [n, T, D].
func alongPositions(call string) string {
	return strings.ReplaceAll(call, "{0}", "{0}.transpose(1, 2)") + ".transpose(1, 2)"
}

// pyBool is a truth value in Python.
func pyBool(is bool) string {
	if is {
		return "True"
	}
	return "False"
}

// pyList writes whole numbers as a list.
func pyList(numbers []int) string {
	return "[" + strings.Trim(pyTuple(numbers...), "(,)") + "]"
}

// torchText is torchCall with the attributes' names in braces for their values.
func torchText(call string, attrs ir.Attrs) func(*ir.Node) ir.Torch {
	for _, a := range attrs {
		call = strings.ReplaceAll(call, "{"+a.Name+"}", pyNumber(a.Value))
	}
	return torchCall(call)
}

// torchShape writes the arguments of a change of shape: -1, 8, 28.
func torchShape(t ir.Type) string {
	dims := make([]string, 0, len(t.Shape)+1)
	if t.Batch {
		dims = append(dims, "-1")
	}
	for _, d := range t.Shape {
		dims = append(dims, fmt.Sprint(d))
	}
	return strings.Join(dims, ", ")
}
