package gogen

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/nnc-lang/nnc/compiler/plan"
)

// typeDoc is the comment of the model's type: the spec's own comment, the spec, the table of layers, the
// memory.
func (f *file) typeDoc() string {
	var s strings.Builder
	if f.graph.Doc == "" {
		fmt.Fprintf(&s, "%s is the model of %s:\n", f.model, oneLine(f.graph.File))
	} else {
		fmt.Fprintf(&s, "%s is the model of %s. %s\n", f.model, oneLine(f.graph.File), strings.Join(strings.Fields(f.graph.Doc), " "))
	}
	s.WriteString("\n")
	lines := strings.Split(strings.TrimSpace(f.graph.Text), "\n")
	for f.graph.Doc != "" && strings.HasPrefix(lines[0], "//") { // said above
		lines = lines[1:]
	}
	for _, line := range lines {
		fmt.Fprintf(&s, "\t%s\n", oneLine(strings.ReplaceAll(strings.TrimRight(line, " \t\r"), "\t", "    ")))
	}
	s.WriteString("\n")
	f.table(&s)
	s.WriteString("\n")
	s.WriteString(f.memoryDoc())
	return strings.TrimRight(s.String(), "\n")
}

// table writes a line per layer: what comes out, parameters, floating-point operations per row in both
// directions.
func (f *file) table(s *strings.Builder) {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "layer\toutput\tparameters\tFLOP/row forward\tbackward\t\n")
	for _, l := range f.plan.Layers {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t\n", l.Name, l.Output, l.Parameters, l.Forward, l.Backward)
	}
	w.Flush()
	for _, line := range strings.Split(strings.TrimRight(text.String(), "\n"), "\n") {
		fmt.Fprintf(s, "\t%s\n", strings.TrimRight(line, " "))
	}
}

// memoryDoc says how much memory the model takes.
func (f *file) memoryDoc() string {
	parameters, _ := f.plan.Parameters()
	text := fmt.Sprintf("It has %d parameters, %d bytes. ", parameters, 4*parameters)
	p := f.plan.Program(plan.Predict)
	predict := fmt.Sprintf("A prediction works on %d rows at a time, in %d bytes.", p.Rows, 4*p.Arena)
	train, steps := f.plan.Program(plan.Train), f.plan.Program(plan.Steps)
	if steps == nil {
		return text + predict + "\n"
	}
	slots := 0
	for _, v := range f.graph.Slots {
		slots += v.Type.Shape.Size()
	}
	if slots > 0 {
		text += fmt.Sprintf("Its optimiser keeps %d bytes. ", 4*slots)
	}
	arena := steps.Arena
	if f.interleaved() {
		arena = max(arena, train.Arena)
	}
	return text + fmt.Sprintf("A step of up to %d rows works in %d bytes.\n%s\n", steps.Rows, 4*arena, predict)
}
