// Package ir is the compiler's intermediate representation: a graph of values and of the nodes that make
// them, whose operations are described by cards.
//
// What comes in is built by check and autodiff through a Builder; what goes out is read by every later stage.
// Forward, loss, backward, prelude and update are nodes of one graph; a Phase tells them apart. The package knows
// no operation by name, no word of the language, no Go source.
package ir

import (
	"slices"
	"strings"
)

// Pos is a place in the spec: line and column count from 1.
type Pos struct{ Line, Col int }

// Graph is a model: what flows in, what is learnt, and the nodes in an order in which they can be run.
type Graph struct {
	Model string // the model's name: House
	File  string // the spec's file name, without its folder
	Doc   string // the comment above the model's statement
	Text  string // the spec as it was written

	Inputs  []*Value
	Targets []*Value
	Params  []*Value // in the order of the spec
	States  []*Value // likewise
	Slots   []*Value // the optimiser's memory, after Step
	Kept    []*Value // what positions of a sequence leave for those behind them, after Next
	Scalars []*Value // of the step, those that something reads
	Nodes   []*Node
	Outputs []*Value
	Ports   []string // the outputs' names at the interface: labels, or linear2
	Loss    *Value   // a scalar; nil without a loss
	Recipe  Recipe
	LaidOut bool // the layouts of its values are decided
}

// Recipe is how the model wants to be trained: what the spec says beyond the graph.
type Recipe struct {
	Losses    []Criterion
	Metrics   []Criterion
	Optimiser *Optimiser // nil: inference only
	Schedule  *Schedule  // nil: the learning rate stays
	Clip      *Clip      // nil: gradients are taken as they are
	Stop      *Stop      // nil: training goes its whole length
	Average   *Average   // nil: what training makes is what predicts

	Accumulate *Accumulate // nil: every batch makes a step
	Batch      int         // the largest number of rows in one step
	Epochs     int
	Steps      int // 0: the epochs decide
	Seed       uint64
}

// Optimiser is an update rule. Update is the card of the update of one parameter, with the operands: the parameter,
// its gradient, the arrays of the parameter's shape that the rule keeps between steps, whose names are Slots; the
// scale of the gradient; then what Scalars makes of the learning rate, once per step. It overwrites the parameter and
// the slots. Spared is the card for parameters of one axis or none, where decay spares these; nil: the same. A Decoupled
// decay is the last of the scalars, which Spared does not take.
type Optimiser struct {
	Name      string
	Update    *Op
	Spared    *Op
	Slots     []string
	Rate      float64 // the learning rate that the spec gives
	Scalars   func(b *Builder, rate *Value) []*Value
	Decoupled bool
	Torch     TorchOptimiser
	Pos       Pos
}

// Schedule makes the rate of a step of the step scalars LearningRate and StepNumber, and of one more if Reads names it.
type Schedule struct {
	Op      *Op
	Reads   string   // TotalSteps, EpochSteps or nothing
	Plateau *Plateau // what an epoch's loss does to the learning rate; nil: nothing
	Pos     Pos
}

// Warmup is the number of steps of the warm-up.
func (s *Schedule) Warmup() int {
	for _, a := range s.Op.Attrs {
		if a.Name == "warmup" {
			return int(a.Value)
		}
	}
	return 0
}

// Plateau says that the learning rate is multiplied by Factor, but not below Min, after more than Patience epochs in a
// row whose loss was not below the best by Threshold of it; Cooldown epochs after that do not count.
type Plateau struct {
	Factor, Threshold, Min float64
	Patience, Cooldown     int
}

// Clip bounds gradients. Scale makes a scale for all of them of them all, Each changes each where it lies; one of
// them is nil.
type Clip struct {
	Attrs Attrs // as the spec says it
	Scale func(gradients int) *Op
	Each  *Op
	Pos   Pos
}

// Average lets averages of the trained parameters predict: after each step A = Decay·A + (1 − Decay)·W, after the first W.
type Average struct {
	Decay float64
	Pos   Pos
}

// Accumulate lets so many batches make a step, by the mean of their gradients weighted by their rows.
type Accumulate struct {
	Batches int
	Pos     Pos
}

