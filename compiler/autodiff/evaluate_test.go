package autodiff_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

// loss adds a loss to the net, with what it is divided by where the card says so.
func (n *net) loss(card *ir.Op, y, target *ir.Value) *ir.Value {
	n.b.Phase = ir.Loss
	out := n.b.Node(card.Name, card, y, target)
	j := ir.Criterion{Name: card.Name, Output: y, Target: target, Loss: out[0], Weight: 1}
	if len(out) > 1 {
		j.Count = out[1]
	}
	n.g.Recipe.Losses = append(n.g.Recipe.Losses, j)
	return out[0]
}

// keepAll is a mask that drops nothing.
func keepAll(_ *ir.Node, _ int, y ir.Tensor) {
	for i := range y.Data {
		y.Data[i] = 1
	}
}

// Predict then Evaluate give the losses that the step's graph has where nothing is dropped.
func TestEvaluateGivesTheLossesOfTheStep(t *testing.T) {
	for name, c := range map[string]struct {
		build           func(n *net)
		inputs, outputs []string
	}{
		"one loss": {func(n *net) {
			y := n.linear("linear1", n.x)
			n.g.Outputs = []*ir.Value{y}
			n.g.Loss = n.loss(op.MSE(), y, n.target)
		}, []string{"linear1"}, []string{"mse"}},
		"behind dropout": {func(n *net) {
			h := n.linear("linear1", n.x)
			y := n.apply("dropout1", op.Dropout(), h, n.apply("mask", op.DropoutMask(0.5, 4), n.b.Scalar(ir.StepNumber)))
			n.g.Outputs = []*ir.Value{y}
			n.g.Loss = n.loss(op.MSE(), y, n.target)
		}, []string{"dropout1"}, []string{"mse"}},
		"against the input": {func(n *net) {
			y := n.linear("linear1", n.x)
			n.g.Outputs, n.g.Targets = []*ir.Value{y}, nil
			n.g.Loss = n.loss(op.MAE(), y, n.x)
		}, []string{"x", "linear1"}, []string{"mae"}},
		"several, two of one output": {func(n *net) {
			h := n.linear("linear1", n.x)
			y := n.linear("linear2", h)
			n.g.Outputs = []*ir.Value{h, y}
			classes := n.b.Value(ir.Target, "class", ir.Classes(4))
			losses := []*ir.Value{n.loss(op.MSE(), h, n.target), n.loss(op.MAE(), h, n.target), n.loss(op.CrossEntropy(0.1), y, classes)}
			n.g.Loss = n.apply("total", op.WeightedSum(1, 0.5, 2), losses...)
		}, []string{"linear1", "linear2"}, []string{"mse", "mae", "cross_entropy", "cross_entropy.counted"}},
		"an output that is the input, and one that nobody judges": {func(n *net) {
			y, z := n.linear("linear1", n.x), n.linear("linear2", n.x)
			n.g.Outputs = []*ir.Value{n.x, z, y}
			n.g.Loss = n.loss(op.MSE(), y, n.x)
		}, []string{"x", "linear1"}, []string{"mse"}},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNet()
			c.build(n)
			forward := n.g
			text := forward.String()
			evaluate := simplify.Dead(autodiff.Evaluate(forward))
			require.NoError(t, ir.Verify(evaluate))
			assert.Equal(t, text, forward.String(), "the forward graph stays as it is")
			assert.Equal(t, c.inputs, valueNames(evaluate.Inputs))
			assert.Equal(t, c.outputs, valueNames(evaluate.Outputs))
			assert.Equal(t, forward.Targets, evaluate.Targets)
			assert.Empty(t, evaluate.Params)
			assert.Empty(t, evaluate.Scalars)
			assert.Nil(t, evaluate.Loss)
			assert.Nil(t, evaluate.Recipe.Optimiser)
			for _, v := range evaluate.Inputs {
				assert.Equal(t, ir.Input, v.Role)
				assert.Nil(t, v.Def)
			}

			want, predicted := start(forward), start(forward)
			require.NoError(t, interp.Run(forward, want, rows, 0, keepAll))
			predict := simplify.Dead(autodiff.Predict(forward))
			require.NoError(t, interp.Run(predict, predicted, rows, 0, nil))
			env := interp.Env{}
			for _, v := range forward.Targets {
				env[v] = want[v]
			}
			for _, v := range evaluate.Inputs {
				for _, x := range forward.Inputs {
					if x.Name == v.Name {
						env[v] = want[x]
					}
				}
				for i, y := range forward.Outputs {
					if y.Name == v.Name {
						env[v] = predicted[predict.Outputs[i]]
					}
				}
			}
			require.NoError(t, interp.Run(evaluate, env, rows, 0, nil))
			require.Len(t, evaluate.Recipe.Losses, len(forward.Recipe.Losses))
			for i, j := range evaluate.Recipe.Losses {
				of := forward.Recipe.Losses[i]
				assert.Equal(t, want[of.Loss].Data, env[j.Loss].Data, j.Name)
				assert.Contains(t, evaluate.Inputs, j.Output)
				assert.Equal(t, of.Output.Name, j.Output.Name)
				assert.Equal(t, of.Target.Name, j.Target.Name)
				assert.Contains(t, append(evaluate.Inputs, evaluate.Targets...), j.Target)
				if of.Count != nil {
					assert.Equal(t, want[of.Count].Data, env[j.Count].Data)
					assert.Equal(t, []float64{rows}, env[j.Count].Data)
				}
			}
		})
	}
	n := newNet()
	n.g.Outputs = []*ir.Value{n.x}
	assert.Nil(t, autodiff.Evaluate(n.g), "without a loss")
}

