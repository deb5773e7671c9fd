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

// eval measures the model on rows with targets: the loss; mae, rmse and r2 of numbers, and the accuracy of classes,
// unless the job names other metrics; precision, recall, F1 and the confusion matrix of classes.
func (r *run) eval(ctx context.Context) error {
	if len(r.m.Losses) == 0 {
		return usage{errors.New("this model cannot be evaluated: its spec has no loss")}
	}
	metrics := r.m.usualMetrics(metricMAE, metricRMSE, metricR2)
	if len(r.job.Metrics) > 0 {
		var err error
		if metrics, err = r.m.chooseMetrics(r.job.Metrics); err != nil {
			return err
		}
	}
	rows, err := r.open(true)
	if err != nil {
		return err
	}
	defer rows.Close()
	j := newJudge(&r.m, rows.Codec().Targets(), metrics)
	c := predictChunk(&r.m, true)
	total := 0
	for {
		if ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		n, err := rows.Read(c.full.Inputs, c.full.Targets, c.rows)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		out, err := c.predict(n)
		if err != nil {
			return err
		}
		if err := j.add(n, out, &c.full); err != nil {
			return err
		}
		total += n
	}
	if total == 0 {
		return fmt.Errorf("%s: there is no row", r.job.Data[0])
	}
	if r.job.JSON {
		return writeRecord(r.stdout, evalRecord{
			Event: "eval", Rows: total, Loss: finite(j.loss()), Losses: metricMap(j.parts()),
			Metrics: metricMap(j.measures()), Reports: j.reports(),
		})
	}
	return r.writeEval(total, j)
}

func (r *run) writeEval(rows int, j *judge) error {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "rows\t%d\nloss\t%s\n", rows, whole(j.loss(), j.parts()))
	for _, m := range j.measures() {
		fmt.Fprintf(w, "%s\t%s\n", m.name, number(m.value))
	}
	w.Flush() // to memory, where nothing fails
	for _, report := range j.reports() {
		report.write(&b, len(j.m.Losses) > 1)
	}
	_, err := r.stdout.Write(b.Bytes())
	return err
}

// reports are those of the class targets that have few enough classes.
func (j *judge) reports() []classReport {
	var reports []classReport
	for i, l := range j.m.Losses {
		if h := j.hits[i]; h != nil && h.confusion != nil {
			t := &j.targets[j.m.target(l)]
			reports = append(reports, classReport{Target: t.Name, Classes: h.scores(t.Classes()), Confusion: h.confusion})
		}
	}
	return reports
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
