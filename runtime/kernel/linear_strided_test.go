package kernel

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// step returns the geometry of one step of sequences of that many steps.
func step(in, out, steps int, add bool) *Strided {
	return &Strided{In: in, Out: out, RowX: steps * in, RowY: steps * out, Add: add}
}

func TestStepsSumInTheDocumentedOrder(t *testing.T) {
	const steps = 3
	for _, s := range append(sizes(), dims{32, 128, 512}, dims{401, 30, 40}) {
		n, in, out := s.n, s.in, s.out
		if n*in*out > 1<<21 {
			continue
		}
		x, m, b, dy := draw("x", n*steps*in, true), draw("w", in*out, true), draw("b", out, true), draw("dy", n*steps*out, true)
		w := weights(m, inPanels, in, out)
		for _, add := range []bool{false, true} {
			g := step(in, out, steps, add)
			for at := range steps {
				sum := func(old float32, terms int, of func(k int) term) float32 {
					if add {
						return orderedFrom(old, terms, 1, of)
					}
					return ordered(terms, 1, of)
				}
				wantY, wantDX := draw("y", n*steps*out, true), draw("dx", n*steps*in, true)
				gotY, gotDX := append([]float32{}, wantY...), append([]float32{}, wantDX...)
				for r := range n {
					for j := range out {
						y := &wantY[(r*steps+at)*out+j]
						*y = sum(*y, in, func(k int) term { return term{x[(r*steps+at)*in+k], m[j*in+k]} }) + b[j]
					}
					for k := range in {
						dx := &wantDX[(r*steps+at)*in+k]
						*dx = sum(*dx, out, func(j int) term { return term{dy[(r*steps+at)*out+j], m[j*in+k]} })
					}
				}
				LinearStrided(nil, gotY[at*out:], x[at*in:], w, b, nil, n, g)
				LinearStridedGradInput(nil, gotDX[at*in:], dy[at*out:], w, nil, n, g)
				if !sameBits(t, wantY, gotY, "y of step %d of %+v, %+v", at, s, *g) || !sameBits(t, wantDX, gotDX, "dx of step %d of %+v, %+v", at, s, *g) {
					return
				}
			}
		}
	}
}

// A recurrent layer's states are those of the step before its gates.
func TestGradientsOfStepsSumInTheDocumentedOrder(t *testing.T) {
	for _, s := range []struct{ n, positions, in, out int }{{5, 0, 3, 4}, {2, 0, 600, 600}, {5, 1, 3, 4}, {7, 3, 5, 18}, {2, 79, 20, 33}, {9, 79, 8, 16}, {2, 300, 5, 6}, {3, 256, 1, 1}, {3, 20, 1, 7}, {3, 20, 7, 1},
		{2, 90, 401, 70}, {1, 1, 1, 1}, {6, 128, 12, 130}} {
		n, in, out := s.n, s.in, s.out
		for _, last := range []int{0, 1, 4} {
			all := s.positions + last
			for _, add := range []bool{false, true} {
				g := &Strided{In: in, Out: out, RowX: in, RowY: out, BatchX: all * in, BatchY: all * out, Add: add}
				h, gates := draw("h", n*all*in, true), draw("gates", n*all*out, true)
				dy := gates[last*out:]
				dw := draw("dw", in*out, true)
				want := rowMajor(dw, inPanels, in, out)
				for i := range want {
					of := func(k int) term {
						at := k/s.positions*all + k%s.positions
						return term{h[at*in+i%in], dy[at*out+i/in]}
					}
					if add {
						want[i] = orderedFrom(want[i], n*s.positions, s.positions, of)
					} else {
						want[i] = ordered(n*s.positions, s.positions, of)
					}
				}
				LinearStridedGradWeight(nil, dw, h, dy, nil, n, s.positions, g)
				if !sameBits(t, want, rowMajor(dw, inPanels, in, out), "%+v, %+v", s, *g) {
					return
				}
			}
		}
	}
}

func TestWorkersChangeNoBitOfSteps(t *testing.T) {
	const n, steps, in, out = 32, 9, 128, 512
	w, x, dy := draw("w", in*out, true), draw("x", n*steps*in, true), draw("dy", n*steps*out, true)
	results := func(p *Pool) [][]float32 {
		y, dx, dw := draw("y", n*steps*out, true), draw("dx", n*steps*in, true), draw("dw", in*out, true)
		g := step(in, out, steps, true)
		LinearStrided(p, y[out:], x[in:], w, nil, nil, n, g)
		LinearStridedGradInput(p, dx[in:], dy[out:], w, nil, n, g)
		LinearStridedGradWeight(p, dw, x, dy[out:], nil, n, steps-1,
			&Strided{In: in, Out: out, RowX: in, RowY: out, BatchX: steps * in, BatchY: steps * out})
		return [][]float32{y, dx, dw}
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

func TestStepsAllocateNothing(t *testing.T) {
	const n, in, out = 32, 100, 100
	x, w, y, g := draw("x", 3*n*in, true), draw("w", in*out, true), make([]float32, 3*n*out), step(in, out, 3, true)
	gaps := &Strided{In: in, Out: out, RowX: in, RowY: out, BatchX: 3 * in, BatchY: 3 * out}
	for name, p := range map[string]*Pool{"alone": nil, "two": pool(t, 2)} {
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			LinearStridedThen(p, y, x, w, nil, nil, n, g, scaled(y, y, y, 0.5))
			LinearStridedGradInputThen(p, x, y, w, nil, n, g, scaled(x, x, x, 0.5))
			LinearStridedGradWeight(p, w, x, y, nil, n, 2, gaps)
		}), name)
	}
}