// GradientSlot is the name of the slot of a parameter that the mean gradient of the batches of a step lies in, where they
// accumulate.
const GradientSlot = "gradient"

// AverageSlot is the name of the slot of a parameter that its average lies in, if there are averages.
const AverageSlot = "average"

// Averages returns the averages of the trained parameters, by these.
func (g *Graph) Averages() map[*Value]*Value {
	averages := map[*Value]*Value{}
	for _, s := range g.Slots {
		if g.Recipe.Average != nil && s.Name == s.Of.Name+"."+AverageSlot {
			averages[s.Of] = s
		}
	}
	return averages
}

// Stop ends training after an epoch with which Patience epochs in a row have not bettered the best by more than
// MinDelta.
type Stop struct {
	Patience int
	Monitor  string // what is watched, as the spec names it
	Metric   int    // the same as an index into the recipe's metrics; −1: the loss of held-out rows
	MinDelta float64
	Pos      Pos
}

// The step scalars that the graph is given. A label of the spec cannot have their names.
const (
	StepNumber   = "step number"   // of the running step, counted from 0
	LearningRate = "learning rate" // before any schedule
	TotalSteps   = "total steps"   // of the whole training
	EpochSteps   = "epoch steps"   // of an epoch
	StepRows     = "step rows"     // of the step's batches before the running one, where batches accumulate
	BatchRows    = "batch rows"    // of the running batch, likewise
	Position     = "this position" // of a sequence that is computed one position after the other, counted from 0
)

// Role says where a value comes from.
type Role uint8

// The roles. The memory of Result values is the compiler's to plan; the others live outside the arena.
const (
	Result Role = iota // made by a node
	Input              // given by the caller, rows of features
	Target             // given by the caller, what the output should have been
	Param              // learnt
	State              // what training changes but no optimiser does: running statistics, counters
	Slot               // the optimiser's memory of a parameter
	Kept               // what positions of a sequence leave for those behind them
	Const              // a number known at compile time
	Scalar             // a number of the running step, given to the graph
)

func (r Role) String() string {
	return [...]string{"result", "input", "target", "param", "state", "slot", "kept", "const", "scalar"}[r]
}

// Value is an array, or one array per row.
type Value struct {
	Name   string // unique in its graph; of a parameter or a state, its name in weight files
	Type   Type
	Role   Role
	Scope  string // the round of a repetition that it belongs to: layer1.0
	Pos    Pos
	Def    *Node   // the node that makes it, for a Result
	Of     *Value  // the parameter that a Slot belongs to
	Number float64 // what a Const is
	Init   Init    // how a Param, a State or a Slot starts
	Layout Layout  // how it lies in memory
	Frozen bool    // of a Param: training leaves it as it is

	Shared []string // of a Param: what it would be called in the layers that share it
	Packed string   // of a Param: PyTorch's tensor whose rows hold it, with those of others; "" if it is a tensor there too
}

// Init says how a parameter starts: drawn uniformly from ±Uniform, or from a normal distribution around 0 with
// the standard deviation Normal, or filled with Fill where both are 0.
type Init struct {
	Uniform, Normal, Fill float64
}

// TargetPrefix begins the name of a target that judges an output by its name: target.price.
const TargetPrefix = "target."

// RowWeights is the name of the target that is no truth but a weight for each row, which the losses go by. A label of
// the spec cannot have it.
const RowWeights = "row.weights"

// Weights returns the weights of the rows, nil if all count alike.
func (g *Graph) Weights() *Value {
	for _, v := range g.Targets {
		if v.Name == RowWeights {
			return v
		}
	}
	return nil
}

// Port returns the name of an input or a target at the interface: a target's is that of the output that it
// judges, or target.
func (v *Value) Port() string {
	if v.Role == Target {
		return strings.TrimPrefix(v.Name, TargetPrefix)
	}
	return v.Name
}

// Base returns the value whose memory v shares: the operand of a chain of views, else v itself.
func (v *Value) Base() *Value {
	for v.Def != nil && v.Def.Op.View {
		v = v.Def.In[0]
	}
	return v
}

// Home returns the value whose memory v is written to: the operand that it overwrites, in turn, else v itself.
func (v *Value) Home() *Value {
	for v = v.Base(); v.Def != nil; {
		old := v.overwritten()
		if old == nil {
			break
		}
		v = old.Base()
	}
	return v
}

