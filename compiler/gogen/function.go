package gogen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// body writes some nodes of a program as the statements of one function.
type body struct {
	*file
	program  *plan.Program
	types    [4]string                // the ends of the names of the structs' types
	receiver string                   // m, or p in a predictor
	structs  [4]string                // how the receiver's params, slots, acts and grads are reached
	outside  func(v *ir.Value) string // the slice of an input, a target, or a predictor's output
	round    *segment                 // of a function of a round: one of those that it computes
	alike    []*segment               // likewise: all of them
	given    map[*ir.Value]string     // of a function of a round: its parameters by what they stand for there
	fused    bool                     // nothing that the function makes is read after it, updates apart
	params   map[string]bool          // the names of its parameters
	nodes    map[*ir.Node]bool        // those of this function
	locals   *namer

	stmts   []jen.Code
	last    []string // statements behind all others
	used    [4]bool
	scalars map[*ir.Value]string // scalar results: their variables
	sums    map[element]string   // results of row loops that stand in variables
	wholes  map[*ir.Value]string // pointers to small arrays without the batch axis
}

// The structs of a model that functions reach by one letter: parameters and states, slots or what a generator keeps, what
// the forward pass makes, what the backward pass makes.
const (
	inParams = iota
	inSlots
	inActs
	inGrads
)

var letters = [4]string{"w", "s", "a", "g"}

// element is one element of a value.
type element struct {
	of    *ir.Value
	index int
}

// start prepares the body for its nodes.
func (b *body) start(nodes []*ir.Node) {
	b.locals = newNamer()
	for name := range b.params {
		b.locals.taken[name] = true
	}
	for _, name := range append(letters[:], b.receiver, "n", "r", "from") {
		b.locals.taken[b.name(name)] = true
	}
	b.nodes = map[*ir.Node]bool{}
	b.scalars, b.sums, b.wholes = map[*ir.Value]string{}, map[element]string{}, map[*ir.Value]string{}
	for _, n := range nodes {
		b.nodes[n] = true
	}
}

// name returns the code's own name, or what it becomes where a parameter of the function has it.
func (b *body) name(own string) string {
	for b.params[own] {
		own += "_"
	}
	return own
}

// write adds the nodes' statements, in order.
func (b *body) write(nodes []*ir.Node) {
	var group []*ir.Node
	for _, n := range nodes {
		if b.written(n) != nil || b.fused && n.Op.View { // what stays in variables cannot leave the loop
			group = append(group, n)
			continue
		}
		b.group(group)
		group = nil
		b.comment(n)
		if !n.Op.View {
			b.call(n)
		}
	}
	b.group(group)
}

// written returns how a node is written out, nil where it is a call.
func (f *file) written(n *ir.Node) []ir.Written {
	if !f.plan.Written[n.Layer] || n.Op.Written == nil {
		return nil
	}
	return n.Op.Written(n)
}

// prologue declares the short names of the structs that the function reads.
func (b *body) prologue() []jen.Code {
	var left, right []string
	for i, letter := range letters {
		if b.used[i] && b.round == nil {
			left, right = append(left, b.name(letter)), append(right, b.structs[i])
		}
	}
	if left == nil {
		return nil
	}
	return []jen.Code{jen.Op(strings.Join(left, ", ") + " := " + strings.Join(right, ", "))}
}

// memory returns the slice that holds a value.
func (b *body) memory(v *ir.Value) string {
	v = v.Home()
	if name := b.given[v]; name != "" {
		return name
	}
	switch {
	case v.Role == ir.Param, v.Role == ir.State:
		return b.in(inParams, v)
	case v.Role == ir.Slot, v.Role == ir.Kept:
		return b.in(inSlots, v)
	case v.Role == ir.Result && !b.program.Outside[v]:
		if _, ok := b.program.Places[v]; !ok {
			if next := afterFused(v); next != nil {
				return b.memory(next)
			}
			return "nil"
		}
		return b.in(structOf(v.Def), v)
	}
	return b.outside(v)
}

// afterFused is the result that stands behind one of a fused operation; nil if there is none.
func afterFused(v *ir.Value) *ir.Value {
	k := slices.Index(v.Def.Out, v) + 1
	if v.Def.Op.Fused == nil || k == len(v.Def.Out) {
		return nil
	}
	return v.Def.Out[k]
}

// structOf tells which struct holds the results of a node.
func structOf(n *ir.Node) int {
	if n.Phase > ir.Loss {
		return inGrads
	}
	return inActs
}

