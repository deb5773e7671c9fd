package op_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// Eval sets every element of every result, to a number that does not depend on what stood there or in the other
// results, and leaves the operands as they are.
func TestEvalSetsAllResultsAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		if card.Random {
			t.Skip("random")
		}
		xs := drawAll(t, rand.New(rand.NewPCG(1, 2)), card, sample)
		var before [][]float64
		for _, x := range xs {
			before = append(before, slices.Clone(x.Data))
		}
		ys := eval(card, xs, math.NaN())
		for k, y := range ys {
			for i, v := range y.Data {
				require.False(t, math.IsNaN(v) || math.IsInf(v, 0), "element %d of result %d is %v", i, k, v)
			}
		}
		for k, y := range eval(card, xs, 7, math.NaN(), -3) {
			assert.Equal(t, ys[k].Data, y.Data, "result %d", k)
		}
		for i, x := range xs {
			assert.Equal(t, before[i], x.Data, "operand %d", i)
		}
	})
}

// torch.nn.functional.cross_entropy(x, c, label_smoothing=0.3) on two rows, one of them ignored, is 0.7·nll[c] +
// 0.1·Σ nll of the other.
func TestSmoothedCrossEntropyIsPyTorchs(t *testing.T) {
	x := ir.Tensor{Type: ir.Row(3), Rows: 2, Data: []float64{1, 2, 3, 7, 8, 9}}
	c := ir.Tensor{Type: ir.Classes(3), Rows: 2, Data: []float64{0, -100}}
	loss, counted, p := ir.NewTensor(ir.Type{}, 2), ir.NewTensor(ir.Type{}, 2), ir.NewTensor(ir.Row(3), 2)
	op.CrossEntropy(0.3).Eval([]ir.Tensor{loss, counted, p}, []ir.Tensor{x, c})
	const nll = 2.40760596444438
	assert.InDelta(t, 0.7*nll+0.1*(nll+nll-1+nll-2), loss.Data[0], 1e-12)
	assert.Equal(t, 1.0, counted.Data[0])
}
