package train

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/rng"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// maxSteps bounds the length of a training.
const maxSteps = 1<<31 - 1

// training is a train job under way.
type training struct {
	*run
	seed     uint64
	shuffle  bool
	set      *dataset.Loaded
	metrics  []Metric
	chunk    *chunk // for validation
	progress *progress

	perEpoch, steps, epochs int
	step, epoch             int // done
	loss                    float64
	valid                   *validation // nil without held-out rows
}

// validation is what the held-out rows say of the model.
type validation struct {
	loss    float64
	parts   []measure // the losses by themselves, where there are several
	metrics []measure
}

// train runs the job: load, loop, save, sum up.
func (r *run) train(ctx context.Context) error {
	t := &training{run: r, seed: r.m.Seed, shuffle: r.job.Shuffle == nil || *r.job.Shuffle}
	if r.m.Train == nil || r.m.Export == nil || len(r.m.Losses) == 0 {
		return usage{errors.New("this model cannot be trained: its spec has no loss")}
	}
	if r.job.Seed != nil {
		t.seed = *r.job.Seed
	}
	var err error
	if t.metrics, err = r.m.chooseMetrics(r.job.Metrics); err != nil {
		return err
	}
	t.set, err = dataset.Load(dataset.Training{
		Data:      r.job.Data,
		Select:    dataset.Select{Target: r.job.Target, Features: r.job.Features, Drop: r.job.Drop},
		Scale:     r.job.Scale,
		Valid:     r.job.Valid,
		ValidData: r.job.ValidData,
		Seed:      t.seed,
		Inputs:    r.m.Inputs,
		Targets:   r.m.Targets,
	})
	if err != nil {
		return err
	}
	if err := t.plan(); err != nil {
		return err
	}
	if r.job.Init != "" {
		f, err := weights.Read(r.job.Init)
		if err != nil {
			return err
		}
		if err := r.m.importWeights(f, r.job.Init); err != nil {
			return err
		}
	}
	for _, line := range append(t.set.Notes, t.set.Codec.Describe()...) {
		r.note("%s", line)
	}
	if r.m.SetTotalSteps != nil {
		r.m.SetTotalSteps(uint64(t.steps))
	}
	t.progress = newProgress(r.stderr, r.job)
	ended := t.loop(ctx)
	t.progress.clear()
	interrupted := errors.As(ended, new(stopped))
	if ended != nil && !interrupted {
		return ended
	}
	if interrupted {
		r.note("interrupted after step %d", t.step)
		if t.step == 0 {
			return ended
		}
	}
	if err := t.save(); err != nil {
		return err
	}
	if err := t.summary(interrupted); err != nil {
		return err
	}
	return ended
}

// plan works out how long to train. Flags win over the spec, and steps over epochs.
func (t *training) plan() error {
	epochs, steps := max(t.m.Epochs, 1), t.m.Steps
	if t.job.Epochs != nil {
		epochs, steps = *t.job.Epochs, 0
	}
	if t.job.Steps != nil {
		steps = *t.job.Steps
	}
	t.perEpoch = (t.set.Train.Rows() + t.m.Batch - 1) / t.m.Batch
	noSteps := t.job.Steps != nil && steps == 0
	if epochs < 1 || steps < 0 || noSteps || epochs > maxSteps/t.perEpoch || steps > maxSteps {
		return usage{fmt.Errorf("%d epochs or %d steps: the length of a training must be between 1 and %d steps", epochs, steps, maxSteps)}
	}
	if steps == 0 {
		steps = epochs * t.perEpoch
	}
	t.steps = steps
	t.epochs = (steps + t.perEpoch - 1) / t.perEpoch
	return nil
}

func (t *training) loop(ctx context.Context) error {
	c := newChunk(&t.m, t.m.Batch, true)
	for t.step < t.steps {
		if err := t.runEpoch(ctx, c); err != nil {
			return err
		}
		t.epoch++
		if err := t.validate(ctx); err != nil {
			return err
		}
		if err := t.report(); err != nil {
			return err
		}
	}
	return nil
}

// runEpoch takes the rows in the epoch's order, a batch at a time; the last batch may be smaller. The epoch's
// loss is the mean over rows. It ends early with the last step, or with ctx.
func (t *training) runEpoch(ctx context.Context, c *chunk) error {
	n := t.set.Train.Rows()
	var order []int
	if t.shuffle {
		order = rng.New(t.seed, "shuffle."+strconv.Itoa(t.epoch)).Perm(n)
	} else {
		order = make([]int, n)
		for i := range order {
			order[i] = i
		}
	}
	sum, seen := 0.0, 0
	for at := 0; at < n && t.step < t.steps; at += t.m.Batch {
		if ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		rows := order[at:min(at+t.m.Batch, n)]
		b := c.batch(len(rows))
		t.set.Train.Gather(rows, b.Inputs, b.Targets)
		loss, err := t.m.Train(b)
		if err != nil {
			return fmt.Errorf("step %d (epoch %d): %w", t.step+1, t.epoch+1, err)
		}
		if loss-loss != 0 {
			return fmt.Errorf("step %d (epoch %d): the loss is %g, so training has stopped and no weights were saved; try a lower learning rate, or clip the gradients", t.step+1, t.epoch+1, loss)
		}
		t.step++
		seen += len(rows)
		sum += float64(float64(loss) * float64(len(rows)))
		t.loss = sum / float64(seen)
		t.progress.step(moment{
			epoch: t.epoch + 1, epochs: t.epochs,
			step: at/t.m.Batch + 1, steps: t.perEpoch,
			loss: t.loss,
			rows: t.epoch*n + seen, ofRows: t.rowsAt(t.steps),
		})
	}
	return nil
}

