package train

import (
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
)

// comparison is some rows of one output beside the truth.
type comparison struct {
	target  *data.Target
	size    int        // elements in a row of the output
	longest int        // of spans: how many positions a predicted one has at most
	at      []float64  // thresholds of flags, by element; nil: none
	out     []float32  // [rows, size], as the model gave them
	truth   data.Block // of the same rows

	predicted, actual []float64 // [rows, size] in own units, of numbers
}

// take puts rows of an output and their truth in place of those before.
func (c *comparison) take(out []float32, truth data.Block) error {
	c.out, c.truth = out, truth
	if !c.target.Kind.Numbers() {
		return nil
	}
	n := len(out)
	c.predicted, c.actual = slices.Grow(c.predicted[:0], n)[:n], slices.Grow(c.actual[:0], n)[:n]
	for i := 0; i < n; i += c.size {
		if err := c.target.Exact64(c.predicted[i:i+c.size], out[i:i+c.size]); err != nil {
			return err
		}
		if err := c.target.Restore64(c.actual[i:i+c.size], truth.Float[i:i+c.size]); err != nil {
			return err
		}
	}
	return nil
}

// classes calls f with the true and the predicted class of every position i that is not ignored, of a class or a flag.
func (c *comparison) classes(f func(i, actual, predicted int)) {
	for i, t := range c.truth.Int {
		if t != c.target.LeftOut.Class() {
			f(i, int(t), classIndex(c.target, c.at, i, c.out))
		}
	}
	for i, t := range c.truth.Float {
		actual := 0
		if t > 0.5 {
			actual = 1
		}
		f(i, actual, classIndex(c.target, c.at, i, c.out))
	}
}
