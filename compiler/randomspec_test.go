package compiler_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// specWriter writes a random spec that uses all of the language's structure. It keeps the shape of what flows and of
// what has a name, so that what it writes has no errors; it may well draw warnings.
type specWriter struct {
	*rand.Rand
	text   strings.Builder
	indent string
	count  int // of names

	consts  []specConst
	inputs  []specValue // what can be computed with: of integers, what is made of them
	blocks  []string
	values  []specValue // that may be named here
	layers  []specLayer // whose parameters may be shared or frozen here
	current specValue
}

// specConst is a constant.
type specConst struct {
	name  string
	value int
}

// specValue is a value: its name, "" where it has none, its shape, and what it comes from.
type specValue struct {
	name     string
	shape    ir.Shape
	integers bool // an input of them, or what is made of it
	inputs   int  // a bit for each
}

// with returns the value as it is when others have been joined with it.
func (v specValue) with(others ...specValue) specValue {
	for _, o := range others {
		v.inputs |= o.inputs
	}
	return v
}

// specLayer is a labelled linear layer.
type specLayer struct {
	name    string
	in, out int
}

// randomSpec writes a spec of two to ten statements between inputs and outputs, where a statement may have a body.
func randomSpec(r *rand.Rand) string {
	w := &specWriter{Rand: r}
	for range r.IntN(3) {
		w.consts = append(w.consts, specConst{w.name("c"), 1 + r.IntN(9)})
		w.line("const %s = %d", w.consts[len(w.consts)-1].name, w.consts[len(w.consts)-1].value)
	}
	for range r.IntN(3) {
		w.block()
	}
	w.enter()
	for range 2 + r.IntN(9) {
		w.statement(false)
	}
	w.leave()
	return w.text.String()
}

func (w *specWriter) line(format string, args ...any) {
	fmt.Fprintf(&w.text, w.indent+format+"\n", args...)
}

// chance is true once in n times.
func (w *specWriter) chance(n int) bool { return w.IntN(n) == 0 }

func (w *specWriter) oneOf(texts ...string) string { return texts[w.IntN(len(texts))] }

// name makes a new name.
func (w *specWriter) name(prefix string) string {
	w.count++
	return fmt.Sprint(prefix, w.count)
}

// width is mostly small.
func (w *specWriter) width() int {
	if w.chance(5) {
		return 10 + w.IntN(60)
	}
	return 2 + w.IntN(6)
}

// size writes a number, perhaps by a constant.
func (w *specWriter) size(n int) string {
	for _, c := range w.consts {
		switch {
		case w.chance(2):
		case n == c.value:
			return c.name
		case n > c.value:
			return fmt.Sprintf("%s+%d", c.name, n-c.value)
		}
	}
	return fmt.Sprint(n)
}

func (w *specWriter) activation() string {
	return w.oneOf("tanh", "sigmoid", "relu", "softmax", "log_softmax", "dropout 0.3", "tanh; dropout 0.5", "noise 0.1", "batchnorm eps=0.1",
		"groupnorm 1 eps=0.1", "layernorm eps=0.1", "rmsnorm eps=0.1", "prelu", "prelu per=channel", "leaky_relu", "elu alpha=0.5", "selu",
		"gelu", "gelu tanh", "silu", "mish", "softplus beta=2", "softsign", "hardtanh", "hardsigmoid", "hardswish", "relu6")
}

// bounded is an activation whose results are small.
func (w *specWriter) bounded() string { return w.oneOf("tanh", "sigmoid") }

// write writes a statement whose result has that shape, perhaps with a label.
func (w *specWriter) write(shape ir.Shape, statement string) {
	w.current.name, w.current.shape = "", shape
	if w.chance(2) {
		w.line("%s", statement)
		return
	}
	w.label("v", statement)
}

// label writes a statement with a label; what it makes is current already.
func (w *specWriter) label(prefix, statement string) string {
	w.current.name = w.name(prefix)
	w.values = append(w.values, w.current)
	w.line("%s: %s", w.current.name, statement)
	return w.current.name
}

// statement writes a statement that is possible here. In a body it changes the last axis only.
func (w *specWriter) statement(body bool) {
	shape := w.current.shape
	switch w.IntN(20) {
	case 0:
		w.residual()
	case 1:
		w.repeat()
	case 2, 11:
		w.use()
	case 3:
		w.split(body)
	case 4:
		w.join(body)
	case 5, 6:
		w.combine()
	case 7:
		if v, ok := w.pick(func(v specValue) bool { return !body || w.joins(v, len(shape)-1) }); ok {
			w.line("from %s", v.name)
			w.current = v
		}
	case 8:
		if !body && len(shape) > 1 {
			w.write(ir.Shape{shape.Size()}, "flatten")
		}
	case 9:
		w.tied()
	case 15, 16:
		w.move(body)
	case 17:
		w.pool(body)
	case 18, 19:
		w.convolution(body)
	case 10:
		w.line("init %s", w.oneOf("default", "xavier", "kaiming gain=1.5", "xavier_normal", "kaiming_normal bias=0.1",
			"normal std=0.2", "uniform bound=0.3 bias=-0.1", "zeros", "ones"))
	case 12:
		if len(shape) == 2 {
			w.write(shape, "position"+w.oneOf("", " sinusoidal", " "+w.size(shape[1])))
		}
	default:
		w.linear(w.width())
		w.write(w.current.shape, w.activation())
	}
}

