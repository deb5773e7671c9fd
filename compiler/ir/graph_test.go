package ir

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The cards of these tests: dense makes y of a row and a matrix, keep has a second result, flat is a view,
// learn overwrites its first operand, mean is a loss.

func dense() *Op {
	return &Op{Name: "dense", Layouts: Layouts{Operands: map[int][]Layout{1: {Panels}}}, Types: func(in []Type) ([]Type, error) {
		if len(in) != 2 || in[0].Shape.Last() != in[1].Shape.Last() {
			return nil, errors.New("x does not fit W")
		}
		return []Type{Row(in[1].Shape[0])}, nil
	}}
}

func keep() *Op {
	return &Op{Name: "keep", Attrs: Attrs{{Name: "p", Value: 0.5}, {Name: "k", Value: 3}, {Name: "of", Text: "rows"}}, Results: []string{"mask"},
		Types: func(in []Type) ([]Type, error) { return []Type{in[0], in[0]}, nil }}
}

func flat() *Op {
	return &Op{Name: "flat", View: true, Types: func(in []Type) ([]Type, error) {
		return []Type{{Kind: in[0].Kind, Shape: Shape{in[0].Shape.Size()}, Batch: in[0].Batch}}, nil
	}}
}

func learn() *Op {
	return &Op{Name: "learn", Order: Alike, Overwrites: []Pair{{}}, Types: func(in []Type) ([]Type, error) { return in[:1], nil }}
}

func back() *Op {
	return &Op{Name: "back", Layouts: Layouts{Results: map[int][]Layout{0: {Panels, RowMajor}}},
		Types: func([]Type) ([]Type, error) { return []Type{Whole(2, 4)}, nil }}
}

func mean() *Op {
	return &Op{Name: "mean", Types: func([]Type) ([]Type, error) { return []Type{{}}, nil }}
}

// model is a small graph with something of everything.
type model struct {
	g                                                              *Graph
	b                                                              *Builder
	x, target, w, slot, seen, y, mask, flat, loss, dw, rate, after *Value
}

func newModel() model {
	g := &Graph{Model: "House"}
	b := NewBuilder(g)
	m := model{g: g, b: b}
	m.x = b.Value(Input, "x", Row(3, 4))
	m.target = b.Value(Target, "target", Row(2))
	m.w = b.Value(Param, "linear1.weight", Whole(2, 4))
	m.w.Layout, m.w.Init = Panels, Init{Uniform: 0.5}
	m.slot = b.Value(Slot, "linear1.weight.m", Whole(2, 4))
	m.slot.Layout, m.slot.Of = Panels, m.w
	m.seen = b.Value(State, "seen", Type{Kind: I64})
	b.Layer, b.Pos = "linear1", Pos{2, 1}
	m.y = b.Node("linear1", dense(), m.x, m.w)[0]
	kept := b.Node("keep1", keep(), m.y)
	m.mask = kept[1]
	m.flat = b.Node("flat1", flat(), kept[0])[0]
	b.Phase = Loss
	m.loss = b.Node("loss", mean(), m.flat, m.target)[0]
	b.Phase = Backward
	m.dw = b.Node("∂linear1.weight", back(), b.Const(1), m.mask)[0]
	m.dw.Layout = Panels
	b.Phase, b.Layer, b.Pos = Prelude, "prelude", Pos{5, 3}
	m.rate = b.Node("rate", mean(), b.Scalar(LearningRate), b.Scalar(StepNumber))[0]
	b.Phase, b.Layer = Update, "linear1.weight"
	m.after = b.Node("linear1.weight'", learn(), m.w, m.dw, m.slot, m.rate)[0]
	m.after.Layout, m.after.Def.Updates = Panels, m.w
	g.Outputs, g.Loss = []*Value{m.flat}, m.loss
	g.Recipe = Recipe{Metrics: []Criterion{{Name: "accuracy", Output: m.flat, Target: m.target}}, Batch: 64, Epochs: 2, Seed: 7,
		Losses:    []Criterion{{Name: "mse", Output: m.flat, Target: m.target, Loss: m.loss, Count: m.mask, Weight: 0.5, Kind: Class, Link: Softmax}},
		Optimiser: &Optimiser{Name: "sgd", Rate: 0.001, Update: &Op{Name: "learn", Attrs: Attrs{{Name: "momentum", Value: 0.9}}}},
		Schedule:  &Schedule{Op: &Op{Name: "schedule", Attrs: Attrs{{Name: "shape", Text: "cosine"}, {Name: "warmup", Value: 3}}}},
		Clip:      &Clip{Attrs: Attrs{{Name: "norm", Value: 1}}}}
	g.LaidOut = true
	return m
}

