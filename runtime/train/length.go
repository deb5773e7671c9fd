package train

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// maxSteps bounds the length of a training.
const maxSteps = 1<<31 - 1

// plan works out how long to train. Flags win over the spec, and steps over epochs.
func (t *training) plan() error {
	epochs, steps := max(t.m.Epochs, 1), t.m.Steps
	if t.job.Epochs != nil {
		epochs, steps = *t.job.Epochs, 0
	}
	if t.job.Steps != nil {
		steps = *t.job.Steps
	}
	batches := (t.set.Train.Rows() + t.batch - 1) / t.batch
	t.each = min(max(t.m.Accumulate, 1), batches)
	t.perEpoch = (batches + t.each - 1) / t.each
	noSteps := t.job.Steps != nil && steps == 0
	if epochs < 1 || steps < 0 || noSteps || epochs > maxSteps/t.perEpoch || steps > maxSteps {
		return usage{fmt.Errorf("%s or %s: the length of a training must be between 1 and %d steps", phrase.Counted(epochs, "epoch"), phrase.Counted(steps, "step"), maxSteps)}
	}
	if steps == 0 {
		steps = epochs * t.perEpoch
	}
	t.steps = steps
	t.epochs = (steps + t.perEpoch - 1) / t.perEpoch
	return nil
}

// rowsAt is the number of rows seen after that many steps.
func (t *training) rowsAt(steps int) int {
	n := t.set.Train.Rows()
	return steps/t.perEpoch*n + min(steps%t.perEpoch*t.each*t.batch, n)
}
