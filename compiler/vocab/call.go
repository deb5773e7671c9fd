package vocab

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Value is an argument as the checker read it.
type Value struct {
	Number float64
	To     float64 // of Sizes written with an arrow
	Arrow  bool
	List   []float64   // of a list in brackets
	Text   string      // of a Text and a Measure; of a Choice, or of a number in whose place a name stands, that name
	Named  []*ir.Value // of a Named
	Texts  []string    // of what may stand many times: the texts or the names as written
	Spans  []diag.Span // where each of Texts, or of List, stands
	Layer  *Labels     // of a Labelled
	Span   diag.Span
	From   diag.Span // of Sizes: the first of the two
}

// Labels is what a label names: a layer and its parameters by their own names, weight and bias.
type Labels struct {
	Name   string
	Params map[string]*ir.Value
}

// Call is a statement that uses a word.
type Call struct {
	Word *Word
	At   diag.Span // of the word
	Args map[string]Value

	Name    string      // of the layer, with the scopes that it stands in: layer1.0.linear1
	Builder *ir.Builder // adds to the forward graph
	X       *ir.Value   // the current value; of a loss, the output that it is of
	Target  *ir.Value   // of a loss, set by Compare
	Loss    *ir.Value   // set by a loss
	Weights *ir.Value   // of a loss: a number for each row, which its mean goes by; nil where all count alike
	Count   *ir.Value   // set by a loss that is a mean over other things than the elements of X: their number
	Means   []ir.Mean   // set by a loss that is the mean of several means: these
	Recipe  *ir.Recipe

	Measured int     // set by a metric that takes a whole number: it
	Init     *Scheme // how parameters start here, nil for the layer's own way
	Made     Labels  // the parameters that the layer has made or shares

	Entered *ir.Value   // of a residual: what entered; X is what its body made
	Names   []string    // of a split: the parts' names
	Sizes   []int       // and their sizes, 0 where none is written
	Parts   []*ir.Value // set by a split

	// Ignored is set, before Compare, by a loss of classes: the one that takes no part. Weighs is set by one whose classes
	// have weights of its own.
	Ignored int
	Weighs  bool

	// Longest is set by a loss of spans: how many positions a predicted one has at most. TargetMask is set by one that an input
	// says of which positions no target is.
	Longest    int
	TargetMask *ir.Value

	// Balanced is set by a loss whose weights shall make up for classes that are rare among the rows.
	Balanced bool

	// Report takes a diagnostic about the statement.
	Report func(diag.Diagnostic)
	// Origin tells where the size of a value's last axis was written.
	Origin func(*ir.Value) diag.Span
	// Statement tells where the statement stands that makes the output of a loss.
	Statement func(*ir.Value) diag.Span
	// Fits reports whether an array of those extents is below the limit, and a diagnostic otherwise.
	Fits func(span diag.Span, what string, dims ...int) bool
	// Compare returns the target of that type that the loss compares with, nil after a diagnostic.
	Compare func(t ir.Type) *ir.Value
}

// Number returns the argument, or its declared default.
func (c *Call) Number(name string) float64 {
	if v, ok := c.Args[name]; ok {
		return v.Number
	}
	return c.declared(name).Default
}

func (c *Call) declared(name string) *Arg {
	for i, a := range c.Word.Args {
		if a.Name == name {
			return &c.Word.Args[i]
		}
	}
	panic(fmt.Sprintf("vocab: %s declares no argument %s", c.Word.Name, name))
}

// Int returns the argument as an integer.
func (c *Call) Int(name string) int { return int(c.Number(name)) }

// Numbers returns the list, one number without brackets as a list of one, or the declared default; nil where a name
// stands in its place, and where it is left out and has no default.
func (c *Call) Numbers(name string) []float64 {
	declared := c.declared(name)
	v, given := c.Args[name]
	switch {
	case v.List != nil:
		return v.List
	case given && v.Text == "":
		return []float64{v.Number}
	case !given && declared.hasDefault():
		return []float64{declared.Default}
	}
	return nil
}

// Ints is Numbers as integers.
func (c *Call) Ints(name string) []int {
	var list []int
	for _, x := range c.Numbers(name) {
		list = append(list, int(x))
	}
	return list
}

// Pair returns a list [h, w], or one number for both axes; 0, 0 where Ints returns nil.
func (c *Call) Pair(name string) (h, w int) {
	switch list := c.Ints(name); len(list) {
	case 0:
		return 0, 0
	case 1:
		return list[0], list[0]
	default:
		return list[0], list[1]
	}
}

// Choice returns the name that was chosen: of a Choice that was left out the first one, of numbers and lists the name
// in their place, empty where there is none.
func (c *Call) Choice(name string) string {
	if v, given := c.Args[name]; given {
		return v.Text
	}
	if declared := c.declared(name); declared.Kind == Choice {
		return declared.Choices[0]
	}
	return ""
}

// Given reports whether the argument was written.
func (c *Call) Given(name string) bool {
	_, given := c.Args[name]
	return given
}

