package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	targets := rows.Codec().Targets()
	at, err := r.thresholds(targets)
	if err != nil {
		return err
	}
	e := newEvaluation(&r.m, targets, chosen)
	e.decideBy(at)
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
	writeReports(&b, e.reports(), e.named())
	_, err := r.stdout.Write(b.Bytes())
	return err
}
