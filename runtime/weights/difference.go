package weights

import (
	"slices"
	"strings"
)

// Want is a tensor that a model needs.
type Want struct {
	Name  string
	Shape []int
	DType DType // F32 or empty accepts every floating-point type, any other every integer type

	// Counter says that the tensor may be missing, being 0 then: a count of batches, which files of old PyTorch lack and
	// on which no prediction depends.
	Counter bool
}

func (w Want) float() bool { return w.DType == "" || w.DType.Float() }

// Difference is how the tensors of a file stand to those that a model wants.
type Difference struct {
	Fit        []*Tensor // in the model's order
	Missing    []Want
	Different  []Misfit
	Unexpected []*Tensor // in the file's order
	AtZero     []Want    // counters that the file lacks, which begin at 0

	want []Want
	file *File
}

// Misfit is a tensor whose shape or kind is not the one that is wanted.
type Misfit struct {
	Want   Want
	Tensor *Tensor
}

// Fits reports whether the file holds what the model wants, and nothing else.
func (d *Difference) Fits() bool {
	return len(d.Missing)+len(d.Different)+len(d.Unexpected) == 0
}

// Compare compares the tensors of f with those in want.
func (f *File) Compare(want []Want) *Difference {
	d := &Difference{want: want, file: f}
	have := make(map[string]*Tensor, len(f.Tensors))
	for i := range f.Tensors {
		have[f.Tensors[i].Name] = &f.Tensors[i]
	}
	wanted := make(map[string]bool, len(want))
	for _, w := range want {
		wanted[w.Name] = true
		t := have[w.Name]
		switch {
		case t == nil && w.Counter:
			d.AtZero = append(d.AtZero, w)
		case t == nil:
			d.Missing = append(d.Missing, w)
		case !slices.Equal(t.Shape, w.Shape) || t.DType.Float() != w.float():
			d.Different = append(d.Different, Misfit{w, t})
		default:
			d.Fit = append(d.Fit, t)
		}
	}
	for i := range f.Tensors {
		if t := &f.Tensors[i]; !wanted[t.Name] {
			d.Unexpected = append(d.Unexpected, t)
		}
	}
	return d
}

// Near returns the tensor that is not wanted and may be the one that is missing: of its kind and shape, with the same
// last part of the name, and alone in being so or in how much of the name's end it shares. nil if there is none.
func (d *Difference) Near(w Want) *Tensor {
	var near *Tensor
	most, alone := -1, false
	for _, t := range d.Unexpected {
		if lastPart(t.Name) != lastPart(w.Name) || t.DType.Float() != w.float() || !slices.Equal(t.Shape, w.Shape) {
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

// layerOf is what stands before the last dot of a name, with it.
func layerOf(name string) string { return name[:strings.LastIndexByte(name, '.')+1] }

// commonEnd is how many bytes two names share at their ends.
func commonEnd(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
