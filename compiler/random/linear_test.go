package random

import (
	"fmt"
	"slices"
)

// linear writes a layer along the last axis.
func (w *writer) linear(out int) {
	shape := slices.Clone(w.current.shape)
	in := shape.Last()
	shape[len(shape)-1] = out
	sizes := w.size(out)
	if len(shape) > 1 || w.chance(4) {
		sizes = w.size(in) + "->" + sizes
	}
	w.becomes(shape, "linear "+sizes+w.options(layer("linear"), "tied"))
	w.keep(out, in)
}

// keep remembers the weight of the layer that has just been written, if it has a label.
func (w *writer) keep(rows, columns int) {
	if w.current.name != "" {
		w.tables = append(w.tables, table{w.current.name, rows, columns})
	}
}

// shares is where a layer may have the weight of another.
func (w *writer) shares() bool { return len(w.shared()) > 0 }

func (w *writer) shared() (all []table) {
	for _, t := range w.tables {
		if t.columns == w.current.shape.Last() {
			all = append(all, t)
		}
	}
	return all
}

// tied writes a linear layer that shares the parameters of another, or the weight of an embedding.
func (w *writer) tied() {
	all, shape := w.shared(), slices.Clone(w.current.shape)
	t := all[w.below(len(all))]
	shape[len(shape)-1] = t.rows
	w.becomes(shape, fmt.Sprintf("linear %d->%d tied=%s%s", t.columns, t.rows, t.name, w.options(layer("linear"), "tied")))
}

// embedding turns integers below limit into numbers, perhaps by the weight of another layer. What flows are the integers.
func (w *writer) embedding(limit int) {
	shape := slices.Clone(w.current.shape)
	var fits []table
	for _, t := range w.tables {
		if t.rows == limit {
			fits = append(fits, t)
		}
	}
	if len(fits) > 0 && w.chance(2) {
		t := fits[w.below(len(fits))]
		w.current.shape = append(shape, t.columns)
		w.label("e", fmt.Sprintf("embedding %s tied=%s", w.size(t.columns), t.name))
		return
	}
	dim := w.width()
	w.current.shape = append(shape, dim)
	w.label("e", "embedding "+w.size(dim))
	w.keep(limit, dim)
}
