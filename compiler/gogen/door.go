package gogen

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// door checks the lengths of the arguments of a call, the first of which decides the number of rows n, and the
// range of integers; zero is what the function returns before an error.
func (f *file) door(call, zero string, capacity int, values ...*ir.Value) string {
	first := values[0]
	n, size := f.own("n"), first.Type.Shape.Size()
	length := "len(" + f.field(first) + ")"
	wrong := fmt.Sprintf("%s != %s", length, times(size, n))
	if capacity > 0 {
		wrong = fmt.Sprintf("%s < 1 || %s > %d || %s", n, n, capacity, wrong)
	}
	lines := []string{fmt.Sprintf("%s := %s", n, length)}
	if size > 1 {
		lines[0] += fmt.Sprintf(" / %d", size)
	}
	if size > 1 || capacity > 0 {
		lines = append(lines, fmt.Sprintf("if %s {\nreturn %snnrt.RowsError(%q, %q, %s, %d, %d)\n}", wrong, zero, call, first.Port(), length, size, capacity))
	}
	for _, v := range values[1:] {
		lines = append(lines, f.length(call, zero, v.Port(), f.field(v), f.own("n"), v))
	}
	for _, v := range values {
		lines = append(lines, f.within(call, zero, v)...)
	}
	for _, v := range values {
		lines = append(lines, f.unmasked(call, zero, v, f.field)...)
	}
	return strings.Join(lines, "\n")
}

// made returns from a method of the model if that is the zero value of its type.
func (f *file) made(call, zero string) string {
	return fmt.Sprintf("if %s.params == nil {\nreturn %snnrt.Unmade(%q, %q)\n}", f.own("m"), zero, f.model+"."+call, f.model)
}

// madePredictor does the same in a method of a predictor.
func (f *file) madePredictor(call string) string {
	return fmt.Sprintf("if %s.params == nil {\nreturn nnrt.UnmadePredictor(%q, %q)\n}", f.own("p"), f.model+"."+call, f.model)
}

// apart refuses outputs that share memory with what the call reads.
func (f *file) apart(call string, read []*ir.Value, written []string) []string {
	var lines []string
	for _, out := range written {
		for _, v := range read {
			lines = append(lines, f.checked("", fmt.Sprintf("nnrt.Apart(%q, %q, %s, %q, %s)", f.model+"."+call, v.Port(), f.field(v), out, out)))
		}
	}
	return lines
}

// checked returns from a function if an expression is an error.
func (f *file) checked(zero, expression string) string {
	err := f.own("err")
	return fmt.Sprintf("if %s := %s; %s != nil {\nreturn %s%s\n}", err, expression, err, zero, err)
}

// length checks that an argument has n rows of a value.
func (f *file) length(call, zero, port, name, n string, v *ir.Value) string {
	size := v.Type.Shape.Size()
	return fmt.Sprintf("if len(%s) != %s {\nreturn %snnrt.LengthError(%q, %q, len(%s), %s, %d)\n}", name, times(size, n), zero, call, port, name, n, size)
}

// within checks the range of a value of integers, or of weights.
func (f *file) within(call, zero string, v *ir.Value) []string {
	if v.Name == ir.RowWeights {
		return []string{f.checked(zero, fmt.Sprintf("nnrt.Weights(%q, %q, %s)", call, v.Port(), f.field(v)))}
	}
	if v.Type.Kind != ir.I32 {
		return nil
	}
	ignored := ""
	if v.Role == ir.Target {
		ignored = ", kernel.Ignored"
	}
	if of := f.leavesOut(v); of != usuallyIgnored {
		ignored = fmt.Sprintf(", %d", of)
	}
	return []string{f.checked(zero, fmt.Sprintf("nnrt.Within(%q, %q, %s, %d%s)", call, v.Port(), f.field(v), v.Type.Limit, ignored))}
}

// unmasked checks that no target stands at a position that the mask of its loss leaves out. of says where an input is.
func (f *file) unmasked(call, zero string, target *ir.Value, of func(*ir.Value) string) []string {
	for _, j := range f.graph.Recipe.Losses {
		if j.Target == target && j.Mask != nil {
			return []string{f.checked(zero, fmt.Sprintf("nnrt.Unmasked(%q, %q, %s, %q, %s)", call, target.Port(), f.field(target), j.Mask.Port(), of(j.Mask)))}
		}
	}
	return nil
}

// usuallyIgnored is the class that a loss leaves out where nothing else is said.
const usuallyIgnored = -100

// leavesOut is the class that the losses that compare with a target leave out.
func (f *file) leavesOut(v *ir.Value) int {
	for _, j := range f.graph.Recipe.Losses {
		if j.Target == v && j.Kind == ir.Class {
			return j.Ignored
		}
	}
	return usuallyIgnored
}

// assign lets the given rows of the running step be those of values, or nil.
func (f *file) assign(values []*ir.Value, none bool) string {
	var lines []string
	for _, v := range values {
		of := f.field(v)
		if none {
			of = "nil"
		}
		lines = append(lines, fmt.Sprintf("%s.given.%s = %s", f.own("m"), f.field(v), of))
	}
	return strings.Join(lines, "\n")
}
