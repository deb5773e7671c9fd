package train

import (
	"context"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// runEpoch takes the rows in the epoch's order, a batch at a time; the last batch may be smaller. The epoch's
// loss is the mean over rows, by their weights where they have any. It ends early with the last step, or with ctx.
func (t *training) runEpoch(ctx context.Context, c *chunk) error {
	n := t.set.Train.Rows()
	order := t.order()
	t.augmentation.begin(t.seed, t.epoch)
	var mean nnrt.Mean
	seen := 0
	for at := 0; at < n && t.step < t.steps; at += t.batch {
		if ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		rows := order[at:min(at+t.batch, n)]
		t.weighing.gather(c, t.set.Train, rows)
		b := c.batch(len(rows))
		t.set.Train.Gather(rows, b.Inputs, b.Targets)
		t.augmentation.change(b, at)
		loss, err := t.m.Train(b)
		if err != nil {
			return fmt.Errorf("step %d (epoch %d): %w", t.step+1, t.epoch+1, err)
		}
		if loss-loss != 0 {
			return divergence{fmt.Errorf("step %d (epoch %d): the loss is %g, so training has stopped: %s", t.step+1, t.epoch+1, loss, t.advice())}
		}
		t.step++
		seen += len(rows)
		weight := t.weighing.total(t.set.Train, rows)
		mean.Sum += float64(float64(loss) * weight)
		mean.Weight += weight
		t.loss = mean.Value()
		t.progress.step(moment{
			epoch: t.epoch + 1, epochs: t.epochs,
			step: at/t.batch + 1, steps: t.perEpoch,
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

// divergence is the error of a training whose numbers left all bounds.
type divergence struct{ error }

func (d divergence) Unwrap() error { return d.error }

// advice says what to try against a divergence.
func (t *training) advice() string {
	const other = "a lower learning rate (--lr), or clip the gradients with `clip 1.0` in the spec"
	if t.set.Codec.Scale() == data.ScaleNone && t.unscaled() {
		return "numbers are taken as they stand, so try --scale standard first, then " + other
	}
	return "try " + other
}

// unscaled reports whether there is a number that scaling would change.
func (t *training) unscaled() bool {
	c := t.set.Codec
	for i := range c.Columns() {
		if c.Column(i).Kind == data.KindNumber {
			return true
		}
	}
	for _, target := range c.Targets() {
		if target.Scaled() && len(target.Columns) > 0 {
			return true
		}
	}
	return false
}
