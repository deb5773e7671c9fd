package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// Split says which rows are held out of training.
type Split struct {
	fraction float64 // of the rows, drawn at random
	last     int     // else the last rows
	isLast   bool
}

// defaultFraction is held out of defaultRows rows or more where nothing else is said.
const (
	defaultFraction = 0.1
	defaultRows     = 50
)

// ParseSplit reads "0.1", "last:500" or "0".
func ParseSplit(text string) (Split, error) {
	if n, ok := strings.CutPrefix(text, "last:"); ok {
		rows, err := strconv.Atoi(n)
		if err != nil || rows < 1 {
			return Split{}, usageError("--valid %s: %q is not a number of rows", text, n)
		}
		return Split{last: rows, isLast: true}, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0 && f < 1) {
		return Split{}, usageError("--valid %s: write a fraction below 1 as 0.1, the last rows as last:500, or 0 for none", text)
	}
	return Split{fraction: f}, nil
}

// DefaultSplit is the split of n rows where nothing is said: a tenth of 50 rows or more if outputs are compared with
// something, a target or an input.
func DefaultSplit(n int, judged bool) Split {
	if judged && n >= defaultRows {
		return Split{fraction: defaultFraction}
	}
	return Split{}
}

// Rows divides rows 0…n−1 into those to train on and those held out, each in file order. A fraction holds out
// the first ⌊f·n⌋ rows (one at least) of the seed's permutation "split".
func (s Split) Rows(n int, seed uint64) (train, valid []int, err error) {
	held := s.last
	if !s.isLast {
		held = int(s.fraction * float64(n))
		if s.fraction > 0 {
			held = max(held, 1)
		}
	}
	if held >= n {
		return nil, nil, fmt.Errorf("%s held out of %d leave none to train on", phrase.Counted(held, "row"), n)
	}
	if s.isLast || held == 0 {
		rows := allRows(n)
		return rows[:n-held], rows[n-held:], nil
	}
	rows := rng.New(seed, "split").Perm(n)
	valid, train = rows[:held], rows[held:]
	slices.Sort(valid)
	slices.Sort(train)
	return train, valid, nil
}
