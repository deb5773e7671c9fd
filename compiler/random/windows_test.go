package random

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// axes are those that windows slide along: of an image [C, H, W], or of a sequence [T, D].
func (w *writer) axes() (before, axes, behind ir.Shape) {
	if shape := w.current.shape; len(shape) == 3 {
		return shape[:1], shape[1:], nil
	}
	return nil, w.current.shape[:1], w.current.shape[1:]
}

// pool writes a pool.
func (w *writer) pool() {
	before, axes, behind := w.axes()
	word := w.oneOf("maxpool", "avgpool")
	if len(axes) == 1 {
		word += "1d"
	}
	if w.chance(3) {
		w.becomes(slices.Concat(before, slices.Repeat(ir.Shape{1}, len(axes)), behind), word+" global")
		return
	}
	var kernel, stride, pad ir.Shape
	for _, size := range axes {
		kernel = append(kernel, w.from(1, min(size, 4)))
		stride = append(stride, w.from(1, 3))
		pad = append(pad, w.from(0, kernel.Last()/2))
	}
	text := fmt.Sprintf("%s %s", word, w.list(kernel))
	if w.chance(4) {
		stride = kernel
	} else {
		text += " stride=" + w.list(stride)
	}
	if w.chance(4) {
		pad = make(ir.Shape, len(axes))
	} else {
		text += " pad=" + w.list(pad)
	}
	pooled := slices.Clone(axes)
	for i, size := range axes {
		pooled[i] = (size+2*pad[i]-kernel[i])/stride[i] + 1
	}
	w.becomes(slices.Concat(before, pooled, behind), text)
}

// convolution writes one of an image or of a sequence, or back to a larger image. What it takes is drawn in the order in
// which it bounds what comes next, so that there is at least one window.
func (w *writer) convolution() {
	word := "conv1d"
	in := w.current.shape.Last()
	_, axes, _ := w.axes()
	if len(axes) == 2 {
		in, word = w.current.shape[0], "conv"
		if w.current.shape.Size() <= mostElements/4 && w.chance(3) {
			word = "deconv"
		}
	}
	groups := w.oneOf("1", "some")
	g := 1
	if groups == "some" {
		g = w.divisor(in)
	}
	out := g * w.from(1, max(1, min(6, 20/g)))
	same := word != "deconv" && w.chance(4)
	var kernel, stride, dilation, pad, more, made ir.Shape
	for _, size := range axes {
		k, s, d := w.from(1, 3), w.from(1, 2), w.from(1, 2)
		if word != "deconv" && !same && d*(k-1) >= size { // no border makes up for that much
			k, d = min(k, size), 1
		}
		if same {
			s = 1
		}
		p := w.from(0, min(d*(k-1), 3))
		m := w.below(max(s, d))
		switch {
		case same:
			made = append(made, size)
		case word == "deconv":
			p = min(p, ((size-1)*s+d*(k-1))/2)
			made = append(made, (size-1)*s-2*p+d*(k-1)+m+1)
		default:
			made = append(made, (size+2*p-d*(k-1)-1)/s+1)
		}
		kernel, stride, dilation, pad, more = append(kernel, k), append(stride, s), append(dilation, d), append(pad, p), append(more, m)
	}
	size := w.size(out)
	if w.chance(2) {
		size = fmt.Sprintf("%s->%s", w.size(in), size)
	}
	text := fmt.Sprintf("%s %s kernel=%s", word, size, w.list(kernel))
	option := func(name string, sizes ir.Shape, standard int) {
		if slices.ContainsFunc(sizes, func(d int) bool { return d != standard }) || w.chance(3) {
			text += " " + name + "=" + w.list(sizes)
		}
	}
	option("stride", stride, 1)
	option("dilation", dilation, 1)
	option("groups", ir.Shape{g}, 1)
	if same {
		text += " pad=same"
	} else {
		option("pad", pad, 0)
	}
	if word == "deconv" {
		option("output_pad", more, 0)
	}
	text += w.oneOf("", " bias=false", " bias=true")
	result := slices.Concat(ir.Shape{out}, made)
	if word == "conv1d" {
		result = slices.Concat(made, ir.Shape{out})
	}
	w.becomes(result, text)
	if result.Size() > mostElements {
		for len(result) > 1 {
			result = slices.Delete(slices.Clone(result), 1, 2)
			w.becomes(result, "mean 1")
		}
		return
	}
	w.becomes(w.current.shape, w.oneOf("relu", "tanh", "batchnorm eps=0.1", "sigmoid"))
}
