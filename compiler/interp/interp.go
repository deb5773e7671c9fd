// Package interp runs a graph in float64, by the cards' Eval: the oracle that compiled code must agree with.
//
// What comes in is a graph and its inputs, targets, parameters and slots; what goes out is every value. It is
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

// Run evaluates the nodes of g in order, for a batch of that many rows in the given step. Values that g
// overwrites are overwritten in env too, so that running again is the next step.
func Run(g *ir.Graph, env Env, rows, step int, random Random) error {
	for _, n := range g.Nodes {
		xs := make([]ir.Tensor, len(n.In))
		for i, v := range n.In {
			switch v.Role {
			case ir.Const:
				xs[i] = ir.Tensor{Type: v.Type, Rows: 1, Data: []float64{v.Number}}
			case ir.Scalar:
				x, ok := scalar(g, env, v, step)
				if !ok {
					return fmt.Errorf("interp: %v: nothing is known of %s", n, v.Name)
				}
				xs[i] = ir.Tensor{Type: v.Type, Rows: 1, Data: []float64{x}}
			default:
				x, ok := env[v]
				if !ok {
					return fmt.Errorf("interp: %v: nothing is known of %s", n, v.Name)
				}
				xs[i] = x
			}
		}
		ys := make([]ir.Tensor, len(n.Out))
		for i, v := range n.Out {
			ys[i] = ir.NewTensor(v.Type, rows)
		}
		if n.Op.Random {
			random(n, step, ys[0])
		} else {
			n.Op.Eval(ys, xs)
		}
		for i, v := range n.Out {
			env[v] = ys[i]
			if n.Overwrites(i) != nil {
				env[v.Home()] = ys[i]
			}
		}
	}
	return nil
}

// scalar returns a step scalar: the step's number, the rate of the recipe unless env has another, and what env has.
func scalar(g *ir.Graph, env Env, v *ir.Value, step int) (x float64, ok bool) {
	if v.Name == ir.StepNumber {
		return float64(step), true
	}
	if known, ok := env[v]; ok {
		return known.Data[0], true
	}
	return g.Recipe.Optimiser.Rate, v.Name == ir.LearningRate
}
