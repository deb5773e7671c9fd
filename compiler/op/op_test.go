package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// each runs a law for every sample of every card.
func each(t *testing.T, law func(t *testing.T, card *ir.Op, types []ir.Type)) {
	for _, entry := range op.Catalogue() {
		for _, types := range entry.Samples {
			card := entry.Make()
			t.Run(fmt.Sprintf("%s%v%v", card.Name, card.Attrs, types), func(t *testing.T) { law(t, card, types) })
		}
	}
}

func TestCardIsComplete(t *testing.T) {
	for _, entry := range op.Catalogue() {
		card := entry.Make()
		t.Run(card.Name, func(t *testing.T) {
			assert.NotEmpty(t, card.Name)
			assert.NotEmpty(t, card.Doc)
			assert.NotEmpty(t, card.Formula)
			assert.NotNil(t, card.Types)
			assert.NotNil(t, card.FLOPs)
			assert.Equal(t, card.View, card.Emit == nil, "a view costs nothing, everything else has a kernel")
			assert.Equal(t, card.Random, card.Eval == nil, "everything but randomness has a meaning")
			assert.NotEmpty(t, entry.Samples)
		})
	}
}

// draw fills an operand with numbers that keep away from kinks: 0 for most operations, equality for losses.
func draw(r *rand.Rand, t ir.Type, rows int) ir.Tensor {
	x := ir.NewTensor(t, rows)
	for i := range x.Data {
		switch {
		case t.Kind == ir.I32 && t.Limit > 0:
			x.Data[i] = float64(r.IntN(t.Limit))
		case t.Kind == ir.I32:
			x.Data[i] = 3
		default:
			x.Data[i] = (0.1 + r.Float64()) * float64(1-2*r.IntN(2))
		}
	}
	return x
}

func TestEvalHasTheTypesThatTypesSays(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, types []ir.Type) {
		if card.Random {
			t.Skip("random")
		}
		results, err := card.Types(types)
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(1, 2))
		var xs, ys []ir.Tensor
		for _, typ := range types {
			xs = append(xs, draw(r, typ, 3))
		}
		for _, typ := range results {
			y := ir.NewTensor(typ, 3)
			for i := range y.Data {
				y.Data[i] = math.NaN()
			}
			ys = append(ys, y)
		}
		positive(card, xs)
		card.Eval(ys, xs)
		for _, y := range ys {
			for i, v := range y.Data {
				assert.False(t, math.IsNaN(v) || math.IsInf(v, 0), "element %d is %v", i, v)
			}
		}
	})
}

// positive makes Adam's second moments what they always are.
func positive(card *ir.Op, xs []ir.Tensor) {
	if card.Name == "adam" || card.Name == "adamw" {
		for i, v := range xs[3].Data {
			xs[3].Data[i] = math.Abs(v)
		}
	}
}

// differentiable lists sets of results that a gradient may flow from: the first alone, and for a split any others;
// what other cards make beside their first result is for the backward pass to use.
func differentiable(card *ir.Op, results int) [][]int {
	sets := [][]int{{0}}
	if card.Name == "split" {
		all := []int{}
		for k := range results {
			sets, all = append(sets, []int{k}), append(all, k)
		}
		sets = append(sets, all)
	}
	return sets
}

// The gradient rule agrees with central differences of Eval along random directions, extrapolated twice
// (Richardson), in float64, to 1e-7.
func TestGradAgreesWithDifferencesOfEval(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, types []ir.Type) {
		if card.Grad == nil {
			t.Skip("no gradient flows through")
		}
		results, err := card.Types(types)
		require.NoError(t, err)
		for _, from := range differentiable(card, len(results)) {
			compareGrad(t, card, types, from)
		}
	})
}

// compareGrad compares the gradients of the scalar Σ dy·y over the results named by from.
func compareGrad(t *testing.T, card *ir.Op, types []ir.Type, from []int) {
	const rows = 3
	r := rand.New(rand.NewPCG(3, 4))
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	env := interp.Env{}
	var operands []*ir.Value
	for i, typ := range types {
		v := b.Value(ir.Input, fmt.Sprintf("x%d", i), typ)
		operands = append(operands, v)
		env[v] = draw(r, typ, rows)
	}
	results := b.Node("y", card, operands...)
	dys := make([]*ir.Value, len(results))
	for _, k := range from {
		dys[k] = b.Value(ir.Input, fmt.Sprintf("dy%d", k), results[k].Type)
		env[dys[k]] = draw(r, results[k].Type, rows)
	}
	grads := card.Grad(b, results[0].Def, dys)
	require.Len(t, grads, len(operands))
	require.NoError(t, ir.Verify(g))
	require.NoError(t, interp.Run(g, env, rows, 0, nil))
	require.NotNil(t, grads[0])

	for i, grad := range grads {
		if grad == nil {
			continue
		}
		require.True(t, grad.Type.Equal(types[i]), "the gradient of operand %d is %v", i, grad.Type)
		direction := draw(r, types[i], rows)
		want := 0.0
		for k, d := range direction.Data {
			want += d * env[grad].Data[k]
		}
		at := func(h float64) float64 {
			xs := make([]ir.Tensor, len(operands))
			for k, v := range operands {
				xs[k] = env[v]
			}
			moved := ir.NewTensor(types[i], rows)
			for k := range moved.Data {
				moved.Data[k] = xs[i].Data[k] + h*direction.Data[k]
			}
			xs[i] = moved
			ys := make([]ir.Tensor, len(results))
			for k, y := range results {
				ys[k] = ir.NewTensor(y.Type, rows)
			}
			card.Eval(ys, xs)
			sum := 0.0
			for _, k := range from {
				for j, dy := range env[dys[k]].Data {
					sum += dy * ys[k].Data[j]
				}
			}
			return sum
		}
		central := func(h float64) float64 { return (at(h) - at(-h)) / (2 * h) }
		const h = 1e-2
		first, second, third := central(h), central(h/2), central(h/4)
		got := (16*(4*third-second)/3 - (4*second-first)/3) / 15
		assert.InDelta(t, want, got, 1e-7*(1+math.Abs(want)), "operand %d, from results %v", i, from)
	}
}

