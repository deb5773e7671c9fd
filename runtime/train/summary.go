package train

import (
	"bytes"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// summary writes the results. What is said of held-out rows and of test rows belongs to the weights that are kept.
func (t *training) summary(end *ending, interrupted bool) error {
	if t.job.JSON {
		return writeRecord(t.stdout, t.result(end, interrupted))
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "trained on %s, %s: loss %s\n", phrase.Counted(t.set.Train.Rows(), "row"), phrase.Counted(t.step, "step"), number(t.loss))
	if j := end.valid; j != nil {
		fmt.Fprintf(&b, "held out %s: loss %s%s\n", phrase.Counted(j.rows, "row"), number(j.loss), j.spelled())
		writeNaive(&b, end.validNaive)
		fmt.Fprintf(&b, "kept the weights %s\n", t.which(end))
	}
	if j := end.test; j != nil {
		fmt.Fprintf(&b, "tested on %s: loss %s%s\n", phrase.Counted(j.rows, "row"), number(j.loss), j.spelled())
		writeNaive(&b, end.testNaive)
		fmt.Fprintf(&b, "report the figures of these rows, which neither trained nor chose\n")
	}
	if t.job.Save != "" {
		fmt.Fprintf(&b, "saved %s\n", t.job.Save)
	}
	if t.earlier != "" {
		fmt.Fprintf(&b, "the earlier %s is kept as %s\n", t.job.Save, t.earlier)
	}
	t.writeScores(&b, end)
	_, err := t.stdout.Write(b.Bytes())
	return err
}

// which says which weights are kept, and why.
func (t *training) which(end *ending) string {
	switch {
	case end.best:
		return fmt.Sprintf("of epoch %d of %d, whose held-out loss was the smallest: these rows chose it", end.epoch, t.epochs)
	case end.epoch > 0:
		return fmt.Sprintf("of epoch %d, the last", end.epoch)
	}
	return fmt.Sprintf("after step %d, the last", end.step)
}

// writeScores writes the scores of each class on the held-out rows and on the test rows.
func (t *training) writeScores(b *bytes.Buffer, end *ending) {
	for _, part := range []struct {
		of string
		*judgement
	}{{"held-out rows", end.valid}, {"test rows", end.test}} {
		if part.judgement == nil {
			continue
		}
		for _, r := range part.reports {
			title := part.of
			if len(t.m.Losses) > 1 || len(part.reports) > 1 {
				title += ", " + cell(r.Target)
			}
			r.writeScores(b, title)
		}
	}
}

// result is the summary for programs.
func (t *training) result(end *ending, interrupted bool) resultRecord {
	rec := resultRecord{
		Event: "result", Epochs: t.epoch, Steps: t.step, Rows: t.set.Train.Rows(),
		Loss: finite(t.loss), Scale: t.set.Codec.Scale(), Saved: t.job.Save, Earlier: t.earlier, Stopped: interrupted,
		Kept: "last", KeptEpoch: end.epoch, KeptStep: end.step,
	}
	if end.best {
		rec.Kept = "best"
	}
	if j := end.valid; j != nil {
		rec.ValidRows, rec.ValidLoss, rec.ValidLosses = j.rows, finite(j.loss), metricMap(j.parts)
		rec.Metrics, rec.Reports = metricMap(j.metrics), j.reports
	}
	if j := end.test; j != nil {
		rec.TestRows, rec.TestLoss, rec.TestLosses = j.rows, finite(j.loss), metricMap(j.parts)
		rec.TestMetrics, rec.TestReports = metricMap(j.metrics), j.reports
	}
	if end.validNaive != nil {
		rec.Naive = metricMap(end.validNaive)
	}
	if end.testNaive != nil {
		rec.TestNaive = metricMap(end.testNaive)
	}
	return rec
}
