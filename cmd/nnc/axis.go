package main

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// axis is a setting that a sweep varies.
type axis struct {
	name   string // as people read it: lr, batch, width
	flag   string // --lr, --set width
	values []values
	apply  func(c *trainCommand, value string) error // refuses what the setting cannot be
}

// values is one value of a setting, or a range of them.
type values struct {
	text   string  // of one value, as it was given
	lo, hi uint64  // of a range of whole numbers, both ends among them
	a, b   float64 // of a range of real numbers, which can only be drawn
	kind   valuesKind
}

type valuesKind int

const (
	single valuesKind = iota
	whole
	real
)

// newAxis reads the values of a flag: single ones, and ranges a..b. Rates have ranges of real numbers only, and rows,
// epochs and seeds of whole ones.
func newAxis(name, flag string, items []string, apply func(*trainCommand, string) error) (axis, error) {
	ax := axis{name, flag, nil, apply}
	for _, item := range items {
		v, err := readValues(item, name == "lr")
		if err == nil {
			for _, end := range v.ends() {
				err = errors.Join(err, apply(new(trainCommand), end))
			}
		}
		if err != nil {
			return ax, fmt.Errorf("%s %s: %w", flag, item, err)
		}
		if slices.Contains(ax.values, v) {
			return ax, fmt.Errorf("%s %s: given twice", flag, item)
		}
		ax.values = append(ax.values, v)
	}
	return ax, nil
}

func readValues(item string, rate bool) (values, error) {
	first, last, isRange := strings.Cut(item, "..")
	if !isRange {
		return values{text: item}, nil
	}
	lo, err := strconv.ParseUint(first, 10, 64)
	hi, err2 := strconv.ParseUint(last, 10, 64)
	if err == nil && err2 == nil && !rate {
		if lo >= hi {
			return values{}, errors.New("the first number of a range is the smaller one")
		}
		return values{lo: lo, hi: hi, kind: whole}, nil
	}
	a, err := strconv.ParseFloat(first, 64)
	b, err2 := strconv.ParseFloat(last, 64)
	switch {
	case err != nil || err2 != nil || b-a-(b-a) != 0:
		return values{}, errors.New("a range is two numbers, as 1..5")
	case a >= b:
		return values{}, errors.New("the first number of a range is the smaller one")
	case rate && a <= 0:
		return values{}, errors.New("a range of rates begins above 0")
	}
	return values{a: a, b: b, kind: real}, nil
}

// ends are the least and the greatest of the values.
func (v values) ends() []string {
	switch v.kind {
	case whole:
		return []string{strconv.FormatUint(v.lo, 10), strconv.FormatUint(v.hi, 10)}
	case real:
		return []string{decimal(v.a), decimal(v.b)}
	}
	return []string{v.text}
}

// counted is the number of an axis's values, false where one is a range of real numbers.
func (ax *axis) counted() (*big.Int, bool) {
	n := new(big.Int)
	for _, v := range ax.values {
		if v.kind == real {
			return nil, false
		}
		n.Add(n, new(big.Int).SetUint64(v.hi-v.lo))
		n.Add(n, big.NewInt(1))
	}
	return n, true
}

// at is the i-th of the values that can be counted.
func (ax *axis) at(i uint64) string {
	for _, v := range ax.values {
		n := uint64(1)
		if v.kind == whole {
			n = v.hi - v.lo + 1
		}
		if i >= n {
			i -= n
			continue
		}
		if v.kind == whole {
			return strconv.FormatUint(v.lo+i, 10)
		}
		return v.text
	}
	panic("no such value")
}

// draw is one of the values, each item as likely as another: of a range of rates by their logarithm, so that each power
// of ten is as likely as another, of other real numbers evenly; both to three digits.
func (ax *axis) draw(r *rand.Rand) string {
	v := ax.values[r.IntN(len(ax.values))]
	switch v.kind {
	case whole:
		if v.hi-v.lo == math.MaxUint64 {
			return strconv.FormatUint(r.Uint64(), 10)
		}
		return strconv.FormatUint(v.lo+r.Uint64N(v.hi-v.lo+1), 10)
	case real:
		x := v.a + r.Float64()*(v.b-v.a)
		if ax.name == "lr" {
			x = math.Exp(math.Log(v.a) + r.Float64()*(math.Log(v.b)-math.Log(v.a)))
		}
		x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64) // of its own text
		return decimal(min(max(x, v.a), v.b))
	}
	return v.text
}

// decimal is a number as specs and command lines have it.
func decimal(x float64) string {
	return strings.Replace(strconv.FormatFloat(x, 'g', -1, 64), "e+", "e", 1)
}

// mostRuns bounds a sweep.
const mostRuns = 10_000

// grid is every combination of the axes' values, the last axis changing first.
func grid(axes []axis) ([][]string, error) {
	n := big.NewInt(1)
	for i := range axes {
		count, ok := axes[i].counted()
		if !ok {
			return nil, fmt.Errorf("%s: a range of real numbers has no end of values: draw some with --random 20, or list them", axes[i].flag)
		}
		n.Mul(n, count)
	}
	if n.Cmp(big.NewInt(mostRuns)) > 0 {
		return nil, fmt.Errorf("all combinations are %v runs, more than %d: give fewer values, or draw some with --random 20", n, mostRuns)
	}
	all := make([][]string, n.Int64())
	for i := range all {
		rest := uint64(i)
		all[i] = make([]string, len(axes))
		for k := len(axes) - 1; k >= 0; k-- {
			count, _ := axes[k].counted()
			all[i][k] = axes[k].at(rest % count.Uint64())
			rest /= count.Uint64()
		}
	}
	return all, nil
}

// drawn is n different combinations of the axes' values, or all where there are no more, in the order of the draw.
func drawn(axes []axis, n int, seed uint64) [][]string {
	const perRun = 1000 // draws that may be wasted on what was drawn before
	r := rand.New(rand.NewPCG(seed, 0))
	var all [][]string
	seen := map[string]bool{}
	for range n * perRun {
		row := make([]string, len(axes))
		for k := range axes {
			row[k] = axes[k].draw(r)
		}
		if key := strings.Join(row, "\x00"); !seen[key] {
			seen[key] = true
			if all = append(all, row); len(all) == n {
				break
			}
		}
	}
	return all
}
