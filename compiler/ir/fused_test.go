package ir

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mapped is an operation that works element by element.
func mapped(attrs ...Attr) *Op {
	return &Op{Name: "mapped", Scalar: Add(Arg(0), Num(1)), Attrs: attrs, Types: func(in []Type) ([]Type, error) { return in[len(in)-1:], nil }}
}

func TestWhatIsAMap(t *testing.T) {
	b := NewBuilder(&Graph{})
	x, other, whole, rate := b.Value(Input, "x", Row(3)), b.Value(Input, "other", Row(1, 3)), b.Value(Param, "w", Whole(3)), b.Scalar(LearningRate)
	is := func(op *Op, in ...*Value) bool { return b.Node("y", op, in...)[0].Def.Map() }
	changed := func(change func(op *Op)) *Op {
		op := mapped()
		change(op)
		return op
	}
	four := []Attr{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}
	assert.True(t, is(mapped(), x))
	assert.True(t, is(mapped(four[:3]...), rate, x, x, x))
	assert.True(t, is(mapped(four...), x))
	assert.False(t, is(mapped(), x, x, x, x), "too many arrays")
	assert.False(t, is(mapped(four...), rate, x), "too many numbers")
	assert.False(t, is(mapped(), other, x), "another shape")
	assert.False(t, is(mapped(), whole), "no rows")
	assert.False(t, is(mapped(), whole, x), "an operand without rows")
	assert.False(t, is(changed(func(op *Op) { op.Scalar = nil }), x))
	assert.False(t, is(changed(func(op *Op) { op.Mean = true }), x))
	assert.False(t, is(changed(func(op *Op) { op.Overwrites = []Pair{{}} }), x))
	assert.False(t, is(changed(func(op *Op) {
		op.Results = []string{"more"}
		op.Types = func(in []Type) ([]Type, error) { return []Type{in[0], in[0]}, nil }
	}), x), "two results")
}

// twice is dense and then a map with another operand.
func twice() *Op {
	return &Op{Name: "dense+mapped", Results: []string{"mapped"}, Layouts: dense().Layouts,
		Types: func(in []Type) ([]Type, error) { return []Type{in[2], in[2]}, nil },
		Fused: []Fused{
			{Op: dense(), In: []int{0, 1}, Layer: "linear1", Pos: Pos{2, 1}},
			{Op: mapped(Attr{Name: "a", Value: 2}), In: []int{2, Before}, Layer: "add1", Pos: Pos{4, 9}},
		}}
}

func TestUnfused(t *testing.T) {
	m := newModel()
	assert.Equal(t, []*Node{m.y.Def}, m.y.Def.Unfused())

	m.b.Phase = Forward
	m.b.Layer, m.b.Pos = "linear1", Pos{2, 1}
	out := m.b.Named([]string{"one", "two"}, twice(), m.x, m.w, m.y)
	list := out[0].Def.Unfused()
	require.Len(t, list, 2)
	assert.Equal(t, []*Value{m.x, m.w}, list[0].In)
	assert.Equal(t, out[:1], list[0].Out)
	assert.Equal(t, []*Value{m.y, out[0]}, list[1].In)
	assert.Equal(t, out[1:], list[1].Out)
	assert.Equal(t, "add1", list[1].Layer)
	assert.Equal(t, Pos{4, 9}, list[1].Pos)
	assert.Equal(t, "one f32[n, 2] = dense(x, linear1.weight) :2:1 → two f32[n, 2] = mapped a=2(linear1, one) :4:9", out[0].Def.String())
}

// Joined nodes stand where the one stands that they are listed by, and all that reads them is made anew.
func TestJoin(t *testing.T) {
	m := newModel()
	m.b.Phase = Forward
	m.g.Nodes = m.g.Nodes[:1]
	aside := m.b.Node("aside", flat(), m.x)[0]
	two := m.b.Node("two", mapped(Attr{Name: "a", Value: 2}), m.y, m.y)[0]
	last := m.b.Node("last", flat(), two)[0]
	m.g.Outputs, m.g.Loss, m.g.Recipe = []*Value{last, m.y, aside}, nil, Recipe{}
	require.NoError(t, Verify(m.g))
	before := m.g.String()
	join := func(list []*Node) (*Op, []*Value) {
		assert.Equal(t, []*Node{m.y.Def, two.Def}, list)
		op := twice()
		op.Fused[1].In = []int{Before, Before}
		op.Types = func(in []Type) ([]Type, error) { return []Type{Row(2), Row(2)}, nil }
		return op, []*Value{m.x, m.w}
	}
	for _, at := range []*Node{m.y.Def, two.Def} {
		g := Join(m.g, map[*Node][]*Node{at: {m.y.Def, two.Def}}, join)
		require.NoError(t, Verify(g))
		first := "  linear1 f32[n, 2] = dense(x, linear1.weight) :2:1 → two f32[n, 2] = mapped a=2(linear1, linear1) :4:9\n"
		second := "  aside f32[n, 12] = flat(x) :5:3\n"
		if at == two.Def {
			first, second = second, first
		}
		assert.Equal(t, first+second+"  last f32[n, 2] = flat(two) :5:3\n", section(g, "forward", "output last"))
		assert.Equal(t, before, m.g.String(), "the graph that it was given stays as it is")
		assert.NotSame(t, last, g.Outputs[0])
		assert.Equal(t, "linear1", g.Outputs[1].Name)
		assert.NotSame(t, m.y, g.Outputs[1])
		assert.Same(t, aside, g.Outputs[2], "what reads nothing new stays")
	}
	assert.Equal(t, m.g.Nodes, Join(m.g, nil, join).Nodes)
}
