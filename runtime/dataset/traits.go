package dataset

import (
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// traits are what a split goes by, of each row.
type traits struct {
	class []int32 // nil: the target is not one class
	group []int32 // nil: rows stand alone
}

// groups are the candidates by group, in the order in which groups first appear.
func (by traits) groups(candidates []int) [][]int {
	var groups [][]int
	at := map[int32]int{}
	for _, r := range candidates {
		i, known := at[by.group[r]]
		if !known {
			i = len(groups)
			at[by.group[r]] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], r)
	}
	return groups
}

// apart returns an error if a group stands on both sides.
func (by traits) apart(stay, held []int) error {
	if by.group == nil {
		return nil
	}
	first := map[int32]int{}
	for _, r := range stay {
		if _, known := first[by.group[r]]; !known {
			first[by.group[r]] = r
		}
	}
	for _, r := range held {
		if s, both := first[by.group[r]]; both {
			return fmt.Errorf("rows %d and %d are of one group, but the last rows hold out only one of them: draw the rows instead, as with --valid 0.1, which keeps groups together", s+1, r+1)
		}
	}
	return nil
}

// Classes are the classes of the rows of d in order, where its only target is one class or one flag per row, else nil.
func (d *Set) Classes() []int32 {
	all := d.classes()
	if all == nil {
		return nil
	}
	class := make([]int32, len(d.rows))
	for i, r := range d.rows {
		class[i] = all[r]
	}
	return class
}

// Weights are the weights of the rows of d in order; nil: all count alike.
func (d *Set) Weights() []float32 {
	if d.weights == nil {
		return nil
	}
	w := make([]float32, len(d.rows))
	for i, r := range d.rows {
		w[i] = d.weights[r]
	}
	return w
}

// classes are the classes of all rows of d, where its only target is one class or flag per row, else nil.
func (d *Set) classes() []int32 {
	if len(d.targets) != 1 || d.targets[0].size != 1 || d.targets[0].port.Judged == nil {
		return nil
	}
	f := &d.targets[0]
	switch f.port.Judged.Kind {
	case data.Class:
		return markLeftOut(f.block.Int, f.port.Judged.LeftOut.Class())
	case data.Flag:
		return flags(f.block.Float)
	}
	return nil
}

// markLeftOut are classes with kernel.Ignored in the place of the one that is left out.
func markLeftOut(classes []int32, leftOut int32) []int32 {
	if leftOut == kernel.Ignored || !slices.Contains(classes, leftOut) {
		return classes
	}
	marked := slices.Clone(classes)
	for i, k := range marked {
		if k == leftOut {
			marked[i] = kernel.Ignored
		}
	}
	return marked
}

// flags are 0 and 1 as classes; nil if there are other numbers.
func flags(values []float32) []int32 {
	class := make([]int32, len(values))
	for i, v := range values {
		if v != 0 && v != 1 {
			return nil
		}
		class[i] = int32(v)
	}
	return class
}

// classes are the classes of all rows of t, where its only target is one class or flag, else nil. Where the texts are not
// the classes that the target wants, each is one of its own: the weights to start from may know them, or the fit refuses.
func (t *table) classes(targets []data.Port) []int32 {
	if len(targets) != 1 || targets[0].Size() != 1 || targets[0].Judged.Kind.Numbers() {
		return nil
	}
	c := t.targets[0][0]
	if c.kind != data.KindClass {
		return nil
	}
	judged := data.TargetsOf(nil, targets)[0]
	_, index, err := c.classes(t.name, judged.Judged, judged.Count)
	if err != nil {
		return slices.Clone(c.codes)
	}
	class := make([]int32, t.rows)
	for r, code := range c.codes {
		class[r] = index[code]
	}
	return class
}

// bits are the bits of the field's values of a row, one after the other.
func (f *field) bits(row int, yield func(uint32)) {
	at := f.start(row)
	switch {
	case f.bytes != nil:
		for _, b := range f.bytes[at : at+f.size] {
			yield(uint32(b))
		}
	case f.block.Int != nil:
		for _, v := range f.block.Int[at : at+f.size] {
			yield(uint32(v))
		}
	default:
		for _, v := range f.block.Float[at : at+f.size] {
			yield(math.Float32bits(v + 0)) // −0 is 0
		}
	}
}
