package train

import (
	"context"
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// runEpoch takes the rows in the epoch's order, a batch at a time; the last batch may be smaller, and the last step may
// have fewer batches. The epoch's loss is the mean over rows, by their weights where they have any. It ends early with the
// last step, or between two with ctx.
func (t *training) runEpoch(ctx context.Context, c *chunk) error {
	n := t.set.Train.Rows()
	order, set := t.order(), t.set.Train
	if t.job.Shuffle == nil || *t.job.Shuffle {
		set = set.Epoch(t.seed, t.epoch)
	}
	t.augmentation.begin(t.seed, t.epoch)
	var mean nnrt.Mean
	seen, held := 0, 0 // held are batches of a step that has not all of them
	for at := 0; at < n && t.step < t.steps; at += t.batch {
		if held == 0 && ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		rows := order[at:min(at+t.batch, n)]
		t.weighing.gather(c, t.set.Train, rows)
		b := c.batch(len(rows))
		set.Gather(rows, b.Inputs, b.Targets)
		t.augmentation.change(b, at)
		loss, err := t.m.Train(b)
		if loss-loss != 0 || errors.Is(err, ErrGradient) {
			return t.diverged(loss, at, len(rows))
		}
		if err != nil {
			return fmt.Errorf("step %d (epoch %d): %w", t.step+1, t.epoch+1, err)
		}
		if held++; held == t.each || at+t.batch >= n {
			if held < t.m.Accumulate {
				if err := t.m.Flush(); err != nil {
					return fmt.Errorf("step %d (epoch %d): %w", t.step+1, t.epoch+1, err)
				}
			}
			t.step++
			held = 0
		}
		seen += len(rows)
		weight := t.weighing.total(t.set.Train, rows)
		mean.Sum += float64(float64(loss) * weight)
		mean.Weight += weight
		t.loss = mean.Value()
		t.progress.step(moment{
			epoch: t.epoch + 1, epochs: t.epochs,
			step: at/t.batch/t.each + 1, steps: t.perEpoch,
			loss: t.loss,
			rows: t.epoch*n + seen, ofRows: t.rowsAt(t.steps),
		})
	}
	return nil
}

// report writes the epoch's line.
func (t *training) report() error {
	line := fmt.Sprintf("epoch %d/%d  loss %s", t.epoch, t.epochs, number(t.loss))
	if t.now != nil {
		line += "  valid loss " + whole(t.now.loss, t.now.parts) + t.now.spelled()
	}
	t.progress.epoch(line)
	if !t.job.JSON {
		return nil
	}
	rec := epochRecord{Event: "epoch", Epoch: t.epoch, Epochs: t.epochs, Step: t.step, Loss: finite(t.loss)}
	if t.now != nil {
		rec.ValidLoss, rec.ValidLosses, rec.Metrics = finite(t.now.loss), metricMap(t.now.parts), metricMap(t.now.metrics)
	}
	return writeRecord(t.stdout, rec)
}
