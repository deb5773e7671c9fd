package vocab

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:  "attention",
	Kind:  Layer,
	Usage: "attention heads [causal] [mask=value] [memory=value] [kv_heads=heads] [rope] [base=10000] [dropout=0] [bias=true]",
	Doc: "Every position of a sequence [T, E] looks at the others: softmax(q·kᵀ/√d)·v for each head, of which head h has the columns " +
		"h·d … (h+1)·d − 1 of query, d = E/heads, then `out`. Dropout acts on the probabilities. The weights of query, key and value " +
		"start as Xavier has it for the three in one matrix, that of out uniform in ±1/√E, the biases at 0, as PyTorch's nn.MultiheadAttention.",
	Args: []Arg{
		{Name: "heads", Kind: Integer, Positional: true, Required: true, Min: 1, Max: maxCount, Doc: "how many heads share the last axis, which they divide"},
		{Name: "causal", Kind: Flag, Doc: "position i sees positions up to i"},
		{Name: "mask", Kind: Named, Doc: "a value, real or whole, that is not 0 where a position may be seen: [T] for all positions alike, or [T, T], " +
			"a row of it for each that looks; of memory [S] or [T, S]. No gradient flows into it"},
		{Name: "memory", Kind: Named, Doc: "another sequence [S, D], which is looked at instead"},
		{Name: "kv_heads", Kind: Integer, Default: unset, Min: 1, Max: maxCount, Doc: "how many heads key and value have, each for heads/kv_heads heads of query"},
		{Name: "rope", Kind: Flag, Doc: "turns queries and keys by their position: the pair (x[i], x[i + d/2]) by t·base^(−2i/d)"},
		{Name: "base", Kind: Number, Default: 10000, Min: 1, Max: 1e9, Doc: "of rope"},
		{Name: "dropout", Kind: Number, Max: 1, Below: true, Doc: "the probability with which a probability counts as 0 while training"},
		{Name: "bias", Kind: Bool, Default: 1, Doc: "whether the four have biases"},
	},
	Packed: map[string]string{
		"query.weight": "in_proj_weight", "key.weight": "in_proj_weight", "value.weight": "in_proj_weight",
		"query.bias": "in_proj_bias", "key.bias": "in_proj_bias", "value.bias": "in_proj_bias",
		"out.weight": "out_proj.weight", "out.bias": "out_proj.bias",
	},
	Build: func(c *Call) {
		if a := (attending{Call: c}); a.check() {
			a.build()
		}
	},
})

// attending is an attention that is being made.
type attending struct {
	*Call
	memory          *ir.Value // what keys and values are made of
	queries, keys   int
	width, size     int // of a position, of a head
	heads, keyHeads int
	mask            *ir.Value // or nil
}

// check works out the sizes, and reports what does not fit.
func (a *attending) check() bool {
	if !a.Floats() {
		return false
	}
	shape := a.X.Type.Shape
	if len(shape) != 2 {
		a.Report(a.Problem(diag.WrongRank, a.At, "`attention` takes a sequence, [positions, size], but %v flows in here", shape).
			WithNote(a.Origin(a.X), "%s comes from here", times(shape)).
			WithHelp("`reshape` gives it two axes"))
		return false
	}
	a.memory, a.queries, a.width, a.heads = a.X, shape[0], shape[1], a.Int("heads")
	a.keyHeads = a.heads
	switch {
	case a.width%a.heads != 0:
		a.Report(a.Problem(diag.SizeMismatch, a.Span("heads"), "%d heads do not divide the %d values of a position of %v", a.heads, a.width, shape).
			WithNote(a.Origin(a.X), "%s comes from here", times(shape)).
			WithHelp("write a number of heads that divides %d", a.width))
		return false
	case a.Given("kv_heads"):
		a.keyHeads = a.Int("kv_heads")
		if a.heads%a.keyHeads != 0 {
			a.Report(a.Problem(diag.SizeMismatch, a.Span("kv_heads"), "%d heads of key and value do not divide %d heads", a.keyHeads, a.heads).
				WithHelp("each of them is for as many heads of query: write a number that divides %d", a.heads))
			return false
		}
	}
	a.size = a.width / a.heads
	return a.checkMemory() && a.checkRope() && a.findMask()
}

