package ir

// Torch is how PyTorch computes a node, as Python. In the texts {0}, {1}, … stand for the node's operands and {m} for the
// object that holds the layer's parameters and states.
type Torch struct {
	// Module makes that object, one of torch.nn or of the parts, whose tensors have nnc's names: "nn.Linear(13, 64)". Where
	// it is empty the tensors are held by their names alone, and stand among the operands.
	Module string

	// Call is the expression of the node's results, those of the backward pass left out; of several a tuple. Of a loss it is
	// the sum over the items that Count counts: the mean is the one divided by the other.
	Call, Count string

	// Absorbs are earlier nodes of the layer whose work the call does too, and whose results nobody else reads; Operands
	// are then what the texts' numbers stand for. nil: none, and the node's own.
	Absorbs  []*Node
	Operands []*Value

	// Parts name what the program needs besides PyTorch, to define it once: the classes and functions that the texts use.
	Parts []string
}

// TorchOptimiser is how PyTorch updates parameters: the class of the optimiser, its arguments behind the learning rate but
// for weight_decay, that number, and the part that defines the class where PyTorch has none.
type TorchOptimiser struct {
	Class string
	Args  []string // betas=(0.9, 0.999)
	Decay float64
	Part  string
}