// Is reports whether a flag stands or a Bool is true.
func (c *Call) Is(name string) bool { return c.Number(name) != 0 }

// Span returns where the argument stands, or the word where it was left out.
func (c *Call) Span(name string) diag.Span {
	if v, ok := c.Args[name]; ok {
		return v.Span
	}
	return c.At
}

// Problem makes a diagnostic at a place of the statement.
func (c *Call) Problem(code string, span diag.Span, format string, args ...any) diag.Diagnostic {
	return diag.New(code, "", span, format, args...)
}

// Param adds a parameter of the layer, named after it: linear1.weight. It starts as an `init` above says, else by the
// layer's own way. Where the statement is tied to a layer that has one of this name, it is that one.
func (c *Call) Param(name string, own ir.Init, dims ...int) *ir.Value {
	return c.param(name, dims, func() ir.Init { return c.Init.of(name, own, dims) })
}

// Filled adds a parameter that starts as one number, whatever an `init` says: of a norm.
func (c *Call) Filled(name string, fill float64, dims ...int) *ir.Value {
	return c.param(name, dims, func() ir.Init { return ir.Init{Fill: fill} })
}

// param adds a parameter that starts as init says, or finds the one that the layer is tied to.
func (c *Call) param(name string, dims []int, init func() ir.Init) *ir.Value {
	v, own := c.shared(name, dims), c.Name+"."+name
	if v == nil {
		v = c.Builder.Value(ir.Param, own, ir.Whole(dims...))
		v.Init = init()
		if whole := c.Word.Packed[name]; whole != "" {
			v.Packed = c.Name + "." + whole
		}
	} else {
		v.Shared = append(v.Shared, own)
	}
	if c.Made.Params == nil {
		c.Made = Labels{Name: c.Name, Params: map[string]*ir.Value{}}
	}
	c.Made.Params[name] = v
	return v
}

// State adds a state of the layer, named after it: batchnorm1.running_mean. Training changes it, no optimiser does.
func (c *Call) State(name string, t ir.Type, fill float64) *ir.Value {
	v := c.Builder.Value(ir.State, c.Name+"."+name, t)
	v.Init.Fill = fill
	return v
}

// shared returns the parameter of that name that the statement's `tied` shares, or nil.
func (c *Call) shared(name string, dims []int) *ir.Value {
	tied, ok := c.Args["tied"]
	if !ok || tied.Layer == nil {
		return nil
	}
	v := tied.Layer.Params[name]
	if v == nil || v.Type.Equal(ir.Whole(dims...)) {
		return v
	}
	c.Report(c.Problem(diag.TiedMisfit, tied.Span, "`%s` is %v, but this layer needs %v", v.Name, v.Type.Shape, ir.Shape(dims)).
		WithHelp("tie layers of the same sizes only"))
	return detached(ir.Whole(dims...))
}

// Apply adds an operation on the current value and other operands, whose first result becomes current.
func (c *Call) Apply(op *ir.Op, others ...*ir.Value) {
	c.X = c.Builder.Node(c.Name, op, append([]*ir.Value{c.X}, others...)...)[0]
}

// Floats reports whether the current value holds real numbers, and a diagnostic otherwise.
func (c *Call) Floats() bool {
	if c.X.Type.Kind == ir.F32 {
		return true
	}
	c.Report(c.integers(c.X, c.X.Name, c.At))
	c.X = detached(ir.Type{Shape: c.X.Type.Shape, Batch: true})
	return false
}

// Integers reports whether the current value holds integers below a limit, and a diagnostic otherwise.
func (c *Call) Integers() bool {
	if c.X.Type.Kind == ir.I32 {
		return true
	}
	c.Report(c.Problem(diag.IntegerInput, c.At, "`%s` takes integers, but real numbers flow in here", c.Word.Name).
		WithNote(c.Origin(c.X), "`%s` comes from here", c.X.Name).
		WithHelp("put it right after an input that is declared with `of`, as `input kind[1] of 5`"))
	return false
}

// integers words the mistake of integers where real numbers are wanted.
func (c *Call) integers(x *ir.Value, name string, at diag.Span) diag.Diagnostic {
	return c.Problem(diag.IntegerInput, at, "`%s` takes real numbers, but integers flow in here", c.Word.Name).
		WithNote(c.Origin(x), "`%s` holds integers below %d", name, x.Type.Limit).
		WithHelp("put `%s` before it; or declare the input without `of` if its values are quantities rather than classes", strings.Join(integerLayers(), "` or `"))
}

// operand words the same of a named value.
func (c *Call) operand(named Value, i int) diag.Diagnostic {
	x, name := named.Named[i], named.Texts[i]
	return c.integers(x, name, named.Spans[i]).
		WithHelp("make numbers of it first, `from %s; %s`, label these, and name the label here", name, integerLayers()[0])
}

// detached stands in for a value that could not be made, so that the statements after a mistake are checked.
func detached(t ir.Type) *ir.Value { return &ir.Value{Name: "?", Type: t} }
