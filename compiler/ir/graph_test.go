package ir

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The cards of these tests: dense makes y of a row and a matrix, keep has a second result, flat is a view,
// learn overwrites its first operand, mean is a loss.

func dense() *Op {
	return &Op{Name: "dense", Types: func(in []Type) ([]Type, error) {
		if len(in) != 2 || in[0].Shape.Last() != in[1].Shape.Last() {
			return nil, errors.New("x does not fit W")
		}
		return []Type{Row(in[1].Shape[0])}, nil
	}}
}

func keep(layouts ...Layout) *Op {
	return &Op{Name: "keep", Attrs: Attrs{{"p", 0.5}, {"k", 3}}, Results: []string{"mask"}, Layouts: layouts,
		Types: func(in []Type) ([]Type, error) { return []Type{in[0], in[0]}, nil }}
}

func flat() *Op {
	return &Op{Name: "flat", View: true, Types: func(in []Type) ([]Type, error) {
		return []Type{{Kind: in[0].Kind, Shape: Shape{in[0].Shape.Size()}, Batch: in[0].Batch}}, nil
	}}
}

func learn() *Op {
	return &Op{Name: "learn", Overwrites: []int{0}, Types: func(in []Type) ([]Type, error) { return in[:1], nil }}
}

func mean() *Op {
	return &Op{Name: "mean", Types: func([]Type) ([]Type, error) { return []Type{{}}, nil }}
}

// model is a small graph with something of everything.
type model struct {
	g                                           *Graph
	b                                           *Builder
	x, target, w, slot, y, mask, flat, loss, dw *Value
}

func newModel() model {
	g := &Graph{Model: "House"}
	b := NewBuilder(g)
	m := model{g: g, b: b}
	m.x = b.Value(Input, "x", Row(3, 4))
	m.target = b.Value(Target, "target", Row(2))
	m.w = b.Value(Param, "linear1.weight", Whole(2, 4))
	m.w.Layout, m.w.Init = Transposed, Init{Uniform: 0.5}
	m.slot = b.Value(Slot, "linear1.weight.m", Whole(2, 4))
	m.slot.Layout, m.slot.Of = Transposed, m.w
	b.Layer, b.Pos = "linear1", Pos{2, 1}
	m.y = b.Node("linear1", dense(), m.x, m.w)[0]
	kept := b.Node("keep1", keep(), m.y)
	m.mask = kept[1]
	m.flat = b.Node("flat1", flat(), kept[0])[0]
	b.Phase = Loss
	m.loss = b.Node("loss", mean(), m.flat, m.target)[0]
	b.Phase = Backward
	m.dw = b.Node("∂linear1.weight", &Op{Name: "back", Layouts: []Layout{Transposed},
		Types: func([]Type) ([]Type, error) { return []Type{Whole(2, 4)}, nil }}, b.Const(1), m.mask)[0]
	b.Phase, b.Layer, b.Pos = Update, "linear1.weight", Pos{5, 3}
	b.Node("linear1.weight'", learn(), m.w, m.dw, m.slot, b.Counter())
	g.Outputs, g.Loss = []*Value{m.flat}, m.loss
	g.Recipe = Recipe{Metrics: []Judge{{Name: "accuracy", Output: m.flat, Target: m.target}}, Batch: 64, Epochs: 2, Seed: 7,
		Optimiser: &Optimiser{Op: &Op{Name: "sgd", Attrs: Attrs{{"lr", 0.001}}}}}
	return m
}

const text = `graph House
  input   x f32[n, 3, 4]
  target  target f32[n, 2]
  param   linear1.weight f32[2, 4]ᵀ uniform ±0.5
  slot    linear1.weight.m f32[2, 4]ᵀ fill 0
forward
  linear1 f32[n, 2] = dense(x, linear1.weight) :2:1
  keep1 f32[n, 2], keep1.mask f32[n, 2] = keep p=0.5 k=3(linear1) :2:1
  flat1 f32[n, 2] = flat(keep1) :2:1
loss
  loss f32[] = mean(flat1, target) :2:1
backward
  ∂linear1.weight f32[2, 4]ᵀ = back(1, keep1.mask) :2:1
update
  linear1.weight' f32[2, 4]ᵀ over linear1.weight = learn(linear1.weight, ∂linear1.weight, linear1.weight.m, step) :5:3
output flat1
loss loss
metric accuracy(flat1, target)
optimiser sgd lr=0.001
batch 64 epochs 2 seed 7
`

