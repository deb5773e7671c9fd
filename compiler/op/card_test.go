package op_test

import (
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

func TestCardIsComplete(t *testing.T) {
	for _, entry := range op.Catalogue() {
		card := entry.Make()
		t.Run(card.Name, func(t *testing.T) {
			assert.NotEmpty(t, card.Name)
			assert.NotEmpty(t, card.Doc)
			assert.Equal(t, card.Fused == nil, card.Formula != "", "operations that are fused have their own")
			assert.NotNil(t, card.Types)
			assert.NotNil(t, card.FLOPs)
			assert.Equal(t, card.View, card.Emit == nil, "a view costs nothing, everything else has a kernel")
			assert.Equal(t, card.Random, card.Eval == nil, "everything but randomness has a meaning")
			assert.False(t, card.Mean && card.Scalar == nil, "a mean is of a Scalar")
			assert.NotEmpty(t, entry.Samples)
		})
	}
}

// What a card says of its operands and results by their places is said of ones that it has.
func TestPlacesOnACardExist(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		results, err := card.Types(sample.Types)
		require.NoError(t, err)
		assert.Len(t, results, 1+len(card.Results), "the results behind the first have names")
		assert.Less(t, card.Saved, len(results), "the first result is for all")
		for _, i := range card.Constant {
			require.Less(t, i, len(sample.Types))
			assert.Equal(t, ir.F32, sample.Types[i].Kind, "that no gradient flows into integers goes without saying")
		}
		if card.Scalar != nil {
			assert.Len(t, card.Operands, len(sample.Types), "the kernel's parameters bear the names of the operands")
		}
		overwritten := map[int]bool{}
		written := map[int]bool{}
		for _, p := range card.Overwrites {
			require.True(t, p.Result < len(results) && p.Operand < len(sample.Types), "%v", p)
			assert.True(t, results[p.Result].Equal(sample.Types[p.Operand]), "%v: they share memory and layout", p)
			assert.False(t, written[p.Result] || overwritten[p.Operand], "%v: said twice", p)
			written[p.Result], overwritten[p.Operand] = true, true
		}
		for _, p := range card.Over {
			require.True(t, p.Result < len(results) && p.Operand < len(sample.Types), "%v", p)
			y, x := results[p.Result], sample.Types[p.Operand]
			assert.True(t, y.Kind == x.Kind && y.Batch == x.Batch && y.Shape.Size() == x.Shape.Size(), "%v: %v has no room in %v", p, y, x)
			assert.False(t, written[p.Result] || overwritten[p.Operand], "%v: one of them is of an overwriting", p)
		}
		for i := range card.Layouts.Operands {
			assert.Less(t, i, len(sample.Types))
		}
		for i := range card.Layouts.Results {
			assert.Less(t, i, len(results))
		}
	})
}

var (
	field       = regexp.MustCompile(`\{(\w+)\}`)
	placeholder = regexp.MustCompile(`^(y?)(\d+)$`)
	// terms are the names in a formula that every card may use: the first result, its shape, the number of elements,
	// and factors that are left out where they are 1.
	terms = []string{"y", "shape", "count", "weight", "scale", "rate"}
)

func TestFormulasNameWhatThereIs(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		for _, m := range field.FindAllStringSubmatch(card.Formula, -1) {
			if p := placeholder.FindStringSubmatch(m[1]); p != nil {
				i, err := strconv.Atoi(p[2])
				require.NoError(t, err)
				assert.Less(t, i, map[string]int{"": len(sample.Types), "y": 1 + len(card.Results)}[p[1]], m[0])
				continue
			}
			known := slices.Contains(terms, m[1]) || slices.ContainsFunc(card.Attrs, func(a ir.Attr) bool { return a.Name == m[1] })
			assert.True(t, known, "%s is no operand, no result, no attribute", m[0])
		}
	})
}

// A call hands on the node's own operands, or results.
func TestCallsAreOfTheNode(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		_, n := node(card, sample.Types)
		assert.GreaterOrEqual(t, card.FLOPs(n), 0)
		if card.View {
			return
		}
		call := card.Emit(n)
		assert.NotEmpty(t, call.Kernel)
		handed := slices.Concat(call.Operands, call.List)
		for _, p := range call.Parts {
			handed = append(handed, p.Value)
		}
		for _, v := range handed {
			assert.True(t, v == nil || slices.Contains(n.In, v) || slices.Contains(n.Out, v), "%v", v)
		}
	})
}

// In prediction, each result is of the same type, or gone.
func TestPredictKeepsTypes(t *testing.T) {
	tried := false
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		if card.Predict == nil {
			t.Skip("prediction is the same")
		}
		tried = true
		b, n := node(card, sample.Types)
		b.Graph.Nodes = nil // which stands in the graph of training alone
		out := card.Predict(b, n, n.In)
		require.Len(t, out, len(n.Out))
		for i, v := range out {
			assert.True(t, v == nil || v.Type.Equal(n.Out[i].Type), "result %d becomes %v", i, v)
		}
		assert.NoError(t, ir.Verify(b.Graph))
	})
	assert.True(t, tried)
}
