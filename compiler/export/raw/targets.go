package raw

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/runtime/data"
)

// The metadata that tell the names along an output's last axis, as JSON objects by output: of numbers the columns, of
// probabilities and labels the classes.
const (
	ColumnsKey = "nnc.columns"
	ClassesKey = "nnc.classes"
)

// result is an output of the model.
type result struct {
	port    onnx.Port
	value   string
	columns []string // what the values along the last axis are; nil: it does not say
	classes any      // a list of names, or of several flags a list for each; nil: it is no class
}

// give gives the model its outputs.
func (w *wrapper) give(results []result) error {
	columns, classes := map[string]any{}, map[string]any{}
	given := map[string]bool{}
	for _, p := range w.m.Inputs {
		given[p.Name] = true
	}
	for _, t := range w.m.Weights {
		given[t.Name] = true
	}
	for i, name := range w.distinct(results) {
		p, value := results[i].port, results[i].value
		if value != name {
			if err := w.free(name, "target"); err != nil {
				return err
			}
		}
		p.Name = name
		if given[value] {
			w.nodes = append(w.nodes, onnx.Node{Op: "Identity", Name: name, In: []string{value}, Out: []string{name}})
		} else {
			w.rename(value, name)
			for k := range results {
				if results[k].value == value {
					results[k].value = name
				}
			}
		}
		given[name] = true
		w.m.Outputs = append(w.m.Outputs, p)
		if len(results[i].columns) > 1 {
			columns[name] = results[i].columns
		}
		if results[i].classes != nil {
			classes[name] = results[i].classes
		}
	}
	w.m.Values = slices.DeleteFunc(w.m.Values, func(p onnx.Port) bool { return given[p.Name] })
	return errors.Join(w.meta(ColumnsKey, columns), w.meta(ClassesKey, classes))
}

// distinct are names for the outputs that differ from one another and from the inputs', as nnc predict finds them.
func (w *wrapper) distinct(results []result) []string {
	taken := map[string]bool{}
	for _, p := range w.m.Inputs {
		taken[p.Name] = true
	}
	names := make([]string, len(results))
	for i, r := range results {
		name := r.port.Name
		for n := 1; taken[name]; n++ {
			if name = r.port.Name + ".predicted"; n > 1 {
				name += strconv.Itoa(n)
			}
		}
		taken[name], names[i] = true, name
	}
	return names
}

// decode adds what the Codec makes of output i.
func (w *wrapper) decode(i int, p onnx.Port) ([]result, error) {
	o, value := w.outputs[i], p.Name
	p.Name = w.was[i]
	if o.Target < 0 {
		return []result{{port: p, value: value}}, nil
	}
	t := w.codec.Targets()[o.Target]
	name := t.Name
	if sources := t.Sources(); len(sources) == 1 {
		name = sources[0]
	}
	if o.Shared {
		name = p.Name + "." + name
	}
	w.in(p.Name, "the output "+p.Name)
	p.Name = name
	switch {
	case t.Kind == data.Span:
		return w.spans(&t, o.Longest, len(w.outputs) == 1, p, value), nil
	case t.Kind == data.Class:
		return w.classes(&t, p, value)
	case t.Kind == data.Flag && !t.Input:
		return w.flags(&t, p, value), nil
	}
	return w.quantities(&t, p, value)
}

// quantities adds what turns numbers into their own units: in float64 where these are not the model's own.
func (w *wrapper) quantities(t *data.Target, p onnx.Port, value string) ([]result, error) {
	n := size(p)
	shift, divisor := make([]float64, n), slices.Repeat([]float64{1}, n)
	switch {
	case t.Kind.Numbers() && len(t.Columns) > 0:
		if len(t.Columns) != n {
			return nil, fmt.Errorf("the output %s has %d values, but the stored target %d columns: were the weights trained with another spec?", p.Name, n, len(t.Columns))
		}
		for i := range t.Columns {
			if w.codec.Scale() == data.ScaleStandard {
				shift[i], divisor[i] = t.Columns[i].Mean, t.Columns[i].Deviation
			}
		}
	case t.Input && w.codec.SawBytes(t.Name):
		divisor = slices.Repeat([]float64{w.codec.Divisor(t.Name)}, n)
	}
	moved := slices.ContainsFunc(shift, func(v float64) bool { return v != 0 })
	spread := slices.ContainsFunc(divisor, func(v float64) bool { return v != 1 })
	if moved || spread || t.Kind == data.Count && t.Link == data.Exp { // a count may be larger than a float32 can be
		value, p.Type = w.cast(value, onnx.Double), onnx.Double
	}
	value = w.linked(t.Link, value)
	if spread {
		value = w.op("Mul", []string{value, w.perElement(p, divisor)})
	}
	if moved {
		value = w.op("Add", []string{value, w.perElement(p, shift)})
	}
	return []result{{port: p, value: value, columns: t.NamesOf(n)}}, nil
}

// perElement is a constant with a number for each element of a row, or of one number if all are the same.
func (w *wrapper) perElement(p onnx.Port, x []float64) string {
	if slices.Max(x) == slices.Min(x) {
		return w.doubles(nil, x[0])
	}
	return w.doubles(p.Shape[1:], x...)
}

// size is the number of elements of a row.
func size(p onnx.Port) int {
	n := 1
	for _, d := range p.Shape[1:] {
		n *= int(d)
	}
	return n
}

// linked adds the function that makes a prediction of an output.
func (w *wrapper) linked(link data.Link, value string) string {
	switch link {
	case data.Sigmoid:
		return w.op("Sigmoid", []string{value})
	case data.Softmax:
		return w.op("Softmax", []string{value}, integer("axis", -1))
	case data.Exp:
		return w.op("Exp", []string{value})
	}
	return value
}

// meta puts what is known of the outputs into the metadata, if anything is.
func (w *wrapper) meta(key string, known map[string]any) error {
	if len(known) == 0 {
		return nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(known); err != nil {
		return err
	}
	w.m.Meta = append(w.m.Meta, [2]string{key, strings.TrimSuffix(text.String(), "\n")})
	return nil
}
