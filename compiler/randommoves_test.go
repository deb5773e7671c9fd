package compiler_test

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// move writes a statement that moves elements or gives them another shape, if there is one that is possible here.
func (w *specWriter) move(body bool) {
	if body {
		return
	}
	switch w.IntN(2) {
	case 0:
		w.reshape()
	case 1:
		w.transpose()
	}
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
