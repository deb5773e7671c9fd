package vocab

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/diag"
	"github.com/nnc-lang/nnc/compiler/ir"
)

// Value is an argument as the checker read it.
type Value struct {
	Number float64
	To     float64 // of Sizes written with an arrow
	Arrow  bool
	Span   diag.Span
	From   diag.Span // of Sizes: the first of the two
}

// Call is a statement that uses a word.
type Call struct {
	Word *Word
	At   diag.Span // of the word
	Args map[string]Value

	Name    string      // of the layer: its label, or its word and ordinal
	Builder *ir.Builder // adds to the forward graph
	X       *ir.Value   // the current value; of a loss or metric, the value that it judges
	Target  *ir.Value   // of a metric
	Loss    *ir.Value   // set by a loss
	Recipe  *ir.Recipe

	// Report takes a diagnostic about the statement.
	Report func(diag.Diagnostic)
	// Origin tells where the size of a value's last axis was written.
	Origin func(*ir.Value) diag.Span
	// Fits reports whether an array of those extents is below the limit, and a diagnostic otherwise.
	Fits func(span diag.Span, what string, dims ...int) bool
}

// Number returns the argument, or its declared default.
func (c *Call) Number(name string) float64 {
	if v, ok := c.Args[name]; ok {
		return v.Number
	}
	for _, a := range c.Word.Args {
		if a.Name == name {
			return a.Default
		}
	}
	panic(fmt.Sprintf("vocab: %s declares no argument %s", c.Word.Name, name))
}

// Int returns the argument as an integer.
func (c *Call) Int(name string) int { return int(c.Number(name)) }

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

// Param adds a parameter of the layer, named after it: linear1.weight.
func (c *Call) Param(name string, init ir.Init, layout ir.Layout, dims ...int) *ir.Value {
	v := c.Builder.Value(ir.Param, c.Name+"."+name, ir.Whole(dims...))
	v.Init, v.Layout = init, layout
	return v
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
	c.Report(c.Problem(diag.IntegerInput, c.At, "`%s` takes real numbers, but integers flow in here", c.Word.Name).
		WithNote(c.Origin(c.X), "`%s` holds integers below %d", c.X.Name, c.X.Type.Limit).
		WithHelp("declare the input without `of` if its values are quantities rather than classes"))
	c.X = detached(ir.Type{Shape: c.X.Type.Shape, Batch: true})
	return false
}

// detached stands in for a value that could not be made, so that the statements after a mistake are checked.
func detached(t ir.Type) *ir.Value { return &ir.Value{Name: "?", Type: t} }