func TestGraphText(t *testing.T) {
	for range 5 {
		assert.Equal(t, text, newModel().String())
	}
	assert.Equal(t, "graph \n", (&Graph{}).String())
	assert.Equal(t, "uniform ±0.1 fill 1", Init{Uniform: 0.1}.String()+" "+Init{Fill: 1}.String())
}

func (m model) String() string { return m.g.String() }

func TestGraphFindsBasesAndGradients(t *testing.T) {
	m := newModel()
	kept := m.flat.Def.In[0]
	assert.Same(t, kept, m.flat.Base())
	assert.Same(t, kept, m.b.Node("flat2", flat(), m.flat)[0].Base(), "through two views")
	assert.Same(t, m.x, m.x.Base())
	assert.Same(t, m.dw, m.g.Grad(m.w))
	assert.Nil(t, m.g.Grad(m.slot))
	update := m.g.Nodes[5]
	assert.Same(t, m.w, update.Overwrites(0))
	assert.Nil(t, update.Overwrites(1))
}

func TestBuilder(t *testing.T) {
	m := newModel()
	assert.Equal(t, []*Value{m.x}, m.g.Inputs)
	assert.Equal(t, []*Value{m.target}, m.g.Targets)
	assert.Equal(t, []*Value{m.w}, m.g.Params)
	assert.Equal(t, []*Value{m.slot}, m.g.Slots)

	n := m.y.Def
	assert.Equal(t, Forward, n.Phase)
	assert.Equal(t, "linear1", n.Layer)
	assert.Equal(t, Pos{2, 1}, n.Pos)
	assert.Equal(t, Pos{2, 1}, m.y.Pos)
	assert.Same(t, n, m.y.Def)

	assert.Equal(t, Value{Name: "0.001", Role: Const, Number: 0.001}, *m.b.Const(0.001))
	assert.Same(t, m.b.Counter(), m.b.Counter())
	assert.Same(t, m.g.Counter, m.b.Counter())
	assert.True(t, m.b.Counter().Type.Equal(Type{Kind: I32}))
}

func TestBuilderMakesNamesUnique(t *testing.T) {
	m := newModel()
	names := map[string]bool{}
	for range 3 {
		for _, v := range m.b.Node("linear1", keep(), m.y) {
			names[v.Name] = true
		}
	}
	again := NewBuilder(m.g) // knows what is there
	for _, name := range []string{"x", "target", "linear1.weight", "linear1.weight.m", "loss", "keep1.mask"} {
		names[again.Node(name, keep(), m.y)[0].Name] = true
	}
	names[again.Value(Param, "linear1.weight", Whole(1)).Name] = true
	assert.Len(t, names, 13)
	for _, name := range []string{"linear1'", "linear1'2", "linear1'3", "linear1.mask", "linear1.mask'", "linear1.mask'2", "x'", "keep1.mask'", "linear1.weight'2", "linear1.weight'3"} {
		assert.Contains(t, names, name)
	}
	assert.NoError(t, Verify(&Graph{Inputs: m.g.Inputs, Targets: m.g.Targets, Params: m.g.Params[:1], Slots: m.g.Slots, Nodes: m.g.Nodes[:5]}))
}

func TestBuilderChoosesLayouts(t *testing.T) {
	m := newModel()
	m.b.Phase = Forward
	for _, c := range []struct {
		name string
		op   *Op
		of   *Value
		want []Layout
	}{
		{"of the card", keep(RowMajor, Transposed), m.w, []Layout{RowMajor, Transposed}},
		{"of the operand, element by element", keep(), m.w, []Layout{Transposed, Transposed}},
		{"of the card, then of the operand", keep(RowMajor), m.w, []Layout{RowMajor, Transposed}},
		{"row-major", keep(), m.x, []Layout{RowMajor, RowMajor}},
		{"row-major, another shape", flat(), m.w, []Layout{RowMajor}},
		{"of what is overwritten", learn(), m.w, []Layout{Transposed}},
	} {
		var got []Layout
		for _, v := range m.b.Node("v", c.op, c.of) {
			got = append(got, v.Layout)
		}
		assert.Equal(t, c.want, got, c.name)
	}
}

func TestBuilderPanicsOnMisfits(t *testing.T) {
	m := newModel()
	before := len(m.g.Nodes)
	assert.PanicsWithValue(t, "ir: linear2 = dense[f32[n, 2] f32[2, 4]]: x does not fit W", func() { m.b.Node("linear2", dense(), m.y, m.w) })
	assert.Panics(t, func() { m.b.Node("linear2", dense()) })
	assert.Len(t, m.g.Nodes, before, "nothing was added")
}

