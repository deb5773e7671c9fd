package random

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// kind is a kind of statements: how often it is written, where it may be, nil for anywhere, and what writes it; onward is
// one that lets a model continue a sequence.
type kind struct {
	share  int
	onward bool
	fits   func(*writer) bool
	write  func(*writer)
}

// kinds are all, the simplest first.
var kinds []kind

func init() { // what writes bodies writes statements
	kinds = []kind{
		{4, true, nil, func(w *writer) { w.becomes(w.current.shape, w.activation()) }},
		{3, true, nil, func(w *writer) { w.linear(w.width()) }},
		{1, false, ranks(2, 9), (*writer).flatten},
		{2, true, (*writer).normalisable, func(w *writer) { w.becomes(w.current.shape, w.norm()) }},
		{1, true, nil, func(w *writer) { w.becomes(w.current.shape, w.disturbance()) }},
		{2, true, (*writer).shares, (*writer).tied},
		{1, false, nil, func(w *writer) { w.line("init %s", w.scheme()) }},
		{1, false, nil, (*writer).slice},
		{1, false, nil, (*writer).reshape},
		{1, false, nil, (*writer).transpose},
		{1, false, ranks(1, 3), (*writer).pad},
		{1, false, func(w *writer) bool { return ranks(2, 3)(w) && w.current.shape.Size() <= mostElements/4 }, (*writer).upsample},
		{1, false, ranks(2, 9), (*writer).mean},
		{3, false, ranks(2, 2), (*writer).last},
		{3, true, ranks(2, 2), (*writer).position},
		{3, false, ranks(2, 3), (*writer).pool},
		{3, false, ranks(2, 3), (*writer).convolution},
		{18, true, ranks(2, 2), (*writer).attention},
		{9, true, ranks(2, 2), (*writer).recurrence},
		{1, true, (*writer).splits, (*writer).split},
		{2, true, nil, (*writer).join},
		{3, true, nil, (*writer).combine},
		{1, true, nil, (*writer).back},
		{1, true, nil, (*writer).constant},
		{2, true, nil, (*writer).residual},
		{2, true, nil, (*writer).repeat},
		{3, true, (*writer).usable, (*writer).use},
	}
}

// ranks is where what flows has so many axes.
func ranks(least, most int) func(*writer) bool {
	return func(w *writer) bool { return len(w.current.shape) >= least && len(w.current.shape) <= most }
}

// statement writes one that is possible here.
func (w *writer) statement() {
	var possible []func(*writer)
	for _, k := range kinds {
		if (k.fits == nil || k.fits(w)) && (k.onward || !w.onward) {
			for range k.share {
				possible = append(possible, k.write)
			}
		}
	}
	possible[w.below(len(possible))](w)
}

// back makes a named value current.
func (w *writer) back() {
	if v, ok := w.fitting(func(value) bool { return true }); ok {
		w.line("from %s", v.name)
		w.current = v
	} else {
		w.named()
	}
}

// flatten writes the statement, with a label.
func (w *writer) flatten() {
	w.current.shape = ir.Shape{w.current.shape.Size()}
	w.label("v", "flatten")
}

// becomesAgain brings what flows back to a shape.
func (w *writer) becomesAgain(shape ir.Shape) {
	now := w.current.shape
	rest := len(shape) - 1
	switch {
	case slices.Equal(now, shape) && w.chance(2):
		w.becomes(shape, w.activation())
	case len(now) == len(shape) && slices.Equal(now[:rest], shape[:rest]):
		w.linear(shape[rest])
	default:
		if len(now) > 1 {
			w.flatten()
		}
		w.linear(shape.Size())
		if rest > 0 {
			w.becomes(shape, "reshape "+shape.String())
		}
	}
}
