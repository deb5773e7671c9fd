package autodiff_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

const rows = 3

// net builds a forward graph: x [n, 4], targets [n, 4], and what a test adds.
type net struct {
	g         *ir.Graph
	b         *ir.Builder
	x, target *ir.Value
}

// sgd is SGD at a rate of 0.1.
func sgd(momentum float64) *ir.Optimiser {
	return op.SGDOptimiser(0.1, momentum, 0, 0, false)
}

// adam is Adam at a rate of 0.1.
func adam() *ir.Optimiser {
	o := op.AdamOptimiser(0.1, 0.9, 0.999, 1e-8, 0, false)
	o.Pos = ir.Pos{Line: 9, Col: 2}
	return o
}

// gradient returns what the update of a parameter reads, nil if there is none.
func gradient(g *ir.Graph, p *ir.Value) *ir.Value {
	if n := g.Updater(p); n != nil {
		return n.Gradient()
	}
	return nil
}

func newNet() *net {
	g := &ir.Graph{Model: "Net", Recipe: ir.Recipe{Batch: rows, Optimiser: sgd(0)}}
	b := ir.NewBuilder(g)
	return &net{g: g, b: b, x: b.Value(ir.Input, "x", ir.Row(4)), target: b.Value(ir.Target, "target", ir.Row(4))}
}

func (n *net) param(name string, dims ...int) *ir.Value {
	return n.b.Value(ir.Param, name, ir.Whole(dims...))
}

func (n *net) apply(name string, card *ir.Op, in ...*ir.Value) *ir.Value {
	return n.b.Node(name, card, in...)[0]
}

// linear applies a layer 4 → 4 with parameters of its own.
func (n *net) linear(name string, x *ir.Value) *ir.Value {
	return n.apply(name, op.Linear(true), x, n.param(name+".weight", 4, 4), n.param(name+".bias", 4))
}

func (n *net) judge(y *ir.Value) *ir.Graph {
	n.g.Outputs = append(n.g.Outputs, y)
	n.b.Phase = ir.Loss
	n.g.Loss = n.apply("loss", op.MSE(), y, n.target)
	return n.g
}

// start gives inputs, targets, parameters and slots numbers.
func start(g *ir.Graph) interp.Env {
	r, env := rand.New(rand.NewPCG(8, 9)), interp.Env{}
	for _, list := range [][]*ir.Value{g.Inputs, g.Targets, g.Params} {
		for _, v := range list {
			x := ir.NewTensor(v.Type, rows)
			for i := range x.Data {
				x.Data[i] = r.NormFloat64()
				if v.Type.Kind == ir.I32 {
					x.Data[i] = float64(r.IntN(v.Type.Limit))
				}
			}
			env[v] = x
		}
	}
	for _, v := range g.Slots {
		env[v] = ir.NewTensor(v.Type, rows)
	}
	return env
}

// alternate is a mask that a test can foresee.
func alternate(_ *ir.Node, _ int, y ir.Tensor) {
	for i := range y.Data {
		y.Data[i] = float64(i % 2 * 2)
	}
}

func run(t *testing.T, g *ir.Graph, env interp.Env) {
	t.Helper()
	require.NoError(t, interp.Run(g, env, rows, 0, alternate))
}

