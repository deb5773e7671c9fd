package compiler_test

import (
	"fmt"
	"slices"
)

// block writes a definition whose result has the shape of what enters, with w values along the last axis. Its
// parameter side is a value of that shape.
func (w *specWriter) block() {
	name := "Mix" + string(rune('A'+len(w.blocks)))
	pieces := []string{
		"residual { linear n; tanh; linear w bias=deep }",
		"linear n bias=deep; relu; linear w",
		"add in", "mul in; tanh", "add side", "mul side; tanh",
		"h: linear w bias=deep; sigmoid; add h",
		"linear 2*n; split l r; mul r; linear w",
		"const half = n+1; init xavier; linear half; linear w",
		"repeat 2 { linear w bias=deep; tanh }",
		"k: linear w; linear w tied=k bias=deep; tanh",
		"from side; linear w; add in",
	}
	for _, inner := range w.blocks {
		pieces = append(pieces, inner+" n w side=in deep=deep", "repeat 2 { "+inner+" w=w n=2 side=side }")
	}
	w.Shuffle(len(pieces), func(i, k int) { pieces[i], pieces[k] = pieces[k], pieces[i] })
	w.line("block %s(n, w, side, deep=false) {", name)
	for _, piece := range pieces[:1+w.IntN(4)] {
		w.line("    %s", piece)
	}
	w.line("}")
	w.blocks = append(w.blocks, name)
}

// body writes the statements of a body, which ends with the shape that it began with.
func (w *specWriter) body() {
	shape, indent := w.current.shape, w.indent
	w.indent += "    "
	w.linear(w.width())
	if len(w.indent) < 12 {
		for range w.IntN(3) {
			w.statement(true)
		}
	}
	w.line("%s", w.activation())
	w.current.name = ""
	w.linear(shape.Last())
	w.indent = indent
	w.line("}")
}

// residual writes a body whose input is added to its result. Names in it are known behind it.
func (w *specWriter) residual() {
	entered, name := w.current, ""
	if w.chance(2) {
		name = w.name("v")
		w.line("%s: residual {", name)
	} else {
		w.line("residual {")
	}
	w.body()
	w.current = w.current.with(entered)
	if w.current.name = name; name != "" {
		w.values = append(w.values, w.current)
	}
}

// repeat writes rounds of a body, whose names are its own.
func (w *specWriter) repeat() {
	entered, values, layers := w.current, slices.Clone(w.values), slices.Clone(w.layers)
	rounds := w.IntN(4)
	w.line("repeat %d {", rounds)
	w.body()
	w.values, w.layers = values, layers
	if w.current.name = ""; rounds == 0 {
		w.current = entered
	}
}

// use writes a use of a block, or a repetition of it. An activation behind it
// keeps training from diverging. Blocks split without an axis, which three axes do not allow.
func (w *specWriter) use() {
	if len(w.blocks) == 0 || len(w.current.shape) > 2 {
		return
	}
	side, ok := w.pick(func(v specValue) bool { return slices.Equal(v.shape, w.current.shape) })
	if !ok {
		side.name = w.label("v", "tanh")
	}
	form := w.oneOf("%s %s %s %s", "%s n=%s w=%s side=%s", "%s %s w=%s side=%s")
	text := fmt.Sprintf(form, w.oneOf(w.blocks...), w.size(w.width()), w.size(w.current.shape.Last()), side.name)
	text += w.oneOf("", " deep", " deep=true", " deep=false")
	if w.chance(3) {
		text = fmt.Sprintf("repeat %d { %s }", 1+w.IntN(2), text)
	}
	w.write(w.current.shape, text)
	w.write(w.current.shape, w.bounded())
}
