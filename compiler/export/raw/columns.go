package raw

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/runtime/data"
)

// port is the input of a column.
func (w *wrapper) port(c *data.Column) onnx.Port {
	p := onnx.Port{Name: c.Name, Type: onnx.Double, Shape: append(w.rows(), 1)}
	switch {
	case len(c.Classes) > 0:
		p.Type = onnx.String
	case c.Kind == data.KindIndex:
		p.Type = onnx.Int64
	}
	return p
}

// together is how many of the columns, from the first on, become model values by the same operators: numbers, each of which
// is one value.
func together(columns []data.Column) int {
	n := 0
	for n < len(columns) && columns[n].Kind == data.KindNumber && !columns[n].Indicator {
		n++
	}
	return max(n, 1)
}

// block adds what makes model values of columns that are together, and says how many they are.
func (w *wrapper) block(input string, columns []data.Column, given []string) (value string, width int) {
	c := &columns[0]
	scope, doc := c.Name, "the column "+c.Name
	if n := len(columns); n > 1 {
		scope, doc = input, fmt.Sprintf("the columns %s to %s", c.Name, columns[n-1].Name)
	}
	w.in(scope, doc)
	switch {
	case c.Kind == data.KindClass:
		return w.indicators(c, given[0]), len(c.Classes)
	case c.Kind == data.KindIndex && len(c.Classes) > 0:
		return w.places(c, given[0], len(c.Classes)), 1
	case c.Kind == data.KindIndex:
		return given[0], 1
	}
	return w.numbers(columns, given)
}

// numbers adds the standardising of numbers, in float64 as the Codec has it: a missing one becomes the mean.
func (w *wrapper) numbers(columns []data.Column, given []string) (value string, width int) {
	n := len(columns)
	means, deviations := make([]float64, n), make([]float64, n)
	shape := []int64{int64(n)}
	for i := range columns {
		means[i], deviations[i] = columns[i].Mean, columns[i].Deviation
	}
	x := w.joined(given...)
	missing := w.op("IsNaN", []string{x})
	for _, v := range w.standIns() {
		missing = w.op("Or", []string{missing, w.op("Equal", []string{x, w.doubles(nil, v)})})
	}
	mean := w.doubles(shape, means...)
	x = w.op("Where", []string{missing, mean, x})
	if w.codec.Scale() == data.ScaleStandard {
		x = w.op("Sub", []string{x, mean})
		x = w.op("Div", []string{x, w.doubles(shape, deviations...)})
	}
	x = w.cast(x, onnx.Float)
	if columns[0].Indicator {
		return w.joined(x, w.cast(missing, onnx.Float)), 2
	}
	return x, n
}

// standIns are the numbers that stand for a missing one in the table that the model was trained with, such as 999.
func (w *wrapper) standIns() []float64 {
	written := w.codec.Writing()
	texts := written.Missing
	written.Missing = []string{}
	var numbers []float64
	for _, text := range texts {
		if _, v, kind := written.Parse(text); kind == data.CellNumber && !slices.Contains(numbers, v) {
			numbers = append(numbers, v)
		}
	}
	return numbers
}

// indicators adds what makes one indicator per class of a text, 0 all of them where training never saw it.
func (w *wrapper) indicators(c *data.Column, given string) string {
	all := make([]int64, len(c.Classes))
	for i := range all {
		all[i] = int64(i)
	}
	equal := w.op("Equal", []string{w.places(c, given, -1), w.ints([]int64{int64(len(all))}, all...)})
	return w.cast(equal, onnx.Float)
}

// places adds what makes of a text its place among the classes, or unseen.
func (w *wrapper) places(c *data.Column, given string, unseen int) string {
	texts, at := keys(c)
	if len(texts) == 0 { // no row to train on had any, but there must be one
		texts, at = c.Classes[:1], []int64{int64(unseen)}
	}
	return w.op("LabelEncoder", []string{given}, onnx.Attr{Name: "keys_strings", Value: texts}, onnx.Attr{Name: "values_int64s", Value: at},
		integer("default_int64", unseen))
}
