package compiler_test

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// convolution writes a convolution of an image or of a sequence, or back to a larger image; some are normalised.
func (w *specWriter) convolution(body bool) {
	shape := w.current.shape
	if body || len(shape) < 2 {
		return // in a body the last axis alone may change
	}
	word, in, axes := "conv", shape[0], shape[1:]
	if len(shape) == 2 {
		word, in, axes = "conv1d", shape[1], shape[:1]
	} else if shape.Size() < 60 && w.chance(3) {
		word = "deconv"
	}
	groups := 1
	if w.chance(3) {
		groups = in // each channel by itself
		if in%2 == 0 && w.chance(2) {
			groups = 2
		}
	}
	out := groups * (1 + w.IntN(max(1, 6/groups)))
	var made, kernel, stride, dilation, pad, more ir.Shape
	for _, size := range axes {
		k, s, d := 1+w.IntN(3), 1+w.IntN(2), 1+w.IntN(2)
		p, m := w.IntN(d*(k-1)+1), 0
		result := (size-1)*s - 2*p + d*(k-1) + 1
		if word == "deconv" {
			m = w.IntN(max(s, d))
			result += m
		} else {
			result = size + 2*p - d*(k-1) - 1
			if result >= 0 {
				result = result/s + 1
			}
		}
		if result < 1 {
			return
		}
		made = append(made, result)
		kernel, stride, dilation, pad, more = append(kernel, k), append(stride, s), append(dilation, d), append(pad, p), append(more, m)
	}
	list := func(sizes ir.Shape) string {
		if len(sizes) == 1 || sizes[0] == sizes[1] && w.chance(2) {
			return fmt.Sprint(sizes[0])
		}
		return sizes.String()
	}
	size := w.size(out)
	if w.chance(2) {
		size = fmt.Sprintf("%s->%s", w.size(in), size)
	}
	text := fmt.Sprintf("%s %s kernel=%s stride=%s dilation=%s groups=%d", word, size, list(kernel), list(stride), list(dilation), groups)
	if word != "deconv" && stride.Size() == 1 && w.chance(3) {
		text, made = text+" pad=same", axes
	} else {
		text += " pad=" + list(pad)
	}
	if word == "deconv" {
		text += " output_pad=" + list(more)
	}
	result := slices.Concat(ir.Shape{out}, made)
	if word == "conv1d" {
		result = slices.Concat(made, ir.Shape{out})
	}
	w.write(result, text+w.oneOf("", " bias=false"))
	w.write(w.current.shape, w.oneOf("tanh", "relu", "batchnorm eps=0.1", "sigmoid"))
}
