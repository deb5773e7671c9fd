package raw

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/runtime/data"
)

// row is the value of one row, or a constant: float64, float32, int64, bool or string each.
type row []any

// at is an element of a value that stands for all where it is alone.
func (r row) at(i int) any { return r[min(i, len(r)-1)] }

// meaning computes the operators in front of a model for one row, as ONNX defines them, and returns what it is given.
func meaning(t *testing.T, m *onnx.Model, values map[string]row) []row {
	t.Helper()
	for _, w := range m.Weights {
		values[w.Name] = constant(t, w)
	}
	for _, n := range m.Nodes {
		var in []row
		width := 0
		for _, name := range n.In {
			in = append(in, values[name])
			width = max(width, len(values[name]))
		}
		if n.Op == "Net" {
			return in
		}
		var out row
		if n.Op == "Concat" {
			out = slices.Concat(in...)
			width = 0
		}
		for i := range width {
			out = append(out, element(t, n, func(k int) any { return in[k].at(i) }))
		}
		values[n.Out[0]] = out
	}
	return nil
}

func element(t *testing.T, n onnx.Node, x func(k int) any) any {
	switch n.Op {
	case "IsNaN":
		return math.IsNaN(x(0).(float64))
	case "Equal":
		return x(0) == x(1)
	case "Or":
		return x(0).(bool) || x(1).(bool)
	case "Where":
		if x(0).(bool) {
			return x(1)
		}
		return x(2)
	case "Sub":
		return x(0).(float64) - x(1).(float64)
	case "Div":
		return x(0).(float64) / x(1).(float64)
	case "LabelEncoder":
		texts, at := n.Attrs[0].Value.([]string), n.Attrs[1].Value.([]int64)
		if i := slices.Index(texts, x(0).(string)); i >= 0 {
			return at[i]
		}
		return n.Attrs[2].Value
	case "Cast":
		require.Equal(t, int64(onnx.Float), n.Attrs[0].Value)
		switch v := x(0).(type) {
		case float64:
			return float32(v)
		case bool:
			return map[bool]float32{true: 1}[v]
		}
	}
	require.Fail(t, "no meaning", "%s of %T", n.Op, x(0))
	return nil
}

func constant(t *testing.T, w onnx.Tensor) row {
	var r row
	for at := 0; at < len(w.Raw); at += 8 {
		bits := uint64(0)
		if w.Type == onnx.Double || w.Type == onnx.Int64 {
			bits = binary.LittleEndian.Uint64(w.Raw[at:])
		}
		switch w.Type {
		case onnx.Double:
			r = append(r, math.Float64frombits(bits))
		case onnx.Int64:
			r = append(r, int64(bits))
		}
	}
	return r
}

// TestFrontIsTheCodec compares the operators in front of a model with the Codec itself, for cells of every kind.
func TestFrontIsTheCodec(t *testing.T) {
	for _, scale := range []string{data.ScaleStandard, data.ScaleNone} {
		c := codec(t, `{"version":3,"scale":"`+scale+`","cells":{"missing":["999","k.A."]},"columns":[
			{"name":"city","kind":"index","classes":["Bonn","Köln"],"limit":10},{"name":"rooms","kind":"index","limit":10},
			{"name":"time","kind":"number","mean":1700000123.25,"deviation":3600.7},{"name":"area","kind":"number","mean":80.1,"deviation":20.3},
			{"name":"age","kind":"number","mean":30.7,"deviation":10.1,"indicator":true},
			{"name":"garden","kind":"class","classes":["False","True"]},{"name":"floor","kind":"class","classes":["0","1","10"],"absent":["10"]}],
			"inputs":[{"name":"rooms","columns":2},{"name":"facts","columns":5}]}`)
		m := net([]onnx.Port{ints("rooms", 2), floats("facts", 9)}, []onnx.Port{floats("y", 1)})
		require.NoError(t, Wrap(m, c, []Output{{Target: -1}}))
		nan := math.NaN()
		for _, r := range []struct {
			cells []string
			raw   []any
		}{
			{[]string{"Köln", "3", "1700000123", "80", "12", "True", "1"}, []any{"Köln", int64(3), 1700000123.0, 80.0, 12.0, "True", "1"}},
			{[]string{"Paris", "0", "1700009999.125", "", "", "true", "1.0"}, []any{"Paris", int64(0), 1700009999.125, nan, nan, "true", "1.0"}},
			{[]string{"", "9", "999", "1e-3", "999", "", "10"}, []any{"", int64(9), 999.0, 1e-3, 999.0, "", "10"}},
			{[]string{"Bonn", "1", "-7.1", "k.A.", "-0", "FALSE", "7"}, []any{"Bonn", int64(1), -7.1, nan, math.Copysign(0, -1), "FALSE", "7"}},
		} {
			var blocks []data.Block
			for _, p := range c.Inputs() {
				blocks = append(blocks, data.NewBlock(p, 1))
			}
			require.NoError(t, c.EncodeInputs(blocks, r.cells))
			values := map[string]row{}
			for i, p := range m.Inputs {
				values[p.Name] = row{r.raw[i]}
			}
			got := meaning(t, m, values)
			var rooms, facts row
			for _, v := range blocks[0].Int {
				rooms = append(rooms, int64(v))
			}
			for _, v := range blocks[1].Float {
				facts = append(facts, v)
			}
			assert.Equal(t, []row{rooms, facts}, got, "%s %v", scale, r.cells)
		}
	}
}
