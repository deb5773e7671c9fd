package main

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// text is the spec, with the command that trains it.
func (d *draft) text(model, train string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("// %s learns %s from the other columns of %s. It is a first model: try it, then change it.", model, d.targets(), d.table.Shown)
	line("// %s", train)
	line("model %s\n", model)
	if n := d.plainWidth(); n > 0 {
		for _, what := range d.made() {
			line("// %s", what)
		}
		line("input %s[%d]", plainInput, n)
	}
	for _, e := range d.texts {
		if e.mask != "" {
			line("// %s", e.said())
			line("input %s[%d] of %d", e.input, e.read(), e.known())
			line("input %s[%d] of 2", e.mask, e.read())
			continue
		}
		line("// %s: %d texts by their place, and one place for texts never seen", e.Shown, len(e.Texts))
		line("input %s[1] of %d", e.input, len(e.Texts)+1)
	}
	line("")
	d.writeEmbeddings(line)
	line("// %s", d.whyLayers())
	for i := range d.layers {
		if i == d.layers-1 && d.outputs != nil {
			line("linear %d; trunk: relu", d.width)
		} else {
			line("linear %d; relu", d.width)
		}
	}
	line("")
	for i, g := range d.table.Goals {
		if d.outputs != nil {
			line("from trunk; %s: linear %d", d.outputs[i], outputsFor(g))
		} else {
			line("linear %d", outputsFor(g))
		}
	}
	line("")
	for i, g := range d.table.Goals {
		output := ""
		if d.outputs != nil {
			output = " " + d.outputs[i]
		}
		line("loss %s%s // %s", lossFor(g), output, d.whyLoss(g))
	}
	for i, g := range d.table.Goals {
		for _, m := range metricsFor(g) {
			if d.outputs != nil {
				m += " " + d.outputs[i]
			}
			line("metric %s", m)
		}
	}
	line("adam 0.001")
	line("batch %d", d.batch)
	line("epochs %d // %s", d.epochs, counted(d.steps, "step"))
	if d.table.HeldOut > 0 {
		line("stop patience=%d // epochs without a smaller held-out loss", d.patience)
	}
	return b.String()
}

// writeEmbeddings writes what joins all inputs to one row of numbers.
func (d *draft) writeEmbeddings(line func(format string, args ...any)) {
	if len(d.texts) == 0 {
		return
	}
	line("// Numbers stand for a text, or one of its symbols, to be learnt: about the square root of how many there are.")
	last := len(d.texts) - 1
	var others []string
	for i, e := range d.texts {
		steps := strings.Split(e.joined(), "; ")
		if i < last || len(d.plain) > 0 {
			vector := d.names.of(e.input+"_vector", "vector")
			steps[len(steps)-1] = vector + ": " + steps[len(steps)-1]
			others = append(others, vector)
		}
		line("from %s; embedding %d; %s", e.input, e.embedding, strings.Join(steps, "; "))
	}
	switch {
	case len(d.plain) > 0:
		line("from %s; concat %s", plainInput, strings.Join(others, " "))
	case len(others) > 0:
		line("concat %s", strings.Join(others, " "))
	}
	line("")
}

// manyLines bounds the columns of texts that are described one by one.
const manyLines = 30

// made says which columns make the values of the plain input, in any order.
func (d *draft) made() []string {
	var numbers, gaps, lines []string
	texts := 0
	for _, f := range d.plain {
		if f.Kind == data.KindNumber {
			numbers = append(numbers, f.Shown)
			if f.Width == 2 {
				gaps = append(gaps, f.Shown)
			}
			continue
		}
		if texts++; texts <= manyLines {
			lines = append(lines, fmt.Sprintf("%s as %s: %s", f.Shown, counted(f.Width, "indicator"), f.Listed()))
		}
	}
	if texts > manyLines {
		lines = append(lines, fmt.Sprintf("indicators of %s more", counted(texts-manyLines, "column")))
	}
	if len(gaps) > 0 {
		lines = append([]string{fmt.Sprintf("%s of missing values: %s", counted(len(gaps), "indicator"), listed(gaps))}, lines...)
	}
	if len(numbers) > 0 {
		lines = append([]string{fmt.Sprintf("%s: %s", counted(len(numbers), "number"), listed(numbers))}, lines...)
	}
	return lines
}

// targets are the names of what is learnt.
func (d *draft) targets() string {
	var shown []string
	for _, g := range d.table.Goals {
		shown = append(shown, g.Shown)
	}
	return listed(shown)
}

// whyLayers says by which rule the hidden layers are as they are.
func (d *draft) whyLayers() string {
	rows := "many rows"
	if d.below > 0 {
		rows = fmt.Sprintf("fewer than %d rows", d.below)
	}
	s := fmt.Sprintf("%s of %d, for %s", counted(d.layers, "hidden layer"), d.width, rows)
	if d.wide {
		s += fmt.Sprintf(" and more than %d values", d.width/2)
	}
	return s
}

// whyLoss says what the target is taken for.
func (d *draft) whyLoss(g dataset.Goal) string {
	switch g.Kind {
	case data.Flag:
		return fmt.Sprintf("%s is one of two, and what comes out says how likely %s is", g.Shown, g.ShownClass(1))
	case data.Class:
		return fmt.Sprintf("%s is one of %d: %s", g.Shown, len(g.Classes), g.Listed())
	}
	return fmt.Sprintf("%s is a quantity", g.Shown)
}

func lossFor(g dataset.Goal) string {
	return map[data.TargetKind]string{data.Quantity: "mse", data.Class: "cross_entropy", data.Flag: "bce_logits"}[g.Kind]
}

func metricsFor(g dataset.Goal) []string {
	if g.Kind == data.Quantity {
		return []string{"mae", "r2"}
	}
	return []string{"accuracy"}
}

// outputsFor is how many values the model gives for a target.
func outputsFor(g dataset.Goal) int {
	if g.Kind == data.Class {
		return len(g.Classes)
	}
	return 1
}

// counted is "1 column", "3 columns".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// listed joins names, the first few of many.
func listed(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(", … (%d in all)", len(names))
	}
	return strings.Join(names, ", ")
}
