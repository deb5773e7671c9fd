package random

import (
	"fmt"
	"slices"
	"strings"
)

// block is a composition that has a name.
type block struct {
	name  string
	sided bool // it makes something of its parameter side
}

// block writes a definition whose result has the shape of what enters, with w values along the last axis. Its
// parameter side is a value of that shape.
func (w *writer) block() {
	name := "Mix" + string(rune('A'+len(w.blocks)))
	pieces := []string{
		"tanh",
		"residual { linear n; tanh; linear w bias=deep }",
		"linear n bias=deep; relu; linear w",
		"add in", "mul in; tanh",
		"h: linear w bias=deep; sigmoid; add h",
		"linear 2*n; split l r; mul r; linear w",
		"const half = n+1; init xavier; linear half; linear w",
		"repeat 2 { linear w bias=deep; tanh }",
		"k: linear w; linear w tied=k bias=deep; tanh",
		"layernorm eps=loose affine=deep; linear w",
		"dropout loose; softsign",
	}
	sides := []string{"add side", "mul side; tanh", "from side; linear w; add in"} // with these the block makes something of it
	for _, inner := range w.blocks {
		pieces = append(pieces, inner.name+" n w side=in deep=deep")
		if repeated := "repeat 2 { " + inner.name + " w=w n=2 side=side loose=loose }"; inner.sided {
			sides = append(sides, repeated)
		} else {
			pieces = append(pieces, repeated)
		}
	}
	pieces, sided := append(pieces, sides...), false
	w.line("block %s(n, w, side, deep=false, loose=0.1) {", name)
	for going := true; going; {
		w.group(func() {
			i := w.below(len(pieces))
			w.line("    %s", pieces[i])
			sided = sided || slices.Contains(sides, pieces[i])
			pieces = slices.Delete(pieces, i, i+1) // names in them are their own
			going = w.more(2)
		})
	}
	w.line("}")
	w.blocks = append(w.blocks, block{name, sided})
}

// usable is where a block can be used: blocks split without an axis, which three axes do not allow.
func (w *writer) usable() bool { return len(w.blocks) > 0 && len(w.current.shape) <= 2 }

// use writes a use of a block, or a repetition of it. An activation behind it keeps training from diverging.
func (w *writer) use() {
	side, ok := w.fitting(func(v value) bool { return slices.Equal(v.shape, w.current.shape) })
	if !ok {
		side.name = w.label("v", "tanh")
	}
	form := w.oneOf("%s %s %s %s", "%s n=%s w=%s side=%s", "%s %s w=%s side=%s")
	b := w.blocks[w.below(len(w.blocks))]
	text := fmt.Sprintf(form, b.name, w.size(w.width()), w.size(w.current.shape.Last()), side.name)
	text += w.oneOf("", " deep", " deep=true", " deep=false") + w.oneOf("", " loose=0.25")
	if w.chance(3) {
		text = fmt.Sprintf("repeat %s { %s }", w.size(w.from(1, 2)), text)
	}
	if b.sided {
		w.current = w.current.with(side)
	}
	w.becomes(w.current.shape, text)
	w.becomes(w.current.shape, w.bounded())
}

// body writes the statements of a body, which ends with the shape that it began with.
func (w *writer) body() {
	shape, indent, consts := slices.Clone(w.current.shape), w.indent, len(w.consts)
	w.indent += "    "
	w.current.name = "" // a body begins with what flows in, by whatever name
	w.linear(w.width())
	if len(w.indent) < 12 {
		w.statements(3)
	}
	w.becomesAgain(shape)
	w.indent, w.consts = indent, w.consts[:consts]
	w.line("}")
}

// residual writes a body whose input is added to its result. Names in it are known behind it.
func (w *writer) residual() {
	entered, name := w.current, ""
	if w.chance(2) {
		name = w.name("v") + ": "
	}
	w.line("%sresidual {", name)
	w.body()
	w.current = w.current.with(entered)
	if w.current.name = strings.TrimSuffix(name, ": "); name != "" {
		w.values = append(w.values, w.current)
	}
}

// repeat writes rounds of a body, whose names are its own.
func (w *writer) repeat() {
	entered, values, tables := w.current, len(w.values), len(w.tables)
	rounds := w.from(0, 3)
	w.line("repeat %s {", w.size(rounds))
	w.body()
	w.values, w.tables = w.values[:values], w.tables[:tables]
	if w.current.name = ""; rounds == 0 {
		w.current = entered
		w.current.name = ""
	}
}
