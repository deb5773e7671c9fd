// Package interp runs a graph in float64, by the cards' Eval: the oracle that compiled code must agree with.
//
// What comes in is a graph and its inputs, targets, parameters, states and slots; what goes out is every value. It is
// naive on purpose, and for tests and tracing only. It knows nothing of memory or of Go source.
package interp

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Env holds what is known of a graph's values, by value. Run adds what the nodes make.
type Env map[*ir.Value]ir.Tensor

// Random fills a tensor for an operation that is random, such as a dropout mask: interp itself has no source
// of random numbers.
type Random func(n *ir.Node, step int, y ir.Tensor)

// Run evaluates the nodes of g in order, for a batch of that many rows in the given step, counted from 0. What g
// overwrites is overwritten in env too, at the home of the memory, so that running again is the next step. The learning rate is the recipe's
// unless env has another; a total of steps that a node reads must be in env.
func Run(g *ir.Graph, env Env, rows, step int, random Random) error {
	for _, n := range g.Nodes {
		xs := make([]ir.Tensor, len(n.In))
		for i, v := range n.In {
			x, ok := lookup(g, env, v, step)
			if !ok {
				return fmt.Errorf("interp: %v: nothing is known of %s", n, v.Name)
			}
			xs[i] = x
		}
		ys := make([]ir.Tensor, len(n.Out))
		for i, v := range n.Out {
			ys[i] = ir.NewTensor(v.Type, rows)
		}
		if n.Op.Random {
			random(n, step, ys[0])
			ir.EvalInTurn(n.Op.Fused, 1, ys, xs)
		} else {
			n.Op.Eval(ys, xs)
		}
		for i, v := range n.Out {
			env[v] = ys[i]
			if home := v.Home(); home != v {
				env[home] = ir.Tensor{Type: home.Type, Rows: ys[i].Rows, Data: ys[i].Data}
			}
		}
	}
	return nil
}

// lookup returns what a node reads in an operand.
func lookup(g *ir.Graph, env Env, v *ir.Value, step int) (ir.Tensor, bool) {
	number := func(x float64) ir.Tensor { return ir.Tensor{Type: v.Type, Rows: 1, Data: []float64{x}} }
	switch x, ok := env[v]; {
	case v.Role == ir.Const:
		return number(v.Number), true
	case v.Role == ir.Scalar && v.Name == ir.StepNumber:
		return number(float64(step)), true
	case v.Role == ir.Scalar && v.Name == ir.LearningRate && !ok && g.Recipe.Optimiser != nil:
		return number(g.Recipe.Optimiser.Rate), true
	default:
		return x, ok
	}
}
