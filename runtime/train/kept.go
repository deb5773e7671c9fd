package train

import (
	"context"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// kept is the weights of an epoch's end, and what the held-out rows said of them.
type kept struct {
	epoch, step int
	valid       *judgement
	tensors     []weights.Tensor // copies
}

// ending is how a training ended: which weights it leaves, and what rows that did not train say of them.
type ending struct {
	epoch       int // at whose end the weights were these; 0: they are those of a step within an epoch
	step        int
	best        bool       // chosen by the held-out rows
	valid, test *judgement // nil without such rows

	validNaive, testNaive []measure // the same rows' metrics of the naive forecast, see naive; nil without one
}

// keepIfBest keeps the weights if their held-out loss is strictly smaller than that of any epoch before. Those with a
// number that is not finite are never the best.
func (t *training) keepIfBest() {
	if loss := t.now.loss; loss-loss != 0 || t.best != nil && loss >= t.best.valid.loss {
		return
	}
	tensors := t.m.Export()
	if checkFinite(tensors) != nil {
		return
	}
	if t.best == nil {
		t.best = &kept{}
	}
	t.best.epoch, t.best.step, t.best.valid = t.epoch, t.step, t.now
	t.best.tensors = copyTensors(t.best.tensors, tensors)
}

// copyTensors copies tensors, into the memory of earlier copies of the same tensors where there are any.
func copyTensors(to, from []weights.Tensor) []weights.Tensor {
	if to == nil {
		to = make([]weights.Tensor, len(from))
	}
	for i, t := range from {
		f32, i64 := to[i].F32, to[i].I64
		to[i] = t
		to[i].Shape = slices.Clone(t.Shape)
		if t.F32 != nil {
			to[i].F32 = append(f32[:0], t.F32...)
		}
		if t.I64 != nil {
			to[i].I64 = append(i64[:0], t.I64...)
		}
	}
	return to
}

// choose leaves the model with the weights to keep, and has them judged: the best, or the last where there is no best
// or --last wants them. The last of a training that diverged are not wanted. No signal but a second one ends this.
func (t *training) choose(diverged bool) (*ending, error) {
	ctx := context.Background()
	end := &ending{step: t.step}
	if t.best != nil && (diverged || !t.job.Last) {
		if err := t.m.Import(&weights.File{Tensors: t.best.tensors}); err != nil {
			return nil, fmt.Errorf("internal error: the weights of epoch %d: %w", t.best.epoch, err)
		}
		end.epoch, end.step, end.best, end.valid = t.best.epoch, t.best.step, true, t.best.valid
	} else {
		if err := t.judgeNow(ctx); err != nil {
			return nil, err
		}
		end.valid = t.now
		if t.step == t.steps || t.step == t.epoch*t.perEpoch {
			end.epoch = t.epoch
		}
	}
	var err error
	if end.validNaive, err = t.naive(t.set.Valid); err != nil || t.set.Test == nil {
		return end, err
	}
	if end.testNaive, err = t.naive(t.set.Test); err != nil {
		return end, err
	}
	end.test, err = t.judge(ctx, t.set.Test, "test")
	return end, err
}

// spoiled is the error of a training whose last weights are not finite numbers though its losses were, and which has
// better ones.
func (t *training) spoiled() error {
	if t.best == nil {
		return nil
	}
	if err := checkFinite(t.m.Export()); err != nil {
		return divergence{fmt.Errorf("after step %d, %w: %s", t.step, err, t.advice())}
	}
	return nil
}