var _ = also(strided("LinearStrided", false), strided("LinearStrided, added", true), stridedGradInput("LinearStridedGradInput", false),
	stridedGradInput("LinearStridedGradInput, added", true), stridedGradWeight("LinearStridedGradWeight", 3, false),
	stridedGradWeight("LinearStridedGradWeight, added", 90, true), stridedGradWeight("LinearStridedGradWeight, of one position", 1, false),
	stridedGradWeight("LinearStridedGradWeight, of no position", 0, false), stridedGradWeight("LinearStridedGradWeight, of no position, added", 0, true),
	specimen{name: "LinearStridedThen", area: product, axes: 2, rare: true, at: func(in, out int) call {
		g := step(in, out, 2, true)
		return call{dst: []extent{state(rows(2 * out))}, src: []extent{rows(2 * in), whole(in * out), whole(out), rows(2 * out)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) {
				LinearStridedThen(p, d[0], s[0], s[1], s[2], nil, n, g, scaled(d[0], d[0], s[3], 2))
			}}
	}},
	specimen{name: "LinearStridedGradInputThen", area: product, axes: 2, least: [3]int{0, 0, 1}, rare: true, at: func(in, out int) call {
		g := step(in, out, 2, true)
		return call{dst: []extent{state(rows(2 * in))}, src: []extent{rows(2 * out), whole(in * out), rows(2 * in)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) {
				LinearStridedGradInputThen(p, d[0], s[0], s[1], nil, n, g, scaled(d[0], d[0], s[2], 2))
			}}
	}})

func strided(name string, add bool) specimen {
	return specimen{name: name, area: product, axes: 2, rare: !add, at: func(in, out int) call {
		g := step(in, out, 2, add)
		return call{dst: []extent{state(rows(2 * out))}, src: []extent{rows(2 * in), whole(in * out), whole(out)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { LinearStrided(p, d[0], s[0], s[1], s[2], nil, n, g) }}
	}}
}

func stridedGradInput(name string, add bool) specimen {
	return specimen{name: name, area: product, axes: 2, least: [3]int{0, 0, 1}, rare: !add, at: func(in, out int) call {
		g := step(in, out, 2, add)
		return call{dst: []extent{state(rows(2 * in))}, src: []extent{rows(2 * out), whole(in * out)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { LinearStridedGradInput(p, d[0], s[0], s[1], nil, n, g) }}
	}}
}

func stridedGradWeight(name string, positions int, add bool) specimen {
	return specimen{name: name, area: product, axes: 2, rows: 600 / max(1, positions), rare: true, at: func(in, out int) call {
		all := positions + 2
		g := &Strided{In: in, Out: out, RowX: in, RowY: out, BatchX: all * in, BatchY: all * out, Add: add}
		return call{dst: []extent{state(whole(in * out))}, src: []extent{rows(all * in), rows(all * out)},
			run: func(p *Pool, d, s [][]float32, n int) {
				LinearStridedGradWeight(p, d[0], s[0], s[1], nil, n, positions, g)
			}}
	}}
}

// Steps of an LSTM of 128 units, for 32 rows of 80 steps, forward and backward, and the gradient of its weight.
func BenchmarkStep(b *testing.B) {
	const n, steps, in, out = 32, 80, 128, 512
	x, w, y, dy := draw("x", n*steps*in, true), draw("w", in*out, true), draw("y", n*steps*out, true), draw("dy", n*steps*out, true)
	g := step(in, out, steps, true)
	gaps := &Strided{In: in, Out: out, RowX: in, RowY: out, BatchX: steps * in, BatchY: steps * out}
	for _, c := range []struct {
		name  string
		steps int
		run   func(at int)
	}{
		{"forward", 1, func(at int) { LinearStrided(nil, y[at*out:], x[at*in:], w, nil, nil, n, g) }},
		{"gradInput", 1, func(at int) { LinearStridedGradInput(nil, x[at*in:], dy[at*out:], w, nil, n, g) }},
		{"gradWeight", steps - 1, func(int) { LinearStridedGradWeight(nil, w, x, dy[out:], nil, n, steps-1, gaps) }},
	} {
		b.Run(fmt.Sprintf("%s/%dx%dx%d", c.name, n, in, out), func(b *testing.B) {
			at := 0
			for b.Loop() {
				c.run(at)
				if at++; at == steps {
					at = 0
					clear(y)
					clear(x)
				}
			}
			b.ReportMetric(2*float64(n*in*out*c.steps)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
