package train

import (
	"strconv"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// order is the order of the rows of the epoch at hand: positions among the rows to train on.
func (t *training) order() []int {
	n := t.set.Train.Rows()
	if t.job.Shuffle == nil || *t.job.Shuffle {
		return rng.New(t.seed, "shuffle."+strconv.Itoa(t.epoch)).Perm(n)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}
