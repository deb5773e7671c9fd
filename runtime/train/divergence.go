package train

import (
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
)

// ErrGradient says that a step has not been done because a gradient is not finite, though the loss is.
var ErrGradient = errors.New("a gradient is not a finite number")

// diverged is the error of the step at hand, on rows of the epoch's order from the one at on: its loss or a gradient is
// not finite. It says which value is the first that is not.
func (t *training) diverged(loss float32, at, rows int) error {
	what := fmt.Sprintf("the loss is %g", loss)
	if loss-loss == 0 {
		what = ErrGradient.Error()
	}
	where := ""
	if t.m.Trace != nil {
		if first := t.m.Trace(); first != nil {
			where = fmt.Sprintf("the first value that is not finite is %v; ", first)
		}
	}
	return divergence{fmt.Errorf("step %d (epoch %d, its rows %d to %d): %s, so training has stopped: %s%s",
		t.step+1, t.epoch+1, at+1, at+rows, what, where, t.advice())}
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
