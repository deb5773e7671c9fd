package op_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// One position after the other makes what a card makes of all of them together: so none depends on a later one.
func TestNextMakesOnePositionMore(t *testing.T) {
	tried := map[string]bool{}
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		if card.Next == nil || card.Random {
			t.Skip("it says nothing of positions")
		}
		if _, seen := tried[card.Name]; !seen {
			tried[card.Name] = false
		}
		positions, ok := sequence(sample.Types)
		if !ok {
			t.Skip("the sample is of no sequences")
		}
		_, whole := node(card, sample.Types)
		xs := drawAll(t, rand.New(rand.NewPCG(3, 4)), card, sample)
		ys := eval(card, xs, math.NaN())

		b := ir.NewBuilder(&ir.Graph{})
		b.Scalar(ir.Position)
		var operands []*ir.Value
		for i, typ := range sample.Types {
			if typ.Batch {
				typ.Shape = append(ir.Shape{1}, typ.Shape[1:]...)
			}
			operands = append(operands, b.Value(ir.Input, whole.In[i].Name, typ))
		}
		results := card.Next(b, whole, operands)
		if results == nil {
			t.Skip("its positions depend on each other")
		}
		tried[card.Name] = true
		require.NoError(t, ir.Verify(b.Graph))
		for r := range rows {
			env := interp.Env{}
			for _, kept := range b.Graph.Kept {
				env[kept] = ir.NewTensor(kept.Type, 1)
				for i := range env[kept].Data {
					env[kept].Data[i] = math.NaN() // nothing reads what was not kept
				}
			}
			for at := range positions {
				for i, x := range xs {
					env[operands[i]] = x
					if x.Type.Batch {
						size := operands[i].Type.Shape.Size()
						env[operands[i]] = ir.Tensor{Type: operands[i].Type, Rows: 1, Data: x.Data[(r*positions+at)*size:][:size]}
					}
				}
				env[b.Scalar(ir.Position)] = ir.Tensor{Rows: 1, Data: []float64{float64(at)}}
				require.NoError(t, interp.Run(b.Graph, env, 1, 0, nil))
				for k, y := range results {
					if y == nil {
						continue
					}
					got := env[y].Data
					want := ys[k].Data[(r*positions+at)*len(got):][:len(got)]
					assert.InDeltaSlice(t, want, got, 1e-12, "result %d of row %d at position %d", k, r, at)
				}
			}
		}
	})
	for name, ok := range tried {
		assert.True(t, ok || scalars[name], "%s: a sample of sequences would show what it says of positions", name)
	}
}

// scalars are the cards of the catalogue that work element by element, whose positions follow from that.
var scalars = func() map[string]bool {
	names := map[string]bool{}
	for _, entry := range op.Catalogue() {
		if card := entry.Make(); card.Scalar != nil {
			names[card.Name] = true
		}
	}
	return names
}()

// sequence returns the length of the sequences that the rows of a sample are, if they are.
func sequence(types []ir.Type) (positions int, ok bool) {
	for _, typ := range types {
		if !typ.Batch {
			continue
		}
		if len(typ.Shape) == 0 || positions > 0 && typ.Shape[0] != positions {
			return 0, false
		}
		positions = typ.Shape[0]
	}
	return positions, positions > 0
}
