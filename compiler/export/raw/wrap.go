package raw

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/runtime/data"
)

// Output says what judges an output of the model.
type Output struct {
	Target  int  // index into the Codec's targets; −1: nothing does, and its values are given as they stand
	Longest int  // of spans: how many positions a predicted one has at most
	Shared  bool // another output is compared with the same, so that the target's name does not tell them apart
}

// Wrap puts the Codec in front of a model on model values and behind it. The Codec must fit the model, and the outputs are
// those of the model in order. What then goes in and comes out:
//
//   - Of a table each column is an input of its name, [rows, 1]: numbers are doubles, NaN where they are missing; texts are
//     strings; what an input of integers takes as it stands is int64. Of windows it is [rows, window, 1].
//   - An input whose array had bytes in training takes bytes. All others take model values, as do those of the tokens of
//     texts, since no operators divide a text as the Codec does.
//   - An output is named like its target, or the only column of that: numbers in their own units, doubles where they are
//     scaled. Classes have two, .label and .probabilities, and flags too, or .score where the loss gives no probability;
//     spans have three, the start, the end and .scores.
func Wrap(m *onnx.Model, codec *data.Codec, outputs []Output) error {
	w := &wrapper{graph: newGraph(m), codec: codec, outputs: outputs}
	for _, p := range m.Outputs {
		w.was = append(w.was, p.Name)
	}
	for i, p := range m.Inputs {
		w.names = append(w.names, p.Name)
		w.bytes = append(w.bytes, p.Type == onnx.Float && codec.SawBytes(p.Name))
		w.asItStands = append(w.asItStands, w.columns(i) == nil && !w.bytes[i])
	}
	given, err := w.feed()
	if err != nil {
		return err
	}
	for i := range w.inputs {
		w.encode(i, given[i])
	}
	w.nodes = append(w.nodes, m.Nodes...)
	m.Nodes = nil
	var results []result
	for i, p := range m.Outputs {
		decoded, err := w.decode(i, p)
		if err != nil {
			return err
		}
		results = append(results, decoded...)
	}
	m.Outputs = nil
	if err := w.give(results); err != nil {
		return err
	}
	m.Nodes = w.nodes
	return nil
}

type wrapper struct {
	*graph
	codec   *data.Codec
	outputs []Output

	bytes, asItStands []bool   // of each input of the model: it takes bytes, or model values
	names, was        []string // of its inputs and its outputs, as they came
}

// feed gives the model its raw inputs, and returns the names of those that make each of its own.
func (w *wrapper) feed() (given [][]string, err error) {
	given = make([][]string, len(w.inputs))
	var fed []onnx.Port
	for i, p := range w.inputs {
		for _, q := range w.ports(i, p) {
			if slices.ContainsFunc(fed, func(other onnx.Port) bool { return other.Name == q.Name }) {
				return nil, fmt.Errorf("the file would have two inputs named %q, a column and an input of the model: give that of the model another name in the spec", q.Name)
			}
			fed = append(fed, q)
			given[i] = append(given[i], q.Name)
		}
	}
	for i := range w.inputs {
		for _, name := range given[i] {
			if !w.asItStands[i] {
				err = errors.Join(err, w.free(name, "column or an input"))
			}
		}
	}
	w.m.Inputs = fed
	return given, err
}

// ports are the raw inputs that make input i.
func (w *wrapper) ports(i int, p onnx.Port) []onnx.Port {
	columns := w.columns(i)
	if columns == nil {
		if w.bytes[i] {
			p.Type = onnx.Uint8
		}
		return []onnx.Port{p}
	}
	ports := make([]onnx.Port, len(columns))
	for k := range columns {
		ports[k] = w.port(&columns[k])
	}
	return ports
}

// columns are those of a table that make input i; nil where none do, or one whose texts no operators divide.
func (w *wrapper) columns(i int) []data.Column {
	if !w.codec.IsTable() {
		return nil
	}
	columns := w.codec.InputColumns(i)
	if len(columns) == 0 || columns[0].Kind == data.KindTokens {
		return nil
	}
	return columns
}

// encode adds what makes input i of what is given for it.
func (w *wrapper) encode(i int, given []string) {
	if w.asItStands[i] {
		return
	}
	p := w.inputs[i]
	columns := w.columns(i)
	if columns == nil {
		w.in(given[0], "the input "+given[0])
		w.replace(p, w.numbersOf(given[0]))
		return
	}
	var blocks []string
	width := int64(0)
	for at := 0; at < len(columns); {
		n := together(columns[at:])
		block, size := w.block(w.names[i], columns[at:at+n], given[at:at+n])
		blocks = append(blocks, block)
		at += n
		width += int64(size)
	}
	w.in(w.names[i], "the input "+w.names[i])
	w.replace(p, w.shaped(w.joined(blocks...), append(w.rows(), width), p.Shape))
}

// rows is the shape of a column's values but for the last axis.
func (w *wrapper) rows() []int64 {
	if n := w.codec.Series().Window; n > 0 {
		return []int64{onnx.Rows, int64(n)}
	}
	return []int64{onnx.Rows}
}

// numbersOf adds what makes numbers of an array's bytes, as EncodeBytes does.
func (w *wrapper) numbersOf(given string) string {
	x := w.cast(given, onnx.Float)
	if divisor := w.codec.Divisor(given); divisor != 1 {
		x = w.op("Div", []string{x, w.floats(nil, float32(divisor))})
	}
	return x
}