// checkMemory is check for what is looked at.
func (a *attending) checkMemory() bool {
	given, other := a.Args["memory"]
	if !other {
		a.keys = a.queries
		return true
	}
	a.memory = given.Named[0]
	if a.memory.Type.Kind != ir.F32 {
		a.Report(a.integers(a.memory, given.Text, given.Span).
			WithHelp("make numbers of it first, `from %s; %s`, label these, and name the label here", given.Text, integerLayers()[0]))
		return false
	}
	if shape := a.memory.Type.Shape; len(shape) != 2 {
		a.Report(a.Problem(diag.WrongRank, given.Span, "memory is a sequence, [positions, size], but `%s` is %v", given.Text, shape).
			WithNote(a.Origin(a.memory), "`%s` comes from here", given.Text).
			WithHelp("`reshape` gives it two axes"))
		return false
	}
	for _, alone := range []string{"causal", "rope"} {
		if a.Is(alone) {
			a.Report(a.Problem(diag.UnexpectedArgument, a.Span(alone), "`%s` is for positions of one sequence, but memory is another", alone).
				WithNote(given.Span, "the memory is given here").
				WithHelp("leave one of the two out"))
			return false
		}
	}
	a.keys = a.memory.Type.Shape[0]
	return true
}

// checkRope is check for rope and its base.
func (a *attending) checkRope() bool {
	switch {
	case a.Given("base") && !a.Is("rope"):
		a.Report(a.Problem(diag.UnexpectedArgument, a.Span("base"), "`base` is for `rope`, which does not stand here").
			WithHelp("write `attention %d rope base=…`, or leave it out", a.heads))
		return false
	case a.Is("rope") && a.size%2 != 0:
		a.Report(a.Problem(diag.SizeMismatch, a.Span("rope"), "`rope` turns pairs of values, but a head has %d: %d values for %d heads", a.size, a.width, a.heads).
			WithNote(a.Origin(a.X), "%s comes from here", times(a.X.Type.Shape)).
			WithHelp("take sizes by which a head has an even number of values"))
		return false
	}
	return true
}

// findMask reads the mask.
func (a *attending) findMask() (ok bool) {
	a.mask, ok = a.Mask(ir.Shape{a.keys}, ir.Shape{a.queries, a.keys})
	return ok
}

// build adds the operations.
func (a *attending) build() {
	x, from, keyWidth := a.X, a.memory.Type.Shape[1], a.keyHeads*a.size
	for _, rows := range []int{a.width, keyWidth} {
		if !a.Fits(a.At, "a weight", rows, from) || !a.Fits(a.At, "a weight", rows, a.width) {
			return
		}
	}
	bound := func(rows, columns int) ir.Init { return ir.Init{Uniform: math.Sqrt(6 / float64(rows+columns))} }
	joined := a.width + 2*keyWidth
	ofQuery, ofKey := bound(joined, a.width), bound(joined, a.width)
	if from != a.width {
		ofQuery, ofKey = bound(a.width, a.width), bound(keyWidth, from)
	}
	q := a.project("query", x, a.width, ofQuery)
	k := a.project("key", a.memory, keyWidth, ofKey)
	v := a.project("value", a.memory, keyWidth, ofKey)
	if a.Is("rope") {
		q = a.Builder.Node(a.Name+".query.turned", op.Rope(a.size, a.Number("base")), q)[0]
		k = a.Builder.Node(a.Name+".key.turned", op.Rope(a.size, a.Number("base")), k)[0]
	}
	card := op.Attention{Heads: a.heads, KeyHeads: a.keyHeads, Causal: a.Is("causal"), Masked: a.mask != nil, Dropped: a.Number("dropout") > 0}
	operands := []*ir.Value{q, k, v}
	if a.mask != nil {
		operands = append(operands, a.mask)
	}
	if card.Dropped {
		mask := op.DropoutMask(a.Number("dropout"), a.heads, a.queries, a.keys)
		operands = append(operands, a.Builder.Node(a.Name+".dropout", mask, a.Builder.Scalar(ir.StepNumber))[0])
	}
	seen := a.Builder.Node(a.Name+".seen", op.Attend(card), operands...)[0]
	a.X = a.project("out", seen, a.width, ir.Init{Uniform: 1 / math.Sqrt(float64(a.width))})
}

// project adds one of the four products.
func (a *attending) project(name string, x *ir.Value, out int, init ir.Init) *ir.Value {
	in := x.Type.Shape[1]
	params := []*ir.Value{a.Param(name+".weight", init, out, in)}
	if a.memory.Type.Shape[1] != a.width && name != "out" {
		params[0].Packed = a.Name + "." + name[:1] + "_proj_weight" // weights of different widths are no one tensor
	}
	if a.Is("bias") {
		params = append(params, a.Param(name+".bias", ir.Init{}, out))
	}
	y := a.Name
	if name != "out" {
		y += "." + name
	}
	return a.Builder.Node(y, op.Linear(a.Is("bias")), append([]*ir.Value{x}, params...)...)[0]
}
