package random

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
)

// enter writes the inputs, and lets the last one flow, or all joined. Of integers, what is made of them can be computed with.
func (w *writer) enter() {
	var integers []int
	limits := map[int]int{}
	for i := range w.from(1, 3) {
		x := value{name: w.name("x"), inputs: 1 << i, shape: w.shape()}
		text := ""
		if w.chance(3) {
			limits[i] = w.from(2, 6)
			x.shape, x.made = x.shape[:min(2, len(x.shape))], true
			text = fmt.Sprintf(" of %s", w.size(limits[i]))
			w.masks = append(w.masks, x)
			integers = append(integers, i)
		} else {
			w.values = append(w.values, x)
		}
		w.line("input %s%v%s", x.name, x.shape, text)
		w.inputs = append(w.inputs, x)
	}
	for _, i := range integers {
		x := &w.inputs[i]
		w.line("from %s", x.name)
		w.current = *x
		w.current.shape = slices.Clone(x.shape)
		if w.chance(3) {
			w.current.shape = append(w.current.shape, limits[i])
			w.label("v", "onehot")
		} else {
			w.embedding(limits[i])
		}
		if len(x.shape) == 1 {
			w.classes = append(w.classes, target{w.current, x.name, limits[i]})
		}
		*x = w.current
	}
	w.current = w.inputs[len(w.inputs)-1]
	w.line("from %s", w.current.name)
	if w.chance(3) {
		w.gather()
	}
}

// shape is one of an input: every other one is a sequence, some of them longer than what kernels take at a time.
func (w *writer) shape() ir.Shape {
	switch {
	case w.chance(10):
		return ir.Shape{w.from(60, 75), w.from(1, 2)}
	case w.chance(2):
		return ir.Shape{w.from(1, 9), w.from(1, 8)}
	}
	var shape ir.Shape
	for range w.from(1, 4) {
		shape = append(shape, w.from(1, 5))
	}
	if shape.Size() > mostElements {
		shape = shape[1:]
	}
	return shape
}

// sequence writes the only input of a model that continues it.
func (w *writer) sequence() {
	x := value{name: w.name("x"), shape: ir.Shape{w.from(1, 7)}, made: true, inputs: 1}
	v := w.from(2, 9)
	w.line("input %s%v of %s", x.name, x.shape, w.size(v))
	w.inputs, w.current = []value{x}, x
	w.embedding(v)
	w.classes = []target{{w.current, x.name, v}}
	w.inputs[0] = w.current
}

// gather joins what flows with the inputs that it does not come from.
func (w *writer) gather() {
	var missing []value
	for i, x := range w.inputs {
		if w.current.inputs>>i&1 == 0 {
			missing = append(missing, x)
		}
	}
	if len(missing) == 0 {
		return
	}
	w.flatten()
	here := w.current
	for i, x := range missing {
		w.line("from %s", x.name)
		w.current = x
		w.current.shape = slices.Clone(x.shape)
		w.flatten()
		missing[i] = w.current
	}
	w.line("from %s", here.name)
	w.current = here
	w.concat(0, missing...)
}

// target is an input that a loss may compare with: what is made of it, its name, and how long the last axis of what is
// compared with it is.
type target struct {
	value
	input string
	last  int
}

// comparable are the inputs that a loss may compare with, but for those that another loss takes for something else: of
// classes it may leave out another one.
func (w *writer) comparable(loss *vocab.Word) (all []target) {
	switch loss.Target {
	case ir.Span:
	case ir.Class:
		all = slices.Clone(w.classes)
	default:
		for _, x := range w.inputs {
			if !x.made {
				all = append(all, target{x, x.name, x.shape.Last()})
			}
		}
	}
	return slices.DeleteFunc(all, func(x target) bool {
		return slices.ContainsFunc(w.heads, func(h head) bool { return h.like == x.input && (h.losses[0] != loss || loss.Target == ir.Class) })
	})
}
