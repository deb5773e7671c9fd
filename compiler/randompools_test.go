package compiler_test

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// pool writes a pool of an image or of a sequence.
func (w *specWriter) pool(body bool) {
	shape := w.current.shape
	if body || len(shape) < 2 {
		return // in a body the last axis alone may change
	}
	word, before, axes, behind := w.oneOf("maxpool", "avgpool"), shape[:1], shape[1:], ir.Shape(nil)
	if len(shape) == 2 {
		word, before, axes, behind = word+"1d", nil, shape[:1], shape[1:]
	}
	var pooled, kernel, stride, pad ir.Shape
	for _, size := range axes {
		k, s := 1+w.IntN(min(size, 4)), 1+w.IntN(3)
		p := w.IntN(k/2 + 1)
		kernel, stride, pad = append(kernel, k), append(stride, s), append(pad, p)
		pooled = append(pooled, (size+2*p-k)/s+1)
	}
	list := func(sizes ir.Shape) string {
		if len(sizes) == 1 {
			return fmt.Sprint(sizes[0])
		}
		return sizes.String()
	}
	arguments := fmt.Sprintf("%s stride=%s pad=%s", list(kernel), list(stride), list(pad))
	if w.chance(4) {
		arguments = "global"
		for i := range pooled {
			pooled[i] = 1
		}
	}
	w.write(slices.Concat(before, pooled, behind), word+" "+arguments)
}
