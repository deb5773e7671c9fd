package plan

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

// machine runs a planned program as compiled code does: every result is written to its place, scratch is trampled on,
// what overwrites writes to what it overwrites.
type machine struct {
	p       *Program
	arena   []float64
	outside interp.Env // what lies elsewhere: what is given, scalars, the caller's outputs
	step    int
	random  interp.Random
}

// at returns the memory of a value.
func (m *machine) at(v *ir.Value) ir.Tensor {
	home := v.Home()
	if place, ok := m.p.Places[v.Base()]; ok {
		return ir.Tensor{Type: v.Type, Rows: m.p.Rows, Data: m.arena[place.Offset:place.End()]}
	}
	x, ok := m.outside[home]
	if !ok {
		x = ir.NewTensor(home.Type, m.p.Rows)
		m.outside[home] = x
	}
	return ir.Tensor{Type: v.Type, Rows: x.Rows, Data: x.Data}
}

// scalar returns the number that a constant or a step scalar is.
func (m *machine) scalar(v *ir.Value) ir.Tensor {
	x := v.Number
	if v.Role == ir.Scalar {
		x = map[string]float64{ir.StepNumber: float64(m.step), ir.LearningRate: rate, ir.TotalSteps: total}[v.Name]
	}
	return ir.Tensor{Type: v.Type, Rows: 1, Data: []float64{x}}
}

const (
	rate  = 0.05
	total = 10
)

func (m *machine) run() {
	for _, n := range m.p.Graph.Nodes {
		if n.Op.View {
			continue
		}
		if scratch, ok := m.p.Scratch[n]; ok {
			for i := range m.arena[scratch.Offset:scratch.End()] {
				m.arena[scratch.Offset+i] = math.NaN()
			}
		}
		xs, ys := make([]ir.Tensor, len(n.In)), make([]ir.Tensor, len(n.Out))
		for i, v := range n.In {
			if xs[i] = m.at(v); v.Role == ir.Const || v.Role == ir.Scalar {
				xs[i] = m.scalar(v)
			}
		}
		for i, v := range n.Out {
			ys[i] = m.at(v)
		}
		if n.Op.Random {
			m.random(n, m.step, ys[0])
			ir.EvalInTurn(n.Op.Fused, 1, ys, xs)
			continue
		}
		n.Op.Eval(ys, xs)
	}
}

// given draws what a graph is given.
func given(g *ir.Graph, rows int, seed uint64) interp.Env {
	r, env := rand.New(rand.NewPCG(seed, 3)), interp.Env{}
	for _, list := range [][]*ir.Value{g.Inputs, g.Targets, g.Params, g.States, g.Slots} {
		for _, v := range list {
			x := ir.NewTensor(v.Type, rows)
			for i := range x.Data {
				x.Data[i] = r.NormFloat64() / 2
				if v.Role == ir.Slot {
					x.Data[i] = 0
				}
				if v.Type.Kind == ir.I32 {
					x.Data[i] = float64(r.IntN(v.Type.Limit))
				}
			}
			env[v] = x
		}
	}
	return env
}

func clone(env interp.Env) interp.Env {
	c := interp.Env{}
	for v, x := range env {
		x.Data = append([]float64{}, x.Data...)
		c[v] = x
	}
	return c
}

// alternate is a mask that can be foreseen.
func alternate(_ *ir.Node, step int, y ir.Tensor) {
	for i := range y.Data {
		y.Data[i] = float64((i + step) % 2 * 2)
	}
}

// agree runs two steps of a program in its memory, and the graph that it was made of by the meaning of its operations, and
// compares outputs, losses, what lasts and what is kept: equal, since each number is made of the same numbers.
func agree(t *testing.T, p *Program, g *ir.Graph, seed uint64) {
	t.Helper()
	want := given(g, p.Rows, seed)
	m := &machine{p: p, arena: make([]float64, p.Arena), outside: clone(want), random: alternate}
	for i := range m.arena {
		m.arena[i] = math.NaN()
	}
	for _, v := range g.Scalars {
		switch v.Name {
		case ir.LearningRate:
			want[v] = ir.Tensor{Type: v.Type, Rows: 1, Data: []float64{rate}}
		case ir.TotalSteps:
			want[v] = ir.Tensor{Type: v.Type, Rows: 1, Data: []float64{total}}
		}
	}
	for m.step = range 2 {
		require.NoError(t, interp.Run(g, want, p.Rows, m.step, alternate))
		m.run()
		check := append(append([]*ir.Value{}, g.Outputs...), p.Kept...)
		for _, list := range [][]*ir.Value{g.Params, g.States, g.Slots} {
			check = append(check, list...)
		}
		if g.Loss != nil {
			check = append(check, g.Loss)
		}
		for _, v := range check {
			got, want := m.at(v).Data, want[v].Data
			require.Len(t, got, len(want))
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("graph %d, %s, step %d: %s[%d] is %v, not %v\n%v", seed, p.Name, m.step, v.Name, i, got[i], want[i], p.Graph)
				}
			}
		}
	}
}

// source is the graph that a program was made of.
func (g Graphs) source(p *Program) *ir.Graph {
	return map[string]*ir.Graph{Train: g.Step, Steps: g.Step, Predict: g.Predict, Evaluate: g.Evaluate}[p.Name]
}

