package weights

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// layer is the tensors of one layer: those whose names begin alike up to the last dot.
type layer struct {
	prefix string // with the dot; "" of names without one
	parts  string // last parts and shapes of its tensors, as a text that layers of one kind share
}

// layers groups tensors, given by name, shape and kind, in the order in which their layers come first.
func layers(n int, tensor func(i int) (name string, shape []int, float bool)) []layer {
	parts := map[string][]string{}
	var prefixes []string
	for i := range n {
		name, shape, float := tensor(i)
		prefix := layerOf(name)
		if parts[prefix] == nil {
			prefixes = append(prefixes, prefix)
		}
		if float || len(shape) > 0 { // a count of batches may be missing
			parts[prefix] = append(parts[prefix], fmt.Sprint(lastPart(name), shape, float))
		} else {
			parts[prefix] = append(parts[prefix], "")
		}
	}
	var list []layer
	for _, prefix := range prefixes {
		p := slices.DeleteFunc(parts[prefix], func(part string) bool { return part == "" })
		slices.Sort(p)
		list = append(list, layer{prefix, strings.Join(p, " ")})
	}
	return list
}

// Draft is the text of a map file with which the file would fit, "" if there is none. What it says of layers of one
// shape is a guess: it pairs them in order, and the file's order is not known but for the numbers in its names.
func (d *Difference) Draft() string {
	if prefix := d.prefix(); writable(prefix) {
		return prefix + "* = *\n"
	}
	var text strings.Builder
	done := map[string]bool{}
	for _, w := range d.Missing {
		ours := layerOf(w.Name)
		if theirs, paired := d.layers[ours]; paired && !done[ours] {
			fmt.Fprintf(&text, "%s* = %s*\n", theirs, ours)
			done[ours] = true
		}
	}
	return text.String()
}

// pair pairs layers whose tensors have the same last parts and shapes, the first that is missing with the first that is
// not wanted; nil unless that makes the file fit.
func (d *Difference) pair() map[string]string {
	renamed := func(t *Tensor) bool { return t.origin != "" }
	if len(d.Missing) == 0 || len(d.Different) > 0 || slices.ContainsFunc(d.Unexpected, renamed) {
		return nil
	}
	ours := layers(len(d.Missing), func(i int) (string, []int, bool) {
		w := d.Missing[i]
		return w.Name, w.Shape, w.float()
	})
	theirs := layers(len(d.Unexpected), func(i int) (string, []int, bool) {
		t := d.Unexpected[i]
		return t.Name, t.Shape, t.DType.Float()
	})
	if len(ours) != len(theirs) || len(ours) > maxPatterns {
		return nil
	}
	slices.SortStableFunc(theirs, func(a, b layer) int { return natural(a.prefix, b.prefix) })
	pairs := map[string]string{}
	for _, o := range ours {
		i := slices.IndexFunc(theirs, func(t layer) bool { return t.parts == o.parts })
		if i < 0 || o.prefix == "" || !writable(theirs[i].prefix) {
			return nil
		}
		pairs[o.prefix] = theirs[i].prefix
		theirs = slices.Delete(theirs, i, i+1)
	}
	return pairs
}

// writable reports whether a prefix can stand in a map file, and is safe to be shown as it is.
func writable(prefix string) bool {
	return prefix != "" && !strings.ContainsFunc(prefix, func(r rune) bool { return strings.ContainsRune("*=# \ufffd", r) || !unicode.IsPrint(r) })
}

// natural compares names so that 2 comes before 10.
func natural(a, b string) int {
	digits := func(s string) int {
		n := 0
		for n < len(s) && '0' <= s[n] && s[n] <= '9' {
			n++
		}
		return n
	}
	for a != "" && b != "" {
		m, n := digits(a), digits(b)
		if m > 0 && n > 0 {
			x, y := strings.TrimLeft(a[:m], "0"), strings.TrimLeft(b[:n], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[m:], b[n:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}
