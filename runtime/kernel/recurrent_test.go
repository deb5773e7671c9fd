package kernel

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Sequences of b steps of states of a elements; a mask is 0 or a number that is hardly more.
var _ = func() bool {
	for _, reverse := range []bool{false, true} {
		for _, masked := range []bool{false, true} {
			way := ""
			if reverse {
				way += ", backwards"
			}
			if masked {
				way += ", with a mask"
			}
			also(
				recurrentSpecimen("RNN"+way, 1, reverse, masked, func(hidden, steps int) ([]extent, []extent) {
					return []extent{rows(steps * hidden)}, []extent{rows(steps * hidden), whole(hidden * hidden)}
				}, func(p *Pool, d, s [][]float32, mask []float32, n int, g *Recurrent) {
					RNN(p, d[0], s[0], s[1], mask, make([]float32, g.Hidden*(1+n)), n, g)
				}),
				recurrentSpecimen("RNNGrad"+way, 1, reverse, masked, func(hidden, steps int) ([]extent, []extent) {
					return []extent{rows(steps * hidden)}, []extent{rows(steps * hidden), whole(hidden * hidden), rows(steps * hidden)}
				}, func(p *Pool, d, s [][]float32, mask []float32, n int, g *Recurrent) {
					RNNGrad(p, d[0], s[0], s[1], s[2], mask, make([]float32, g.Hidden*(1+n+g.Hidden)), n, g)
				}),
				recurrentSpecimen("LSTM"+way, 4, reverse, masked, func(hidden, steps int) ([]extent, []extent) {
					return []extent{rows(steps * hidden), rows(steps * 4 * hidden), rows(steps * hidden)}, []extent{rows(steps * 4 * hidden), whole(4 * hidden * hidden)}
				}, func(p *Pool, d, s [][]float32, mask []float32, n int, g *Recurrent) {
					LSTM(p, d[0], d[1], d[2], s[0], s[1], mask, make([]float32, g.Hidden*(1+4*n)), n, g)
				}),
				recurrentSpecimen("LSTM, without gates"+way, 4, reverse, masked, func(hidden, steps int) ([]extent, []extent) {
					return []extent{rows(steps * hidden)}, []extent{rows(steps * 4 * hidden), whole(4 * hidden * hidden)}
				}, func(p *Pool, d, s [][]float32, mask []float32, n int, g *Recurrent) {
					LSTM(p, d[0], nil, nil, s[0], s[1], mask, make([]float32, g.Hidden*(1+5*n)), n, g)
				}),
				recurrentSpecimen("LSTMGrad"+way, 4, reverse, masked, func(hidden, steps int) ([]extent, []extent) {
					return []extent{rows(steps * 4 * hidden)}, []extent{rows(steps * hidden), whole(4 * hidden * hidden), rows(steps * 4 * hidden), rows(steps * hidden)}
				}, func(p *Pool, d, s [][]float32, mask []float32, n int, g *Recurrent) {
					LSTMGrad(p, d[0], s[0], s[1], s[2], s[3], mask, make([]float32, g.Hidden*(1+2*n+4*g.Hidden)), n, g)
				}, 2),
				recurrentSpecimen("GRU"+way, 3, reverse, masked, func(hidden, steps int) ([]extent, []extent) {
					return []extent{rows(steps * hidden), rows(steps * 3 * hidden), rows(steps * hidden)},
						[]extent{rows(steps * 3 * hidden), whole(3 * hidden * hidden), whole(3 * hidden)}
				}, func(p *Pool, d, s [][]float32, mask []float32, n int, g *Recurrent) {
					GRU(p, d[0], d[1], d[2], s[0], s[1], s[2], mask, make([]float32, g.Hidden*(1+3*n)), n, g)
				}),
				recurrentSpecimen("GRU, without gates and bias"+way, 3, reverse, masked, func(hidden, steps int) ([]extent, []extent) {
					return []extent{rows(steps * hidden)}, []extent{rows(steps * 3 * hidden), whole(3 * hidden * hidden)}
				}, func(p *Pool, d, s [][]float32, mask []float32, n int, g *Recurrent) {
					GRU(p, d[0], nil, nil, s[0], s[1], nil, mask, make([]float32, g.Hidden*(1+3*n)), n, g)
				}),
				recurrentSpecimen("GRUGrad"+way, 3, reverse, masked, func(hidden, steps int) ([]extent, []extent) {
					return []extent{rows(steps * 3 * hidden), rows(steps * 3 * hidden)},
						[]extent{rows(steps * hidden), whole(3 * hidden * hidden), rows(steps * 3 * hidden), rows(steps * hidden), rows(steps * hidden)}
				}, func(p *Pool, d, s [][]float32, mask []float32, n int, g *Recurrent) {
					GRUGrad(p, d[0], d[1], s[0], s[1], s[2], s[3], s[4], mask, make([]float32, g.Hidden*(1+n+3*g.Hidden)), n, g)
				}, 2),
			)
		}
		way := ""
		if reverse {
			way = ", backwards"
		}
		also(recurrentSpecimen("RecurrentGradWeight"+way, 3, reverse, false, func(hidden, steps int) ([]extent, []extent) {
			return []extent{whole(3 * hidden * hidden)}, []extent{rows(steps * hidden), rows(steps * 3 * hidden)}
		}, func(p *Pool, d, s [][]float32, _ []float32, n int, g *Recurrent) {
			RecurrentGradWeight(p, d[0], s[0], s[1], nil, n, g)
		}))
	}
	return true
}()

