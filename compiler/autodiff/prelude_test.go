package autodiff_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

// clipped are models whose gradients are shared, frozen, of one layer, tied, or seen in two shapes.
var clipped = map[string]func(n *net) *ir.Graph{
	"one layer without a bias": func(n *net) *ir.Graph {
		return n.judge(n.apply("linear1", op.Linear(false), n.x, n.param("w", 4, 4)))
	},
	"two layers": func(n *net) *ir.Graph {
		return n.judge(n.linear("linear2", n.apply("tanh1", op.Tanh(), n.linear("linear1", n.x))))
	},
	"a frozen layer": func(n *net) *ir.Graph {
		g := n.judge(n.linear("linear2", n.apply("tanh1", op.Tanh(), n.linear("linear1", n.x))))
		g.Params[0].Frozen = true
		return g
	},
	"a weight of two layers": func(n *net) *ir.Graph {
		w := n.param("w", 4, 4)
		return n.judge(n.apply("linear2", op.Linear(false), n.apply("linear1", op.Linear(false), n.x, w), w))
	},
	"two parameters with one gradient": func(n *net) *ir.Graph {
		b := n.apply("add1", op.Add(), n.param("b", 4), n.param("c", 4))
		return n.judge(n.apply("linear1", op.Linear(true), n.x, n.param("w", 4, 4), b))
	},
	"two parameters that see one gradient": func(n *net) *ir.Graph {
		c, d := n.param("c", 2, 2), n.param("d", 2, 2)
		b := n.apply("add1", op.Add(), n.apply("flat", op.Reshape(4), c), n.apply("flat", op.Reshape(4), d))
		b = n.apply("add2", op.Add(), n.param("b", 4), b)
		return n.judge(n.apply("linear1", op.Linear(true), n.x, n.param("w", 4, 4), b))
	},
}

// plain returns the gradients of the trained parameters by name, without any clipping.
func plain(t *testing.T, build func(n *net) *ir.Graph) map[string][]float64 {
	t.Helper()
	step := autodiff.Step(build(newNet()))
	env := start(step)
	run(t, step, env)
	grads := map[string][]float64{}
	for _, p := range step.Params {
		if g := gradient(step, p); g != nil {
			grads[p.Name] = env[g].Data
		}
	}
	return grads
}

// torch.nn.utils.clip_grad_norm_: every gradient is scaled by min(1, most/(norm + 1e-6)), where the norm is of all
// gradients of trained parameters, parameter by parameter.
func TestClipByNorm(t *testing.T) {
	for name, build := range clipped {
		t.Run(name, func(t *testing.T) {
			grads := plain(t, build)
			norm := 0.0
			for _, g := range grads {
				for _, v := range g {
					norm += v * v
				}
			}
			norm = math.Sqrt(norm)
			for _, most := range []float64{norm / 3, norm * 3} {
				n := newNet()
				n.g.Recipe.Clip = &ir.Clip{Scale: func(k int) *ir.Op { return op.ClipScale(most, k) }, Pos: ir.Pos{Line: 7}}
				step := simplify.Dead(autodiff.Step(build(n)))
				require.NoError(t, ir.Verify(step))
				env, before := start(step), start(step)
				run(t, step, env)
				scales := 0
				for _, node := range step.Nodes {
					if node.Op.Name == "clip_scale" {
						scales++
						assert.Len(t, node.In, len(grads), "a gradient for every trained parameter")
						assert.Equal(t, []any{ir.Prelude, "prelude", 7}, []any{node.Phase, node.Layer, node.Pos.Line})
					}
				}
				assert.Equal(t, 1, scales)
				for _, p := range step.Params {
					for i, was := range before[p].Data {
						want := was
						if g := grads[p.Name]; g != nil {
							want -= 0.1 * min(1, most/(norm+1e-6)) * g[i]
						}
						assert.InDelta(t, want, env[p].Data[i], 1e-12, "%s[%d]", p.Name, i)
					}
				}
			}
		})
	}
}

