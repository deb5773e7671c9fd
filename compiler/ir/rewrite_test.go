package ir

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rename is an operation that does what dense does, under another name.
func rename() *Op {
	op := dense()
	op.Name = "other"
	return op
}

// each is a rule for the nodes of one operation.
func each(name string, rule func(b *Builder, n *Node, in []*Value) []*Value) Rule {
	return func(b *Builder, n *Node, in []*Value) ([]*Value, bool) {
		if n.Op.Name != name {
			return nil, false
		}
		return rule(b, n, in), true
	}
}

func TestRewriteOfNothingIsTheSame(t *testing.T) {
	m := newModel()
	same := Rewrite(m.g, each("none", nil))
	require.NoError(t, Verify(same))
	assert.Equal(t, written, same.String())
	assert.Equal(t, m.g.Nodes, same.Nodes)
	for i, n := range same.Nodes {
		assert.Same(t, m.g.Nodes[i], n)
	}
	assert.Equal(t, m.g.Recipe, same.Recipe)
	assert.Same(t, m.g.Loss, same.Loss)
	assert.True(t, same.LaidOut)
}

func TestRewriteMakesAnewWhatReadsAnotherValue(t *testing.T) {
	m := newModel()
	g := Rewrite(m.g, each("dense", func(b *Builder, n *Node, in []*Value) []*Value {
		w := b.Node("linear1", &Op{Name: "copy", Types: func(in []Type) ([]Type, error) { return in, nil },
			Layouts: Layouts{Operands: map[int][]Layout{0: {Panels}}, Results: map[int][]Layout{0: {Panels}}}}, in[1])[0]
		w.Layout = Panels
		return b.Node("linear1", rename(), in[0], w)
	}))
	require.NoError(t, Verify(g))
	assert.Equal(t, written, m.String(), "the graph that it was given stays as it is")
	assert.Equal(t, `  linear1 f32[2, 4] in panels = copy(linear1.weight) :2:1
  linear1' f32[n, 2] = other(x, linear1) :2:1
  keep1 f32[n, 2], keep1.mask f32[n, 2] = keep p=0.5 k=3 of=rows(linear1') :2:1
  flat1 f32[n, 2] = flat(keep1) :2:1
`, section(g, "forward", "loss"))
	assert.Equal(t, "linear1", g.Nodes[1].Layer)
	assert.Equal(t, Forward, g.Nodes[1].Phase)
	assert.Same(t, g.Outputs[0], g.Nodes[3].Out[0])
	assert.NotSame(t, m.flat, g.Outputs[0], "a chain of views of what is new is new")
	assert.Same(t, g.Nodes[2].Out[0], g.Outputs[0].Base())
	loss := g.Nodes[4].Out[0]
	assert.Same(t, loss, g.Loss)
	assert.Equal(t, []Criterion{{Name: "mse", Output: g.Outputs[0], Target: m.target, Loss: loss, Count: g.Nodes[2].Out[1], Weight: 0.5, Kind: Class, Link: Softmax}}, g.Recipe.Losses)
	assert.Equal(t, []Criterion{{Name: "accuracy", Output: g.Outputs[0], Target: m.target}}, g.Recipe.Metrics)
	update := g.Nodes[7]
	assert.NotSame(t, m.after.Def, update, "it reads a gradient that was made anew")
	assert.Same(t, m.w, update.Updates)
	assert.Equal(t, Panels, update.Out[0].Layout)
	assert.Equal(t, "linear1.weight'", update.Out[0].Name)
	assert.Same(t, m.rate.Def, g.Nodes[6], "what reads nothing new stays")
}

// section cuts the part of a graph's text from one heading to another.
func section(g *Graph, from, to string) string {
	_, text, _ := strings.Cut(g.String(), from+"\n")
	text, _, _ = strings.Cut(text, to+"\n")
	return text
}

// What a rule adds never takes the name of another node, be it there or yet to come.
func TestRewriteKeepsTheNamesOfWhatComesLater(t *testing.T) {
	m := newModel()
	g := Rewrite(m.g, each("dense", func(b *Builder, n *Node, in []*Value) []*Value {
		for _, name := range []string{"linear1.weight", "flat1", "keep1.mask", "linear1.weight'"} {
			b.Node(name, mean(), in[0])
		}
		return b.Named([]string{n.Out[0].Name}, n.Op, in...)
	}))
	require.NoError(t, Verify(g))
	var names []string
	for _, n := range g.Nodes {
		names = append(names, n.Out[0].Name)
	}
	assert.Equal(t, []string{"linear1.weight'2", "flat1'", "keep1.mask'", "linear1.weight''", "linear1", "keep1", "flat1", "loss", "∂linear1.weight", "rate", "linear1.weight'"}, names)
}

func TestRewriteKeepsTheNamesOfWhatIsThere(t *testing.T) {
	m := newModel()
	g := Rewrite(m.g, each("mean", func(b *Builder, n *Node, in []*Value) []*Value {
		return b.Node("keep1.mask", n.Op, in...)
	}))
	require.NoError(t, Verify(g))
	assert.Equal(t, "keep1.mask'", g.Loss.Name)
	assert.Equal(t, "keep1.mask'2", g.Nodes[5].Out[0].Name)
}

