package autodiff

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Obstacle is why a model cannot continue a sequence, and the place in the spec that makes it so.
type Obstacle struct {
	Pos   ir.Pos
	Why   string
	Mixes bool // it is a layer in which positions depend on others, not what the model takes and makes
}

// Next returns the graph that computes one position more of one sequence: where prediction takes tokens [T] of V to
// scores [T, V] of what follows each of them, it takes the token of a position, [1], to the scores there, [1, V], with what
// the positions before it have left in Kept. predict is the graph of a prediction without dead nodes. A model without such
// an input and output, or in which the cards do not say what a position of a node is (Op.Next), has none, but an obstacle.
func Next(forward, predict *ir.Graph) (*ir.Graph, *Obstacle) {
	tokens, why := continued(forward, predict)
	if why != nil {
		return nil, why
	}
	g := *predict
	g.Kept = nil
	token := &ir.Value{Name: tokens.Name, Type: tokens.Type, Role: ir.Input, Pos: tokens.Pos}
	token.Type.Shape = ir.Shape{1}
	g.Inputs = []*ir.Value{token}
	next := ir.Rewrite(&g, func(b *ir.Builder, n *ir.Node, in []*ir.Value) ([]*ir.Value, bool) {
		if why != nil {
			return n.Out, true
		}
		for i, v := range in {
			if v == tokens {
				in[i] = token
			}
		}
		if !n.Batched() {
			return b.Named(n.Names(), n.Op, in...), true // a value of its own: it lies elsewhere than in prediction
		}
		var results []*ir.Value
		if n.Op.Next != nil {
			results = n.Op.Next(b, n, in)
		}
		if results == nil {
			why = &Obstacle{Pos: n.Pos, Mixes: true, Why: fmt.Sprintf("at %s a position depends on others in a way that cannot be computed one position after the other: `attention` needs `causal`, `bidirectional` and `mask=` must go, and nothing may convolve, pool or mix along the sequence", n.Layer)}
			return n.Out, true
		}
		return results, true
	})
	if why != nil {
		return nil, why
	}
	return next, nil
}

// continued returns the input of a model that could continue it.
func continued(forward, predict *ir.Graph) (*ir.Value, *Obstacle) {
	tokens, scores := predict.Inputs[0], predict.Outputs[0]
	if len(predict.Inputs) > 1 || tokens.Type.Kind != ir.I32 || len(tokens.Type.Shape) != 1 {
		other := predict.Inputs[len(predict.Inputs)-1]
		return nil, &Obstacle{Pos: other.Pos, Why: "what is continued is the only input, a sequence of integers such as `input tokens[64] of 65`"}
	}
	want := ir.Row(tokens.Type.Shape[0], tokens.Type.Limit)
	if len(predict.Outputs) > 1 || !scores.Type.Equal(want) || scores.Def == nil {
		return nil, &Obstacle{Pos: scores.Pos, Why: fmt.Sprintf("the only output would be %v, scores of what follows each of %s", want, tokens.Name)}
	}
	for _, j := range forward.Recipe.Losses {
		if j.Kind != ir.Class {
			return nil, &Obstacle{Pos: j.Loss.Pos, Why: fmt.Sprintf("%s does not make the output scores of classes, as cross_entropy does", j.Name)}
		}
	}
	return tokens, nil
}
