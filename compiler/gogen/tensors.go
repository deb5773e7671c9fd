package gogen

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// tensors writes the lists of what the model consists of: parameters, what else a weight file holds, slots.
func (f *file) tensors() {
	grad := func(v *ir.Value) string { return "nil" }
	param := ""
	if f.plan.Program(plan.Steps) != nil {
		param = "g *" + f.prefix + "Grads"
		grad = func(v *ir.Value) string {
			if g := f.gradient(v); g != nil {
				return "g." + f.path(g)
			}
			return "nil"
		}
	}
	f.text(`
// list describes the parameters and their gradients, in the order of the spec.
func (w *${Prefix}Params) list($Param) []nnrt.Param {
	$Body
}
`, args{"Prefix": f.prefix, "Param": param, "Body": f.listOf("nnrt.Param", f.graph.Params, "w", func(v *ir.Value) (string, string) {
		return "NewParam", ", " + grad(v)
	})})
	f.averages()
	if len(f.graph.States) > 0 {
		f.text(`
// buffers describes what training changes but no optimiser does.
func (w *${Prefix}Params) buffers() []nnrt.Tensor {
	$Body
}
`, args{"Prefix": f.prefix, "Body": f.listOf("nnrt.Tensor", f.graph.States, "w", func(*ir.Value) (string, string) { return "NewTensor", "" })})
	}
	if len(f.graph.Slots) > 0 {
		f.text(`
// list describes the optimiser's memory.
func (s *${Prefix}Slots) list() []nnrt.Tensor {
	$Body
}
`, args{"Prefix": f.prefix, "Body": f.listOf("nnrt.Tensor", f.graph.Slots, "s", func(*ir.Value) (string, string) { return "NewTensor", "" })})
	}
}

// layoutName is what nnrt calls the layout of a tensor.
func layoutName(l ir.Layout) string {
	switch l {
	case ir.RowMajor:
		return "RowMajor"
	case ir.Panels:
		return "Panels"
	}
	return fmt.Sprintf("Filters(%d)", l.Groups())
}

// gradient returns where the gradient of a parameter lies, nil if it has none.
func (f *file) gradient(param *ir.Value) *ir.Value {
	if n := f.graph.Updater(param); n != nil && n.BatchGradient().Home().Role == ir.Result {
		return n.BatchGradient().Home()
	}
	return nil
}

var numberOfRound = regexp.MustCompile(`\[[0-9]+\]`)

// listOf writes a function body that returns the tensors of values, which are fields of a variable. call gives the
// constructor, and what it takes between the memory and the layout.
func (f *file) listOf(typ string, values []*ir.Value, variable string, call func(*ir.Value) (name, middle string)) string {
	entry := func(v *ir.Value, name, path, middle string) string {
		constructor, _ := call(v)
		layout := ", nnrt." + layoutName(v.Layout)
		if v.Type.Kind == ir.I64 {
			constructor, layout = "NewIntTensor", ""
		}
		shape := ""
		for _, d := range v.Type.Shape {
			shape += fmt.Sprintf(", %d", d)
		}
		return fmt.Sprintf("nnrt.%s(%s, %s.%s%s%s%s)", constructor, name, variable, path, middle, layout, shape)
	}
	plainEntry := func(v *ir.Value) string {
		_, middle := call(v)
		return entry(v, fmt.Sprintf("%q", v.Name), f.path(v), middle) + elsewhere(v, false) + ","
	}
	runs := f.runs(values, func(v *ir.Value) string {
		_, middle := call(v)
		return numberOfRound.ReplaceAllString(middle, "[]") + elsewhere(v, true)
	})
	rolled := false
	for _, r := range runs {
		rolled = rolled || r.rounds > 1
	}
	if !rolled {
		var lines []string
		for _, v := range values {
			lines = append(lines, plainEntry(v))
		}
		return "return []" + typ + "{\n" + strings.Join(lines, "\n") + "\n}"
	}
	lines := []string{fmt.Sprintf("list := make([]%s, 0, %d)", typ, len(values))}
	for _, r := range runs {
		if r.rounds == 1 {
			lines = append(lines, "list = append(list, "+strings.TrimSuffix(plainEntry(r.values[0]), ",")+")")
			continue
		}
		scope := r.values[0].Scope
		lines = append(lines, fmt.Sprintf("for i := range %d {\nround := %q + strconv.Itoa(i) + \".\"\nlist = append(list,", r.rounds, strings.TrimSuffix(scope, "0")))
		for _, v := range r.values {
			_, middle := call(v)
			inLoop := func(path string) string { return numberOfRound.ReplaceAllString(path, "[i]") }
			lines = append(lines, entry(v, fmt.Sprintf("round + %q", inRound(v)), inLoop(f.path(v)), inLoop(middle))+elsewhere(v, true)+",")
		}
		lines = append(lines, ")", "}")
	}
	return strings.Join(append(lines, "return list"), "\n")
}

// elsewhere is what other programs' files may call a parameter, as calls behind its constructor; within a loop over
// rounds, by the round's name.
func elsewhere(v *ir.Value, inLoop bool) string {
	quoted := func(name string) string {
		if rest, ok := strings.CutPrefix(name, v.Scope+"."); ok && inLoop {
			return fmt.Sprintf("round + %q", rest)
		}
		return strconv.Quote(name)
	}
	calls := ""
	if len(v.Shared) > 0 {
		var names []string
		for _, name := range v.Shared {
			names = append(names, quoted(name))
		}
		calls = ".Shared(" + strings.Join(names, ", ") + ")"
	}
	if v.Packed != "" {
		calls += ".Packed(" + quoted(v.Packed) + ")"
	}
	return calls
}
