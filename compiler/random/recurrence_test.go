package random

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// recurrence goes through a sequence step by step, one way or both ways.
func (w *writer) recurrence() {
	shape := w.current.shape
	word := layer(w.oneOf("rnn", "gru", "lstm"))
	hidden := w.from(1, 7)
	text := word.Name + " "
	if w.chance(2) {
		text += w.size(shape.Last()) + "->"
	}
	text += w.size(hidden)
	if w.chance(3) {
		text += fmt.Sprintf(" layers=%d", w.from(1, 3))
	}
	if w.onward {
		w.becomes(ir.Shape{shape[0], hidden}, text+w.options(word, "layers", "bidirectional", "last"))
		return
	}
	options := w.options(word, "layers")
	if strings.Contains(options, " bidirectional") {
		hidden *= 2
	}
	result := ir.Shape{shape[0], hidden}
	if strings.Contains(options, " last") {
		result = result[1:]
	}
	w.masked(result, text+options+w.mask(shape[:1], true, false))
}
