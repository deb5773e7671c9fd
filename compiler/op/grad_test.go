package op_test

import (
	"errors"
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

// The gradient rule gives a gradient of exactly those operands that one flows into, whichever results it comes from;
// it agrees with central differences of Eval along random directions, extrapolated twice (Richardson), in float64, to
// 1e-7.
func TestGradAgreesWithDifferencesOfEval(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		if card.Grad == nil {
			t.Skip("no gradient flows through")
		}
		for _, from := range flowing(card, sample) {
			assert.NoError(t, compareGrad(t, card, sample, from), "from results %v", from)
		}
	})
}

// flowing lists the sets of results that a gradient is tried to flow from: each that carries one alone, then all of
// them.
func flowing(card *ir.Op, sample op.Sample) [][]int {
	results, err := card.Types(sample.Types)
	if err != nil {
		panic(err)
	}
	var sets [][]int
	var all []int
	for k := range len(results) - card.Saved {
		state := slices.ContainsFunc(card.Overwrites, func(p ir.Pair) bool { return p.Result == k })
		if results[k].Kind == ir.F32 && !state {
			sets, all = append(sets, []int{k}), append(all, k)
		}
	}
	if len(all) > 1 {
		sets = append(sets, all)
	}
	return sets
}

// differentiable reports whether a gradient flows into an operand.
func differentiable(card *ir.Op, sample op.Sample, i int) bool {
	state := slices.ContainsFunc(card.Overwrites, func(p ir.Pair) bool { return p.Operand == i })
	return sample.Types[i].Kind == ir.F32 && !state && !slices.Contains(card.Constant, i)
}

// compareGrad compares the gradients of the scalar Σ dy·y over the results named by from.
func compareGrad(t *testing.T, card *ir.Op, sample op.Sample, from []int) error {
	r := rand.New(rand.NewPCG(3, 4))
	b, n := node(card, sample.Types)
	xs := drawAll(t, r, card, sample)
	env := map[*ir.Value]ir.Tensor{}
	for i, v := range n.In {
		env[v] = xs[i]
	}
	dys, want := make([]*ir.Value, len(n.Out)), make([]ir.Tensor, len(n.Out))
	for _, k := range from {
		dys[k] = b.Value(ir.Input, fmt.Sprintf("dy%d", k), n.Out[k].Type)
		want[k] = draw(r, n.Out[k].Type, op.Domain{Least: 0.1, Most: 1.1})
		env[dys[k]] = want[k]
	}
	grads := card.Grad(b, n, dys)
	if len(grads) != len(n.In) {
		return fmt.Errorf("%d gradients for %d operands", len(grads), len(n.In))
	}
	require.NoError(t, ir.Verify(b.Graph))
	run(b.Graph, env)

	var list []error
	for i, grad := range grads {
		if flows := differentiable(card, sample, i); flows != (grad != nil) {
			list = append(list, fmt.Errorf("operand %d: a gradient flows into it: %v; it has one: %v", i, flows, grad != nil))
		}
		if grad == nil {
			continue
		}
		if !grad.Type.Equal(sample.Types[i]) {
			list = append(list, fmt.Errorf("operand %d is %v, its gradient %v", i, sample.Types[i], grad.Type))
			continue
		}
		direction := draw(r, sample.Types[i], op.Domain{Least: 0.1, Most: 1.1})
		along := inner(direction, env[grad])
		difference := slope(card, xs, i, direction, want)
		if !(math.Abs(along-difference) <= 1e-7*(1+math.Abs(along))) {
			list = append(list, fmt.Errorf("operand %d: the gradient says %v, differences say %v", i, along, difference))
		}
	}
	return errors.Join(list...)
}

// slope is the derivative of Σ dy·y as operand i moves in a direction, where dys without Data are of results that do
// not count.
func slope(card *ir.Op, xs []ir.Tensor, i int, direction ir.Tensor, dys []ir.Tensor) float64 {
	at := func(h float64) float64 {
		moved := slices.Clone(xs)
		moved[i].Data = slices.Clone(xs[i].Data)
		for k, d := range direction.Data {
			moved[i].Data[k] += h * d
		}
		sum := 0.0
		for k, y := range eval(card, moved, math.NaN()) {
			if dys[k].Data != nil {
				sum += inner(dys[k], y)
			}
		}
		return sum
	}
	central := func(h float64) float64 { return (at(h) - at(-h)) / (2 * h) }
	const h = 1e-2
	first, second, third := central(h), central(h/2), central(h/4)
	return (16*(4*third-second)/3 - (4*second-first)/3) / 15
}

func inner(x, y ir.Tensor) float64 {
	sum := 0.0
	for i, v := range x.Data {
		sum += v * y.Data[i]
	}
	return sum
}

// Where ∂loss is known, so is what it is of each loss: its kernels get a number.
func TestWeightsOfLossesAreFolded(t *testing.T) {
	b, n := node(op.WeightedSum(1, 0.5), []ir.Type{{}, {}})
	grads := n.Op.Grad(b, n, []*ir.Value{b.Const(3)})
	require.Len(t, grads, 2)
	for i, want := range []float64{3, 1.5} {
		assert.Equal(t, ir.Const, grads[i].Role)
		assert.Equal(t, want, grads[i].Number)
	}
	assert.Len(t, b.Graph.Nodes, 1)
}
