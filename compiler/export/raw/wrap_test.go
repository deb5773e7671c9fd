package raw

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/runtime/data"
)

var update = flag.Bool("update", false, "write the files that the tests compare with")

// net is a model on model values: its inputs flow into operators that nobody knows, which make its outputs.
func net(inputs, outputs []onnx.Port) *onnx.Model {
	m := &onnx.Model{IR: 8, Opsets: map[string]int64{"": 17}, Name: "Net", Inputs: inputs, Outputs: outputs}
	n := onnx.Node{Op: "Net"}
	for _, p := range inputs {
		n.In = append(n.In, p.Name)
	}
	for _, p := range outputs {
		n.Out = append(n.Out, p.Name)
	}
	n.Name = n.Out[0]
	m.Nodes = []onnx.Node{n}
	return m
}

func floats(name string, shape ...int64) onnx.Port {
	return onnx.Port{Name: name, Type: onnx.Float, Shape: append([]int64{onnx.Rows}, shape...)}
}

func ints(name string, shape ...int64) onnx.Port {
	return onnx.Port{Name: name, Type: onnx.Int64, Shape: append([]int64{onnx.Rows}, shape...)}
}

func codec(t *testing.T, text string) *data.Codec {
	t.Helper()
	c, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	return c
}

// TestWrap compares what stands in front of models and behind them with files, which were read, and whose like ONNX Runtime
// computes: see TestRawRows in cmd/nnc.
func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name            string
		codec           string
		inputs, outputs []onnx.Port
		judged          []Output
	}{
		{
			name: "flats", // every kind of column, two inputs, names that are taken
			codec: `{"version":3,"scale":"standard","cells":{"missing":["999","k.A."]},"columns":[
				{"name":"rooms","kind":"index","limit":10},{"name":"city","kind":"index","classes":["Bonn","Köln"],"limit":10},
				{"name":"area","kind":"number","mean":80,"deviation":20},{"name":"price","kind":"number","mean":5e5,"deviation":1e5},
				{"name":"age","kind":"number","mean":30,"deviation":10,"indicator":true},
				{"name":"garden","kind":"class","classes":["False","True"]},{"name":"floor","kind":"class","classes":["0","1","10"],"absent":["10"]}],
				"inputs":[{"name":"rooms","columns":2},{"name":"facts","columns":5}],
				"targets":[{"name":"price","loss":"mse","kind":"quantity","link":"identity","columns":[{"name":"price","kind":"number","mean":5e5,"deviation":1e5}]},
				{"name":"kind","loss":"cross_entropy","kind":"class","link":"softmax","left_out":-100,"count":3,"columns":[{"name":"kind","kind":"class","classes":["Haus","flat","Грот"]}]}]}`,
			inputs: []onnx.Port{ints("rooms", 2), floats("facts", 9)}, outputs: []onnx.Port{floats("price", 1), floats("kind", 3), floats("trunk", 4)},
			judged: []Output{{Target: 0}, {Target: 1}, {Target: -1}},
		},
		{
			name: "series",
			codec: `{"version":3,"scale":"standard","columns":[{"name":"load","kind":"number","mean":3,"deviation":2},{"name":"day","kind":"class","classes":["Mo","Su"]}],
				"series":{"window":24,"horizon":1},
				"targets":[{"name":"target","loss":"mse","kind":"quantity","link":"identity","columns":[{"name":"load","kind":"number","mean":3,"deviation":2,"ahead":1},{"name":"load","kind":"number","mean":3,"deviation":2,"ahead":2}]}]}`,
			inputs: []onnx.Port{floats("hours", 24, 3)}, outputs: []onnx.Port{floats("linear1", 2)}, judged: []Output{{}},
		},
		{
			name: "photos", // bytes in, and the same out
			codec: `{"version":3,"scale":"standard","arrays":[{"name":"photo","divisor":255},{"name":"facts"}],
				"targets":[{"name":"target","loss":"bce_logits","kind":"flag","link":"sigmoid","count":2},
				{"name":"photo","loss":"bce_logits","kind":"flag","link":"sigmoid","input":true,"count":2}]}`,
			inputs: []onnx.Port{floats("photo", 1, 4, 4), floats("facts", 2)}, outputs: []onnx.Port{floats("linear1", 3), floats("again", 1, 4, 4)},
			judged: []Output{{Target: 0}, {Target: 1}},
		},
		{
			name: "flags", // of several columns, each with names of its own
			codec: `{"version":3,"scale":"none","columns":[{"name":"x","kind":"number","mean":2,"deviation":1}],
				"targets":[{"name":"a","loss":"hinge","kind":"flag","link":"score","count":2,"columns":[{"name":"a","kind":"index"}]},
				{"name":"both","loss":"bce","kind":"flag","link":"identity","count":2,"columns":[{"name":"b","kind":"class","classes":["no","yes"]},{"name":"c","kind":"class","classes":["False","True"]}]},
				{"name":"n","loss":"poisson","kind":"count","link":"exp","columns":[{"name":"x","kind":"number","deviation":1}]}]}`,
			inputs: []onnx.Port{floats("x", 1)}, outputs: []onnx.Port{floats("a", 1), floats("both", 2), floats("n", 1)},
			judged: []Output{{Target: 0}, {Target: 1}, {Target: 2}},
		},
		{
			name: "span",
			codec: `{"version":4,"scale":"standard","arrays":[{"name":"tokens"}],
				"targets":[{"name":"target","loss":"span","kind":"span","link":"identity","longest":3}]}`,
			inputs: []onnx.Port{ints("tokens", 8)}, outputs: []onnx.Port{floats("linear1", 8, 2)}, judged: []Output{{Longest: 3}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := net(c.inputs, c.outputs)
			require.NoError(t, Wrap(m, codec(t, c.codec), c.judged))
			wellFormed(t, m)
			text := m.String()
			for _, pair := range m.Meta {
				text += "  meta " + pair[0] + " " + pair[1] + "\n"
			}
			var written bytes.Buffer
			_, err := m.WriteTo(&written)
			require.NoError(t, err)
			read, err := onnx.Read(written.Bytes())
			require.NoError(t, err)
			assert.Equal(t, m.String(), read.String())

			file := filepath.Join("testdata", c.name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), text)
		})
	}
}

