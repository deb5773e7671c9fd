package nnrt

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/runtime/kernel"
)

// Finite reports whether every number of the gradients that Backward has computed is finite.
func Finite(p *kernel.Pool, params []Param) bool {
	for i := range params {
		if !kernel.Finite(p, params[i].grad) {
			return false
		}
	}
	return true
}

// Trace finds the first value of a step that holds a number which is not finite. The program behind nnc train shows it
// the values in the order in which the step computes them.
type Trace struct{ first *NotFinite }

// NotFinite is a value with numbers that are not finite.
type NotFinite struct {
	Value  string  // its name: linear1, ∂linear1.weight
	By     string  // the operation that makes it; empty where it is given to the step
	At     string  // where the spec has that operation: house.nn:3:1
	Number float32 // the first of those numbers
	Row    int     // of the step, from 0, where the first of them is; −1 of a value without rows
	Count  int     // of those numbers, out of Of
	Of     int
}

// First is the first such value, nil if there was none.
func (t *Trace) First() *NotFinite { return t.first }

// See looks at a value with so many numbers in a row, 0 where it has no rows. Only the first such value counts.
func (t *Trace) See(value, by, at string, size int, numbers ...float32) {
	if t.first != nil {
		return
	}
	for i, v := range numbers {
		if v-v == 0 {
			continue
		}
		if t.first == nil {
			t.first = &NotFinite{Value: value, By: by, At: at, Number: v, Row: -1, Of: len(numbers)}
			if size > 0 {
				t.first.Row = i / size
			}
		}
		t.first.Count++
	}
}

// SeeParams looks at what the step begins with besides its rows. Running statistics are not among it: no step reads them,
// and Forward has moved them.
func (t *Trace) SeeParams(params []Param) {
	for _, p := range params {
		t.See("the parameter "+p.Name+" as the step before left it", "", "", 0, p.data...)
	}
}

// String says which value it is, where it comes from, and how much of it is not finite.
func (n *NotFinite) String() string {
	var s strings.Builder
	s.WriteString(n.Value)
	if n.By != "" {
		fmt.Fprintf(&s, ", which %s at %s makes", n.By, n.At)
	}
	fmt.Fprintf(&s, ": %g", n.Number)
	if n.Row >= 0 {
		fmt.Fprintf(&s, " in row %d of the step", n.Row+1)
	}
	if n.Of > 1 {
		fmt.Fprintf(&s, ", %d of its %d numbers", n.Count, n.Of)
	}
	return s.String()
}
