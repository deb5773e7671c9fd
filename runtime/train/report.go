package train

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// classReport is how well the classes of one target are told apart.
type classReport struct {
	Target    string       `json:"target"` // or the column of it
	Classes   []classScore `json:"classes"`
	Mean      averageScore `json:"mean"`          // of the classes that occur
	Weighted  averageScore `json:"weighted_mean"` // of the same, by their rows
	Confusion [][]int      `json:"confusion"`     // [truth][prediction]
	AUC       *figure      `json:"auc,omitempty"` // of one of several flags, where it is measured
}

// maxReported bounds the classes of a report in full, and the reports of one output; maxEvaluated the classes of a report
// of eval, which shows the worst where there are more than maxReported.
const (
	maxReported  = 50
	maxEvaluated = 1024
)

// newConfusions makes what counts the classes of an output with that target: one for each column of flags, else one
// for all. nil for a number, or where there are more than most.
func newConfusions(t *data.Target, most int) []confusion {
	if !t.IsClass() || t.Count > most {
		return nil
	}
	n := 1
	if t.Kind == data.Flag && !t.Input && len(t.Columns) <= maxReported {
		n = max(n, len(t.Columns))
	}
	counts := make([]confusion, n)
	for i := range counts {
		counts[i] = newConfusion(t.Count)
	}
	return counts
}

// reportsOf are the reports of a target by what newConfusions counted, and by the AUC of each flag in a row, nil for none.
func reportsOf(t *data.Target, counts []confusion, areas []float64) []classReport {
	var reports []classReport
	for i, m := range counts {
		r := classReport{Target: t.Name, Classes: m.scores(t.ClassesOf(i)), Confusion: m}
		if len(counts) > 1 {
			r.Target = t.Columns[i].Name
			if areas != nil {
				area := figure(areas[i])
				r.AUC = &area
			}
		}
		r.average()
		reports = append(reports, r)
	}
	return reports
}

// average works the means out.
func (r *classReport) average() {
	var mean, weighted averageScore
	classes, rows := 0, 0
	for _, c := range r.Classes {
		if math.IsNaN(float64(c.F1)) {
			continue
		}
		classes++
		rows += c.Rows
		mean.add(c, 1)
		weighted.add(c, float64(c.Rows))
	}
	r.Mean, r.Weighted = mean.over(classes), weighted.over(rows)
}

// averageScore is a mean of scores, not a number where there is none.
type averageScore struct {
	Precision figure `json:"precision"`
	Recall    figure `json:"recall"`
	F1        figure `json:"f1"`
}

func (a *averageScore) add(c classScore, weight float64) {
	a.Precision += figure(float64(c.Precision) * weight)
	a.Recall += figure(float64(c.Recall) * weight)
	a.F1 += figure(float64(c.F1) * weight)
}

func (a averageScore) over(n int) averageScore {
	return averageScore{a.Precision / figure(n), a.Recall / figure(n), a.F1 / figure(n)}
}

// writeReports writes each report as two tables. named puts the target's name above them; else it says "class".
func writeReports(b *bytes.Buffer, reports []classReport, named bool) {
	for _, r := range reports {
		title := "class"
		if named {
			title = cell(r.Target)
		}
		r.write(b, title)
	}
}

func (r *classReport) write(b *bytes.Buffer, title string) {
	r.writeScores(b, title)
	if len(r.Classes) > maxReported {
		r.writeMistakes(b)
		return
	}
	r.writeConfusion(b)
}

// writeScores writes the first of the tables.
func (r *classReport) writeScores(b *bytes.Buffer, title string) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\n%s\tprecision\trecall\tf1\trows\t\n", title)
	rows := 0
	for _, c := range r.Classes {
		rows += c.Rows
	}
	shown := r.shown()
	for _, c := range shown {
		fmt.Fprintf(w, "%s\t%v\t%v\t%v\t%d\t\n", cell(c.Name), c.Precision, c.Recall, c.F1, c.Rows)
	}
	for _, a := range []struct {
		name string
		averageScore
	}{{"(mean)", r.Mean}, {"(mean by rows)", r.Weighted}} {
		fmt.Fprintf(w, "%s\t%v\t%v\t%v\t%d\t\n", a.name, a.Precision, a.Recall, a.F1, rows)
	}
	w.Flush() // to memory, where nothing fails
	if len(shown) < len(r.Classes) {
		fmt.Fprintf(b, "the lowest f1 of %d classes; --json has all\n", len(r.Classes))
	}
	if r.AUC != nil {
		fmt.Fprintf(b, "auc %v\n", *r.AUC)
	}
}

// writeConfusion writes the second of the tables.
func (r *classReport) writeConfusion(b *bytes.Buffer) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(b, "\nconfusion matrix: a line per true class, a column per predicted one\n")
	for _, c := range r.Classes {
		fmt.Fprintf(w, "\t%s", cell(c.Name))
	}
	fmt.Fprint(w, "\t\n")
	for i, c := range r.Classes {
		fmt.Fprint(w, cell(c.Name))
		for _, n := range r.Confusion[i] {
			fmt.Fprintf(w, "\t%d", n)
		}
		fmt.Fprint(w, "\t\n")
	}
	w.Flush() // to memory, where nothing fails
}

// cell is a class's name fit for a table.
func cell(name string) string {
	return phrase.Visible(strings.Join(strings.Fields(name), " "))
}