// wellFormed checks that every value is made once, and before it is read.
func wellFormed(t *testing.T, m *onnx.Model) {
	t.Helper()
	known := map[string]bool{}
	add := func(name string) {
		assert.False(t, known[name], "two values are called %s", name)
		known[name] = true
	}
	for _, p := range m.Inputs {
		add(p.Name)
	}
	for _, w := range m.Weights {
		add(w.Name)
	}
	for _, n := range m.Nodes {
		for _, in := range n.In {
			assert.True(t, known[in], "%s reads %s, which is not there yet", n.Name, in)
		}
		for _, out := range n.Out {
			add(out)
		}
	}
	for _, p := range append(m.Outputs, m.Values...) {
		assert.True(t, known[p.Name], "nothing is called %s", p.Name)
	}
}

func TestWrapRefuses(t *testing.T) {
	table := `{"version":3,"scale":"standard","columns":[{"name":"w","kind":"number","mean":2,"deviation":1}],
		"targets":[{"name":"target","loss":"cross_entropy","kind":"class","link":"softmax","left_out":-100,"count":3}]}`
	m := net([]onnx.Port{floats("x", 1)}, []onnx.Port{floats("y", 3)})
	m.Weights = []onnx.Tensor{onnx.Floats("w", []int64{1}, 1)}
	assert.EqualError(t, Wrap(m, codec(t, table), []Output{{}}),
		`a column or an input is named "w", as a weight of the model is: give the layer another label in the spec, or the column another name`)

	m = net([]onnx.Port{floats("x", 1)}, []onnx.Port{floats("y", 4)})
	assert.EqualError(t, Wrap(m, codec(t, table), []Output{{}}),
		"the output target has 4 scores, but the stored target 3 classes: were the weights trained with another spec?")

	texts := `{"version":3,"scale":"standard","columns":[
		{"name":"review","kind":"tokens","limit":10,"tokens":{"vocabulary":{"kind":"word","open":true,"symbols":["a"]},"length":4}},
		{"name":"tokens","kind":"number","mean":2,"deviation":1}],
		"inputs":[{"name":"tokens","columns":1},{"name":"facts","columns":1}]}`
	m = net([]onnx.Port{ints("tokens", 4), floats("facts", 1)}, []onnx.Port{floats("y", 1)})
	assert.EqualError(t, Wrap(m, codec(t, texts), []Output{{Target: -1}}),
		`the file would have two inputs named "tokens", a column and an input of the model: give that of the model another name in the spec`)
}
