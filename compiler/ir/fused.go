package ir

// Fused is one of the operations that another does in turn, in one pass over memory. The first may be anything that has
// one result; those behind it work element by element (see Map) on what the one before has made. Each makes one result
// of the node.
type Fused struct {
	Op    *Op
	In    []int // its operands: places among the node's operands, or Before
	Layer string
	Pos   Pos
}

// Before stands for what the operation before has made, among the operands of a Fused.
const Before = -1

// Operands returns what a Fused works on, of the node's operands and of what the operations before it have made: values,
// or their types or elements.
func Operands[T any](f Fused, in, made []T) []T {
	operands := make([]T, len(f.In))
	for i, place := range f.In {
		if place == Before {
			operands[i] = made[len(made)-1]
		} else {
			operands[i] = in[place]
		}
	}
	return operands
}

// EvalInTurn evaluates fused operations from that one on. What those before have made is known.
func EvalInTurn(fused []Fused, from int, ys, xs []Tensor) {
	for k := from; k < len(fused); k++ {
		fused[k].Op.Eval(ys[k:k+1], Operands(fused[k], xs, ys[:k]))
	}
}

// Unfused lists the nodes that a node stands for: of a fused operation one for each of those that it does, else the node
// itself. The values are the node's.
func (n *Node) Unfused() []*Node {
	if n.Op.Fused == nil {
		return []*Node{n}
	}
	nodes := make([]*Node, len(n.Op.Fused))
	for k, f := range n.Op.Fused {
		one := *n
		one.Op, one.Layer, one.Pos, one.In, one.Out = f.Op, f.Layer, f.Pos, Operands(f, n.In, n.Out[:k]), n.Out[k:k+1]
		nodes[k] = &one
	}
	return nodes
}

// Follows reports whether the node can follow a product in one pass over memory: as a Map can, or column by column.
func (n *Node) Follows() bool { return n.Map() || n.Op.ByColumn }

// The runtime's limits on element-wise kernels: the arrays that one reads, and the numbers that it takes besides.
const (
	MapArrays  = 3
	MapNumbers = 4
)

// Map reports whether the node can follow another in one pass over memory: whether its kernel makes each element of an
// array with rows of the elements in the same place of up to three such arrays, and of numbers.
func (n *Node) Map() bool {
	if n.Op.Scalar == nil || n.Op.Mean || len(n.Op.Overwrites) > 0 || len(n.Out) != 1 || !n.Out[0].Type.Batch {
		return false
	}
	arrays, numbers := 0, len(n.Op.Attrs)
	for _, v := range n.In {
		switch {
		case v.Scalar():
			numbers++
		case v.Type.Equal(n.Out[0].Type):
			arrays++
		default:
			return false
		}
	}
	return arrays > 0 && arrays <= MapArrays && numbers <= MapNumbers
}
