// Package random holds no code but its tests: a generator of random valid specs over the whole language, and what it is
// there for, the comparison of what is compiled of them with the meaning that stands on the operations' cards.
//
// A writer keeps the shape of what flows and of what has a name, so that what it writes has no errors; it may well draw
// warnings. All its numbers come from rapid, which makes a spec that fails smaller: what comes first among several, and
// the smaller number, is the simpler one.
package random

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// writer writes a spec.
type writer struct {
	*rapid.T // where choices come from
	text     strings.Builder
	indent   string
	count    int  // of names
	left     int  // statements that may still come
	onward   bool // the model shall continue a sequence: positions depend on those before them alone

	consts  []constant
	inputs  []value  // of each input what can be computed with: the input, or what is made of it
	masks   []value  // inputs that may say which positions take part; they may be integers
	classes []target // inputs of integers that a loss may compare with
	blocks  []block
	values  []value // that may be named here
	tables  []table // whose parameters may be shared or frozen here
	current value
	heads   []head
}

// constant is a whole number that has a name.
type constant struct {
	name  string
	value int
}

// value is a value: its name, "" where it has none, its shape, and what it comes from.
type value struct {
	name   string
	shape  ir.Shape
	made   bool   // not an input of numbers itself, with which a loss could compare
	inputs uint64 // a bit for each
}

// with returns the value as it is when others have been joined with it.
func (v value) with(others ...value) value {
	for _, o := range others {
		v.inputs |= o.inputs
	}
	return v
}

// table is the weight [rows, columns] of a labelled layer.
type table struct {
	name          string
	rows, columns int
}

// most is how many statements a spec has at most between inputs and outputs, those in bodies included.
const most, mostLong = 20, 40

// mostElements is how large what flows may become.
const mostElements = 160

// specs draws specs of up to so many statements.
func specs(statements int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		w := &writer{T: t, left: statements}
		w.spec()
		return w.text.String()
	})
}

// spec writes all.
func (w *writer) spec() {
	w.model()
	for w.more(3) {
		w.constant()
	}
	for len(w.blocks) < 3 && w.more(3) {
		w.block()
	}
	if w.onward = w.chance(8); w.onward {
		w.sequence()
	} else {
		w.enter()
	}
	w.statements(16)
	w.leave()
}

// What a comment in the first line says about how a spec is compiled.
const (
	asProgram   = "// as for nnc train" // with what finds the first value that is not finite
	rowsWeighed = "// rows have weights"
)

// model gives the model a name, which the harness replaces where it puts several together.
func (w *writer) model() {
	if first := w.oneOf("", "", asProgram, rowsWeighed); first != "" {
		w.line("%s\n", first)
	}
	if w.chance(4) {
		w.line("// %s\nmodel Named", w.oneOf("A model.", "Two lines\n// about a model."))
	}
}

// statements writes some, of which there are rather many if more is large. Each is a group of choices, which shrinking
// can leave out.
func (w *writer) statements(more int) {
	for going := true; going && w.left > 0; {
		w.group(func() {
			if going = w.more(more); going {
				w.left--
				w.statement()
			}
		})
	}
}

// group makes the choices of f together, as one that shrinking leaves out as a whole.
func (w *writer) group(f func()) {
	outer := w.T
	defer func() { w.T = outer }()
	rapid.Custom(func(t *rapid.T) bool {
		w.T = t
		f()
		return true
	}).Draw(outer, "")
}

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(&w.text, w.indent+format+"\n", args...)
}

// below draws a number from 0 to before n.
func (w *writer) below(n int) int { return int(rapid.UintRange(0, uint(n-1)).Draw(w.T, "")) }

// from draws a number from least to most.
func (w *writer) from(least, most int) int { return least + w.below(most-least+1) }

// chance is true about once in n times.
func (w *writer) chance(n int) bool { return w.below(n) == n-1 }

// more is false about once in n times.
func (w *writer) more(n int) bool { return w.below(n) > 0 }

func (w *writer) oneOf(texts ...string) string { return texts[w.below(len(texts))] }

// order draws one of the numbers below n.
func (w *writer) order(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return rapid.Permutation(numbers).Draw(w.T, "")
}

// name makes a new name.
func (w *writer) name(prefix string) string {
	w.count++
	return fmt.Sprint(prefix, w.count)
}

// width is mostly small, and mostly odd.
func (w *writer) width() int {
	if w.chance(6) {
		return w.from(8, 67)
	}
	return w.from(1, 7)
}

// constant names a number.
func (w *writer) constant() {
	c := constant{w.name("c"), w.from(1, 9)}
	text := fmt.Sprint(c.value)
	if len(w.consts) > 0 && w.chance(2) {
		before := w.consts[len(w.consts)-1]
		c.value = 2*before.value - 1
		text = "2*" + before.name + " - 1"
	}
	w.consts = append(w.consts, c)
	w.line("const %s = %s", c.name, text)
}

// size writes a number, perhaps by a constant.
func (w *writer) size(n int) string {
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

// list writes the numbers of a list, or one where they are all the same and that may stand in its place.
func (w *writer) list(sizes ir.Shape) string {
	if len(sizes) == 1 || len(slices.Compact(slices.Clone(sizes))) == 1 && w.chance(2) {
		return fmt.Sprint(sizes[0])
	}
	return sizes.String()
}

// becomes says what flows behind a statement, and writes that, perhaps with a label.
func (w *writer) becomes(shape ir.Shape, statement string) {
	w.current.name, w.current.shape, w.current.made = "", shape, true
	if w.chance(2) {
		w.label("v", statement)
		return
	}
	w.line("%s", statement)
}

// label writes a statement with a label; what it makes is current already.
func (w *writer) label(prefix, statement string) string {
	w.current.name, w.current.made = w.name(prefix), true
	w.values = append(w.values, w.current)
	w.line("%s: %s", w.current.name, statement)
	return w.current.name
}

// named makes sure that what flows has a name.
func (w *writer) named() string {
	if w.current.name == "" {
		w.label("v", w.activation())
	}
	return w.current.name
}

// fitting returns a value that has a name and fits.
func (w *writer) fitting(fits func(value) bool) (v value, ok bool) {
	var all []value
	for _, v := range w.values {
		if fits(v) {
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return v, false
	}
	return all[w.below(len(all))], true
}