// differences returns the gradient of the forward graph's loss, by central differences (Richardson).
func differences(t *testing.T, forward *ir.Graph, p *ir.Value) []float64 {
	grad := make([]float64, p.Type.Shape.Size())
	for i := range grad {
		at := func(h float64) float64 {
			env := start(forward)
			env[p].Data[i] += h
			run(t, forward, env)
			return env[forward.Loss].Data[0]
		}
		const h = 1e-3
		grad[i] = (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
	}
	return grad
}

func TestFanOutSumsGradients(t *testing.T) {
	for name, build := range map[string]func(n *net) *ir.Graph{
		"chain": func(n *net) *ir.Graph {
			return n.judge(n.linear("linear2", n.apply("tanh1", op.Tanh(), n.linear("linear1", n.x))))
		},
		"x + x": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			return n.judge(n.apply("add1", op.Add(), h, h))
		},
		"x·x": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			return n.judge(n.apply("mul1", op.Mul(), h, h))
		},
		"three uses": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			return n.judge(n.apply("mul1", op.Mul(), n.apply("add1", op.Add(), h, h), h))
		},
		"four uses by three nodes": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			a := n.apply("mul1", op.Mul(), n.apply("tanh1", op.Tanh(), h), n.apply("sigmoid1", op.Sigmoid(), h))
			return n.judge(n.apply("add1", op.Add(), a, n.apply("mul2", op.Mul(), h, h)))
		},
		"residual": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			return n.judge(n.apply("add1", op.Add(), n.apply("tanh1", op.Tanh(), n.linear("linear2", h)), h))
		},
		"residual twice": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			for _, name := range []string{"linear2", "linear3"} {
				h = n.apply("add1", op.Add(), h, n.apply("sigmoid1", op.Sigmoid(), n.linear(name, h)))
			}
			return n.judge(h)
		},
		"a parameter of two layers": func(n *net) *ir.Graph {
			w, b := n.param("w", 4, 4), n.param("b", 4)
			h := n.apply("tanh1", op.Tanh(), n.apply("linear1", op.Linear(true), n.x, w, b))
			return n.judge(n.apply("linear2", op.Linear(false), h, w))
		},
		"a parameter of three layers": func(n *net) *ir.Graph {
			w, b, h := n.param("w", 4, 4), n.param("b", 4), n.x
			for range 3 {
				h = n.apply("tanh1", op.Tanh(), n.apply("linear1", op.Linear(true), h, w, b))
			}
			return n.judge(h)
		},
		"a parameter that is added up": func(n *net) *ir.Graph {
			b := n.param("b", 4)
			twice := n.apply("add1", op.Add(), b, b)
			return n.judge(n.apply("linear1", op.Linear(true), n.x, n.param("w", 4, 4), n.apply("mul1", op.Mul(), twice, b)))
		},
		"views": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			flat := n.apply("reshape1", op.Reshape(2, 2), h)
			back := n.apply("reshape2", op.Reshape(4), n.apply("mul1", op.Mul(), flat, flat))
			return n.judge(n.apply("add1", op.Add(), back, h))
		},
		"two losses": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			y := n.linear("linear2", n.apply("tanh1", op.Tanh(), h))
			n.judge(y)
			other := n.apply("loss2", op.MSE(), n.apply("sigmoid1", op.Sigmoid(), h), n.target)
			n.g.Loss = n.apply("total", op.Add(), n.g.Loss, n.apply("total2", op.Add(), other, other))
			return n.g
		},
		"two losses with weights": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			y := n.linear("linear2", n.apply("tanh1", op.Tanh(), h))
			n.judge(y)
			other := n.apply("loss2", op.MSE(), n.apply("sigmoid1", op.Sigmoid(), h), n.target)
			n.g.Loss = n.apply("total", op.WeightedSum(1, 0.3), n.g.Loss, other)
			return n.g
		},
		"one loss in two sums": func(n *net) *ir.Graph {
			n.judge(n.linear("linear1", n.x))
			half := n.apply("half", op.WeightedSum(0.5), n.g.Loss)
			n.g.Loss = n.apply("total", op.WeightedSum(2, 0.3), half, n.g.Loss)
			return n.g
		},
		"a loss against the input": func(n *net) *ir.Graph {
			n.judge(n.linear("linear1", n.x))
			n.g.Loss = n.apply("loss2", op.MAE(), n.g.Outputs[0], n.x)
			return n.g
		},
		"concat and split": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			wide := n.apply("concat1", op.Concat(3, 0), h, n.x, h)
			parts := n.b.Named([]string{"a", "b", "c"}, op.Split([]int{4, 3, 5}, 0), wide)
			return n.judge(n.apply("concat2", op.Concat(2, 0), parts[1], n.apply("linear2", op.Linear(false), parts[2], n.param("w", 1, 5))))
		},
		"cross-entropy": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			logits := n.apply("add1", op.Add(), h, n.apply("softmax1", op.Softmax(), h))
			class := n.b.Value(ir.Target, "class", ir.Classes(4))
			n.g.Outputs = []*ir.Value{logits}
			n.b.Phase = ir.Loss
			n.g.Loss = n.apply("loss", op.CrossEntropy(0), logits, class)
			return n.g
		},
		"dropout": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			mask := n.apply("mask", op.DropoutMask(0.5, 4), n.b.Scalar(ir.StepNumber))
			return n.judge(n.apply("add1", op.Add(), n.apply("dropout1", op.Dropout(), h, mask), h))
		},
		"a branch that is not judged": func(n *net) *ir.Graph {
			h := n.linear("linear1", n.x)
			n.apply("tanh1", op.Tanh(), h)
			return n.judge(n.apply("sigmoid1", op.Sigmoid(), h))
		},
	} {
		t.Run(name, func(t *testing.T) {
			forward := build(newNet())
			text := forward.String()
			step := autodiff.Step(forward)
			require.NoError(t, ir.Verify(step))
			assert.Equal(t, text, forward.String(), "the forward graph stays as it is")
			env := start(step)
			run(t, step, env)
			before := start(step)
			for _, p := range forward.Params {
				grad := gradient(step, p)
				require.NotNil(t, grad, p.Name)
				for i, want := range differences(t, forward, p) {
					assert.InDelta(t, want, env[grad].Data[i], 1e-8*(1+math.Abs(want)), "∂%s[%d]", p.Name, i)
					assert.Equal(t, before[p].Data[i]-0.1*env[grad].Data[i], env[p].Data[i], "%s[%d] after the update", p.Name, i)
				}
			}
		})
	}
}

