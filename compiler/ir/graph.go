// Package ir is the compiler's intermediate representation: a graph of values and of the nodes that make
// them, whose operations are described by cards.
//
// What comes in is built by check and autodiff through a Builder; what goes out is read by every later stage.
// Forward, loss, backward and update are nodes of one graph; a Phase tells them apart. The package knows no
// operation by name, no word of the language, no Go source.
package ir

import (
	"slices"
	"strings"
)

// Pos is a place in the spec: line and column count from 1.
type Pos struct{ Line, Col int }

// Graph is a model: what flows in, what is learnt, and the nodes in an order in which they can be run.
type Graph struct {
	Model   string // the model's name: House
	File    string // the spec's file name, without its folder
	Doc     string // the comment above the model's statement
	Text    string // the spec as it was written
	Inputs  []*Value
	Targets []*Value
	Params  []*Value // in the order of the spec
	Slots   []*Value // the optimiser's memory, after Step
	Counter *Value   // the number of the step that is running, counted from 0; nil where nothing reads it
	Nodes   []*Node
	Outputs []*Value
	Ports   []string // the outputs' names at the interface: labels, or linear2
	Loss    *Value   // a scalar; nil without a loss
	Recipe  Recipe
}

// Recipe is how the model wants to be trained: what the spec says beyond the graph.
type Recipe struct {
	Losses    []Judge
	Metrics   []Judge
	Optimiser *Optimiser // nil: inference only
	Batch     int        // the largest number of rows in one step
	Epochs    int
	Steps     int // 0: the epochs decide
	Seed      uint64
}

// Optimiser is an update rule: Op makes the card of the update of one parameter, Slots names the arrays of
// the parameter's shape that the rule keeps between steps. Operands of the card: the parameter, its gradient,
// the slots, then the step's number if Counts. Results: the parameter and the slots, overwritten.
type Optimiser struct {
	Op     *Op
	Slots  []string
	Counts bool
	Pos    Pos
}

// Role says where a value comes from.
type Role uint8

// The roles. The memory of Result values is the compiler's to plan; the others live outside the arena.
const (
	Result  Role = iota // made by a node
	Input               // given by the caller, rows of features
	Target              // given by the caller, what the output should have been
	Param               // learnt
	Slot                // the optimiser's memory of a parameter
	Const               // a number known at compile time
	Counter             // the number of the step
)

func (r Role) String() string {
	return [...]string{"result", "input", "target", "param", "slot", "const", "counter"}[r]
}

// Value is an array, or one array per row.
type Value struct {
	Name   string // unique in its graph; a parameter's name is its name in weight files
	Type   Type
	Role   Role
	Pos    Pos
	Def    *Node   // the node that makes it, for a Result
	Of     *Value  // the parameter that a Slot belongs to
	Number float64 // what a Const is
	Init   Init    // how a Param or Slot starts
	Layout Layout  // how a Param, its gradient and its slots lie in memory
	Frozen bool    // of a Param: training leaves it as it is
}

// Init says how a parameter starts: drawn uniformly from ±Uniform, or from a normal distribution around 0 with
// the standard deviation Normal, or filled with Fill where both are 0.
type Init struct {
	Uniform, Normal, Fill float64
}

// TargetPrefix begins the name of a target that judges an output by its name: target.price.
const TargetPrefix = "target."

// Port returns the name of an input or a target at the interface: a target's is that of the output that it
// judges, or target.
func (v *Value) Port() string {
	if v.Role == Target {
		return strings.TrimPrefix(v.Name, TargetPrefix)
	}
	return v.Name
}

// Layout is the order of a value's elements in memory. Files and the API always speak the value's shape.
type Layout uint8

// The layouts.
const (
	RowMajor   Layout = iota
	Transposed        // a matrix [out, in] is stored as [in, out], so that kernels run lanes over outputs
)

// Phase is the part of a training step that a node belongs to.
type Phase uint8

// The phases, in the order in which they run.
const (
	Forward Phase = iota
	Loss
	Backward
	Update
)

func (p Phase) String() string { return [...]string{"forward", "loss", "backward", "update"}[p] }

// Node applies an operation to operands and makes results.
type Node struct {
	Op    *Op
	Layer string // the layer of the spec that it serves: linear1
	Phase Phase
	Pos   Pos // the statement that it comes from
	In    []*Value
	Out   []*Value
}

// Overwrites returns the operand whose memory result i replaces, or nil.
func (n *Node) Overwrites(i int) *Value {
	if i < len(n.Op.Overwrites) {
		return n.In[n.Op.Overwrites[i]]
	}
	return nil
}

// Base returns the value whose memory v shares: the operand of a chain of views, else v itself.
func (v *Value) Base() *Value {
	for v.Def != nil && v.Def.Op.View {
		v = v.Def.In[0]
	}
	return v
}

// Grad returns the gradient that the graph's update gives the parameter, or nil.
func (g *Graph) Grad(param *Value) *Value {
	for _, n := range slices.Backward(g.Nodes) { // updates come last
		if n.Phase == Update && n.In[0] == param {
			return n.In[1]
		}
	}
	return nil
}
