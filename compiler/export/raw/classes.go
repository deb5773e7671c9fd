package raw

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/runtime/data"
)

// classes adds what makes a label of the scores along the last axis, the first of the largest, and probabilities.
func (w *wrapper) classes(t *data.Target, p onnx.Port, value string) ([]result, error) {
	last := len(p.Shape) - 1
	if p.Shape[last] != int64(t.Count) {
		return nil, fmt.Errorf("the output %s has %d scores, but the stored target %d classes: were the weights trained with another spec?", p.Name, p.Shape[last], t.Count)
	}
	names := t.Classes()
	label := onnx.Port{Name: p.Name + ".label", Type: onnx.Int64, Shape: p.Shape[:last]}
	class := w.op("ArgMax", []string{value}, integer("axis", last), integer("keepdims", 0))
	if named(t, 0) {
		label.Type = onnx.String
		class = w.op("Gather", []string{w.texts(names), class})
	}
	p.Name += ".probabilities"
	return []result{
		{port: label, value: class, classes: names},
		{port: p, value: w.linked(t.Link, value), classes: names},
	}, nil
}

// named reports whether the classes of column i have other names than their indices.
func named(t *data.Target, i int) bool {
	return i < len(t.Columns) && t.Columns[i].Kind == data.KindClass
}

// flags adds what makes of each element the label of one of two classes, and the probability of the second, or its score
// where the loss gives none.
func (w *wrapper) flags(t *data.Target, p onnx.Port, value string) []result {
	n := size(p)
	label := onnx.Port{Name: p.Name + ".label", Type: onnx.Int64, Shape: p.Shape}
	probability, likely := w.linked(t.Link, value), value
	least := float32(0)
	if t.Link != data.Sigmoid && t.Link != data.Score {
		likely, least = probability, 0.5
	}
	class := w.cast(w.op("Greater", []string{likely, w.floats(nil, least)}), onnx.Int64)
	each := make([][]string, n)
	for i := range each {
		each[i] = t.ClassesOf(i)
	}
	if named(t, 0) {
		label.Type = onnx.String
		class = w.op("Gather", []string{w.texts(slices.Concat(each...)), w.offset(p, class)})
	}
	how := ".probabilities"
	if !t.Probable() {
		how = ".score"
	}
	var known any = each
	if n == 1 {
		known = each[0]
	}
	columns := t.NamesOf(n)
	p.Name += how
	return []result{{label, class, columns, known}, {p, probability, columns, nil}}
}

// offset is where the name of a flag stands among those of all.
func (w *wrapper) offset(p onnx.Port, class string) string {
	n := size(p)
	if n == 1 {
		return class
	}
	first := make([]int64, n)
	for i := range first {
		first[i] = 2 * int64(i)
	}
	return w.op("Add", []string{class, w.ints(p.Shape[1:], first...)})
}
