package ir

// ONNX takes the operators of an ONNX graph while it is made. Its values are known by their names. The first axis of what
// has the batch axis is the rows, of which a graph takes any number; weights have the shapes and the layout of weight
// files.
type ONNX interface {
	// Opset is the highest opset that the graph may ask for: at least 17. A rule may prefer operators that are newer than
	// that, but not without another way where they are not allowed, unless there is none.
	Opset() int

	// Add adds an operator of the default domain as it is since that opset, with so many results, and returns their names. An
	// empty operand is one that is left out.
	Add(since int, operator string, results int, operands []string, attrs ...ONNXAttr) []string

	// Name is what a value is called that stands before the node: a rule may compute anew what an earlier node has. What
	// nobody reads in the end is left out of the graph.
	Name(v *Value) string

	// Floats, Ints and Bools are constants: of that shape, and vectors; without dims a scalar of the first element.
	Floats(dims []int, x ...float64) string
	Ints(dims []int, x ...int) string // int64
	Bools(dims []int, x ...bool) string
}

// ONNXAttr is an attribute of an operator: an int, a float64, a string, or a list of ints or float64s.
type ONNXAttr struct {
	Name  string
	Value any
}
