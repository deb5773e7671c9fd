package compiler_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// move writes a statement that moves elements or gives them another shape, if there is one that is possible here.
func (w *specWriter) move(body bool) {
	switch {
	case body || w.chance(4):
		w.slice(body)
	case w.chance(3):
		w.reshape()
	case w.chance(2):
		w.transpose()
	case w.chance(3):
		w.pad()
	case w.chance(2):
		w.upsample()
	default:
		w.position()
	}
}

// slice writes the statement, along the last axis in a body.
func (w *specWriter) slice(body bool) {
	shape := slices.Clone(w.current.shape)
	axis := len(shape) - 1
	if !body {
		axis = w.IntN(len(shape))
	}
	length := shape[axis]
	start := w.IntN(length)
	end := start + 1 + w.IntN(length-start)
	shape[axis] = end - start
	if w.chance(2) {
		start -= length
	}
	if end < length && w.chance(2) {
		end -= length
	}
	w.write(shape, fmt.Sprintf("slice %d %d%s", start, end, w.axis(axis)))
}

// pad writes the statement, with a border that every mode allows.
func (w *specWriter) pad() {
	shape := slices.Clone(w.current.shape)
	if len(shape) > 3 || shape.Size() > 60 {
		return
	}
	grown := [][]int{{0}, {0}, {1, 2}}[len(shape)-1]
	var sizes ir.Shape
	for _, axis := range grown {
		before, behind := w.IntN(min(shape[axis], 3)), w.IntN(min(shape[axis], 3))
		shape[axis] += before + behind
		sizes = append(sizes, before, behind)
	}
	w.write(shape, fmt.Sprint("pad ", sizes, w.oneOf("", " value=0.5", " mode=reflect", " mode=replicate", " mode=circular")))
}

// upsample writes the statement for images and sequences that are small.
func (w *specWriter) upsample() {
	shape := slices.Clone(w.current.shape)
	h, v := 1+w.IntN(3), 1+w.IntN(3)
	mode := w.oneOf("", " mode=nearest", " mode=bilinear")
	switch {
	case shape.Size() > 40 || len(shape) < 2 || len(shape) > 3:
		return
	case len(shape) == 2:
		shape[0] *= h
		w.write(shape, fmt.Sprint("upsample ", h, mode))
	case h == v:
		shape[1], shape[2] = shape[1]*h, shape[2]*h
		w.write(shape, fmt.Sprint("upsample ", h, mode))
	default:
		shape[1], shape[2] = shape[1]*h, shape[2]*v
		w.write(shape, fmt.Sprint("upsample ", ir.Shape{h, v}, mode))
	}
}

// position writes a statement that leaves one position along an axis, perhaps of those that take part. The mask is a value
// that an activation has made, with the right shape, or what is made of integers.
func (w *specWriter) position() {
	shape := w.current.shape
	if len(shape) < 2 {
		return
	}
	axis := w.IntN(len(shape))
	text := fmt.Sprint("mean ", axis)
	if axis == 0 && w.chance(2) {
		text = "mean"
	}
	if v, ok := w.pick(func(v specValue) bool { return slices.Equal(v.shape, shape[:1]) }); ok && axis == 0 {
		text += " mask=" + v.name
		w.current = w.current.with(v)
	}
	if len(shape) == 2 && axis == 0 && w.chance(2) {
		text = strings.Replace(strings.Replace(text, "mean 0", "mean", 1), "mean", "last", 1) // of the first axis only
	}
	w.write(slices.Delete(slices.Clone(shape), axis, axis+1), text)
}

// reshape writes the statement, with up to three axes.
func (w *specWriter) reshape() {
	left := w.current.shape.Size()
	var shape ir.Shape
	for range w.IntN(3) {
		divisors := []int{1}
		for d := 2; d <= left; d++ {
			if left%d == 0 {
				divisors = append(divisors, d)
			}
		}
		shape = append(shape, divisors[w.IntN(len(divisors))])
		left /= shape.Last()
	}
	shape = append(shape, left)
	sizes := slices.Clone(shape)
	if w.chance(2) {
		sizes[w.IntN(len(sizes))] = -1
	}
	w.write(shape, "reshape "+sizes.String())
}

// transpose writes the statement, with the axes in any order.
func (w *specWriter) transpose() {
	shape := w.current.shape
	order := w.Perm(len(shape))
	text := fmt.Sprint(" ", ir.Shape(order))
	if len(shape) > 1 && w.chance(3) {
		slices.Sort(order)
		order[len(order)-2], order[len(order)-1] = len(order)-1, len(order)-2
		text = ""
	}
	moved := make(ir.Shape, len(shape))
	for i, axis := range order {
		moved[i] = shape[axis]
	}
	w.write(moved, "transpose"+text)
}