// linear writes a layer along the last axis.
func (w *specWriter) linear(out int) {
	shape := slices.Clone(w.current.shape)
	in := shape.Last()
	shape[len(shape)-1] = out
	sizes := w.size(out)
	if len(shape) > 1 || w.chance(4) {
		sizes = w.size(in) + "->" + sizes
	}
	w.write(shape, "linear "+sizes+w.oneOf("", " bias=false", " bias=true"))
	if w.current.name != "" {
		w.layers = append(w.layers, specLayer{w.current.name, in, out})
	}
}

// tied writes a layer that shares the parameters of another.
func (w *specWriter) tied() {
	shape := slices.Clone(w.current.shape)
	for _, l := range w.layers {
		if l.in == shape.Last() {
			shape[len(shape)-1] = l.out
			w.write(shape, fmt.Sprintf("linear %d->%d tied=%s%s", l.in, l.out, l.name, w.oneOf("", " bias=false")))
			return
		}
	}
}

// split cuts the current value into named parts.
func (w *specWriter) split(body bool) {
	shape := w.current.shape
	axis := len(shape) - 1
	if !body {
		axis = w.IntN(len(shape))
	}
	parts := 2 + w.IntN(2)
	if shape[axis] < parts {
		return
	}
	sizes := make([]int, parts)
	equal := shape[axis]%parts == 0 && w.chance(2)
	for i, left := 0, shape[axis]; i < parts; i++ {
		sizes[i] = shape[axis] / parts
		if most := left - (parts - 1 - i); !equal && i < parts-1 {
			sizes[i] = 1 + w.IntN(most)
		} else if !equal {
			sizes[i] = left
		}
		left -= sizes[i]
	}
	text := "split"
	var made []specValue
	for _, size := range sizes {
		part := w.current
		part.name, part.shape = w.name("p"), slices.Clone(shape)
		part.shape[axis] = size
		made = append(made, part)
		if text += " " + part.name; !equal {
			text += fmt.Sprintf("[%s]", w.size(size))
		}
	}
	w.line("%s%s", text, w.axis(axis))
	w.values, w.current = append(w.values, made...), made[0]
}

// axis writes the argument, which may be left out for the last axis of one or two.
func (w *specWriter) axis(axis int) string {
	if rank := len(w.current.shape); axis == rank-1 && rank < 3 && w.chance(2) {
		return ""
	}
	return fmt.Sprintf(" axis=%d", axis)
}

// joins reports whether a value can be joined with the current one along an axis.
func (w *specWriter) joins(v specValue, axis int) bool {
	a, b := v.shape, w.current.shape
	return len(a) == len(b) && slices.Equal(a[:axis], b[:axis]) && slices.Equal(a[axis+1:], b[axis+1:])
}

// pick returns a value that has a name and fits.
func (w *specWriter) pick(fits func(specValue) bool) (v specValue, ok bool) {
	for _, i := range w.Perm(len(w.values)) {
		if fits(w.values[i]) {
			return w.values[i], true
		}
	}
	return v, false
}

// join writes a concat with a value that fits.
func (w *specWriter) join(body bool) {
	axis := len(w.current.shape) - 1
	if !body {
		axis = w.IntN(axis + 1)
	}
	fits := func(v specValue) bool { return w.joins(v, axis) && v.shape.Size()+w.current.shape.Size() < 200 }
	if v, ok := w.pick(fits); ok {
		w.concat(v, axis)
	}
}

func (w *specWriter) concat(v specValue, axis int) {
	shape := slices.Clone(w.current.shape)
	shape[axis] += v.shape[axis]
	text := "concat " + v.name + w.axis(axis)
	w.current = w.current.with(v)
	w.write(shape, text)
}

// combine writes an add or a mul of one or two values of the current shape. An activation keeps products small.
func (w *specWriter) combine() {
	var names []string
	same := func(v specValue) bool { return slices.Equal(v.shape, w.current.shape) }
	for range 1 + w.IntN(2) {
		if v, ok := w.pick(same); ok {
			names = append(names, v.name)
			w.current = w.current.with(v)
		}
	}
	if len(names) > 0 {
		w.write(w.current.shape, w.oneOf("add ", "mul ")+strings.Join(names, " "))
		w.write(w.current.shape, w.bounded())
	}
}
