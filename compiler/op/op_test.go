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

// The gradient rule agrees with central differences of Eval along random directions, extrapolated twice
// (Richardson), in float64, to 1e-7.
func TestGradAgreesWithDifferencesOfEval(t *testing.T) {
	const rows = 3
	each(t, func(t *testing.T, card *ir.Op, types []ir.Type) {
		if card.Grad == nil {
			t.Skip("no gradient flows through")
		}
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
		node := results[0].Def

		// The scalar that is differentiated: Σ dy·y over the first result.
		dys := make([]*ir.Value, len(results))
		dys[0] = b.Value(ir.Input, "dy", results[0].Type)
		env[dys[0]] = draw(r, results[0].Type, rows)
		grads := card.Grad(b, node, dys)
		require.Len(t, grads, len(operands))
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
				for k, dy := range env[dys[0]].Data {
					sum += dy * ys[0].Data[k]
				}
				return sum
			}
			central := func(h float64) float64 { return (at(h) - at(-h)) / (2 * h) }
			const h = 1e-2
			first, second, third := central(h), central(h/2), central(h/4)
			got := (16*(4*third-second)/3 - (4*second-first)/3) / 15
			assert.InDelta(t, want, got, 1e-7*(1+math.Abs(want)), "operand %d", i)
		}
	})
}