// rowsAt is the number of rows seen after that many steps.
func (t *training) rowsAt(steps int) int {
	n := t.set.Train.Rows()
	return steps/t.perEpoch*n + min(steps%t.perEpoch*t.m.Batch, n)
}

// validate measures the model on the held-out rows.
func (t *training) validate(ctx context.Context) error {
	held := t.set.Valid
	if held == nil {
		return nil
	}
	if t.chunk == nil {
		t.chunk = predictChunk(&t.m, true)
	}
	e := newEvaluation(&t.m, t.set.Codec.Targets(), t.metrics)
	rows := make([]int, 0, t.chunk.full.N)
	for at := 0; at < held.Rows(); at += len(rows) {
		if ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		rows = rows[:min(t.chunk.full.N, held.Rows()-at)]
		for i := range rows {
			rows[i] = at + i
		}
		held.Gather(rows, t.chunk.full.Inputs, t.chunk.full.Targets)
		if err := e.add(len(rows), t.chunk); err != nil {
			return fmt.Errorf("the held-out rows: %w", err)
		}
	}
	t.valid = &validation{e.loss(), e.parts(), e.measures()}
	return nil
}

// report writes the epoch's line.
func (t *training) report() error {
	line := fmt.Sprintf("epoch %d/%d  loss %s", t.epoch, t.epochs, number(t.loss))
	if t.valid != nil {
		line += "  valid loss " + whole(t.valid.loss, t.valid.parts)
		if len(t.valid.metrics) > 0 {
			line += "  " + spelled(t.valid.metrics)
		}
	}
	t.progress.epoch(line)
	if !t.job.JSON {
		return nil
	}
	rec := epochRecord{Event: "epoch", Epoch: t.epoch, Epochs: t.epochs, Step: t.step, Loss: finite(t.loss)}
	if t.valid != nil {
		rec.ValidLoss, rec.ValidLosses, rec.Metrics = finite(t.valid.loss), metricMap(t.valid.parts), metricMap(t.valid.metrics)
	}
	return writeRecord(t.stdout, rec)
}

// save writes the weights and the codec, unless a weight is not a finite number.
func (t *training) save() error {
	if t.job.Save == "" {
		return nil
	}
	tensors := t.m.Export()
	if err := checkFinite(tensors); err != nil {
		return fmt.Errorf("after step %d, %w; no weights were saved; try a lower learning rate, or clip the gradients", t.step, err)
	}
	codec, err := t.set.Codec.Text()
	if err != nil {
		return err
	}
	f := &weights.File{Tensors: tensors, Meta: map[string]string{data.CodecKey: codec}}
	if err := weights.Write(t.job.Save, f); err != nil {
		return usage{err}
	}
	return nil
}

// summary writes the results.
func (t *training) summary(interrupted bool) error {
	validRows := 0
	if t.set.Valid != nil {
		validRows = t.set.Valid.Rows()
	}
	if t.job.JSON {
		rec := resultRecord{
			Event: "result", Epochs: t.epoch, Steps: t.step, Rows: t.set.Train.Rows(), ValidRows: validRows,
			Loss: finite(t.loss), Scale: t.set.Codec.Scale(), Saved: t.job.Save, Stopped: interrupted,
		}
		if t.valid != nil {
			rec.ValidLoss, rec.ValidLosses, rec.Metrics = finite(t.valid.loss), metricMap(t.valid.parts), metricMap(t.valid.metrics)
		}
		return writeRecord(t.stdout, rec)
	}
	text := fmt.Sprintf("trained on %d rows, %d steps: loss %s\n", t.set.Train.Rows(), t.step, number(t.loss))
	if t.valid != nil {
		text += fmt.Sprintf("held out %d rows: loss %s", validRows, number(t.valid.loss))
		if len(t.valid.metrics) > 0 {
			text += "  " + spelled(t.valid.metrics)
		}
		text += "\n"
	}
	if t.job.Save != "" {
		text += fmt.Sprintf("saved %s\n", t.job.Save)
	}
	_, err := fmt.Fprint(t.stdout, text)
	return err
}