func count(g *ir.Graph, phase ir.Phase) (n int) {
	for _, node := range g.Nodes {
		if node.Phase == phase {
			n++
		}
	}
	return n
}

// A frozen parameter stays as it is, and so does what serves its update alone: slots, gradient, and everything
// behind it.
func TestFrozenParametersAreNotUpdated(t *testing.T) {
	build := func(frozen ...string) *ir.Graph {
		n := newNet()
		n.g.Recipe.Optimiser = sgd(0.9)
		h := n.apply("tanh1", op.Tanh(), n.linear("linear1", n.x))
		forward := n.judge(n.linear("linear2", h))
		for _, p := range forward.Params {
			p.Frozen = slices.Contains(frozen, p.Name)
		}
		return simplify.Dead(autodiff.Step(forward))
	}
	backward := func(g *ir.Graph) (made []string) {
		for _, n := range g.Nodes {
			if n.Phase == ir.Backward {
				made = append(made, n.Out[0].Name)
			}
		}
		return made
	}
	for name, c := range map[string]struct {
		frozen, slots, backward []string
	}{
		"first layer": {[]string{"linear1.weight", "linear1.bias"}, []string{"linear2.weight.momentum", "linear2.bias.momentum"},
			[]string{"∂linear2", "∂linear2.weight", "∂linear2.bias"}},
		"last layer": {[]string{"linear2.weight", "linear2.bias"}, []string{"linear1.weight.momentum", "linear1.bias.momentum"},
			[]string{"∂linear2", "∂tanh1", "∂linear1", "∂linear1.weight", "∂linear1.bias"}},
		"all but one": {[]string{"linear1.weight", "linear1.bias", "linear2.weight"}, []string{"linear2.bias.momentum"},
			[]string{"∂linear2", "∂linear2.bias"}},
	} {
		t.Run(name, func(t *testing.T) {
			step := build(c.frozen...)
			require.NoError(t, ir.Verify(step))
			assert.Equal(t, c.backward, backward(step))
			var slots []string
			for _, s := range step.Slots {
				slots = append(slots, s.Name)
			}
			assert.Equal(t, c.slots, slots)
			env, free, whole := start(step), build(), build()
			run(t, step, env)
			reference, before := start(whole), start(free)
			run(t, whole, reference)
			for i, p := range step.Params {
				assert.Equal(t, p.Frozen, gradient(step, p) == nil)
				want := reference[whole.Params[i]].Data
				if p.Frozen {
					want = before[free.Params[i]].Data
				}
				assert.Equal(t, want, env[p].Data, p.Name)
			}
		})
	}
}