func TestProgramsComputeWhatTheGraphMeans(t *testing.T) {
	for seed := range uint64(100) {
		g := random(seed)
		p := Memory(g, someWritten(g.Step, seed))
		require.NoError(t, Verify(p))
		for _, program := range p.Programs {
			agree(t, program, g.source(program), seed)
		}
	}
}

// networks builds models of real operations.
func networks(t *testing.T) map[string]Graphs {
	t.Helper()
	graphs := map[string]Graphs{}
	for name, build := range map[string]func(n *network){
		"deep": func(n *network) {
			h := n.x
			for i := range 12 {
				h = n.apply("relu", op.ReLU(), n.linear(fmt.Sprint("linear", i), h, 7))
			}
			n.judge(op.MSE(), n.linear("last", h, 2), ir.Row(2))
		},
		"dropout and classes": func(n *network) {
			h := n.apply("tanh", op.Tanh(), n.linear("linear1", n.x, 9))
			mask := n.apply("mask", op.DropoutMask(0.5, 9), n.b.Scalar(ir.StepNumber))
			h = n.apply("dropout", op.Dropout(), h, mask)
			n.judge(op.CrossEntropy(0.1), n.linear("linear2", h, 5), ir.Classes(5))
		},
		"residual, split and concat": func(n *network) {
			h := n.linear("linear1", n.x, 8)
			for i := range 3 {
				h = n.apply("add", op.Add(), h, n.apply("sigmoid", op.Sigmoid(), n.linear(fmt.Sprint("inner", i), h, 8)))
			}
			parts := n.b.Named([]string{"a", "b", "c"}, op.Split([]int{3, 3, 2}, 0), h)
			h = n.apply("concat", op.Concat(3, 0), parts[1], n.apply("softmax", op.Softmax(), parts[0]), n.apply("mul", op.Mul(), parts[0], parts[1]))
			h = n.apply("reshape", op.Reshape(3, 3), h)
			n.judge(op.BCELogits(), n.apply("flat", op.Reshape(9), n.linear("linear2", h, 3)), ir.Row(9))
		},
		"a weight of two layers": func(n *network) {
			w := n.param("w", 6, 6)
			h := n.apply("tanh", op.Tanh(), n.apply("one", op.Linear(false), n.x, w))
			n.judge(op.MAE(), n.apply("two", op.Linear(false), h, w), ir.Row(6))
		},
	} {
		for kind, change := range map[string]func(r *ir.Recipe){
			"sgd":           func(*ir.Recipe) {},
			"clip by norm":  func(r *ir.Recipe) { r.Clip = &ir.Clip{Scale: func(k int) *ir.Op { return op.ClipScale(0.1, k) }} },
			"clip by value": func(r *ir.Recipe) { r.Clip = &ir.Clip{Each: op.ClipValue(0.01)} },
			"adam, cosine": func(r *ir.Recipe) {
				r.Schedule = &ir.Schedule{Reads: ir.TotalSteps, Op: op.CosineSchedule(3, 0)}
				r.Optimiser = op.AdamOptimiser(0, 0.9, 0.999, 1e-8, 0, false)
			},
		} {
			g := &ir.Graph{Recipe: ir.Recipe{Batch: 5, Optimiser: op.SGDOptimiser(0, 0, 0, 0.1, false)}}
			change(&g.Recipe)
			n := &network{b: ir.NewBuilder(g)}
			n.x = n.b.Value(ir.Input, "x", ir.Row(6))
			build(n)
			graphs[name+", "+kind] = Graphs{Step: simplify.Graph(autodiff.Step(g), nil), Predict: simplify.Graph(autodiff.Predict(g), nil), Evaluate: simplify.Graph(autodiff.Evaluate(g), nil)}
		}
	}
	return graphs
}

type network struct {
	b *ir.Builder
	x *ir.Value
}

func (n *network) apply(name string, card *ir.Op, in ...*ir.Value) *ir.Value {
	n.b.Layer = name
	return n.b.Node(name, card, in...)[0]
}

func (n *network) param(name string, dims ...int) *ir.Value {
	return n.b.Value(ir.Param, name, ir.Whole(dims...))
}

func (n *network) linear(name string, x *ir.Value, out int) *ir.Value {
	return n.apply(name, op.Linear(true), x, n.param(name+".weight", out, x.Type.Shape.Last()), n.param(name+".bias", out))
}

func (n *network) judge(loss *ir.Op, y *ir.Value, target ir.Type) {
	g := n.b.Graph
	g.Outputs, n.b.Phase = []*ir.Value{y}, ir.Loss
	g.Loss = n.apply("loss", loss, y, n.b.Value(ir.Target, "target", target))
	g.Recipe.Losses = []ir.Criterion{{Output: y, Target: g.Targets[0], Loss: g.Loss}}
}

func TestNetworksComputeWhatTheyMean(t *testing.T) {
	for name, g := range networks(t) {
		t.Run(name, func(t *testing.T) {
			for _, written := range []map[string]bool{nil, {"linear1": true, "linear1.weight": true, "linear1.bias": true, "loss": true, "relu": true}} {
				p := Memory(g, written)
				require.NoError(t, Verify(p))
				for _, program := range p.Programs {
					agree(t, program, g.source(program), 1)
				}
			}
		})
	}
}
