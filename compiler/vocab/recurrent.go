package vocab

import (
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// recurrent is the common part of the words of recurrent layers.
type recurrent struct {
	name, formula string
	gates         int
	// states is the card of the recurrence. Two biases become one before it, unless apart says that it takes that of the hidden
	// product for itself.
	states func(order op.Recurrence, bias bool) *ir.Op
	apart  bool
}

// word declares the word.
func (k recurrent) word() *Word {
	return &Word{
		Name:  k.name,
		Kind:  Layer,
		Usage: k.name + " [in->]hidden [layers=1] [bidirectional] [last] [dropout=0] [bias=true] [mask=value] [length=value]",
		Doc: "Goes along a sequence [T, D], from states of 0: " + k.formula + ". The result is the states [T, hidden], or " +
			"[T, 2·hidden] where a second layer goes backwards beside it. A position that takes no part carries the states " +
			"through and gives 0. Weights and biases start uniform in ±1/√hidden, as PyTorch's.",
		Args: []Arg{
			{Name: "size", Kind: Sizes, Positional: true, Required: true, Doc: "the size of the last axis, which may be left out, and of the state"},
			{Name: "layers", Kind: Integer, Default: 1, Min: 1, Max: mostStacked, Doc: "how many layers stand one after the other"},
			{Name: "bidirectional", Kind: Flag, Doc: "beside each layer another goes from the last position to the first; the next layer takes both"},
			{Name: "last", Kind: Flag, Doc: "the result is the topmost layer's final states, [hidden] or [2·hidden]: backwards that is the one at position 0"},
			{Name: "dropout", Kind: Number, Max: 1, Below: true, Doc: "the probability with which values between layers are left out when training"},
			{Name: "bias", Kind: Bool, Default: 1, Doc: "whether biases are added, to the input's product and the state's"},
			mask, length,
		},
		Build: k.build,
	}
}

// mostStacked is the largest number of layers of one word.
const mostStacked = 100

func (k recurrent) build(c *Call) {
	if !c.Floats() {
		return
	}
	shape := c.X.Type.Shape
	if len(shape) != 2 {
		c.Report(c.noSequence())
		c.X = detached(ir.Row(1, 1))
		return
	}
	size, steps, in := c.Args["size"], shape[0], shape[1]
	hidden := int(size.Number)
	if size.Arrow {
		hidden = int(size.To)
	}
	directions := 1
	if c.Is("bidirectional") {
		directions = 2
	}
	result := ir.Row(steps, directions*hidden)
	if c.Is("last") {
		result = ir.Row(directions * hidden)
	}
	if stated := int(size.Number); size.Arrow && stated != in {
		c.Report(c.Problem(diag.SizeMismatch, size.From, "%s %d->%d takes %d values at each position, but %d flow in here", k.name, stated, hidden, stated, in).
			WithNote(c.Origin(c.X), "%s comes from here", times(shape)).
			WithHelp("write `%s %d->%d`, or `%s %d`", k.name, in, hidden, k.name, hidden))
		c.X = detached(result)
		return
	}
	for _, wide := range []int{in, hidden, directions * hidden} {
		if !c.Fits(size.Span, "the weight", k.gates*hidden, wide) {
			c.X = detached(result)
			return
		}
	}
	mask, ok := c.Mask(ir.Shape{steps})
	if !ok {
		c.X = detached(result)
		return
	}
	layers := c.Int("layers")
	if layers == 1 && c.Number("dropout") > 0 {
		c.Report(c.Problem(diag.IdleDropout, c.Span("dropout"), "this `dropout` does nothing: it acts between layers, and there is one").
			WithHelp("write `layers=2` or more, or `dropout %v` after the layer", c.Number("dropout")))
	}
	for layer := range layers {
		k.layer(c, layer, directions, mask, layer == layers-1)
	}
}

// layer replaces what flows by the states of a layer: after the topmost as the statement makes them.
func (k recurrent) layer(c *Call, layer, directions int, mask *ir.Value, topmost bool) {
	name := c.Name
	if !topmost {
		name = fmt.Sprintf("%s.l%d", c.Name, layer)
	}
	last := topmost && c.Is("last")
	ways := make([]*ir.Value, directions)
	for way := range ways {
		own := name
		if last || directions > 1 || topmost && mask != nil {
			own = fmt.Sprintf("%s.l%d%s", c.Name, layer, backwards(way))
		}
		ways[way] = k.direction(c, own, layer, way, mask)
		if last {
			ways[way] = final(c, own, way, ways[way], directions == 1)
		}
	}
	if c.X = ways[0]; directions > 1 {
		both := name
		if !topmost || mask != nil && !last {
			both += ".both"
		}
		c.X = c.Builder.Node(both, op.Concat(directions, len(ways[0].Type.Shape)-1), ways...)[0]
	}
	switch {
	case topmost && mask != nil && !last:
		c.Apply(op.MaskedFill(0), mask)
	case !topmost && c.Number("dropout") > 0:
		drawn := c.Builder.Node(name+".mask", op.DropoutMask(c.Number("dropout"), c.X.Type.Shape...), c.Builder.Scalar(ir.StepNumber))[0]
		c.X = c.Builder.Node(name+".dropout", op.Dropout(), c.X, drawn)[0]
	}
}

// backwards ends the names of what belongs to the second direction.
func backwards(way int) string { return [...]string{"", "_reverse"}[way] }

// final returns the states after the last step of a direction.
func final(c *Call, name string, way int, states *ir.Value, alone bool) *ir.Value {
	steps, hidden := states.Type.Shape[0], states.Type.Shape[1]
	at := [...]int{steps - 1, 0}[way]
	if steps > 1 {
		states = c.Builder.Node(name+".position", op.Slice(at, at+1, 0), states)[0]
	}
	if alone {
		name = c.Name
	} else {
		name += ".last"
	}
	return c.Builder.Node(name, op.Reshape(hidden), states)[0]
}

// direction returns the states of one direction of a layer. Its inputs are projected for all steps at once.
func (k recurrent) direction(c *Call, name string, layer, way int, mask *ir.Value) *ir.Value {
	suffix := fmt.Sprintf("_l%d%s", layer, backwards(way))
	size := c.Args["size"]
	hidden := int(size.Number)
	if size.Arrow {
		hidden = int(size.To)
	}
	init, rows, biased := ir.Init{Uniform: 1 / math.Sqrt(float64(hidden))}, k.gates*hidden, c.Is("bias")
	inputs := []*ir.Value{c.X, c.Param("weight_ih"+suffix, init, rows, c.X.Type.Shape[1])}
	own := []*ir.Value{c.Param("weight_hh"+suffix, init, rows, hidden)}
	if biased {
		ofInput, ofState := c.Param("bias_ih"+suffix, init, rows), c.Param("bias_hh"+suffix, init, rows)
		if k.apart {
			own = append(own, ofState)
		} else {
			ofInput = c.Builder.Node(c.Name+".bias"+suffix, op.Add(), ofInput, ofState)[0]
		}
		inputs = append(inputs, ofInput)
	}
	x := c.Builder.Node(name+".inputs", op.Linear(biased), inputs...)[0]
	if mask != nil {
		own = append(own, mask)
	}
	return c.Builder.Node(name, k.states(op.Recurrence{Reverse: way > 0, Masked: mask != nil, Apart: c.Int("layers") > 1 && c.Number("dropout") > 0}, biased), append([]*ir.Value{x}, own...)...)[0]
}

// bothWays reports whether a value is what two directions of a recurrent layer have made, as it is or after what keeps its
// shape.
func bothWays(v *ir.Value) bool {
	for v.Def != nil && v.Def.In[0].Type.Equal(v.Type) {
		v = v.Def.In[0]
	}
	return v.Def != nil && slices.ContainsFunc(v.Def.In, func(way *ir.Value) bool {
		return way.Def != nil && slices.ContainsFunc(way.Def.Op.Attrs, func(a ir.Attr) bool { return a.Name == "reverse" })
	})
}

// takesPart reports whether a value is what a recurrent layer with a mask has made, 0 where a position takes no part, as
// it is or after what keeps its shape.
func takesPart(v *ir.Value) bool {
	for v.Def != nil && v.Def.Op.Name != op.MaskedFill(0).Name && v.Def.In[0].Type.Equal(v.Type) {
		v = v.Def.In[0]
	}
	return v.Def != nil && v.Def.Op.Name == op.MaskedFill(0).Name
}

// isFinal reports whether a value is one position of what a recurrent layer has made, as of its flag `last`.
func isFinal(v *ir.Value) bool {
	reduced := false
	for ; v.Def != nil; v = v.Def.In[0] {
		switch n := v.Def; n.Op.Name {
		case op.Reshape().Name:
			reduced = true
		case op.Concat(1, 0).Name, op.Slice(0, 1, 0).Name:
		default:
			return reduced && slices.Contains([]string{"rnn", "gru", "lstm"}, n.Op.Name)
		}
	}
	return false
}