const written = `graph House
  input   x f32[n, 3, 4]
  target  target f32[n, 2]
  param   linear1.weight f32[2, 4] in panels uniform ±0.5
  state   seen i64[] fill 0
  slot    linear1.weight.m f32[2, 4] in panels fill 0
  scalar  learning rate f64[]
  scalar  step number i64[]
forward
  linear1 f32[n, 2] = dense(x, linear1.weight) :2:1
  keep1 f32[n, 2], keep1.mask f32[n, 2] = keep p=0.5 k=3 of=rows(linear1) :2:1
  flat1 f32[n, 2] = flat(keep1) :2:1
loss
  loss f32[] = mean(flat1, target) :2:1
backward
  ∂linear1.weight f32[2, 4] in panels = back(1, keep1.mask) :2:1
prelude
  rate f32[] = mean(learning rate, step number) :5:3
update
  linear1.weight' f32[2, 4] in panels over linear1.weight = learn(linear1.weight, ∂linear1.weight, linear1.weight.m, rate) :5:3
output flat1
loss loss
criterion mse(flat1, target) weight=0.5 target=class link=softmax
metric accuracy(flat1, target)
optimiser sgd lr=0.001 momentum=0.9
schedule schedule shape=cosine warmup=3
clip norm=1
batch 64 epochs 2 seed 7
`

func TestGraphText(t *testing.T) {
	for range 5 {
		assert.Equal(t, written, newModel().String())
	}
	assert.Equal(t, "graph \n", (&Graph{}).String())
	assert.Equal(t, "uniform ±0.1 fill 1", Init{Uniform: 0.1}.String()+" "+Init{Fill: 1}.String())
}

func (m model) String() string { return m.g.String() }

func TestGraphFindsMemory(t *testing.T) {
	m := newModel()
	kept := m.flat.Def.In[0]
	assert.Same(t, kept, m.flat.Base())
	assert.Same(t, kept, m.b.Node("flat2", flat(), m.flat)[0].Base(), "through two views")
	assert.Same(t, m.x, m.x.Base())

	assert.Same(t, m.w, m.after.Def.Overwrites(0))
	assert.Nil(t, m.after.Def.Overwrites(1))
	assert.Same(t, m.after, m.after.Base(), "a new value")
	assert.Same(t, m.w, m.after.Home(), "in the parameter's memory")
	assert.Same(t, m.w, m.b.Node("again", learn(), m.after)[0].Home(), "through two overwrites")
	assert.Same(t, m.w, m.b.Node("further", flat(), m.after)[0].Home(), "through a view")
	assert.Same(t, kept, m.b.Node("over", learn(), m.flat)[0].Home(), "an overwritten view")
	assert.Same(t, m.mask, m.mask.Home(), "a result that overwrites nothing, beside one that might")
}

// Overwrites are pairs: the second result of this card replaces its first operand, the first its third.
func TestOverwritesArePairs(t *testing.T) {
	m := newModel()
	crossed := &Op{Name: "crossed", Results: []string{"other"}, Overwrites: []Pair{{Result: 1, Operand: 0}, {Result: 0, Operand: 2}},
		Types: func(in []Type) ([]Type, error) { return []Type{in[2], in[0]}, nil }}
	out := m.b.Node("c", crossed, m.seen, m.dw, m.slot)
	n := out[0].Def
	assert.Same(t, m.slot, n.Overwrites(0))
	assert.Same(t, m.seen, n.Overwrites(1))
	assert.Same(t, m.slot, out[0].Home())
	assert.Same(t, m.seen, out[1].Home())
}

