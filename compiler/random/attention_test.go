package random

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// attention lets the positions of a sequence look at each other, or at those of another sequence that has a name.
func (w *writer) attention() {
	shape := slices.Clone(w.current.shape)
	positions, heads := shape[0], w.divisor(shape[1])
	text := "attention " + w.size(heads)
	memory, remembers := w.fitting(func(v value) bool { return len(v.shape) == 2 })
	even := shape[1]/heads%2 == 0
	way := w.below(4)
	if w.onward {
		way = 1
	}
	switch way {
	case 1:
		text += " causal"
		if even && w.onward {
			text += w.oneOf("", " rope", " rope base=100")
		}
	case 2:
		if even {
			text += w.oneOf(" rope", " rope base=100", " rope causal")
		}
	case 3:
		if remembers {
			text += " memory=" + memory.name
			positions = memory.shape[0]
			w.current = w.current.with(memory)
		}
	}
	if w.chance(2) {
		text += fmt.Sprintf(" kv_heads=%d", w.divisor(heads))
	}
	if w.onward {
		w.becomes(shape, text+w.options(layer("attention"), "causal", "rope", "base", "kv_heads"))
		return
	}
	seen := ir.Shape{positions}
	if w.chance(2) {
		seen = ir.Shape{shape[0], positions}
	}
	text += w.mask(seen, false, false) + w.options(layer("attention"), "causal", "rope", "base", "kv_heads")
	w.masked(shape, text)
}
