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

// Unfused lists the nodes that a node stands for: of a fused operation one for each of those that it does, else the node
// itself. The values are the node's.
func (n *Node) Unfused() []*Node {
	if n.Op.Fused == nil {
		return []*Node{n}
	}
	nodes := make([]*Node, len(n.Op.Fused))
	for k, f := range n.Op.Fused {
		one := *n
		one.Op, one.Layer, one.Pos, one.In, one.Out = f.Op, f.Layer, f.Pos, make([]*Value, len(f.In)), n.Out[k:k+1]
		for i, place := range f.In {
			if place == Before {
				one.In[i] = n.Out[k-1]
			} else {
				one.In[i] = n.In[place]
			}
		}
		nodes[k] = &one
	}
	return nodes
}

// The kernels' limits on maps: the arrays that one reads, and the numbers that it takes besides.
const (
	mapArrays  = 3
	mapNumbers = 4
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
	return arrays > 0 && arrays <= mapArrays && numbers <= mapNumbers
}
