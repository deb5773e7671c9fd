package raw

import (
	"math"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// spans adds what finds the best span in scores [rows, positions, 2], by the rule of data.BestSpan: the sum of the scores of
// every start and every end, of which the first of the largest is taken that is a span. only says that the model has no other
// output, whose names these could be taken for.
func (w *wrapper) spans(t *data.Target, longest int, only bool, p onnx.Port, value string) []result {
	n := p.Shape[1]
	nothing := w.doubles(nil, math.Inf(-1))
	takesPart := w.op("Greater", []string{value, w.floats(nil, kernel.LeftOut)})
	scores := w.op("Where", []string{takesPart, w.cast(value, onnx.Double), nothing})
	starts := w.op("Unsqueeze", []string{w.at(scores, 2, 0), w.ints([]int64{1}, 2)})
	lasts := w.op("Unsqueeze", []string{w.at(scores, 2, 1), w.ints([]int64{1}, 1)})
	sums := w.op("Add", []string{starts, lasts}) // [rows, start, end]

	places := make([]int64, n)
	for i := range places {
		places[i] = int64(i)
	}
	length := w.op("Sub", []string{w.ints([]int64{1, n}, places...), w.ints([]int64{n, 1}, places...)})
	ordered := w.op("Less", []string{w.ints(nil, -1), length})
	short := w.op("Less", []string{length, w.ints(nil, int64(longest))})
	sums = w.op("Where", []string{w.op("And", []string{ordered, short}), sums, nothing})
	sums = w.op("Reshape", []string{sums, w.ints([]int64{2}, 0, n*n)})

	axis := integer("axis", 1)
	best := w.op("ArgMax", []string{sums}, axis)
	found := w.op("Greater", []string{w.op("GatherElements", []string{sums, best}, axis), nothing})
	place := func(operator string) string {
		at := w.op(operator, []string{best, w.ints(nil, n)})
		at = w.op("Where", []string{found, at, w.ints(nil, kernel.Ignored)})
		return w.op("Squeeze", []string{at, w.ints([]int64{1}, 1)})
	}
	names := t.Names()
	switch {
	case len(names) == 2:
	case only:
		names = []string{"start", "end"}
	default:
		names = []string{p.Name + ".start", p.Name + ".end"}
	}
	rows := []int64{onnx.Rows}
	p.Name += ".scores"
	return []result{
		{port: onnx.Port{Name: names[0], Type: onnx.Int64, Shape: rows}, value: place("Div")},
		{port: onnx.Port{Name: names[1], Type: onnx.Int64, Shape: rows}, value: place("Mod")},
		{port: p, value: value},
	}
}
