package random

import (
	"fmt"
	"maps"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// The gradients of a step's graph are those of its loss: along a random direction they say how it rises, as extrapolated
// central differences do. So each way in which values, layers and parameters are shared is gone through backwards.
func TestGradientsAreSlopes(t *testing.T) {
	tried := 0
	for seed := 1; seed <= 150; seed++ {
		spec := specs(most).Example(seed)
		tr, err := newTrial(fmt.Sprintf("Slope%d", seed), spec)
		require.NoError(t, err)
		c := newCourse(tr, nil)
		before := maps.Clone(c.env)
		c.drawBatch()
		if loss := c.env[c.step.Loss].Data[0]; tr.unclear > 0 || !(math.Abs(loss) < 1e3) {
			continue // near a kink there is no slope
		}
		tried++
		direction, want := map[*ir.Value][]float64{}, 0.0
		for p, g := range c.gradients() {
			for _, dy := range c.env[g].Data {
				d := tr.NormFloat64()
				direction[p] = append(direction[p], d)
				want += d * dy
			}
		}
		loss := func(h float64) float64 {
			c.env = maps.Clone(before)
			for p, d := range direction {
				x := ir.NewTensor(p.Type, 1)
				for i := range x.Data {
					x.Data[i] = before[p].Data[i] + h*d[i]
				}
				c.env[p] = x
			}
			c.give(c.data[0])
			c.phases(ir.Forward, ir.Loss, c.sizes[0])
			return c.env[c.step.Loss].Data[0]
		}
		const h = 1e-5
		difference := func(h float64) float64 { return (loss(h) - loss(-h)) / (2 * h) }
		got := (4*difference(h/2) - difference(h)) / 3
		assert.InDelta(t, want, got, 1e-6*math.Abs(want)+1e-8, "seed %d:\n%s", seed, spec)
	}
	assert.Greater(t, tried, 120)
	t.Logf("%d models", tried)
}
