package train

import (
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// order is the order of the rows of the epoch at hand: positions among the rows to train on.
func (t *training) order() []int {
	n := t.set.Train.Rows()
	switch {
	case t.job.Balance:
		return balanced(t.set.Train.Classes(), t.seed, t.epoch)
	case t.job.Shuffle == nil || *t.job.Shuffle:
		return rng.New(t.seed, "shuffle."+strconv.Itoa(t.epoch)).Perm(n)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// balanced draws as many rows as there are, each class equally often, to one row; those that are drawn once more than
// others change with the epochs. A class's rows come all once, in a random order, before any comes again. Rows whose
// class is ignored are never drawn.
func balanced(class []int32, seed uint64, epoch int) []int {
	rows := map[int32][]int{}
	for i, k := range class {
		if k != kernel.Ignored {
			rows[k] = append(rows[k], i)
		}
	}
	var classes []int32
	for k := range rows {
		classes = append(classes, k)
	}
	slices.Sort(classes)
	stream := "balance." + strconv.Itoa(epoch)
	drawn := make([]int, 0, len(class))
	for i, k := range classes {
		share := len(class) / len(classes)
		if (i+epoch)%len(classes) < len(class)%len(classes) {
			share++
		}
		own := rows[k]
		for round := 0; share > 0; round++ {
			name := stream + "." + strconv.Itoa(int(k)) + "." + strconv.Itoa(round)
			order := rng.New(seed, name).Perm(len(own))
			order = order[:min(share, len(order))]
			for _, at := range order {
				drawn = append(drawn, own[at])
			}
			share -= len(order)
		}
	}
	order := make([]int, len(drawn))
	for i, at := range rng.New(seed, stream).Perm(len(drawn)) {
		order[i] = drawn[at]
	}
	return order
}