func TestParametersWithoutInfluenceAreNotUpdated(t *testing.T) {
	n := newNet()
	unread := n.param("unread", 7)
	h := n.linear("linear1", n.x)
	n.g.Outputs = []*ir.Value{n.linear("unjudged", h)}
	step := autodiff.Step(n.judge(h))
	require.NoError(t, ir.Verify(step))
	assert.Nil(t, gradient(step, unread))
	assert.Equal(t, 2, count(step, ir.Update), "linear1's weight and bias")
	assert.Len(t, step.Params, 5, "but they stay parameters")
	for _, p := range step.Params {
		assert.Equal(t, p.Name == "linear1.weight" || p.Name == "linear1.bias", gradient(step, p) != nil, p.Name)
	}
}

// The graphs of a model share values, but not the lists that they stand in.
func TestStepsOfOneGraphAreApart(t *testing.T) {
	n := newNet()
	forward := n.judge(n.apply("tanh1", op.Tanh(), n.linear("linear1", n.x)))
	forward.Nodes = append(make([]*ir.Node, 0, 100), forward.Nodes...) // room that both might fill
	first := autodiff.Step(forward)
	nodes := append([]*ir.Node{}, first.Nodes...)
	second, predict := autodiff.Step(forward), autodiff.Predict(forward)
	for i, node := range nodes {
		assert.Same(t, node, first.Nodes[i], "node %d", i)
	}
	assert.Equal(t, first.String(), second.String())
	assert.NotSame(t, first.Nodes[len(nodes)-1], second.Nodes[len(nodes)-1])
	assert.Len(t, predict.Nodes, 2)
}

// Cards without a gradient rule end the backward pass.
func TestNoGradientFlowsThroughACardWithoutARule(t *testing.T) {
	n := newNet()
	wall := op.Tanh()
	wall.Grad = nil
	step := autodiff.Step(n.judge(n.linear("linear2", n.apply("wall1", wall, n.linear("linear1", n.x)))))
	require.NoError(t, ir.Verify(step))
	assert.Equal(t, 2, count(step, ir.Update))
	assert.Nil(t, gradient(step, step.Params[0]))
	assert.NotNil(t, gradient(step, step.Params[2]))
}

func TestStepWithoutALossIsNil(t *testing.T) {
	n := newNet()
	n.g.Outputs = []*ir.Value{n.linear("linear1", n.x)}
	assert.Nil(t, autodiff.Step(n.g))
}

func TestUpdatesTakeSlotsAndScalars(t *testing.T) {
	n := newNet()
	n.g.Recipe.Optimiser = adam()
	step := autodiff.Step(n.judge(n.linear("linear1", n.x)))
	require.NoError(t, ir.Verify(step))
	var names []string
	for i, s := range step.Slots {
		names = append(names, s.Name)
		p := step.Params[i/2]
		assert.Same(t, p, s.Of)
		assert.Equal(t, p.Type, s.Type)
	}
	assert.Equal(t, []string{"linear1.weight.m", "linear1.weight.v", "linear1.bias.m", "linear1.bias.v"}, names)
	update := step.Nodes[len(step.Nodes)-1]
	bias := step.Params[1]
	rates := step.Nodes[len(step.Nodes)-3]
	assert.Equal(t, ir.Prelude, rates.Phase, "once for both parameters")
	assert.Equal(t, ir.Pos{Line: 9, Col: 2}, rates.Pos, "the optimiser's line")
	assert.Equal(t, []string{ir.LearningRate, ir.StepNumber}, []string{rates.In[0].Name, rates.In[1].Name})
	assert.Equal(t, []*ir.Value{bias, gradient(step, bias), step.Slots[2], step.Slots[3], update.In[4], rates.Out[0], rates.Out[1]}, update.In)
	assert.Equal(t, ir.Value{Name: "1", Role: ir.Const, Number: 1}, *update.In[4], "the gradient's scale")
	assert.Equal(t, ir.Update, update.Phase)
	assert.Same(t, bias, update.Updates)
	assert.Equal(t, "linear1.bias", update.Layer)
	assert.Equal(t, ir.Pos{Line: 9, Col: 2}, update.Pos, "the optimiser's line")
	assert.Empty(t, n.g.Slots, "the forward graph has none")
	assert.Empty(t, n.g.Scalars)
}

