package modeltest

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mutations are the faults of one element.
var mutations = []struct {
	name   string
	change func(g []float32, i int)
}{
	{"zeroed", func(g []float32, i int) { g[i] = 0 }},
	{"doubled", func(g []float32, i int) { g[i] *= 2 }},
	{"of the other sign", func(g []float32, i int) { g[i] = -g[i] }},
	{"swapped with its neighbour", func(g []float32, i int) {
		k := (i + 1) % len(g)
		g[i], g[k] = g[k], g[i]
	}},
}

// errors are by how much a mutation changes each element of a gradient.
func errors(g []float32, change func(g []float32, i int), i int) []float64 {
	changed := append([]float32(nil), g...)
	change(changed, i)
	list := make([]float64, len(g))
	for k := range g {
		list[k] = math.Abs(float64(changed[k] - g[k]))
	}
	return list
}

func nothing() {}

// run compares a network's gradients after a fault of Backward.
func run(t *testing.T, n *mlp[float32], fault func(), evaluations int) *comparison {
	t.Helper()
	m := model(n, fault)
	c, err := compare(&m, evaluations)
	require.NoError(t, err)
	return c
}

// Whatever happens to one element is reported where it is, if the error is above a twenty-fifth of the parameter's largest
// gradient and twice the tolerance, which is not much larger for all but a few elements.
func TestOneWrongElementIsFound(t *testing.T) {
	small, all, mutants := 0, 0, 0
	for _, scale := range []float64{0.3, 1, 3} {
		for seed := range uint64(3) {
			sizes := []int{3, 5, 4, 2}
			right := newMLP[float64](seed, scale, 4, sizes...)
			right.loss()
			right.back()
			n := newMLP[float32](seed, scale, 4, sizes...)
			c := run(t, n, nothing, evaluations)
			require.Empty(t, c.wrong, "scale %v, seed %d", scale, seed)
			for k, exact := range right.grads() {
				g := convert[float32](exact)
				largest := 0.0
				for _, v := range exact {
					largest = max(largest, math.Abs(v))
				}
				for i := range g {
					all++
					if 2*c.tolerance[k][i] > 0.05*largest {
						small++
					}
					for _, fault := range mutations {
						wrong := false
						for e, v := range errors(g, fault.change, i) {
							wrong = wrong || v > 2*max(c.tolerance[k][e], largest/50)
						}
						if !wrong {
							continue
						}
						found := run(t, n, func() { fault.change(n.grads()[k], i) }, evaluations).wrong
						what := fmt.Sprintf("scale %v, seed %d, %s %s", scale, seed, c.element(k, i), fault.name)
						mutants++
						if assert.NotEmpty(t, found, what) {
							assert.Regexp(t, regexp.QuoteMeta(c.element(k, i))+"|"+regexp.QuoteMeta(c.element(k, (i+1)%len(g))), strings.Join(found, "\n"), what)
						}
					}
				}
			}
		}
	}
	assert.Less(t, small, all/20)
	assert.Greater(t, mutants, 3*all)
}

// With few evaluations the elements move in groups, and a wrong one is still named.
func TestOneWrongElementOfAGroupIsFound(t *testing.T) {
	const few = 3000
	mutants := 0
	sizes := []int{30, 40, 30, 3}
	right := newMLP[float64](0, 1, 4, sizes...)
	right.loss()
	right.back()
	n := newMLP[float32](0, 1, 4, sizes...)
	c := run(t, n, nothing, few)
	require.Empty(t, c.wrong)
	assert.Less(t, c.line.evaluations, few*5/4)
	for k, exact := range right.grads() {
		g := convert[float32](exact)
		for i := 0; i < len(g); i += 1 + len(g)/9 {
			for _, fault := range mutations[:2] {
				if v := errors(g, fault.change, i)[i]; v < spread(g)/2 {
					continue
				}
				mutants++
				found := strings.Join(run(t, n, func() { fault.change(n.grads()[k], i) }, few).wrong, "\n")
				assert.Contains(t, found, c.element(k, i), fault.name)
			}
		}
	}
	assert.Greater(t, mutants, 40)
}

// Behind a layer that starts at 0 all gradients are 0: what is wrong there is found where the layer is not 0.
func TestWhatAShutGateHidesIsFound(t *testing.T) {
	n := newMLP[float32](1, 1, 4, 3, 5, 4, 2)
	clear(n.w[2])
	require.Empty(t, run(t, n, nothing, evaluations).wrong)
	n.loss()
	n.back()
	require.Zero(t, spread(n.dw[0]))
	found := strings.Join(run(t, n, func() { n.dw[0][7] *= 2 }, evaluations).wrong, "\n")
	assert.Contains(t, found, "w0[2, 1]: backward computes")
	assert.Zero(t, spread(n.w[2]), "the parameters are as they were")
}

// The weights of an input that is always 0 have no gradient.
func TestWhatCannotBeJudgedIsCounted(t *testing.T) {
	n := newMLP[float32](1, 1, 4, 3, 5, 4, 2)
	for r := range n.rows {
		n.x[r*3+1] = 0
	}
	c := run(t, n, nothing, evaluations)
	require.Empty(t, c.wrong)
	lines := strings.Join(c.summary(), "\n")
	assert.Regexp(t, `w0: of 15 elements .*; the loss does not depend on 5`, lines)
}

func TestRightGradientsPass(t *testing.T) {
	for _, scale := range []float64{0.1, 0.5, 2} {
		for seed := range uint64(8) {
			n := newMLP[float32](seed, scale, 4, 12, 20, 15, 2)
			assert.Empty(t, run(t, n, nothing, 6000).wrong, "scale %v, seed %d", scale, seed)
		}
	}
}
