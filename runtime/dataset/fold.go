package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// Folds are rows in parts, each of which is held out once while the others train. Rows to test on are in none.
type Folds struct {
	whole *whole
	test  []int
	part  []int // of each row; −1: to test on
}

// LoadFolds reads what to train on and divides it into k parts whose sizes differ by one row at most, as do the rows
// of each class where the target is one; or of whole groups, the largest first, each going to the part with the fewest
// rows. Valid and ValidData of q are not for folds.
func LoadFolds(q Training, k int) (*Folds, error) {
	q.Valid, q.ValidData = "0", nil
	if q.Window > 0 {
		return nil, usageError("--folds and --window exclude each other: windows of one part would share rows with those of another, and later ones would train what earlier ones judge; hold the last out with --valid")
	}
	w, err := open(q)
	if err != nil {
		return nil, err
	}
	if w.text != nil {
		return nil, usageError("--folds: the parts of one text are not alike, for what stands in the middle is known from both sides: hold out its end instead, as with --valid 0.1")
	}
	rows, _, test, err := w.divide()
	if err != nil {
		return nil, err
	}
	f := &Folds{whole: w, test: test, part: make([]int, w.rows)}
	for _, r := range test {
		f.part[r] = -1
	}
	if w.by.group != nil {
		return f, f.dealGroups(rows, k)
	}
	return f, f.dealRows(rows, k)
}

// dealRows gives the rows to the parts in turn: in a random order, class by class.
func (f *Folds) dealRows(rows []int, k int) error {
	if k > len(rows) {
		return usageError("--folds %d: there are %d rows", k, len(rows))
	}
	order := make([]int, len(rows))
	for i, at := range rng.New(f.whole.q.Seed, "folds").Perm(len(rows)) {
		order[i] = rows[at]
	}
	if class := f.whole.by.class; class != nil {
		slices.SortStableFunc(order, func(a, b int) int { return int(class[a]) - int(class[b]) })
	}
	for i, r := range order {
		f.part[r] = i % k
	}
	return nil
}

func (f *Folds) dealGroups(rows []int, k int) error {
	groups := f.whole.by.groups(rows)
	if k > len(groups) {
		what := "group"
		if f.whole.questions != nil {
			what = "article"
		}
		return usageError("--folds %d: there are %s", k, phrase.Counted(len(groups), what))
	}
	order := make([][]int, len(groups))
	for i, at := range rng.New(f.whole.q.Seed, "folds").Perm(len(groups)) {
		order[i] = groups[at]
	}
	slices.SortStableFunc(order, func(a, b []int) int { return len(b) - len(a) })
	sizes := make([]int, k)
	for _, group := range order {
		to := 0
		for i, n := range sizes {
			if n < sizes[to] {
				to = i
			}
		}
		sizes[to] += len(group)
		for _, r := range group {
			f.part[r] = to
		}
	}
	return nil
}

// Held are the rows of part i, from 0, in ascending order.
func (f *Folds) Held(i int) []int { return f.rows(func(part int) bool { return part == i }) }

func (f *Folds) rows(of func(part int) bool) []int {
	var rows []int
	for r, part := range f.part {
		if of(part) {
			rows = append(rows, r)
		}
	}
	return rows
}

// Fold is the data with part i, from 0, held out; the statistics are those of the other parts.
func (f *Folds) Fold(i int) (*Loaded, error) {
	train := f.rows(func(part int) bool { return part >= 0 && part != i })
	l, err := f.whole.load(train, f.Held(i), f.test)
	if err != nil {
		return nil, fmt.Errorf("fold %d: %w", i+1, err)
	}
	return l, nil
}

// All is the data with no part held out.
func (f *Folds) All() (*Loaded, error) {
	return f.whole.load(f.rows(func(part int) bool { return part >= 0 }), nil, f.test)
}