func TestRewriteDropsResults(t *testing.T) {
	m := newModel()
	m.dw.Def.In[1] = m.y // so that nothing reads the mask
	m.g.Recipe.Losses[0].Count = nil
	drop := each("keep", func(b *Builder, n *Node, in []*Value) []*Value { return []*Value{in[0], nil} })
	g := Rewrite(m.g, drop)
	require.NoError(t, Verify(g))
	assert.Len(t, g.Nodes, len(m.g.Nodes)-1)
	assert.Same(t, m.y, g.Outputs[0].Base())
	assert.Equal(t, "flat1", g.Outputs[0].Name)
	assert.Nil(t, g.Recipe.Losses[0].Count)

	fewer := Rewrite(m.g, each("keep", func(b *Builder, n *Node, in []*Value) []*Value { return in }))
	assert.Equal(t, g.String(), fewer.String(), "results that the rule does not name are gone")
	more := Rewrite(m.g, each("dense", func(b *Builder, n *Node, in []*Value) []*Value {
		return b.Node("more", keep(), b.Node("linear1", n.Op, in...)...)
	}))
	require.NoError(t, Verify(more), "a rule may make more results than there were")
	assert.Equal(t, "more", more.Nodes[2].In[0].Name)

	m.dw.Def.In[1] = m.mask
	assert.PanicsWithValue(t, "ir: a rule leaves out keep1.mask, which ∂linear1.weight f32[2, 4] in panels = back(1, keep1.mask) :2:1 needs", func() { Rewrite(m.g, drop) })
	m.g.Outputs = []*Value{m.mask}
	m.dw.Def.In[1] = m.y
	assert.PanicsWithValue(t, "ir: a rule leaves out keep1.mask, which an output needs", func() { Rewrite(m.g, drop) })
	m.g.Outputs, m.g.Loss = nil, m.mask
	assert.PanicsWithValue(t, "ir: a rule leaves out keep1.mask, which the loss needs", func() { Rewrite(m.g, drop) })
}

// A rule may swap results, and drop a whole chain of views.
func TestRewriteOfChains(t *testing.T) {
	m := newModel()
	v := m.flat
	m.b.Phase = Loss
	m.g.Nodes = m.g.Nodes[:3]
	for range 3 {
		v = m.b.Node("view", flat(), v)[0]
	}
	m.g.Outputs, m.g.Loss, m.g.Recipe = []*Value{v, m.flat}, nil, Recipe{}
	swapped := Rewrite(m.g, each("keep", func(b *Builder, n *Node, in []*Value) []*Value {
		out := b.Named([]string{n.Out[0].Name, n.Out[1].Name}, n.Op, in...)
		return []*Value{out[1], out[0]}
	}))
	require.NoError(t, Verify(swapped))
	assert.Equal(t, "keep1.mask", swapped.Outputs[0].Base().Name)
	assert.Equal(t, "view'2", swapped.Outputs[0].Name)
	assert.Equal(t, "flat1", swapped.Outputs[1].Name)

	short := Rewrite(m.g, each("flat", func(b *Builder, n *Node, in []*Value) []*Value { return in }))
	require.NoError(t, Verify(short))
	assert.Len(t, short.Nodes, 2)
	assert.Same(t, short.Outputs[0], short.Outputs[1])
}

// What a rule gives to the graph does not get into that which it was given, even where there is room behind its lists.
func TestRewriteAddsValues(t *testing.T) {
	m := newModel()
	m.g.Params = append(make([]*Value, 0, 9), m.g.Params...)
	m.g.Scalars = append(make([]*Value, 0, 9), m.g.Scalars...)
	add := func(name string) *Graph {
		return Rewrite(m.g, each("dense", func(b *Builder, n *Node, in []*Value) []*Value {
			b.Value(Param, name, Whole(2))
			b.Scalar(TotalSteps)
			return b.Named([]string{"linear1"}, n.Op, in...)
		}))
	}
	first, second := add("a"), add("b")
	assert.Equal(t, "a", first.Params[1].Name)
	assert.Equal(t, "b", second.Params[1].Name)
	assert.NotSame(t, first.Scalars[2], second.Scalars[2])
	assert.Equal(t, written, m.String())
	require.NoError(t, Verify(first))
}

func TestWithoutDropsNodesAndScalars(t *testing.T) {
	m := newModel()
	g := m.g.Without(func(n *Node) bool { return n.Phase != Prelude && n.Phase != Update })
	assert.Len(t, g.Nodes, 5)
	assert.Empty(t, g.Scalars, "nothing reads them any more")
	assert.Equal(t, written, m.String(), "the graph stays as it is")
	m.rate.Def.In = m.rate.Def.In[:1]
	assert.Equal(t, m.g.Scalars[:1], m.g.Without(func(*Node) bool { return true }).Scalars)
}
