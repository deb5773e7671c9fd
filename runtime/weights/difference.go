package weights

import (
	"math"
	"slices"
	"strings"
)

// Want is a tensor that a model needs.
type Want struct {
	Name  string
	Shape []int
	DType DType // F32 or empty accepts every floating-point type, any other every integer type

	// Also are other names by which a file may have it, in place of its own or beside it: of layers that share it.
	Also []string

	// Packed is the tensor that PyTorch has in place of this one and of those that say the same: the rows of one behind
	// those of the other, in the order in which they are wanted. "" where PyTorch has it as it is.
	Packed string

	// Counter says that the tensor may be missing, being 0 then: a count of batches, which files of old PyTorch lack and
	// on which no prediction depends.
	Counter bool
}

func (w Want) float() bool { return w.DType == "" || w.DType.Float() }

// fits reports whether a tensor is of the kind and the shape that are wanted.
func (w Want) fits(t *Tensor) bool {
	return t.DType.Float() == w.float() && slices.Equal(t.Shape, w.Shape)
}

// Difference is how the tensors of a file stand to those that a model wants.
type Difference struct {
	Fit        []Tensor // in the model's order and by its names, float32 and int64, AtZero included
	AtZero     []Want   // counters that the file lacks
	Missing    []Want
	Different  []Misfit
	Unexpected []*Tensor // in the file's order
	LeftOut    []string  // what a Mapping leaves out, by the names in the file
	Cut        []Cut     // of which it takes the first rows
	Anew       []Want    // what it lets start anew, and is neither missing nor among Fit: see StartAnew

	file *File
	want []Want
	none bool // no tensor that is wanted is in the file

	layers map[string]partner // what Draft pairs: prefixes of missing names with those of names that are not wanted
}

// Misfit is a tensor that is not as it is wanted.
type Misfit struct {
	Want   Want
	Tensor *Tensor
	Other  *Tensor // where the tensor fits: another that is the same one in the model, and holds other numbers
}

// Fits reports whether the file holds what the model wants, and nothing else.
func (d *Difference) Fits() bool {
	return len(d.Missing)+len(d.Different)+len(d.Unexpected) == 0
}

// Compare compares the tensors of f with those in want. The tensors that fit share their elements with f.
func (f *File) Compare(want []Want) *Difference {
	d := f.compare(want)
	d.layers = d.pair()
	return d
}

// compare is Compare without a thought of what a map could do.
func (f *File) compare(want []Want) *Difference {
	d := &Difference{file: f, want: want, none: true, LeftOut: f.leftOut}
	have := f.byName()
	used := make(map[string]bool, len(f.Tensors))
	packs := packed(want)
	for _, w := range want {
		var there []*Tensor
		for _, name := range append([]string{w.Name}, w.Also...) {
			if t := have[name]; t != nil {
				there, used[name] = append(there, t), true
			}
		}
		pack := packs[w.Packed]
		switch t := have[w.Packed]; {
		case len(there) > 0:
			d.take(w, there)
		case t != nil && pack.whole.fits(t):
			used[w.Packed], d.none = true, false
			d.Fit = append(d.Fit, pack.part(t, w))
		case t != nil:
			if !used[w.Packed] {
				d.Different = append(d.Different, Misfit{Want: pack.whole, Tensor: t})
			}
			used[w.Packed], d.none = true, false
		case w.Counter:
			d.AtZero = append(d.AtZero, w)
			d.Fit = append(d.Fit, Tensor{Name: w.Name, DType: I64, Shape: w.Shape, I64: make([]int64, count(w.Shape))})
		default:
			d.Missing = append(d.Missing, w)
		}
	}
	for i := range f.Tensors {
		if t := &f.Tensors[i]; !used[t.Name] {
			d.Unexpected = append(d.Unexpected, t)
		}
	}
	d.Cut = f.cuts()
	return d
}

// byName are the tensors of f by their names.
func (f *File) byName() map[string]*Tensor {
	have := make(map[string]*Tensor, len(f.Tensors))
	for i := range f.Tensors {
		have[f.Tensors[i].Name] = &f.Tensors[i]
	}
	return have
}

// take compares a tensor, which the file may have by several names, with what is wanted.
func (d *Difference) take(w Want, there []*Tensor) {
	d.none = false
	for _, t := range there {
		if !w.fits(t) {
			d.Different = append(d.Different, Misfit{Want: w, Tensor: t})
			return
		}
	}
	for _, t := range there[1:] {
		if !same(there[0], t) {
			d.Different = append(d.Different, Misfit{Want: w, Tensor: there[0], Other: t})
			return
		}
	}
	d.Fit = append(d.Fit, there[0].plain(w))
}

// plain is the tensor as files of this package have it: under the name of the model, of a type that is written.
func (t *Tensor) plain(w Want) Tensor {
	own := Tensor{Name: w.Name, DType: F32, Shape: w.Shape, F32: t.F32, I64: t.I64}
	if !w.float() {
		own.DType = I64
	}
	return own
}

// same reports whether two tensors of one shape and kind hold the same, to the bit.
func same(a, b *Tensor) bool {
	bits := func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) }
	return slices.EqualFunc(a.F32, b.F32, bits) && slices.Equal(a.I64, b.I64)
}

// Near returns the tensor that is not wanted and may be the one that is missing, nil if there is none: by Draft, else one
// of its kind and shape, with the same last part of the name, and alone in being so or in how much of the name's end it
// shares.
func (d *Difference) Near(w Want) *Tensor {
	if theirs, paired := d.layers[layerOf(w.Name)]; paired {
		i := slices.IndexFunc(d.Unexpected, func(t *Tensor) bool { return t.Name == theirs.prefix+lastPart(w.Name) })
		return d.Unexpected[i]
	}
	var near *Tensor
	most, alone := -1, false
	for _, t := range d.Unexpected {
		if lastPart(t.Name) != lastPart(w.Name) || !w.fits(t) {
			continue
		}
		switch n := commonEnd(t.Name, w.Name); {
		case n > most:
			near, most, alone = t, n, true
		case n == most:
			alone = false
		}
	}
	if !alone {
		return nil
	}
	return near
}

// lastPart is what stands behind the last dot of a name.
func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// layerOf is what stands before that, with the dot.
func layerOf(name string) string { return strings.TrimSuffix(name, lastPart(name)) }

// commonEnd is how many bytes two names share at their ends.
func commonEnd(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
