package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// eval measures the model on rows with targets: the loss; the usual metrics, unless the job names others; precision,
// recall, F1 and the confusion matrix of classes.
func (r *run) eval(ctx context.Context) error {
	if len(r.m.Losses) == 0 {
		return usage{errors.New("this model cannot be evaluated: its spec has no loss")}
	}
	chosen := r.m.usualMetrics(func(k metric) bool { return k.inEvaluation })
	if len(r.job.Metrics) > 0 {
		var err error
		if chosen, err = r.m.chooseMetrics(r.job.Metrics); err != nil {
			return err
		}
	}
	rows, err := r.open(true)
	if err != nil {
		return err
	}
	defer rows.Close()
	e := newEvaluation(&r.m, rows.Codec().Targets(), chosen)
	e.reportClasses()
	c := predictChunk(&r.m, true)
	total := 0
	for {
		if ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		n, err := rows.Read(c.full.Inputs, c.full.Targets, c.full.N)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := e.add(n, c); err != nil {
			return err
		}
		total += n
	}
	if total == 0 {
		return fmt.Errorf("%s: there is no row", r.job.Data[0])
	}
	if r.job.JSON {
		return writeRecord(r.stdout, evalRecord{
			Event: "eval", Rows: total, Loss: finite(e.loss()), Losses: metricMap(e.parts()),
			Metrics: metricMap(e.measures()), Reports: e.reports(),
		})
	}
	return r.writeEval(total, e)
}

func (r *run) writeEval(rows int, e *evaluation) error {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "rows\t%d\nloss\t%s\n", rows, whole(e.loss(), e.parts()))
	for _, m := range e.measures() {
		fmt.Fprintf(w, "%s\t%s\n", m.name, number(m.value))
	}
	w.Flush() // to memory, where nothing fails
	for _, report := range e.reports() {
		report.write(&b, len(e.m.Losses) > 1)
	}
	_, err := r.stdout.Write(b.Bytes())
	return err
}

// write writes the report as two tables.
func (r classReport) write(b *bytes.Buffer, named bool) {
	title := "class"
	if named {
		title = r.Target
	}
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\n%s\tprecision\trecall\tf1\trows\t\n", title)
	for _, c := range r.Classes {
		fmt.Fprintf(w, "%s\t%.4f\t%.4f\t%.4f\t%d\t\n", cell(c.Name), c.Precision, c.Recall, c.F1, c.Rows)
	}
	w.Flush() // to memory, where nothing fails
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

// cell is a class's name fit for a table: no tabs, no line breaks.
func cell(name string) string {
	return strings.Join(strings.Fields(name), " ")
}
