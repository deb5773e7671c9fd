package random

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// mean writes the mean along an axis, perhaps over the positions that take part.
func (w *writer) mean() {
	axis := w.below(len(w.current.shape))
	text := fmt.Sprint("mean ", axis)
	if axis == 0 {
		text = w.oneOf("mean 0", "mean") + w.mask(w.current.shape[:1], false, false)
	}
	w.masked(slices.Delete(slices.Clone(w.current.shape), axis, axis+1), text)
}

// last writes the last position of a sequence, perhaps of those that take part.
func (w *writer) last() {
	w.masked(w.current.shape[1:], "last"+w.mask(w.current.shape[:1], true, false))
}

// position adds to each position of a sequence what says where it is.
func (w *writer) position() {
	text := "position" + w.oneOf("", " "+w.size(w.current.shape.Last()))
	w.becomes(w.current.shape, text+w.options(layer("position"), "dim"))
}

// mask writes the argument that says which positions of [T], or of another shape, take part, or nothing. It is an input of
// integers or of numbers, some of which are 0; a length, where that may be; or any value of that shape, unless it has to be
// given. Outside bodies the input may be a new one.
func (w *writer) mask(shape ir.Shape, counted, given bool) string {
	switch w.below(4) {
	case 0:
		return ""
	case 1:
		if v, ok := w.fitting(func(v value) bool { return slices.Equal(v.shape, shape) && !given }); ok {
			w.current = w.current.with(v)
			return " mask=" + v.name
		}
	case 2:
		for _, m := range w.masks {
			if slices.Equal(m.shape, shape) {
				w.current = w.current.with(m)
				return " mask=" + m.name
			}
		}
	}
	if w.indent != "" || len(w.inputs) > 60 {
		return ""
	}
	flows, m := w.named(), value{shape: shape, made: true, inputs: 1 << len(w.inputs)}
	argument := "mask"
	if counted && w.chance(2) {
		argument, m.shape, m.name = "length", ir.Shape{1}, w.name("n")
		w.line("input %s[1] of %d", m.name, shape[0]+1)
	} else {
		m.name = w.name("mask")
		w.line("input %s%v%s", m.name, shape, w.oneOf("", " of 2", " of 3"))
		w.masks = append(w.masks, m)
	}
	w.line("from %s", flows)
	w.current = w.current.with(m)
	w.inputs = append(w.inputs, value{inputs: m.inputs, made: true}) // it flows into what comes next
	return " " + argument + "=" + m.name
}

// masked writes a statement by which a new mask reaches what flows: that stands for the input from then on.
func (w *writer) masked(shape ir.Shape, statement string) {
	fresh := len(w.inputs) > 0 && w.inputs[len(w.inputs)-1].name == ""
	if !fresh {
		w.becomes(shape, statement)
		return
	}
	w.current.shape = slices.Clone(shape)
	w.label("v", statement)
	bit := w.inputs[len(w.inputs)-1].inputs
	w.inputs[len(w.inputs)-1] = w.current
	w.inputs[len(w.inputs)-1].inputs |= bit
}