func valueNames(values []*ir.Value) (list []string) {
	for _, v := range values {
		list = append(list, v.Name)
	}
	return list
}

// What lies behind a dropout is made anew, under the same names.
func TestPredictKeepsNames(t *testing.T) {
	n := newNet()
	h := n.linear("linear1", n.x)
	h = n.apply("dropout1", op.Dropout(), h, n.apply("mask", op.DropoutMask(0.5, 4), n.b.Scalar(ir.StepNumber)))
	parts := n.b.Named([]string{"first", "second"}, op.Split([]int{3, 1}, 0), h)
	y := n.apply("concat1", op.Concat(2, 0), parts[1], parts[0])
	predict := autodiff.Predict(n.judge(y))
	require.NoError(t, ir.Verify(predict))
	var names []string
	for _, node := range predict.Nodes {
		names = append(names, valueNames(node.Out)...)
	}
	assert.Equal(t, []string{"linear1", "first", "second", "concat1"}, names, "without the mask, even before anything is simplified")
	assert.Empty(t, predict.Scalars)
	assert.Empty(t, predict.Targets)
	assert.Equal(t, "linear1", predict.Nodes[1].In[0].Name)
}

// A card may be something else in prediction, and have fewer results there, under its own name.
func TestPredictReplacesAndDropsResults(t *testing.T) {
	n := newNet()
	state := n.b.Value(ir.State, "mean", ir.Whole(4))
	norm := &ir.Op{Name: "norm", Results: []string{"mean"}, Overwrites: []ir.Pair{{Result: 1, Operand: 1}},
		Types: func(in []ir.Type) ([]ir.Type, error) { return in, nil },
		Predict: func(b *ir.Builder, node *ir.Node, in []*ir.Value) []*ir.Value {
			fixed := &ir.Op{Name: "fixed", Types: func(in []ir.Type) ([]ir.Type, error) { return in[:1], nil }}
			return []*ir.Value{b.Node(node.Out[0].Name, fixed, in...)[0], nil}
		}}
	h := n.b.Node("norm1", norm, n.x, state)[0]
	n.g.Outputs = []*ir.Value{n.apply("tanh1", op.Tanh(), h)}
	predict := simplify.Dead(autodiff.Predict(n.g))
	require.NoError(t, ir.Verify(predict))
	require.Len(t, predict.Nodes, 2)
	assert.Equal(t, "fixed", predict.Nodes[0].Op.Name)
	assert.Equal(t, "norm1", predict.Nodes[0].Out[0].Name)
	assert.Equal(t, []*ir.Value{state}, predict.States)
	assert.False(t, predict.Nodes[0].Effect(), "a prediction changes nothing")
	assert.True(t, n.g.Nodes[0].Effect())
}
