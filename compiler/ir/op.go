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
	// Eval is the meaning: naive, in float64. ys have their types and their memory. It is nil for Random, whose first
	// result is what is random.
	Eval func(ys, xs []Tensor)
	// Emit says which kernel computes it, with which constants.
	Emit func(n *Node) Call
	// Scalar is one element of the result of an operation that works element by element, in terms of its operands'
	// elements (Arg). Of a Mean it is one term, and the result is the mean of all. Optional.
	Scalar Expr
	Mean   bool
	// Written gives the meaning element by element, for shapes so small that a call would cost more than the
	// arithmetic: one entry per result. Optional.
	Written func(n *Node) []Written
	// Formula is the comment over the generated code, with {0}, {1}, … for the operands' names, {y}, {y1}, …
	// for the results', {weight} for a factor that is the first operand, which a 1 leaves out, and the
	// attributes' names for their values.
	Formula string
	// FLOPs is the number of floating-point operations per row (per call, where nothing has the batch axis).
	FLOPs func(n *Node) int
	// Predict adds what the node is in prediction, where its operands are in, and returns what its results become;
	// nil for those that prediction does not have. Optional: without it the node is the same there.
	Predict func(b *Builder, n *Node, in []*Value) []*Value

	// Next adds what the node is at one more position of a sequence, behind those that there have been: the first axis of
	// rows is the positions, of which the operands in have one, as the results will. What it needs of earlier positions it
	// keeps in memory of its own (Kept). It returns what the results become; nil: a position depends on later ones, or on
	// earlier ones in a way that nothing is kept for. Optional: without it that is so of every node.
	Next func(b *Builder, n *Node, in []*Value) []*Value

	// Torch says how PyTorch computes the node, in training and in prediction; nil for what has no rule, and for random
	// masks, which whoever reads them draws. Optional.
	Torch func(n *Node) Torch
	// ONNX adds the operators that compute the node in prediction, where its operands are called in, and returns what its
	// results are called; "" for those that only the backward pass wants. Integers are int64 there. Optional.
	ONNX func(o ONNX, n *Node, in []string) []string

	// Columns adds the nodes that do the same where a product has made the first operand, whose columns are its channels, and
	// returns the results: one of them can follow the product (ByColumn). Optional.
	Columns func(b *Builder, n *Node, in []*Value) []*Value

	// Scatters says that the result, of the type [v, dim], is 0 but for the rows that the integers of operand 1 name, which are
	// sums of what operand 0 has for them.
	Scatters bool
	// Still is, of an update that leaves alone what has a gradient of 0, the same update of a parameter whose gradient an
	// operation Scatters. In the gradient's place it takes that operation's operand 0, and behind all others its operand 1.
	Still *Op

	Operands   []string // what Doc calls the operands, with a Scalar: x, ∂y
	Results    []string // the names of the results after the first: cross-entropy's probabilities
	Saved      int      // how many of the last results are for other nodes of the step: no gradient flows from them
	Constant   []int    // operands that no gradient flows into, besides those of integers
	Overwrites []Pair   // results that replace the memory of an operand
	Over       []Pair   // results that may lie over an operand that nobody reads any more
	Order      Order
	Layouts    Layouts
	View       bool // the result is the first operand's memory in another shape
	Random     bool // the kernel takes a stream of random numbers, named after the layer
	ByColumn   bool // its kernel can follow a product whose columns are its channels
	Maps       bool // there is a kernel with Then behind its name, which goes on with a Call's Maps
	// Fused are the operations that this one does in turn, nil unless they are several. Their attributes are its own.
	Fused []Fused
	// Scratch is the number of float32s of temporary memory that the kernel takes for so many rows. Optional.
	Scratch func(n *Node, rows int) int
}

// Pair is a result and an operand that share memory.
type Pair struct{ Result, Operand int }

// Attr is a named constant of an operation: a number, or a text where that is not empty.
type Attr struct {
	Name  string
	Value float64
	Text  string
}

func (a Attr) String() string {
	if a.Text != "" {
		return a.Text
	}
	return fmt.Sprint(a.Value)
}

// Attrs is an ordered list of attributes. They are printed and compared; closures may compute from them.
type Attrs []Attr

func (a Attrs) String() string {
	var s strings.Builder
	for _, attr := range a {
		fmt.Fprintf(&s, " %s=%v", attr.Name, attr)
	}
	return s.String()
}

// Call is a call of a kernel as data. Its arguments are, in order: the pool, the results that are arrays, the
// operands, the stream of random numbers if the operation is Random, the list, scratch if Scratch, Rows times the
// run-time row count unless Rows is 0, the geometry, the constants, the parts. A result that overwrites an operand
// stands once, among the results. Scalar results are the kernel's return values; scalar operands are passed by value.
// A nil in Operands stands for an operand that the node does not have. A result that nobody reads is passed as nil, but
// one of a fused operation as the memory of the next that somebody reads.
type Call struct {
	Kernel   string
	Results  []*Value // nil: the node's own
	Operands []*Value // likewise
	Scratch  bool     // nil is passed where the operation asks for none
	Rows     int
	Geometry *Geometry // optional
	Consts   []Constant
	Parts    []Part   // what stands here does not stand among the results and operands as well
	List     []*Value // likewise: arrays of the arena that are passed as one list, made once
	Maps     []Call   // behind everything else, as kernel.Map and their name, without the pool
}

// Geometry is a struct of the kernel package that is filled with constants once and passed by its address.
type Geometry struct {
	Type   string
	Fields Attrs  // numbers, in the order of the struct
	Lists  []List // behind them
}

// List is a list of whole numbers in a geometry, or of Numbers where there are any.
type List struct {
	Name    string
	Of      []int
	Numbers []float64 // float32s there
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

// Number returns the value of an attribute.
func (a Attrs) Number(name string) float64 {
	for _, attr := range a {
		if attr.Name == name {
			return attr.Value
		}
	}
	panic("ir: there is no attribute " + name)
}
