package op

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	table = in(whole(20, 3), row(3), scalar, scalar, ir.Classes(20))
	_     = register(func() *ir.Op { return SGD(0, 0, 0, false).Still }, table,
		in(whole(11, 5), row(8, 5), scalar, scalar, ir.Classes(11, 8)))
	_ = register(func() *ir.Op { return Adagrad(0.5, 1e-10, 0).Still },
		in(whole(20, 3), row(3), whole(20, 3), scalar, scalar, step, ir.Classes(20)).positive(2).is(5, 3),
		in(whole(11, 5), row(8, 5), whole(11, 5), scalar, scalar, step, ir.Classes(11, 8)).positive(2).is(5, 0))
)

// scattered is an update of a table W [v, dim] by the gradient that EmbeddingGrad makes of ∂y [n, …, dim] and c [n, …], which
// has no memory: only the rows that occur in c change, since the update leaves alone what has a gradient of 0. Its operands
// are those of the update, with ∂y in place of ∂W, and c behind them. The kernel takes the constants behind v and dim.
func scattered(update *ir.Op, kernel string, constants ...float64) *ir.Op {
	card := *update
	card.Name = "embedding_" + update.Name
	card.Doc = "∂W[k] = Σ ∂y where c = k, and for these k " + update.Doc
	card.Formula = strings.ReplaceAll(update.Formula, "{1}", "Σ {1}") + ", in the rows of {0} that are used"
	card.Order = ir.Fixed
	card.Written, card.Scalar, card.Still = nil, nil, nil
	dense := func(in []ir.Type) []ir.Type {
		in = slices.Clone(in[:len(in)-1])
		in[1] = in[0]
		return in
	}
	card.Types = func(in []ir.Type) ([]ir.Type, error) {
		last := len(in) - 1
		if last < 2 {
			return nil, fmt.Errorf("%d operands are too few", len(in))
		}
		gradient, err := EmbeddingGrad().Types([]ir.Type{in[1], in[last]})
		if err != nil {
			return nil, err
		}
		if !gradient[0].Equal(in[0]) {
			return nil, fmt.Errorf("a gradient %v is none of %v", gradient[0], in[0])
		}
		return update.Types(dense(in))
	}
	card.Eval = func(ys, xs []ir.Tensor) {
		w, last := xs[0].Type, len(xs)-1
		gradient := ir.Tensor{Type: w, Data: make([]float64, w.Shape.Size())}
		EmbeddingGrad().Eval([]ir.Tensor{gradient}, []ir.Tensor{xs[1], xs[last]})
		operands := slices.Clone(xs[:last])
		operands[1] = gradient
		update.Eval(ys, operands)
	}
	card.Scratch = func(n *ir.Node, rows int) int {
		w, c := n.In[0].Type.Shape, n.In[len(n.In)-1].Type.Shape
		integers := rows * c.Size()
		return w[0] + integers + min(integers, w[0])*(1+w[1]) // kernel.EmbeddingScratch
	}
	card.Emit = func(n *ir.Node) ir.Call {
		w, c := n.In[0].Type.Shape, n.In[len(n.In)-1].Type.Shape
		call := ir.Call{Kernel: kernel, Scratch: true, Rows: c.Size(), Consts: []ir.Constant{ir.Size(w[0]), ir.Size(w[1])}}
		for _, x := range constants {
			call.Consts = append(call.Consts, ir.Number(x))
		}
		return call
	}
	return &card
}
