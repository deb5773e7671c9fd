package onnx

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// rule is a card of one operand whose operators are those.
func rule(name string, onnx func(o ir.ONNX, n *ir.Node, in []string) []string) *ir.Op {
	return &ir.Op{Name: name, ONNX: onnx, Types: func(in []ir.Type) ([]ir.Type, error) { return in[:1], nil }}
}

func operator(name string) *ir.Op {
	return rule(name, func(o ir.ONNX, _ *ir.Node, in []string) []string { return o.Add(13, name, 1, in) })
}

// graph is a graph of one input x [n, 2], to which build adds nodes and of which it returns the outputs.
func graph(build func(b *ir.Builder, x *ir.Value) []*ir.Value, ports ...string) *ir.Graph {
	g := &ir.Graph{Model: "M", File: "m.nn", Ports: ports}
	b := ir.NewBuilder(g)
	x := b.Value(ir.Input, "x", ir.Row(2))
	b.Layer, b.Pos = "layer1", ir.Pos{Line: 2, Col: 1}
	g.Outputs = build(b, x)
	return g
}

func made(t *testing.T, g *ir.Graph, opset int, w ...Tensor) (*Model, []Tensor) {
	require.Empty(t, Missing(g))
	m, unread, err := New(g, w, opset)
	require.NoError(t, err)
	return m, unread
}

// Constants that are alike are one, of each type; what nobody reads is not there, and weights that nobody reads are returned.
func TestWhatIsShared(t *testing.T) {
	op := rule("thrice", func(o ir.ONNX, n *ir.Node, in []string) []string {
		o.Add(13, "Neg", 1, in)
		o.Floats(nil, 5)
		a := o.Add(14, "Add", 1, []string{in[0], o.Floats(nil, 1, 2)})
		b := o.Add(14, "Add", 1, []string{a[0], o.Floats(nil, 1)})
		o.Bools([]int{1}, true)
		return o.Add(13, "Clip", 1, []string{b[0], "", o.Floats([]int{}, 1), ""}, ir.ONNXAttr{Name: "i", Value: 3}, ir.ONNXAttr{Name: "f", Value: 0.5},
			ir.ONNXAttr{Name: "is", Value: []int{1, 2}}, ir.ONNXAttr{Name: "fs", Value: []float64{0.5}}, ir.ONNXAttr{Name: "s", Value: "t"})
	})
	g := graph(func(b *ir.Builder, x *ir.Value) []*ir.Value {
		b.Value(ir.Param, "w", ir.Whole(1))
		return b.Node("y", op, x)
	}, "y")
	m, unread := made(t, g, 0, Floats("w", []int64{1}, 7))
	assert.Equal(t, `model M ir=8 opset=17
  input x float[rows, 2]
  tensor constant float[] [1]
  layer1.Add = Add(x, constant) m.nn:2
  layer1.Add.2 = Add(layer1.Add, constant) m.nn:2
  y float[rows, 2] = Clip i=3 f=0.5 is=[1,2] fs=[0.5] s="t"(layer1.Add.2, , constant) m.nn:2
  output y float[rows, 2]
`, m.String())
	assert.Equal(t, []Tensor{Floats("w", []int64{1}, 7)}, unread)
}

// A file has the opset that its operators need, and rules are asked again by that.
func TestOpset(t *testing.T) {
	gelu := rule("gelu", func(o ir.ONNX, _ *ir.Node, in []string) []string { return o.Add(20, "Gelu", 1, in) })
	either := rule("either", func(o ir.ONNX, _ *ir.Node, in []string) []string {
		if o.Opset() >= 18 {
			return o.Add(18, "New", 1, in)
		}
		return o.Add(13, "Old", 1, in)
	})
	alone := graph(func(b *ir.Builder, x *ir.Value) []*ir.Value { return b.Node("y", either, x) }, "y")
	both := graph(func(b *ir.Builder, x *ir.Value) []*ir.Value { return b.Node("y", gelu, b.Node("e", either, x)...) }, "y")

	m, _ := made(t, alone, 0)
	assert.Equal(t, "Old", m.Nodes[0].Op)
	assert.EqualValues(t, 8, m.IR)
	m, _ = made(t, alone, 21)
	assert.Equal(t, "New", m.Nodes[0].Op)
	assert.Equal(t, map[string]int64{"": 21}, m.Opsets)
	assert.EqualValues(t, 10, m.IR)
	m, _ = made(t, both, 0)
	assert.Equal(t, "New", m.Nodes[0].Op)
	assert.Equal(t, map[string]int64{"": 20}, m.Opsets)
	assert.EqualValues(t, 9, m.IR)
	_, _, err := New(both, nil, 19)
	assert.EqualError(t, err, "opset 19 is too low: layer1 (m.nn:2) needs 20")
}

// An output has the name of its port, whatever else is called so; one that is an input, or an output twice, is copied.
func TestNamesOfOutputs(t *testing.T) {
	g := graph(func(b *ir.Builder, x *ir.Value) []*ir.Value {
		y := b.Node("first", operator("Neg"), x)[0]
		z := b.Node("second", operator("Exp"), y)[0]
		same := b.Node("same", rule("same", func(_ ir.ONNX, n *ir.Node, in []string) []string { return in }), z)[0]
		return []*ir.Value{z, x, same}
	}, "first", "copy", "again")
	m, _ := made(t, g, 0)
	assert.Equal(t, `model M ir=8 opset=17
  input x float[rows, 2]
  first.2 float[rows, 2] = Neg(x) m.nn:2
  first float[rows, 2] = Exp(first.2) m.nn:2
  copy float[rows, 2] = Identity(x) m.nn:2
  again float[rows, 2] = Identity(first) m.nn:2
  output first float[rows, 2]
  output copy float[rows, 2]
  output again float[rows, 2]
`, m.String())

	clash := graph(func(b *ir.Builder, x *ir.Value) []*ir.Value { return b.Node("y", operator("Neg"), x) }, "x")
	_, _, err := New(clash, nil, 0)
	assert.EqualError(t, err, `two values of the file would have the name "x": give an output another label`)
}

// What a rule takes of an earlier node's operands leaves that one without a reader.
func TestAnEarlierNodeIsTakenOver(t *testing.T) {
	over := rule("over", func(o ir.ONNX, n *ir.Node, _ []string) []string {
		return o.Add(13, "Both", 1, []string{o.Name(n.In[0].Def.In[0])})
	})
	g := graph(func(b *ir.Builder, x *ir.Value) []*ir.Value {
		return b.Node("y", over, b.Node("before", operator("Neg"), x)...)
	}, "y")
	m, _ := made(t, g, 0)
	require.Len(t, m.Nodes, 1)
	assert.Equal(t, []string{"x"}, m.Nodes[0].In)
	assert.Empty(t, m.Values)
}

func TestCardsWithoutARule(t *testing.T) {
	none := &ir.Op{Name: "none", Types: func(in []ir.Type) ([]ir.Type, error) { return in, nil }}
	g := graph(func(b *ir.Builder, x *ir.Value) []*ir.Value {
		return b.Node("y", none, b.Node("again", none, b.Node("before", operator("Neg"), x)...)...)
	}, "y")
	require.Len(t, Missing(g), 1)
	assert.Equal(t, "none", Missing(g)[0].Op.Name)
}
