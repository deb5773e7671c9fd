package train

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// training is a train job under way.
type training struct {
	*run
	seed     uint64
	batch    int // rows of a batch
	each     int // batches of a step
	set      *dataset.Loaded
	metrics  []Metric
	patience *patience // nil: the training goes its whole length
	weighing weighing

	augmentation *augmentation // nil: images stay as they are

	chunk    *chunk // for judging
	progress *progress
	silent   bool // neither lines nor records of epochs, and nothing is judged after them

	perEpoch, steps, epochs int
	step, epoch             int // done
	loss                    float64
	now                     *judgement // of the held-out rows, by the weights of judgedAt; nil before the first
	judgedAt                int        // step
	best                    *kept      // nil before the first epoch whose held-out loss is a finite number
	earlier                 string     // the name of the file that stood in the place of the saved one
}

// train runs the job: load, loop, keep, save, sum up.
func (r *run) train(ctx context.Context) error {
	if r.m.Train == nil || r.m.Export == nil || len(r.m.Losses) == 0 {
		return usage{errors.New("this model cannot be trained: its spec has no loss")}
	}
	metrics, err := r.m.chooseMetrics(r.job.Metrics)
	if err != nil {
		return err
	}
	if r.job.Folds != 0 {
		return r.folds(ctx, metrics)
	}
	q, err := r.training()
	if err != nil {
		return err
	}
	initial, from, err := r.openStart()
	if err != nil {
		return err
	}
	q.From = from
	set, err := dataset.Load(q)
	if err != nil {
		return err
	}
	if err := r.enter(set, metrics); err != nil {
		return err
	}
	t, err := r.newTraining(set, metrics)
	if err != nil {
		return err
	}
	if err := t.chooseStop(); err != nil {
		return err
	}
	if r.job.Seed != nil && r.m.Reset != nil {
		r.m.Reset(t.seed)
	}
	if err := t.begin(); err != nil {
		return err
	}
	if err := t.start(initial); err != nil {
		return err
	}
	if initial != nil {
		runtime.GC() // of what the file held, as much as the model, which would else lie there until as much again is made
	}
	if err := r.verifyOrder(set.Codec.Vocabulary()); err != nil {
		return err
	}
	t.noteData()
	return t.finish(t.loop(ctx))
}

// training says what data the job trains on.
func (r *run) training() (dataset.Training, error) {
	reading, err := r.job.Reading()
	q := dataset.Training{
		Data:      r.job.Data,
		Select:    r.job.Selection(),
		Reading:   reading,
		Scale:     r.job.Scale,
		Valid:     r.job.Valid,
		ValidData: r.job.ValidData,
		Test:      r.job.Test,
		Inputs:    r.m.Inputs,
		Targets:   r.m.Targets,

		SkipUnreadable: r.job.SkipUnreadable,

		Window: r.job.Window, Horizon: r.job.Horizon,
	}
	q.Group, q.Weight = r.job.Group, r.job.Weight
	if r.job.SplitSeed != nil {
		q.Seed, q.Seeded = *r.job.SplitSeed, true
	}
	return q, err
}

// newTraining plans a training on that data.
func (r *run) newTraining(set *dataset.Loaded, metrics []Metric) (*training, error) {
	t := &training{run: r, seed: r.m.Seed, batch: r.m.Batch, set: set, metrics: metrics}
	if r.job.Seed != nil {
		t.seed = *r.job.Seed
	}
	if b := r.job.Batch; b != nil {
		if *b < 1 || *b > r.m.Batch {
			return nil, usage{fmt.Errorf("a batch of %s: this program takes 1 to %d", phrase.Counted(*b, "row"), r.m.Batch)}
		}
		t.batch = *b
	}
	return t, t.plan()
}

// begin makes the model ready for the first step.
func (t *training) begin() error {
	if lr := t.job.LR; lr != nil {
		if !(*lr >= 0) || *lr-*lr != 0 {
			return usage{fmt.Errorf("a learning rate of %g: it must be a number of at least 0", *lr)}
		}
		if err := t.m.SetLR(*lr); err != nil {
			return err
		}
	}
	if err := t.chooseWeights(); err != nil {
		return err
	}
	if err := t.chooseAugmentation(); err != nil {
		return err
	}
	if t.steps <= t.m.Warmup {
		return usage{fmt.Errorf("%s in all, but the warm-up of the `schedule` alone takes %d: train for more steps, or write a smaller `warmup` in the spec",
			phrase.Counted(t.steps, "step"), t.m.Warmup)}
	}
	if t.m.SetTotalSteps != nil {
		t.m.SetTotalSteps(uint64(t.steps))
	}
	if t.m.SetEpochSteps != nil {
		t.m.SetEpochSteps(uint64(t.perEpoch))
	}
	t.progress = newProgress(t.stderr, t.job)
	return nil
}

// noteData says what was done to the data.
func (t *training) noteData() {
	for _, line := range append(t.set.Notes, t.set.Codec.Describe()...) {
		t.note("%s", line)
	}
	if t.augmentation != nil {
		t.note("%s", t.augmentation.describe(&t.m))
	}
	if t.m.EpochDone != nil && t.set.Valid == nil && t.job.Folds == 0 {
		t.note("the `schedule` goes by the training loss, since no rows are held out: hold some out, as with --valid 0.1, to have it go by theirs")
	}
}

// loop trains to the end, or until patience or ctx ends it.
func (t *training) loop(ctx context.Context) error {
	c := newChunk(&t.m, t.batch, true)
	for t.step < t.steps {
		if err := t.runEpoch(ctx, c); err != nil {
			return err
		}
		t.epoch++
		if t.epoch == 1 { // weights that were 0 may have hidden it
			if err := t.verifyOrder(t.set.Codec.Vocabulary()); err != nil {
				return err
			}
		}
		if t.silent {
			t.epochDone()
			continue
		}
		if err := t.judgeEpoch(ctx); err != nil {
			return err
		}
		t.epochDone()
		if err := t.report(); err != nil {
			return err
		}
		if t.patience != nil && t.now != nil && t.patience.ends(t.now) {
			t.note("stopped after epoch %d: %s", t.epoch, t.patience.reason())
			return nil
		}
	}
	return nil
}

// epochDone tells a schedule that goes by it the loss of the epoch.
func (t *training) epochDone() {
	switch {
	case t.m.EpochDone == nil:
	case t.now != nil:
		t.m.EpochDone(t.now.loss)
	default:
		t.m.EpochDone(t.loss)
	}
}

// finish chooses the weights to keep, judges and saves them and sums up, unless ended is an error after which there
// is nothing good to keep. It returns ended where that was to be.
func (t *training) finish(ended error) error {
	t.progress.clear()
	interrupted, diverged := errors.As(ended, new(stopped)), errors.As(ended, new(divergence))
	switch {
	case interrupted:
		t.note("interrupted after step %d", t.step)
		if t.step == 0 {
			return ended
		}
	case ended != nil && !(diverged && t.best != nil):
		return ended
	}
	if ended == nil {
		ended = t.spoiled()
		diverged = ended != nil
	}
	end, err := t.choose(diverged)
	if err != nil {
		return err
	}
	if err := t.save(end); err != nil {
		return err
	}
	if err := t.summary(end, interrupted); err != nil {
		return err
	}
	if !t.job.Sweep {
		t.noteRare(end)
	}
	if diverged && !t.job.Sweep {
		return fmt.Errorf("%w; the weights of epoch %d are kept, the best before", ended, t.best.epoch)
	}
	return ended
}
