package train

import (
	"context"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/dataset"
)

// judgement is what rows that did not train say of the model.
type judgement struct {
	rows    int
	loss    float64
	parts   []measure // the losses by themselves, where there are several
	metrics []measure
	watched float64 // what patience watches
	reports []classReport
}

// spelled is the metrics behind a loss: "  mae 12.5".
func (j *judgement) spelled() string {
	if len(j.metrics) == 0 {
		return ""
	}
	return "  " + spelled(j.metrics)
}

// judge measures the model on rows; what names them in errors.
func (t *training) judge(ctx context.Context, set *dataset.Set, what string) (*judgement, error) {
	if t.chunk == nil {
		t.chunk = predictChunk(&t.m, true)
	}
	chosen := t.metrics
	if t.patience != nil && t.patience.Metric != nil {
		chosen = append(chosen[:len(chosen):len(chosen)], *t.patience.Metric)
	}
	e := newEvaluation(&t.m, t.set.Codec.Targets(), chosen)
	if t.set.Codec.Vocabulary() == nil { // nobody asks which character is taken for which
		e.reportClasses(maxReported)
	}
	held := heldQuestionsOf(set)
	rows := make([]int, 0, t.chunk.full.N)
	for at := 0; at < set.Rows(); at += len(rows) {
		if ctx.Err() != nil {
			return nil, stoppedBy(ctx)
		}
		rows = rows[:min(t.chunk.full.N, set.Rows()-at)]
		for i := range rows {
			rows[i] = at + i
		}
		set.Gather(rows, t.chunk.full.Inputs, t.chunk.full.Targets)
		t.weighing.gather(t.chunk, set, rows)
		if err := e.add(len(rows), t.chunk); err != nil {
			return nil, fmt.Errorf("the %s rows: %w", what, err)
		}
		if held == nil {
			continue
		}
		if err := held.add(rows, t.chunk.outputs(len(rows))[e.outputs[0].loss.Output]); err != nil {
			return nil, fmt.Errorf("the %s questions: %w", what, err)
		}
	}
	measures := e.measures()
	j := &judgement{rows: set.Rows(), loss: e.loss(), parts: e.parts(), metrics: measures[:len(t.metrics)], reports: e.reports()}
	if held != nil {
		if !t.namesMetrics() { // nobody asks how often windows are right
			j.metrics = nil
		}
		j.metrics = append(held.score.measures(), j.metrics...)
	}
	j.watched = j.loss
	if len(measures) > len(t.metrics) {
		j.watched = measures[len(t.metrics)].value
	}
	return j, nil
}

// judgeEpoch judges the weights as they are by the held-out rows, if there are any, and keeps the best.
func (t *training) judgeEpoch(ctx context.Context) error {
	if err := t.judgeNow(ctx); err != nil || t.now == nil {
		return err
	}
	t.keepIfBest()
	return nil
}

// judgeNow judges the weights as they are by the held-out rows, unless that is done.
func (t *training) judgeNow(ctx context.Context) error {
	if t.set.Valid == nil || t.now != nil && t.judgedAt == t.step {
		return nil
	}
	j, err := t.judge(ctx, t.set.Valid, "held-out")
	if err != nil {
		return err
	}
	t.now, t.judgedAt = j, t.step
	return nil
}
