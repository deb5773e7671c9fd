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
	tables string // of a layer with one tensor of two axes or more: the same without its first axis, else ""
	rows   int    // of that axis
}

// layers groups tensors, given by name, shape and kind, in the order in which their layers come first.
func layers(n int, tensor func(i int) (name string, shape []int, float bool)) []layer {
	parts, members, last := map[string][]string{}, map[string]int{}, map[string]int{}
	var prefixes []string
	for i := range n {
		name, shape, float := tensor(i)
		prefix := layerOf(name)
		if members[prefix]++; members[prefix] == 1 {
			prefixes = append(prefixes, prefix)
		}
		if last[prefix] = i; float || len(shape) > 0 { // a count of batches may be missing
			parts[prefix] = append(parts[prefix], fmt.Sprint(lastPart(name), shape, float))
		}
	}
	var list []layer
	for _, prefix := range prefixes {
		slices.Sort(parts[prefix])
		l := layer{prefix: prefix, parts: strings.Join(parts[prefix], " ")}
		if name, shape, float := tensor(last[prefix]); members[prefix] == 1 && len(shape) > 1 {
			l.tables, l.rows = fmt.Sprint(lastPart(name), shape[1:], float), shape[0]
		}
		list = append(list, l)
	}
	return list
}

// partner is the layer of the file that is paired with one of the model.
type partner struct {
	prefix string
	rows   int // how many of its first rows are wanted, 0: all
}

// Draft is the text of a map file with which the file would fit, "" if there is none. What it says of layers of one
// shape is a guess: it pairs those whose last names are the same, and the others in order, and the file's order is not
// known but for the numbers in its names. What it leaves out or lets start anew has no partner of its shape.
func (d *Difference) Draft() string {
	if prefix := d.prefix(); writable(prefix) {
		return prefix + "* = *\n"
	}
	var text, anew strings.Builder
	done, used := map[string]bool{}, map[string]bool{}
	for _, w := range d.Missing {
		ours := layerOf(w.Name)
		if len(d.layers) == 0 || done[ours] {
			continue
		}
		done[ours] = true
		switch theirs, paired := d.layers[ours]; {
		case !paired:
			fmt.Fprintf(&anew, "- = %s*\n", ours)
		case theirs.rows > 0:
			fmt.Fprintf(&text, "%s%s[:%d] = %s\n", theirs.prefix, lastPart(w.Name), theirs.rows, w.Name)
			used[theirs.prefix] = true
		default:
			fmt.Fprintf(&text, "%s* = %s*\n", theirs.prefix, ours)
			used[theirs.prefix] = true
		}
	}
	for _, t := range d.Unexpected {
		if theirs := layerOf(t.Name); len(d.layers) > 0 && !used[theirs] {
			fmt.Fprintf(&text, "%s* = -\n", theirs)
			used[theirs] = true
		}
	}
	if draft := text.String() + anew.String(); d.fitsBy(draft) {
		return draft
	}
	return ""
}

// fitsBy reports whether the file would fit by a map: the asterisks of one line may reach into another.
func (d *Difference) fitsBy(draft string) bool {
	m, err := ParseMapping("", []byte(draft))
	if draft == "" || err != nil {
		return false
	}
	f := &File{Tensors: slices.Clone(d.file.Tensors)}
	if m.Rename(f) != nil {
		return false
	}
	then := f.compare(d.want)
	return m.StartAnew(then) == nil && then.Fits()
}

// pair pairs layers whose tensors have the same last parts and shapes, or only more rows in the file: first those whose
// names end alike, then the first that is missing with the first that is not wanted. It is nil if most have no partner, or
// if a tensor without one would do for another without one.
func (d *Difference) pair() map[string]partner {
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
	if max(len(ours), len(theirs)) > maxPatterns {
		return nil
	}
	slices.SortStableFunc(theirs, func(a, b layer) int { return natural(a.prefix, b.prefix) })
	pairs := map[string]partner{}
	for _, meet := range []func(o, t layer) bool{
		func(o, t layer) bool { return t.parts == o.parts && lastName(t.prefix) == lastName(o.prefix) },
		func(o, t layer) bool { return t.parts == o.parts },
		func(o, t layer) bool { return t.tables == o.tables && o.tables != "" && t.rows > o.rows },
	} {
		var alone []layer
		for _, o := range ours {
			i := slices.IndexFunc(theirs, func(t layer) bool { return meet(o, t) })
			if i < 0 {
				alone = append(alone, o)
				continue
			}
			p := partner{prefix: theirs[i].prefix}
			if theirs[i].parts != o.parts {
				p.rows = o.rows
			}
			pairs[o.prefix] = p
			theirs = slices.Delete(theirs, i, i+1)
		}
		ours = alone
	}
	if len(ours) > len(pairs) || len(theirs) > len(pairs) || d.overlooked(ours, theirs) {
		return nil
	}
	return pairs
}

// overlooked reports whether names cannot be written in a map, or a tensor of the layers without a partner would do for
// another of them.
func (d *Difference) overlooked(ours, theirs []layer) bool {
	if slices.ContainsFunc(d.Missing, func(w Want) bool { return layerOf(w.Name) == "" }) ||
		slices.ContainsFunc(d.Unexpected, func(t *Tensor) bool { return !writable(layerOf(t.Name)) }) {
		return true
	}
	among := func(list []layer, name string) bool {
		return slices.ContainsFunc(list, func(l layer) bool { return l.prefix == layerOf(name) })
	}
	left := map[string]bool{}
	for _, t := range d.Unexpected {
		if among(theirs, t.Name) {
			left[fmt.Sprint(lastPart(t.Name), t.Shape, t.DType.Float())] = true
		}
	}
	return slices.ContainsFunc(d.Missing, func(w Want) bool {
		return among(ours, w.Name) && left[fmt.Sprint(lastPart(w.Name), w.Shape, w.float())]
	})
}

// lastName is the last name in a prefix: key of layer.0.key.
func lastName(prefix string) string { return lastPart(strings.TrimSuffix(prefix, ".")) }

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