func TestBackwardNodesBelongToTheirLayer(t *testing.T) {
	n := newNet()
	n.b.Layer, n.b.Pos = "linear1", ir.Pos{Line: 2, Col: 1}
	h := n.linear("linear1", n.x)
	n.b.Layer, n.b.Pos = "tanh1", ir.Pos{Line: 3, Col: 1}
	h = n.apply("tanh1", op.Tanh(), h)
	n.b.Layer, n.b.Pos = "loss", ir.Pos{Line: 4, Col: 1}
	step := autodiff.Step(n.judge(h))
	var layers []string
	for _, node := range step.Nodes {
		if node.Phase == ir.Backward {
			layers = append(layers, fmt.Sprint(node.Op.Name, " ", node.Layer, " ", node.Pos.Line))
		}
	}
	assert.Equal(t, []string{"mse_grad loss 4", "tanh_grad tanh1 3", "linear_grad_input linear1 2", "linear_grad_weight linear1 2", "linear_grad_bias linear1 2"}, layers)
}

func TestPredictDropsDropoutAndKeepsTheRest(t *testing.T) {
	n := newNet()
	mask := func() *ir.Value { return n.apply("mask", op.DropoutMask(0.5, 4), n.b.Scalar(ir.StepNumber)) }
	h := n.apply("dropout1", op.Dropout(), n.linear("linear1", n.x), mask())
	h = n.apply("dropout2", op.Dropout(), h, mask())
	h = n.apply("relu1", op.ReLU(), h)
	middle := n.apply("reshape1", op.Reshape(2, 2), h)
	y := n.apply("dropout3", op.Dropout(), n.linear("linear2", h), mask())
	n.g.Outputs = []*ir.Value{middle}
	forward := n.judge(y)
	text := forward.String()

	predict := simplify.Dead(autodiff.Predict(forward))
	require.NoError(t, ir.Verify(predict))
	assert.Equal(t, text, forward.String(), "the forward graph stays as it is")
	assert.Equal(t, `graph Net
  input   x f32[n, 4]
  param   linear1.weight f32[4, 4] fill 0
  param   linear1.bias f32[4] fill 0
  param   linear2.weight f32[4, 4] fill 0
  param   linear2.bias f32[4] fill 0
forward
  linear1 f32[n, 4] = linear(x, linear1.weight, linear1.bias) :0:0
  relu1 f32[n, 4] = relu(linear1) :0:0
  reshape1 f32[n, 2, 2] = reshape d0=2 d1=2(relu1) :0:0
  linear2 f32[n, 4] = linear(relu1, linear2.weight, linear2.bias) :0:0
output reshape1
output linear2
`, predict.String())
	assert.Empty(t, predict.Scalars)
	assert.Nil(t, predict.Recipe.Optimiser)
	assert.NotNil(t, forward.Recipe.Optimiser)

	env, training := start(forward), start(forward)
	run(t, predict, env)
	require.NoError(t, interp.Run(forward, training, rows, 0, func(_ *ir.Node, _ int, y ir.Tensor) {
		for i := range y.Data {
			y.Data[i] = 1
		}
	}))
	for i, v := range predict.Outputs {
		assert.Equal(t, training[forward.Outputs[i]].Data, env[v].Data, "as if no element were dropped")
	}
}

func TestPredictOfTheInputItself(t *testing.T) {
	n := newNet()
	n.g.Outputs = []*ir.Value{n.x}
	predict := autodiff.Predict(n.g)
	assert.Empty(t, predict.Nodes)
	assert.Equal(t, []*ir.Value{n.x}, predict.Outputs)
	assert.NoError(t, ir.Verify(predict))
}
