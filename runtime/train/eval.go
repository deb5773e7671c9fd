package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/nnc-lang/nnc/runtime/dataset"
)

// eval measures the model on rows with targets: the loss; the usual metrics, unless the job names others; precision,
// recall, F1 and the confusion matrix of classes; on demand, which features the model depends on.
func (r *run) eval(ctx context.Context) error {
	if len(r.m.Losses) == 0 {
		return usage{errors.New("this model cannot be evaluated: its spec has no loss")}
	}
	if err := r.job.checkImportance(); err != nil {
		return err
	}
	if r.job.Weight != "" && !r.m.Weighted {
		return usage{errNotWeighted}
	}
	chosen := r.m.usualMetrics(func(k metric) bool { return k.inEvaluation })
	if len(r.job.Metrics) > 0 {
		var err error
		if chosen, err = r.m.chooseMetrics(r.job.Metrics); err != nil {
			return err
		}
	}
	codec, err := r.openWeights()
	if err != nil {
		return err
	}
	if r.answersQuestions(codec) {
		if len(r.job.Metrics) == 0 {
			chosen = nil
		}
		return r.evalAnswers(ctx, codec, chosen)
	}
	rows, err := r.open(codec, true)
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := r.verifyOrder(rows.Codec().Vocabulary()); err != nil {
		return err
	}
	targets := rows.Codec().Targets()
	at, err := r.thresholds(targets)
	if err != nil {
		return err
	}
	start := func(chosen []Metric) *evaluation {
		e := newEvaluation(&r.m, targets, chosen)
		e.decideBy(at)
		e.weighClasses(r.classWeights)
		return e
	}
	e := start(chosen)
	if rows.Codec().Vocabulary() == nil {
		e.reportClasses(maxEvaluated)
	}
	var total int
	var im *importance
	if r.job.Importance == 0 {
		total, err = r.addRows(ctx, e, rows)
	} else {
		total, im, err = r.permute(ctx, e, rows, start)
	}
	if err != nil {
		return err
	}
	if r.job.JSON {
		return writeRecord(r.stdout, evalRecord{
			Event: "eval", Rows: total, Loss: finite(e.loss()), Losses: metricMap(e.parts()),
			Metrics: metricMap(e.measures()), Reports: e.reports(), Importance: im,
		})
	}
	return r.writeEval(total, e, im)
}

// addRows evaluates all rows, of which it returns the number.
func (r *run) addRows(ctx context.Context, e *evaluation, rows *dataset.RowReader) (int, error) {
	c := predictChunk(&r.m, true)
	total, weightless := 0, true
	for {
		if ctx.Err() != nil {
			return 0, stoppedBy(ctx)
		}
		n, err := rows.Read(c.full.Inputs, c.full.Targets, c.full.N)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		own := rows.Weights()
		weightless = weightless && allZero(own)
		e.weigh(c, own, n)
		if err := e.add(n, c); err != nil {
			return 0, err
		}
		total += n
	}
	r.remark(rows)
	if total == 0 {
		return 0, fmt.Errorf("%s: there is no row", r.job.Data[0])
	}
	if weightless {
		return 0, r.weightless()
	}
	return total, nil
}

// weightless is the error of rows of which none counts.
func (r *run) weightless() error {
	return fmt.Errorf("%s: every row has the weight 0 in the column %q: there is nothing to go by", r.job.Data[0], r.job.Weight)
}

// permute is addRows, which also measures the importance of the features.
func (r *run) permute(ctx context.Context, e *evaluation, rows *dataset.RowReader, start func([]Metric) *evaluation) (int, *importance, error) {
	p, err := r.newPermuted(rows)
	if err != nil {
		return 0, nil, err
	}
	if err := p.evaluate(ctx, e, nil, nil); err != nil {
		return 0, nil, err
	}
	im, err := p.importance(ctx, rows.Codec(), start)
	return p.set.Rows(), im, err
}

func (r *run) writeEval(rows int, e *evaluation, im *importance) error {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "rows\t%d\nloss\t%s\n", rows, whole(e.loss(), e.parts()))
	for _, m := range e.measures() {
		fmt.Fprintf(w, "%s\t%s\n", m.name, number(m.value))
	}
	w.Flush() // to memory, where nothing fails
	writeReports(&b, e.reports(), e.named())
	if im != nil {
		im.write(&b)
	}
	_, err := r.stdout.Write(b.Bytes())
	return err
}