// Where ∂loss is known, so is what it is of each loss: its kernels get a number.
func TestWeightsOfLossesAreFolded(t *testing.T) {
	g := &ir.Graph{}
	b := ir.NewBuilder(g)
	x, y := b.Value(ir.Input, "x", ir.Type{}), b.Value(ir.Input, "y", ir.Type{})
	loss := b.Node("loss", op.WeightedSum(1, 0.5), x, y)[0]
	grads := loss.Def.Op.Grad(b, loss.Def, []*ir.Value{b.Const(3)})
	require.Len(t, grads, 2)
	for i, want := range []float64{3, 1.5} {
		assert.Equal(t, ir.Const, grads[i].Role)
		assert.Equal(t, want, grads[i].Number)
	}
	assert.Len(t, g.Nodes, 1)
}

// PyTorch's torch.nn.functional.cross_entropy(x, c, label_smoothing=0.3) on two rows, one of them ignored, is
// 0.7·nll[c] + 0.1·Σ nll of the other.
func TestSmoothedCrossEntropyIsPyTorchs(t *testing.T) {
	x := ir.Tensor{Type: ir.Row(3), Rows: 2, Data: []float64{1, 2, 3, 7, 8, 9}}
	c := ir.Tensor{Type: ir.Classes(3), Rows: 2, Data: []float64{0, -100}}
	loss, p := ir.NewTensor(ir.Type{}, 2), ir.NewTensor(ir.Row(3), 2)
	op.CrossEntropy(0.3).Eval([]ir.Tensor{loss, p}, []ir.Tensor{x, c})
	const nll = 2.40760596444438
	assert.InDelta(t, 0.7*nll+0.1*(nll+nll-1+nll-2), loss.Data[0], 1e-12)
}

// What does not fit is refused by the card, before anything is computed.
func TestTypesRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		card  *ir.Op
		types []ir.Type
		want  string
	}{
		"concat: another shape":       {op.Concat(2, 0), []ir.Type{ir.Row(2, 3), ir.Row(2, 4)}, "f32[n, 2, 4] does not fit beside f32[n, 2, 3] along axis 0"},
		"concat: another rank":        {op.Concat(2, 0), []ir.Type{ir.Row(2), ir.Row(2, 1)}, "does not fit"},
		"concat: no such axis":        {op.Concat(2, 1), []ir.Type{ir.Row(2), ir.Row(2)}, "along axis 1"},
		"concat: integers":            {op.Concat(2, 0), []ir.Type{ir.Classes(4, 2), ir.Classes(4, 2)}, "does not fit"},
		"concat: no rows":             {op.Concat(2, 0), []ir.Type{ir.Whole(2), ir.Whole(2)}, "does not fit"},
		"concat: too few":             {op.Concat(2, 0), []ir.Type{ir.Row(2)}, "1 operands, not 2"},
		"split: another sum":          {op.Split([]int{2, 3}, 0), []ir.Type{ir.Row(6)}, "f32[n, 6] has no axis 0 of 5"},
		"split: no such axis":         {op.Split([]int{2, 3}, 1), []ir.Type{ir.Row(5)}, "has no axis 1 of 5"},
		"split gradient":              {op.SplitGrad([]int{2, 3}, 0, []int{0, 1}), []ir.Type{ir.Row(2), ir.Row(2)}, "is not the gradient of part 2, of 3 along axis 0"},
		"onehot: real numbers":        {op.OneHot(3), []ir.Type{ir.Row(3)}, "no integers in [0, 3)"},
		"onehot: another range":       {op.OneHot(3), []ir.Type{ir.Classes(4)}, "i32[n] of 4 are no integers in [0, 3)"},
		"weighted sum: arrays":        {op.WeightedSum(1, 1), []ir.Type{{}, ir.Row()}, "f32[n] is no scalar"},
		"weighted sum: too many":      {op.WeightedSum(1), []ir.Type{{}, {}}, "2 operands for 1 weights"},
		"cross-entropy: more classes": {op.CrossEntropy(0), []ir.Type{ir.Row(3), ir.Classes(4)}, "classes i32[n] of 4 do not fit f32[n, 3]"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.card.Types(c.types)
			assert.ErrorContains(t, err, c.want)
		})
	}
}