// in returns a field of one of the structs.
func (b *body) in(which int, v *ir.Value) string {
	b.used[which] = true
	b.use(b.types[which], v)
	if b.round != nil {
		return b.name(letters[which]) + "." + b.field(v)
	}
	return b.name(letters[which]) + "." + b.path(v)
}

// comment writes what stands over a node: the line of the spec, the formula, the result's shape; of a fused one a line for
// each of those that it stands for.
func (b *body) comment(n *ir.Node) {
	for _, one := range n.Unfused() {
		b.stmts = append(b.stmts, b.formula(one))
	}
}

func (b *body) formula(n *ir.Node) jen.Code {
	called := func(v *ir.Value) string {
		if b.round != nil {
			return b.round.called(v)
		}
		return v.Name
	}
	text := strings.ReplaceAll(n.Op.Formula, "{y}", called(n.Out[0]))
	for i, v := range n.Out {
		text = strings.ReplaceAll(text, fmt.Sprintf("{y%d}", i), called(v))
	}
	text = strings.ReplaceAll(text, "{weight}", weight(n))
	if n.Updates != nil {
		scale := n.Scale()
		text = strings.ReplaceAll(text, "{rate}", n.Rate().Name)
		if scale.Role == ir.Const {
			text = strings.ReplaceAll(text, "{scale}", "")
		} else {
			text = strings.ReplaceAll(text, "{scale}", scale.Name+" ")
		}
	}
	if strings.Contains(text, "{count}") { // the value that a loss's gradient is taken of
		count := "n"
		if size := n.In[1].Type.Shape.Size(); size > 1 {
			count = fmt.Sprintf("(%d·n)", size)
		}
		text = strings.ReplaceAll(text, "{count}", count)
	}
	for i, v := range n.In {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", i), called(v))
	}
	for _, a := range n.Op.Attrs {
		text = strings.ReplaceAll(text, "{"+a.Name+"}", a.String())
	}
	shape := n.Out[0].Type.Shape.String()
	text = strings.ReplaceAll(text, "{shape}", shape)
	if t := n.Out[0].Type; t.Batch {
		shape = shapeOf(n.Out[0])
	}
	text = fmt.Sprintf("%s:%d:%d  %s", b.graph.File, n.Pos.Line, n.Pos.Col, text)
	if n.Out[0].Scalar() || n.Overwrites(0) != nil {
		return comment("%s", text)
	}
	return comment("%s%s  %s", text, strings.Repeat(" ", max(0, 72-utf8.RuneCountInString(text))), shape)
}

// weight writes the factor that a loss has among others, as it stands in the formula of its gradient.
func weight(n *ir.Node) string {
	if len(n.In) == 0 || n.In[0].Role != ir.Const || n.In[0].Number == 1 {
		return ""
	}
	return strconv.FormatFloat(n.In[0].Number, 'g', -1, 64) + "·"
}

// scalar returns the variable of a scalar result: of the function, or where others read it, of the model.
func (b *body) scalar(v *ir.Value) string {
	switch {
	case b.scalars[v] != "":
	case len(b.readers[v]) == 0 && v != b.graph.Loss && !slices.Contains(b.program.Graph.Outputs, v):
		b.scalars[v] = "_"
	case !b.fused && b.crosses(v):
		b.scalars[v] = b.name(b.receiver) + ".now." + b.field(v)
	default:
		b.scalars[v] = b.locals.fresh(b.local(v))
	}
	return b.scalars[v]
}

// crosses reports whether a scalar result is read by another function than the one that makes it.
func (f *file) crosses(v *ir.Value) bool {
	return v.Def != nil && v.Def.Phase > ir.Loss
}

// read returns a scalar operand.
func (b *body) read(v *ir.Value) string {
	switch v.Role {
	case ir.Const:
		return numeral(v.Number)
	case ir.Scalar:
		field := b.name(b.receiver) + "." + scalarFields[v.Name]
		if v.Name == ir.BatchRows {
			return "uint64(" + field + ")"
		}
		return field
	}
	return b.scalar(v)
}

// local is the identifier that a variable for a value begins with.
func (b *body) local(v *ir.Value) string {
	if name := b.given[v.Home()]; name != "" {
		return name
	}
	return b.field(v)
}

// scalarFields are the fields of a model that hold the step scalars.
var scalarFields = map[string]string{ir.StepNumber: "step", ir.LearningRate: "rate", ir.TotalSteps: "total", ir.EpochSteps: "perEpoch",
	ir.StepRows: "rows", ir.BatchRows: "n", ir.Position: "position"}