func TestEffects(t *testing.T) {
	m := newModel()
	for _, c := range []struct {
		of   *Value
		want bool
	}{{m.w, true}, {m.seen, true}, {m.slot, true}, {m.dw, false}, {m.after, true}} {
		assert.Equal(t, c.want, m.b.Node("v", learn(), c.of)[0].Def.Effect(), c.of.Name)
	}
	assert.False(t, m.y.Def.Effect())
	assert.True(t, m.b.Node("v", learn(), m.b.Node("view", flat(), m.w)[0])[0].Def.Effect(), "through a view")
	assert.Same(t, m.after.Def, m.g.Updater(m.w))
	assert.Nil(t, m.g.Updater(m.slot))
	assert.Same(t, m.dw, m.after.Def.Gradient())
}

func TestBuilder(t *testing.T) {
	m := newModel()
	assert.Equal(t, [][]*Value{{m.x}, {m.target}, {m.w}, {m.seen}, {m.slot}, nil, {m.b.Scalar(LearningRate), m.b.Scalar(StepNumber)}}, m.g.Given())

	n := m.y.Def
	assert.Equal(t, Forward, n.Phase)
	assert.Equal(t, "linear1", n.Layer)
	assert.Equal(t, Pos{2, 1}, n.Pos)
	assert.Equal(t, Pos{2, 1}, m.y.Pos)
	assert.Same(t, n, m.y.Def)

	assert.Equal(t, Value{Name: "0.001", Role: Const, Number: 0.001}, *m.b.Const(0.001))
	step := m.b.Scalar(StepNumber)
	assert.Same(t, step, m.b.Scalar(StepNumber), "once in a graph")
	assert.Same(t, step, NewBuilder(m.g).Scalar(StepNumber))
	assert.Equal(t, Type{Kind: I64}, step.Type)
	assert.Equal(t, Type{Kind: I64}, m.b.Scalar(TotalSteps).Type)
	assert.Equal(t, Type{Kind: F64}, m.b.Scalar(LearningRate).Type)
	assert.Len(t, m.g.Scalars, 3)
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
	assert.NoError(t, Verify(&Graph{Inputs: m.g.Inputs, Targets: m.g.Targets, Params: m.g.Params[:1], States: m.g.States, Slots: m.g.Slots, Nodes: m.g.Nodes[:5]}))
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
		{"update before prelude", "prelude comes after update", func(m model) { swap(m.g.Nodes, 5, 6); m.g.Nodes[5].In[3] = m.loss }},
		{"prelude before backward", "backward comes after prelude", func(m model) { swap(m.g.Nodes, 4, 5) }},
		{"read after overwrite", "operand linear1.weight was overwritten by linear1.weight'", func(m model) { m.b.Node("late", learn(), m.w) }},
		{"read through a view after overwrite", "operand view was overwritten by linear1.weight'", func(m model) {
			m.b.Phase = Update
			v := &Value{Name: "view", Type: Whole(8)}
			v.Def = &Node{Op: flat(), In: []*Value{m.w}, Out: []*Value{v}}
			m.g.Nodes = append([]*Node{v.Def}, m.g.Nodes...)
			m.g.LaidOut = false
			m.b.Node("late", keep(), v)
		}},
		{"another type in the memory", "cannot stand in the memory of linear1.weight", func(m model) {
			n := m.after.Def
			n.Op.Types = func([]Type) ([]Type, error) { return []Type{Whole(4, 2)}, nil }
			n.Out[0].Type = Whole(4, 2)
		}},
		{"another layout in the memory", "linear1.weight' cannot stand in the memory of linear1.weight", func(m model) { m.g.LaidOut, m.after.Layout = false, RowMajor }},
		{"output never made", "output stray is never made", func(m model) { m.g.Outputs = append(m.g.Outputs, &Value{Name: "stray"}) }},
		{"operand in another layout", "the layouts are not as its card asks", func(m model) {
			m.w.Layout, m.slot.Layout, m.dw.Layout, m.after.Layout = RowMajor, RowMajor, RowMajor, RowMajor
		}},
		{"result in another layout", "the layouts are not as its card asks", func(m model) { m.y.Layout = Panels }},
		{"element by element, in two layouts", "linear1.weight' f32[2, 4] in panels over linear1.weight = learn(linear1.weight, ∂linear1.weight, linear1.weight.m, rate) :5:3: the layouts are not as its card asks",
			func(m model) { m.dw.Layout = RowMajor }},
		{"input overwritten", "over overwrites the input x", func(m model) { m.b.Node("over", learn(), m.x) }},
		{"view of an input overwritten", "over overwrites the input x", func(m model) { m.g.LaidOut = false; m.b.Node("over", learn(), m.b.Node("view", flat(), m.x)[0]) }},
		{"constant overwritten", "over overwrites the const 1", func(m model) { m.b.Node("over", learn(), m.b.Const(1)) }},
		{"scalar overwritten", "over overwrites the scalar step", func(m model) { m.b.Node("over", learn(), m.b.Scalar(StepNumber)) }},
		{"output overwritten", "output flat1 was overwritten by over", func(m model) { m.b.Node("over", learn(), m.flat.Base()) }},
		{"overwritten twice at once", "seen was overwritten by both", func(m model) {
			m.b.Node("both", &Op{Name: "both", Results: []string{"too"}, Overwrites: []Pair{{}, {Result: 1, Operand: 1}},
				Types: func(in []Type) ([]Type, error) { return in, nil }}, m.seen, m.seen)
		}},
		{"update of another parameter", "it does not overwrite linear9.weight", func(m model) {
			w := *m.w
			w.Name = "linear9.weight"
			m.g.Params, m.after.Def.Updates = append(m.g.Params, &w), &w
		}},
		{"update of a state", "it does not overwrite seen", func(m model) { n := m.b.Node("seen'", learn(), m.seen)[0].Def; n.Updates = m.seen }},
		{"update that overwrites nothing", "it does not overwrite linear1.weight", func(m model) { m.after.Def.Op.Overwrites = nil }},
		{"parameter updated twice", "operand linear1.weight was overwritten by linear1.weight'", func(m model) {
			v := m.b.Node("w''", learn(), m.w)[0]
			v.Layout, v.Def.Updates = Panels, m.w
		}},
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
	for i, want := range []string{"result", "input", "target", "param", "state", "slot", "kept", "const", "scalar"} {
		assert.Equal(t, want, Role(i).String())
	}
	for i, want := range []string{"forward", "loss", "backward", "gather", "prelude", "update"} {
		assert.Equal(t, want, Phase(i).String())
	}
	assert.Equal(t, "f32 i32 i64 f64", fmt.Sprint(F32, I32, I64, F64))
	assert.Equal(t, "quantity class flag span", fmt.Sprint(Quantity, Class, Flag, Span))
	assert.Equal(t, "identity sigmoid softmax exp", fmt.Sprint(Identity, Sigmoid, Softmax, Exp))
}

func TestAttributesAreNumbersOrText(t *testing.T) {
	attrs := Attrs{{Name: "lr", Value: 0.1}, {Name: "act", Text: "relu"}, {Name: "k", Value: 3}}
	assert.Equal(t, " lr=0.1 act=relu k=3", attrs.String())
	assert.Equal(t, 3.0, attrs.Number("k"))
	assert.PanicsWithValue(t, "ir: there is no attribute p", func() { attrs.Number("p") })
}

// A counter is kept in memory though it is a single number; a loss is handed on.
func TestScalarsAreHandedOn(t *testing.T) {
	b := NewBuilder(&Graph{})
	steps := b.Value(State, "steps", Type{Kind: I64})
	next := b.Node("steps'", learn(), steps)[0]
	loss := b.Node("loss", mean(), b.Value(Input, "x", Row(3)))[0]
	assert.Equal(t, []bool{false, false, true, true, true, false},
		[]bool{steps.Scalar(), next.Scalar(), loss.Scalar(), b.Const(1).Scalar(), b.Scalar(StepNumber).Scalar(), b.Value(State, "mean", Whole(3)).Scalar()})
}
