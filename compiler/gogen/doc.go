package gogen

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/nnc-lang/nnc/compiler/ir"
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
	type row struct {
		name, output                  string
		parameters, forward, backward int
	}
	var rows []*row
	find := func(name string) *row {
		for _, r := range rows {
			if r.name == name {
				return r
			}
		}
		rows = append(rows, &row{name: name})
		return rows[len(rows)-1]
	}
	for _, v := range f.graph.Inputs {
		find(v.Name).output = v.Type.Shape.String()
	}
	for _, n := range f.graph.Nodes {
		switch n.Phase {
		case ir.Forward:
			r := find(n.Layer)
			r.output = n.Out[0].Type.Shape.String()
			r.forward += n.Op.FLOPs(n)
			for _, v := range n.In {
				if v.Role == ir.Param {
					r.parameters += v.Type.Shape.Size()
				}
			}
		case ir.Backward:
			if n.Layer != "loss" {
				find(n.Layer).backward += n.Op.FLOPs(n)
			}
		}
	}
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "layer\toutput\tparameters\tFLOP/row forward\tbackward\t\n")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t\n", r.name, r.output, r.parameters, r.forward, r.backward)
	}
	w.Flush()
	for _, line := range strings.Split(strings.TrimRight(text.String(), "\n"), "\n") {
		fmt.Fprintf(s, "\t%s\n", strings.TrimRight(line, " "))
	}
}

// memoryDoc says how much memory the model takes.
func (f *file) memoryDoc() string {
	parameters := 0
	for _, v := range f.graph.Params {
		parameters += v.Type.Shape.Size()
	}
	text := fmt.Sprintf("It has %d parameters, %d bytes. ", parameters, 4*parameters)
	p := f.plan.Predict
	predict := fmt.Sprintf("A prediction works on %d rows at a time, in %d bytes.", p.Rows, 4*p.Arena)
	if f.plan.Step == nil {
		return text + predict + "\n"
	}
	slots := 0
	for _, v := range f.graph.Slots {
		slots += v.Type.Shape.Size()
	}
	if slots > 0 {
		text += fmt.Sprintf("Its optimiser keeps %d bytes. ", 4*slots)
	}
	return text + fmt.Sprintf("A step of up to %d rows works in %d bytes.\n%s\n", f.plan.Step.Rows, 4*f.plan.Step.Arena, predict)
}