// torch.nn.utils.clip_grad_value_: every element is cut to ±most, once for each memory.
func TestClipByValue(t *testing.T) {
	for name, build := range clipped {
		t.Run(name, func(t *testing.T) {
			grads := plain(t, build)
			largest := 0.0
			for _, g := range grads {
				for _, v := range g {
					largest = max(largest, math.Abs(v))
				}
			}
			n := newNet()
			n.g.Recipe.Clip = &ir.Clip{Each: op.ClipValue(largest / 4)}
			step := simplify.Dead(autodiff.Step(build(n)))
			require.NoError(t, ir.Verify(step))
			env, before := start(step), start(step)
			run(t, step, env)
			cut := 0
			for _, p := range step.Params {
				for i, was := range before[p].Data {
					want := was
					if g := grads[p.Name]; g != nil {
						want -= 0.1 * max(-largest/4, min(largest/4, g[i]))
						if math.Abs(g[i]) > largest/4 {
							cut++
						}
					}
					assert.InDelta(t, want, env[p].Data[i], 1e-12, "%s[%d]", p.Name, i)
				}
			}
			assert.Positive(t, cut)
			homes := map[*ir.Value]int{}
			for _, node := range step.Nodes {
				if node.Op.Name == "clip_value" {
					assert.Equal(t, ir.Prelude, node.Phase)
					assert.Same(t, node.In[0], node.Overwrites(0), "it lies where the gradient lies")
					homes[node.Out[0].Home()]++
				}
			}
			for g, times := range homes {
				assert.Equal(t, 1, times, g.Name)
			}
			for _, p := range step.Params {
				if g := gradient(step, p); g != nil {
					assert.Equal(t, 1, homes[g.Home()], "the gradient of %s is clipped", p.Name)
				}
			}
		})
	}
}

// A linear fall from 0.1 over 4 steps behind a warm-up of one: 0.1·(0+1)/1, then 0.1·(1 − k/3) for k = s − 1.
func TestSchedule(t *testing.T) {
	build := clipped["two layers"]
	n := newNet()
	n.g.Recipe.Schedule = &ir.Schedule{Reads: ir.TotalSteps, Op: op.LinearSchedule(1, 0), Pos: ir.Pos{Line: 4}}
	step := autodiff.Step(build(n))
	require.NoError(t, ir.Verify(step))
	var schedules, rates []*ir.Node
	for _, node := range step.Nodes {
		switch node.Op.Name {
		case "schedule":
			schedules = append(schedules, node)
		case "rounded":
			rates = append(rates, node)
		}
	}
	require.Len(t, schedules, 1, "once for all parameters")
	require.Len(t, rates, 1)
	assert.Equal(t, ir.Prelude, schedules[0].Phase)
	assert.Equal(t, 4, schedules[0].Pos.Line)
	assert.Same(t, schedules[0].Out[0], rates[0].In[0])
	var names []string
	for _, v := range schedules[0].In {
		assert.Equal(t, ir.Scalar, v.Role)
		names = append(names, v.Name)
	}
	assert.Equal(t, []string{ir.LearningRate, ir.StepNumber, ir.TotalSteps}, names)
	assert.ElementsMatch(t, step.Scalars, schedules[0].In)

	env := start(step)
	env[schedules[0].In[2]] = ir.Tensor{Rows: 1, Data: []float64{4}}
	for s, rate := range []float64{0.1, 0.1, 0.1 * 2 / 3, 0.1 / 3, 0, 0} {
		before := interp.Env{}
		for _, p := range step.Params {
			before[p] = env[p]
		}
		require.NoError(t, interp.Run(step, env, rows, s, nil))
		for _, p := range step.Params {
			for i, was := range before[p].Data {
				assert.InDelta(t, was-rate*env[gradient(step, p)].Data[i], env[p].Data[i], 1e-12, "step %d: %s[%d]", s, p.Name, i)
			}
		}
	}
}

