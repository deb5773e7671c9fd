package random

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// slice writes the statement, along any axis.
func (w *writer) slice() {
	shape := slices.Clone(w.current.shape)
	axis := w.below(len(shape))
	length := shape[axis]
	start := w.below(length)
	end := w.from(start+1, length)
	shape[axis] = end - start
	if w.chance(2) {
		start -= length
	}
	if end < length && w.chance(2) {
		end -= length
	}
	w.becomes(shape, fmt.Sprintf("slice %d %d%s", start, end, w.axis(axis)))
}

// axis writes the argument, which may be left out for the last axis of one or two.
func (w *writer) axis(axis int) string {
	if rank := len(w.current.shape); axis == rank-1 && rank < 3 && w.chance(2) {
		return ""
	}
	return fmt.Sprintf(" axis=%d", axis)
}

// pad writes the statement, with a border that its mode allows.
func (w *writer) pad() {
	shape := slices.Clone(w.current.shape)
	mode := w.oneOf("", " mode=constant", " value=0.5", " value=-1 mode=constant", " mode=reflect", " mode=replicate", " mode=circular")
	var border ir.Shape
	for _, axis := range [][]int{{0}, {0}, {1, 2}}[len(shape)-1] {
		most := min(shape[axis]-1, 2) // what reflect allows, and so all
		before, behind := w.from(0, most), w.from(0, most)
		if shape.Size() > mostElements/2 {
			before, behind = 0, 0
		}
		shape[axis] += before + behind
		border = append(border, before, behind)
	}
	text := border.String()
	if one := len(slices.Compact(slices.Clone(border))) == 1; one && w.chance(2) {
		text = fmt.Sprint(border[0])
	} else if len(border) == 4 && border[0] == border[1] && border[2] == border[3] && w.chance(2) {
		text = ir.Shape{border[0], border[2]}.String()
	}
	w.becomes(shape, "pad "+text+mode)
}

// upsample writes the statement for images and sequences.
func (w *writer) upsample() {
	shape := slices.Clone(w.current.shape)
	var factors ir.Shape
	for _, axis := range [][]int{{0}, {1, 2}}[len(shape)-2] {
		factors = append(factors, w.from(1, 3))
		shape[axis] *= factors[len(factors)-1]
	}
	w.becomes(shape, fmt.Sprintf("upsample %s%s", w.list(factors), w.options(layer("upsample"))))
}

// reshape writes the statement, with up to three axes.
func (w *writer) reshape() {
	left := w.current.shape.Size()
	var shape ir.Shape
	for range w.below(3) {
		shape = append(shape, w.divisor(left))
		left /= shape.Last()
	}
	shape = append(shape, left)
	sizes := slices.Clone(shape)
	if w.chance(2) {
		sizes[w.below(len(sizes))] = -1
	}
	w.becomes(shape, "reshape "+sizes.String())
}

// transpose writes the statement, with the axes in any order.
func (w *writer) transpose() {
	shape := w.current.shape
	order := w.order(len(shape))
	text := " " + ir.Shape(order).String()
	if len(shape) > 1 && w.chance(3) {
		slices.Sort(order)
		order[len(order)-2], order[len(order)-1] = len(order)-1, len(order)-2
		text = ""
	}
	moved := make(ir.Shape, len(shape))
	for i, axis := range order {
		moved[i] = shape[axis]
	}
	w.becomes(moved, "transpose"+text)
}

// splits is where what flows can be cut along an axis.
func (w *writer) splits() bool {
	if w.onward {
		return w.current.shape.Last() > 1
	}
	return slices.ContainsFunc(w.current.shape, func(d int) bool { return d > 1 })
}

// split cuts what flows into named parts.
func (w *writer) split() {
	shape := w.current.shape
	var axes []int
	for axis, d := range shape {
		if d > 1 {
			axes = append(axes, axis)
		}
	}
	axis := axes[w.below(len(axes))]
	if w.onward {
		axis = axes[len(axes)-1]
	}
	parts := w.from(2, min(3, shape[axis]))
	sizes := make([]int, parts)
	equal := shape[axis]%parts == 0 && w.chance(2)
	for i, left := 0, shape[axis]; i < parts; i++ {
		switch {
		case equal:
			sizes[i] = shape[axis] / parts
		case i < parts-1:
			sizes[i] = w.from(1, left-(parts-1-i))
		default:
			sizes[i] = left
		}
		left -= sizes[i]
	}
	text := "split"
	var made []value
	for _, size := range sizes {
		part := w.current
		part.name, part.shape, part.made = w.name("p"), slices.Clone(shape), true
		part.shape[axis] = size
		made = append(made, part)
		if text += " " + part.name; !equal {
			text += fmt.Sprintf("[%s]", w.size(size))
		}
	}
	w.line("%s%s", text, w.axis(axis))
	w.values, w.current = append(w.values, made...), made[0]
}

// join writes a concat with one or two values that fit.
func (w *writer) join() {
	axis := w.below(len(w.current.shape))
	if w.onward {
		axis = 1
	}
	fits := func(v value) bool {
		a, b := v.shape, w.current.shape
		return len(a) == len(b) && slices.Equal(a[:axis], b[:axis]) && slices.Equal(a[axis+1:], b[axis+1:]) && a.Size()+b.Size() <= mostElements
	}
	w.named()
	var all []value
	if v, ok := w.fitting(fits); ok {
		all = append(all, v)
		if v.shape.Size()*2+w.current.shape.Size() <= mostElements && w.chance(3) {
			all = append(all, v)
		}
	}
	if len(all) > 0 {
		w.concat(axis, all...)
	}
}

func (w *writer) concat(axis int, others ...value) {
	shape, text := slices.Clone(w.current.shape), "concat"
	for _, v := range others {
		shape[axis] += v.shape[axis]
		text += " " + v.name
	}
	text += w.axis(axis)
	w.current = w.current.with(others...)
	w.becomes(shape, text)
}