func (v *Value) overwritten() *Value {
	for i, y := range v.Def.Out {
		if y == v {
			return v.Def.Overwrites(i)
		}
	}
	return nil
}

// Lasting reports whether the value's memory is kept from step to step, or from position to position.
func (v *Value) Lasting() bool {
	return v.Role == Param || v.Role == State || v.Role == Slot || v.Role == Kept
}

// Scalar reports whether the value is a single number that is handed on as such: what lasts is an array even if it is one
// of a single element.
func (v *Value) Scalar() bool { return v.Type.Scalar() && !v.Home().Lasting() }

// Phase is the part of a training step that a node belongs to.
type Phase uint8

// The phases, in the order in which they run.
const (
	Forward Phase = iota
	Loss
	Backward
	Gather  // what a batch adds to the gradients of its step, where batches accumulate
	Prelude // what is computed once per step for all updates: the rate, the scale of the gradients
	Update
)

func (p Phase) String() string {
	return [...]string{"forward", "loss", "backward", "gather", "prelude", "update"}[p]
}

// Node applies an operation to operands and makes results.
type Node struct {
	Op      *Op
	Layer   string // the layer of the spec that it serves: linear1
	Scope   string // the round of a repetition that it belongs to, the outermost: layer1.0
	Phase   Phase
	Pos     Pos // the statement that it comes from
	In      []*Value
	Out     []*Value
	Updates *Value // of an optimiser's update: the parameter
}

// Names lists the names of the node's results.
func (n *Node) Names() []string {
	names := make([]string, len(n.Out))
	for i, v := range n.Out {
		names[i] = v.Name
	}
	return names
}

// Batched reports whether the node works row by row: an operand or a result has rows.
func (n *Node) Batched() bool {
	return slices.ContainsFunc(slices.Concat(n.In, n.Out), func(v *Value) bool { return v.Type.Batch })
}

// Streams names the streams of random numbers of those of the nodes that draw: the first of a layer is named after the layer,
// others after what they make.
func Streams(nodes []*Node) map[*Node]string {
	names, layers := map[*Node]string{}, map[string]bool{}
	for _, n := range nodes {
		if !n.Op.Random {
			continue
		}
		names[n] = n.Layer
		if layers[n.Layer] {
			names[n] = n.Out[0].Name
		}
		layers[n.Layer] = true
	}
	return names
}

// Overwrites returns the operand whose memory result i replaces, or nil.
func (n *Node) Overwrites(i int) *Value {
	for _, p := range n.Op.Overwrites {
		if p.Result == i {
			return n.In[p.Operand]
		}
	}
	return nil
}

// Effect reports whether the node changes what lasts beyond the step.
func (n *Node) Effect() bool {
	for _, p := range n.Op.Overwrites {
		if n.In[p.Operand].Home().Lasting() {
			return true
		}
	}
	return false
}

// Updater returns the node that updates the parameter, or nil.
func (g *Graph) Updater(param *Value) *Node {
	for _, n := range g.Nodes {
		if n.Updates == param {
			return n
		}
	}
	return nil
}

// Gradient returns the gradient that an update reads.
func (n *Node) Gradient() *Value { return n.In[1] }

// BatchGradient returns the gradient of the running batch: what an update reads, or what has become part of that.
func (n *Node) BatchGradient() *Value {
	g := n.Gradient()
	if g.Home().Role != Slot {
		return g
	}
	for g.Def.Phase != Gather {
		g = g.Def.In[0]
	}
	return g.Def.In[1]
}

// Scale returns the scale of the gradient that an update reads, and Rate the first of the optimiser's scalars behind it.
func (n *Node) Scale() *Value { return n.In[len(n.Op.Overwrites)+1] }

// Rate returns the learning rate that an update reads, or what its optimiser has made of it.
func (n *Node) Rate() *Value { return n.In[len(n.Op.Overwrites)+2] }

// Given lists what the graph is given, group by group: inputs, targets, parameters, states, slots, what is kept, step scalars.
func (g *Graph) Given() [][]*Value {
	return [][]*Value{g.Inputs, g.Targets, g.Params, g.States, g.Slots, g.Kept, g.Scalars}
}