// Momentum's first buffer is the gradient itself: the update is told the number of the step.
func TestMomentumKnowsTheStep(t *testing.T) {
	n := newNet()
	n.g.Recipe.Optimiser = sgd(0.9)
	n.g.Recipe.Optimiser.Update = op.SGD(0.9, 0.5, 0, false)
	step := autodiff.Step(clipped["one layer without a bias"](n))
	require.NoError(t, ir.Verify(step))
	env, w, slot := start(step), step.Params[0], step.Slots[0]
	for i := range env[slot].Data {
		env[slot].Data[i] = 99 // which the first step does not look at
	}
	assert.Equal(t, ir.StepNumber, step.Updater(w).In[5].Name)
	buffer := make([]float64, 16)
	for s := range 3 {
		was := env[w]
		require.NoError(t, interp.Run(step, env, rows, s, nil))
		for i, g := range env[gradient(step, w)].Data {
			if buffer[i] = 0.9*buffer[i] + 0.5*g; s == 0 {
				buffer[i] = g
			}
			assert.InDelta(t, buffer[i], env[slot].Data[i], 1e-12)
			assert.InDelta(t, was.Data[i]-0.1*buffer[i], env[w].Data[i], 1e-12)
		}
	}
}

// Without anything to train the prelude has nobody to serve, and the graph no scalars.
func TestWhereEverythingIsFrozenNoPreludeIsLeft(t *testing.T) {
	n := newNet()
	n.g.Recipe.Clip = &ir.Clip{Scale: func(k int) *ir.Op { return op.ClipScale(1, k) }}
	n.g.Recipe.Schedule = &ir.Schedule{Op: op.ConstantSchedule(3)}
	forward := clipped["two layers"](n)
	for _, p := range forward.Params {
		p.Frozen = true
	}
	step := simplify.Dead(autodiff.Step(forward))
	require.NoError(t, ir.Verify(step))
	assert.Zero(t, count(step, ir.Backward)+count(step, ir.Prelude)+count(step, ir.Update))
	assert.Empty(t, step.Scalars)
}

// The sum bears the plain name, wherever its parts come from; they are numbered.
func TestNamesOfGradients(t *testing.T) {
	for name, c := range map[string]struct {
		build func(n *net) *ir.Graph
		of    string
		want  []string // parts and sums of ∂h, in order
	}{
		"two uses": {func(n *net) *ir.Graph {
			h := n.apply("h", op.Tanh(), n.linear("linear1", n.x))
			return n.judge(n.apply("mul1", op.Mul(), h, h))
		}, "h", []string{"∂h' = mul", "∂h'2 = mul", "∂h = add"}},
		"three uses": {func(n *net) *ir.Graph {
			h := n.apply("h", op.Tanh(), n.linear("linear1", n.x))
			return n.judge(n.apply("mul1", op.Mul(), n.apply("mul2", op.Mul(), h, n.x), n.apply("mul3", op.Mul(), h, h)))
		}, "h", []string{"∂h' = mul", "∂h'2 = mul", "∂h'3 = add", "∂h'4 = mul", "∂h = add"}},
		"a residual, whose own part is ∂ of the sum": {func(n *net) *ir.Graph {
			h := n.apply("h", op.Tanh(), n.linear("linear1", n.x))
			return n.judge(n.apply("add1", op.Add(), n.linear("linear2", h), h))
		}, "h", []string{"∂h' = linear_grad_input", "∂h = add"}},
		"one use": {func(n *net) *ir.Graph {
			return n.judge(n.apply("tanh1", op.Tanh(), n.apply("h", op.Tanh(), n.linear("linear1", n.x))))
		}, "h", []string{"∂h = tanh_grad"}},
		"a tied weight": {func(n *net) *ir.Graph {
			w := n.param("h", 4, 4)
			return n.judge(n.apply("linear2", op.Linear(false), n.apply("linear1", op.Linear(false), n.x, w), w))
		}, "h", []string{"∂h' = linear_grad_weight", "∂h'2 = linear_grad_weight", "∂h = add"}},
	} {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				step := autodiff.Step(c.build(newNet()))
				require.NoError(t, ir.Verify(step))
				var got []string
				for _, n := range step.Nodes {
					if v := n.Out[0].Name; v == "∂h" || len(v) > len("∂h'") && v[:len("∂h'")] == "∂h'" || v == "∂h'" {
						got = append(got, v+" = "+n.Op.Name)
					}
				}
				assert.Equal(t, c.want, got)
			}
		})
	}
}
