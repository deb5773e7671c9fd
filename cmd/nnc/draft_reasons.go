package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// reasons say, a line each, why the model is as it is.
func (d *draft) reasons() []string {
	lines := []string{fmt.Sprintf("%s: %s", d.table.Shown, counted(d.table.Rows, "row"))}
	lines = append(lines, d.table.Notes...)
	lines = append(lines, d.made()...)
	for _, e := range d.texts {
		if e.mask != "" {
			lines = append(lines, e.reason())
			continue
		}
		line := fmt.Sprintf("%s as an embedding of %s", e.Shown, counted(len(e.Texts), "text"))
		if len(e.Texts) > data.MaxIndicators {
			line += ", too many for indicators"
		}
		lines = append(lines, line)
	}
	lines = append(lines, d.missing()...)
	if left := d.leftOut(); len(left) > 0 {
		lines = append(lines, "left out: "+listed(left))
	}
	for _, l := range d.left {
		if l.Dates || l.Counts {
			lines = append(lines, fmt.Sprintf("if rows follow one another in time, as %s may say: nnc train … --id %s --window 24, with an input of 24 rows, as in `input x[24, 3]`", l.Shown, shellWord(l.Name)))
			break
		}
	}
	for _, g := range d.table.Goals {
		lines = append(lines, d.aim(g)...)
	}
	lines = append(lines, d.whyLayers())
	last := fmt.Sprintf("batches of %d, a fiftieth of the rows within bounds; %s, %s in all", d.batch, counted(d.epochs, "epoch"), counted(d.steps, "step"))
	if d.table.HeldOut > 0 {
		last += fmt.Sprintf(", fewer if %d pass without a smaller held-out loss", d.patience)
	} else {
		last += "; no rows are held out of so few"
	}
	return append(lines, last)
}

// missing says in which columns values are missing.
func (d *draft) missing() []string {
	var gaps []string
	numbers := false
	for _, f := range d.plain {
		if f.Missing > 0 {
			gaps = append(gaps, fmt.Sprintf("%s (%d)", f.Shown, f.Missing))
			numbers = numbers || f.Kind == data.KindNumber && f.Width == 1
		}
	}
	if len(gaps) == 0 {
		return nil
	}
	line := "missing values: " + listed(gaps)
	if numbers {
		line += "; the mean stands for a number, and --missing-indicator would tell the model"
	}
	return []string{line}
}

// aim says what a target is taken for, and by what a model must do better.
func (d *draft) aim(g dataset.Goal) []string {
	if g.Kind != data.Quantity {
		most := slices.Max(g.Counts)
		line := fmt.Sprintf("target %s: %s, so the loss is %s; always %s would be right in %.4g%% of the rows",
			g.Shown, classesOf(g), lossFor(g), g.ShownClass(slices.Index(g.Counts, most)), 100*float64(most)/float64(d.table.Rows))
		switch {
		case g.NumberBy != "":
			line += fmt.Sprintf("; its texts look like numbers, and %s takes them so", g.NumberBy)
		case g.Different > 0:
			line += fmt.Sprintf("; as a quantity it would be learnt with --number %s", shellWord(g.Name))
		}
		return []string{line}
	}
	lines := []string{fmt.Sprintf("target %s: a quantity from %s to %s, so the loss is mse; always the mean, %.6g, would have an r2 of 0",
		g.Shown, figure(g.Min), figure(g.Max), g.Mean)}
	const few = 20
	if g.Whole && g.Different <= few {
		lines = append(lines, fmt.Sprintf("%s has only %d different values: if they are classes, write `linear %d`, `loss cross_entropy` and `metric accuracy`",
			g.Shown, g.Different, g.Different))
	}
	if d.table.HeldOut > 0 && g.Min > 0 && g.Mean > 2*g.Median {
		lines = append(lines, fmt.Sprintf("half of %s are below %s, and the largest decide what mse learns: consider `loss huber`, or a column of its logarithms",
			g.Shown, figure(g.Median)))
	}
	return lines
}

// classesOf says which classes there are, and of how many rows.
func classesOf(g dataset.Goal) string {
	const most = 8
	var shown []string
	for i := range min(len(g.Classes), most) {
		shown = append(shown, fmt.Sprintf("%s (%d)", g.ShownClass(i), g.Counts[i]))
	}
	if len(g.Classes) > most {
		shown = append(shown, "…")
	}
	return fmt.Sprintf("%d classes, %s", len(g.Classes), strings.Join(shown, ", "))
}

func figure(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
