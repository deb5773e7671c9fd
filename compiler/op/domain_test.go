package op_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// What a sample says of its operands is so: of their sign, their size, and how close they come.
func TestDomains(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for _, d := range []op.Domain{
		{Least: 0.1, Most: 1.1}, {Least: 0.1, Most: 1.1, Positive: true},
		{Least: 0.1, Most: 1.1, Apart: true}, {Least: 0.1, Most: 1.1, Positive: true, Apart: true},
	} {
		x := ir.NewTensor(ir.Row(100), 1)
		d.Fill(r, x)
		for _, v := range x.Data {
			assert.True(t, math.Abs(v) >= d.Least && math.Abs(v) <= d.Most, "%v of %+v", v, d)
		}
		assert.Equal(t, d.Positive, !slices.ContainsFunc(x.Data, func(v float64) bool { return v < 0 }), "%+v", d)
		assert.False(t, slices.IsSorted(x.Data))
		slices.Sort(x.Data)
		closest := math.Inf(1)
		for i, v := range x.Data[1:] {
			closest = min(closest, v-x.Data[i])
		}
		assert.Equal(t, d.Apart, closest > 0.009, "%v between two of %+v", closest, d)
	}
}