func TestVerify(t *testing.T) {
	require.NoError(t, Verify(newModel().g))
	require.NoError(t, Verify(&Graph{}))
	swap := func(nodes []*Node, i, j int) { nodes[i], nodes[j] = nodes[j], nodes[i] }
	for _, c := range []struct {
		name, want string
		fault      func(m model)
	}{
		{"read before it is made", "operand linear1 is not made yet", func(m model) { swap(m.g.Nodes, 0, 1) }},
		{"operand of another graph", "operand x is not made yet", func(m model) { m.g.Nodes[0].In[0] = newModel().x }},
		{"view before its base", "operand keep1 is not made yet", func(m model) { swap(m.g.Nodes, 1, 2) }},
		{"node twice", `value "linear1" is defined twice`, func(m model) { m.g.Nodes = append(m.g.Nodes[:1:1], m.g.Nodes...) }},
		{"name twice", `value "linear1" is defined twice`, func(m model) { m.mask.Name = "linear1" }},
		{"parameter's name twice", `value "x" is defined twice`, func(m model) { m.w.Name = "x" }},
		{"parameter twice", `value "linear1.weight" is defined twice`, func(m model) { m.g.Params = append(m.g.Params, m.w) }},
		{"input and target", `value "x" is defined twice`, func(m model) { m.g.Targets = append(m.g.Targets, m.x) }},
		{"wrong type", "result linear1 should be f32[n, 2]", func(m model) { m.y.Type = Row(3) }},
		{"wrong batch", "result linear1 should be f32[n, 2]", func(m model) { m.y.Type = Whole(2) }},
		{"wrong operands", "x does not fit W", func(m model) { m.g.Nodes[0].In[1] = m.target; m.target.Type = Row(9) }},
		{"result missing", "1 results, the card says 2", func(m model) { m.g.Nodes[1].Out = m.g.Nodes[1].Out[:1] }},
		{"result of another node", "result linear1 does not name its node", func(m model) { m.y.Def = m.g.Nodes[1] }},
		{"result of no node", "result linear1 does not name its node", func(m model) { m.y.Def = nil }},
		{"phases out of order", "forward comes after loss", func(m model) { m.g.Nodes[1].Phase = Loss }},
		{"update before backward", "backward comes after update", func(m model) { swap(m.g.Nodes, 4, 5); m.g.Nodes[4].In[1] = m.w }},
		{"read after overwrite", "operand linear1.weight was overwritten by linear1.weight'", func(m model) { m.b.Node("late", learn(), m.w) }},
		{"read through a view after overwrite", "operand view was overwritten by linear1.weight'", func(m model) {
			m.b.Phase = Update
			v := &Value{Name: "view", Type: Whole(8)}
			v.Def = &Node{Op: flat(), In: []*Value{m.w}, Out: []*Value{v}}
			m.g.Nodes = append([]*Node{v.Def}, m.g.Nodes...)
			m.b.Node("late", keep(), v)
		}},
		{"another type in the memory", "cannot stand in the memory of linear1.weight", func(m model) {
			n := m.g.Nodes[5]
			n.Op.Types = func([]Type) ([]Type, error) { return []Type{Whole(4, 2)}, nil }
			n.Out[0].Type = Whole(4, 2)
		}},
		{"another layout in the memory", "linear1.weight' cannot stand in the memory of linear1.weight", func(m model) { m.g.Nodes[5].Out[0].Layout = RowMajor }},
		{"output never made", "output stray is never made", func(m model) { m.g.Outputs = append(m.g.Outputs, &Value{Name: "stray"}) }},
		{"loss never made", "loss stray is never made", func(m model) { m.g.Loss = &Value{Name: "stray"} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newModel()
			c.fault(m)
			assert.ErrorContains(t, Verify(m.g), c.want)
		})
	}
}

func TestNamesOfEnumerations(t *testing.T) {
	for i, want := range []string{"result", "input", "target", "param", "slot", "const", "counter"} {
		assert.Equal(t, want, Role(i).String())
	}
	for i, want := range []string{"forward", "loss", "backward", "update"} {
		assert.Equal(t, want, Phase(i).String())
	}
	assert.Equal(t, "f32 i32", F32.String()+" "+I32.String())
	assert.Equal(t, " lr=0.1 k=3", Attrs{{"lr", 0.1}, {"k", 3}}.String())
}