func recurrentSpecimen(name string, gates int, reverse, masked bool, arrays func(hidden, steps int) (dst, src []extent),
	run func(p *Pool, d, s [][]float32, mask []float32, n int, g *Recurrent), inPlace ...int) specimen {
	return specimen{name: name, area: product, axes: 2, least: [3]int{0, 1, 1}, rare: true, at: func(hidden, steps int) call {
		steps = min(steps, max(3, 1<<13/(hidden*hidden))) // portable code takes long
		dst, src := arrays(hidden, steps)
		g := &Recurrent{Steps: steps, Hidden: hidden, Gates: gates, Reverse: reverse}
		c := call{dst: dst, src: src, rowwise: dst[0].perRow > 0, inPlace: inPlace}
		if masked {
			c.src = append(c.src, indices(rows(steps), 2))
		}
		c.run = func(p *Pool, d, s [][]float32, n int) {
			var mask []float32
			if masked {
				mask = s[len(s)-1]
			}
			run(p, d, s, mask, n, g)
		}
		return c
	}}
}

// Each product of a step sums as a linear layer does, and everything else rounds: tiles of rows, workers and
// what is saved change no bit.
func TestStatesFollowFromStepsOneByOne(t *testing.T) {
	const n, steps = 5, 4
	for _, hidden := range []int{1, 3, 16, 37, 300} {
		for _, reverse := range []bool{false, true} {
			t.Run(fmt.Sprint(hidden, reverse), func(t *testing.T) {
				x, m := draw("x", n*steps*4*hidden, true), draw("w", 4*hidden*hidden, true)
				w := weights(m, inPanels, hidden, 4*hidden)
				states := make([]float32, n*steps*hidden)
				g := &Recurrent{Steps: steps, Hidden: hidden, Gates: 4, Reverse: reverse}
				LSTM(nil, states, nil, nil, x, w, nil, make([]float32, hidden*(1+5*n)), n, g)
				for r := range n {
					h, c := make([]float32, hidden), make([]float32, hidden)
					for k := range steps {
						at := k
						if reverse {
							at = steps - 1 - k
						}
						gate := func(j int) float32 {
							sum := ordered(hidden, 1, func(k int) term { return term{h[k], m[j*hidden+k]} })
							return x[(r*steps+at)*4*hidden+j] + sum
						}
						next := make([]float32, hidden)
						for j := range hidden {
							i, f, g, o := Sigmoid1(gate(j)), Sigmoid1(gate(hidden+j)), Tanh1(gate(2*hidden+j)), Sigmoid1(gate(3*hidden+j))
							c[j] = float32(f*c[j]) + float32(i*g)
							next[j] = o * Tanh1(c[j])
						}
						h = next
						if !sameBits(t, h, states[(r*steps+at)*hidden:][:hidden], "row %d, step %d", r, k) {
							return
						}
					}
				}
			})
		}
	}
}

// Workers share rows, whose masks differ.
func TestWorkersChangeNoBitOfRecurrentLayers(t *testing.T) {
	const n, steps, hidden = 37, 6, 64
	x, w, dy := draw("x", n*steps*4*hidden, true), draw("w", 4*hidden*hidden, true), draw("dy", n*steps*hidden, true)
	mask := make([]float32, n*steps)
	for i := range mask {
		mask[i] = float32(i * i % 3)
	}
	results := func(p *Pool) [][]float32 {
		states, gates, cells, dx := make([]float32, n*steps*hidden), make([]float32, len(x)), make([]float32, n*steps*hidden), make([]float32, len(x))
		scratch, g := make([]float32, hidden*(1+5*n+4*hidden)), &Recurrent{Steps: steps, Hidden: hidden, Gates: 4, Reverse: true}
		LSTM(p, states, gates, cells, x, w, mask, scratch, n, g)
		LSTMGrad(p, dx, dy, w, gates, cells, mask, scratch, n, g)
		return [][]float32{states, gates, cells, dx}
	}
	want := results(nil)
	for _, workers := range workerCounts() {
		p := pool(t, workers)
		for i, got := range results(p) {
			sameBits(t, want[i], got, "%d workers, result %d", workers, i)
		}
		if p != nil {
			assert.NotZero(t, p.crew.open.Load(), "nothing is shared")
		}
	}
}

func TestRecurrentLayersAllocateNothing(t *testing.T) {
	const n, steps, hidden = 3, 4, 20
	x, w, states := make([]float32, n*steps*4*hidden), make([]float32, 4*hidden*hidden), make([]float32, n*steps*hidden)
	gates, cells, dx := make([]float32, n*steps*4*hidden), make([]float32, n*steps*hidden), make([]float32, n*steps*4*hidden)
	scratch := make([]float32, hidden*(1+5*n+4*hidden))
	g := &Recurrent{Steps: steps, Hidden: hidden, Gates: 4}
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		LSTM(nil, states, gates, cells, x, w, nil, scratch, n, g)
		LSTMGrad(nil, dx, states, w, gates, cells, nil, scratch, n, g)
		RecurrentGradWeight(nil, w, states, dx, nil, n, g)
	}))
}
