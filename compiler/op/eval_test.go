package op_test

import (
	"fmt"
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

// Of equal elements the first in row-major order is taken, NaN before every number, and the border never, as in
// torch.nn.functional.max_pool2d(x, 2, 2, 1, return_indices=True).
func TestMaxPoolTies(t *testing.T) {
	nan, low := math.NaN(), math.Inf(-1)
	x := ir.Tensor{Type: ir.Row(1, 4, 4), Rows: 1, Data: []float64{
		-5, 1, 1, 0,
		-6, 1, 1, low,
		7, nan, 2, low,
		9, nan, 2, low,
	}}
	y, places := ir.NewTensor(ir.Row(1, 3, 3), 1), ir.NewTensor(ir.Classes(16, 1, 3, 3), 1)
	op.MaxPool(window(2, 2, 1)).Eval([]ir.Tensor{y, places}, []ir.Tensor{x})
	assert.Equal(t, []float64{0, 1, 3, 8, 9, 7, 12, 13, 15}, places.Data)
	assert.Equal(t, fmt.Sprint([]float64{-5, 1, 0, 7, nan, low, 9, nan, low}), fmt.Sprint(y.Data)) // NaN is not equal to itself
}

// Along T, and the mean with its border, as in torch.nn.functional.max_pool1d(x.T, 2, 2, 1) and avg_pool1d.
func TestPoolsAlongT(t *testing.T) {
	w := op.Window{KernelH: 2, StrideH: 2, PadH: 1}
	x := ir.Tensor{Type: ir.Row(4, 2), Rows: 1, Data: []float64{1, -2, 3, 6, 5, -4, 7, 8}}
	y, places := ir.NewTensor(ir.Row(3, 2), 1), ir.NewTensor(ir.Classes(4, 3, 2), 1)
	op.MaxPool(w).Eval([]ir.Tensor{y, places}, []ir.Tensor{x})
	assert.Equal(t, []float64{1, -2, 5, 6, 7, 8}, y.Data)
	assert.Equal(t, []float64{0, 0, 2, 1, 3, 3}, places.Data)
	op.AvgPool(w).Eval([]ir.Tensor{y}, []ir.Tensor{x})
	assert.Equal(t, []float64{0.5, -1, 4, 1, 3.5, 4}, y.Data)
}
