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
	fraction float64 // of all rows, drawn at random
	last     int     // else the last rows
	isLast   bool
}

// defaultFraction is held out of defaultRows rows or more where nothing else is said.
const (
	defaultFraction = 0.1
	defaultRows     = 50
)

// ParseSplit reads what a flag says: "0.1", "last:500" or "0".
func ParseSplit(flag, text string) (Split, error) {
	if n, ok := strings.CutPrefix(text, "last:"); ok {
		rows, err := strconv.Atoi(n)
		if err != nil || rows < 1 {
			return Split{}, usageError("%s %s: %q is not a number of rows", flag, text, n)
		}
		return Split{last: rows, isLast: true}, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0 && f < 1) {
		return Split{}, usageError("%s %s: write a fraction below 1 as 0.1, the last rows as last:500, or 0 for none", flag, text)
	}
	return Split{fraction: f}, nil
}

// IsPart reports whether a value of --test names a part of the rows, even if a file of that name exists.
func IsPart(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil || strings.HasPrefix(text, "last:")
}

// DefaultSplit is the split of n rows where nothing is said: a tenth of 50 rows or more if outputs are compared with
// something, a target or an input.
func DefaultSplit(n int, judged bool) Split {
	if judged && n >= defaultRows {
		return Split{fraction: defaultFraction}
	}
	return Split{}
}

// exact makes up for a fraction's last bits: 0.29 of 100 rows is 29, though as a binary number it is a little less.
const exact = 1e-9

// size is how many of n rows are held out: ⌊f·n⌋, but one at least where there is a fraction.
func (s Split) size(n int) int {
	if s.isLast {
		return s.last
	}
	if s.fraction == 0 {
		return 0
	}
	return max(1, int(float64(s.fraction*float64(n))+exact))
}

// draw divides the candidates, positions in ascending order among n rows in all, into those that stay and those held
// out, each in ascending order. A fraction holds out rows drawn by order: whole groups where by has groups, else of
// each class its share. A fraction is one of all n rows.
func (s Split) draw(candidates []int, n int, by traits, order rng.Stream) (stay, held []int, err error) {
	size := s.size(n)
	if size >= len(candidates) {
		return nil, nil, fmt.Errorf("%s held out of %d leave none to train on", phrase.Counted(size, "row"), len(candidates))
	}
	if size == 0 {
		return candidates, nil, nil
	}
	if s.isLast {
		at := len(candidates) - size
		return candidates[:at], candidates[at:], by.apart(candidates[:at], candidates[at:])
	}
	if by.group != nil {
		held, err = by.drawGroups(candidates, size, order)
	} else {
		held = by.drawRows(candidates, size, order)
	}
	if err != nil {
		return nil, nil, err
	}
	slices.Sort(held)
	for _, r := range candidates {
		if _, out := slices.BinarySearch(held, r); !out {
			stay = append(stay, r)
		}
	}
	return stay, held, nil
}

// drawRows draws size of the candidates, of each class its share where there are classes.
func (by traits) drawRows(candidates []int, size int, order rng.Stream) []int {
	class := func(row int) int32 { return 0 }
	share := map[int32]int{0: size}
	if by.class != nil {
		class = func(row int) int32 { return by.class[row] }
		share = by.shares(candidates, size)
	}
	var held []int
	for _, i := range order.Perm(len(candidates)) {
		if k := class(candidates[i]); share[k] > 0 {
			share[k]--
			held = append(held, candidates[i])
		}
	}
	return held
}

// shares divides size held-out rows among the classes of the candidates: ⌊size·n/all⌋ for a class of n rows, and what
// is left to the largest remainders, of equal ones to the lower class. Each class keeps a row to train on, so that a
// class of one row is never held out; what that spares goes to the next remainder.
func (by traits) shares(candidates []int, size int) map[int32]int {
	rows := map[int32]int{}
	for _, r := range candidates {
		rows[by.class[r]]++
	}
	var classes []int32
	share, left := map[int32]int{}, size
	for k, n := range rows {
		classes = append(classes, k)
		share[k] = min(size*n/len(candidates), n-1)
		left -= share[k]
	}
	slices.SortFunc(classes, func(a, b int32) int {
		if d := size*rows[b]%len(candidates) - size*rows[a]%len(candidates); d != 0 {
			return d
		}
		return int(a) - int(b)
	})
	for given := true; left > 0 && given; {
		given = false
		for _, k := range classes {
			if left > 0 && share[k] < rows[k]-1 {
				share[k]++
				left--
				given = true
			}
		}
	}
	return share
}

// drawGroups draws whole groups, in a random order, as long as they fit into size rows; at least one.
func (by traits) drawGroups(candidates []int, size int, order rng.Stream) ([]int, error) {
	groups := by.groups(candidates)
	if len(groups) < 2 {
		return nil, fmt.Errorf("all rows are of one group, which cannot be divided: hold no rows out with --valid 0, or leave out --group")
	}
	drawn := order.Perm(len(groups))
	var held []int
	for _, i := range drawn {
		if len(held)+len(groups[i]) <= size {
			held = append(held, groups[i]...)
		}
	}
	if held == nil { // every group is larger: the smallest one
		smallest := drawn[0]
		for _, i := range drawn {
			if len(groups[i]) < len(groups[smallest]) {
				smallest = i
			}
		}
		held = slices.Clone(groups[smallest])
	}
	return held, nil
}
