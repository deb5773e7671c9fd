package ir

import (
	"fmt"
	"strings"
)

// Op is an operation's card: everything that the compiler knows of it, in one place. A card is made anew by
// its function for each use, so that its rules may compute from the attributes.
type Op struct {
	Name  string
	Attrs Attrs
	Doc   string // the formula, in the terms of the card's operands

	// Types gives the results' types for the operands' types, or says what does not fit.
	Types func(in []Type) ([]Type, error)

	// Grad adds the nodes that compute the operands' gradients from the results' gradients and returns them,
	// nil for an operand that has none. dys[i] is nil where nothing depends on result i. A nil Grad: no
	// gradient flows through.
	Grad func(b *Builder, n *Node, dys []*Value) []*Value

	// Eval is the meaning: naive, in float64. ys have their types and their memory. It is nil for Random.
	Eval func(ys, xs []Tensor)

	// Emit says which kernel computes it, with which constants.
	Emit func(n *Node) Call

	// Written gives the meaning element by element, for shapes so small that a call would cost more than the
	// arithmetic: one entry per result. Optional.
	Written func(n *Node) []Written

	// Formula is the comment over the generated code, with {0}, {1}, … for the operands' names, {y}, {y1}, …
	// for the results', {weight} for a factor that is the first operand, which a 1 leaves out, and the
	// attributes' names for their values.
	Formula string

	// FLOPs is the number of floating-point operations per row (per call, where nothing has the batch axis).
	FLOPs func(n *Node) int

	// Infer says what the node's first result is in prediction: one of its operands. Optional.
	Infer func(n *Node) *Value

	Results    []string // the names of the results after the first: cross-entropy's probabilities
	Layouts    []Layout // how the results lie in memory; row-major beyond its end
	Overwrites []int    // result i replaces the memory of operand Overwrites[i]
	View       bool     // the result is the first operand's memory in another shape
	Random     bool     // the kernel takes a stream of random numbers, named after the layer

	// Scratch is the number of float32s of temporary memory that the kernel takes for so many rows. Optional.
	Scratch func(n *Node, rows int) int
}

// Attr is a named constant of an operation.
type Attr struct {
	Name  string
	Value float64
}

// Attrs is an ordered list of attributes. They are printed and compared; closures may compute from them.
type Attrs []Attr

func (a Attrs) String() string {
	var s strings.Builder
	for _, attr := range a {
		fmt.Fprintf(&s, " %s=%v", attr.Name, attr.Value)
	}
	return s.String()
}

// Call is a call of a kernel as data. Its arguments are, in order: the pool, the results that are arrays, the
// operands, the stream of random numbers if the operation is Random, scratch if Scratch, Rows times the
// run-time row count unless Rows is 0, the constants, the parts. A result that overwrites an operand stands once, among
// the results. A scalar result is the kernel's return value; scalar operands are passed by value. A nil in
// Operands stands for an operand that the node does not have.
type Call struct {
	Kernel   string
	Operands []*Value // nil: the node's own
	Scratch  bool     // nil is passed where the operation asks for none
	Rows     int
	Consts   []Constant
	Parts    []Part // what stands here does not stand among the results and operands as well
}

// Part is a value that is one of several side by side, with the number of its elements that lie together; zeros
// where Value is nil.
type Part struct {
	Value *Value
	Size  int
}

// Constant is a constant argument of a kernel: a size, or a number where Float.
type Constant struct {
	Int    int
	Number float64
	Float  bool
}

// Size returns an integer constant.
func Size(n int) Constant { return Constant{Int: n} }

// Number returns a constant of the type that the kernel declares.
func Number(x float64) Constant { return Constant{Number: x, Float: true} }
