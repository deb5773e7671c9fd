package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	specimen{name: "Span", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(2 * a), whole(5)}, src: []extent{rows(2 * a), labels(rows(2), a)},
			run: func(p *Pool, d, s [][]float32, n int) {
				d[1][0], d[1][1], d[1][2], d[1][3], d[1][4] = Span(p, d[0], s[0], ints(s[1]), n, a)
			}}
	}},
	specimen{name: "WeightedSpan", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(2 * a), whole(5)}, src: []extent{rows(2 * a), labels(rows(2), a), rows(1)},
			run: func(p *Pool, d, s [][]float32, n int) {
				d[1][0], d[1][1], d[1][2], d[1][3], d[1][4] = WeightedSpan(p, d[0], s[0], ints(s[1]), s[2], n, a)
			}}
	}},
	specimen{name: "SpanGrad", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(2 * a)}, src: []extent{rows(2 * a), labels(rows(2), a)}, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { SpanGrad(p, d[0], 0.75, s[0], ints(s[1]), n, a) }}
	}},
	specimen{name: "WeightedSpanGrad", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(2 * a)}, src: []extent{rows(2 * a), labels(rows(2), a), rows(1)}, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) {
				WeightedSpanGrad(p, d[0], 0.75, s[0], ints(s[1]), s[2], n, a)
			}}
	}},
	positionsFilled("MaskedFill"),
)

// positionsFilled is of MaskedFill.
func positionsFilled(name string) specimen {
	return specimen{name: name, area: movement, axes: 2, least: [3]int{0, 1, 1}, rows: 60, rare: true, at: func(a, b int) call {
		return call{dst: []extent{rows(a * b)}, src: []extent{rows(a * b), indices(rows(a), 2)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { MaskedFill(p, d[0], s[0], s[1], n, a, b, -2.5) }}
	}}
}

// A span's loss is that of two cross-entropies, of starts and of ends, each over its own rows, to the bit.
func TestSpanIsTwoCrossEntropies(t *testing.T) {
	for _, c := range []struct{ n, positions int }{{1, 1}, {7, 5}, {40, 300}, {3, 4099}} {
		x, targets := draw("x", c.n*2*c.positions, true), make([]int32, 2*c.n)
		var sides [2][]float32
		var labels [2][]int32
		for i := range targets {
			if targets[i] = int32(i * 7 % c.positions); i%5 == 3 || i == 0 {
				targets[i] = Ignored
			}
			sides[i%2] = append(sides[i%2], x[i*c.positions:][:c.positions]...)
			labels[i%2] = append(labels[i%2], targets[i])
		}
		for _, workers := range []int{1, 2} {
			p := pool(t, workers)
			probabilities, dx := make([]float32, len(x)), make([]float32, len(x))
			loss, start, starts, end, ends := Span(p, probabilities, x, targets, c.n, c.positions)
			SpanGrad(p, dx, 0.5, probabilities, targets, c.n, c.positions)
			var want [2][]float32
			var means, counts [2]float32
			for side := range sides {
				want[side] = make([]float32, len(sides[side]))
				means[side], counts[side] = CrossEntropy(p, want[side], sides[side], labels[side], c.n, c.positions, 0)
				CrossEntropyGrad(p, want[side], 0.25, want[side], labels[side], c.n, c.positions, 0)
			}
			assert.Equal(t, []float32{means[0], counts[0], means[1], counts[1]}, []float32{start, starts, end, ends}, "%+v", c)
			assert.Equal(t, (means[0]+means[1])/2, loss, "%+v", c)
			for i := range targets {
				sameBits(t, want[i%2][i/2*c.positions:][:c.positions], dx[i*c.positions:][:c.positions], "%+v, line %d", c, i)
			}
		}
	}
}

func TestSpanByHand(t *testing.T) {
	ln := func(x float64) float64 { return math.Log(x) }
	x := []float32{0, 0, LeftOut, 1, 0, LeftOut} // two positions take part
	probabilities := make([]float32, 6)
	loss, start, starts, end, ends := Span(nil, probabilities, x, []int32{0, 1}, 1, 3)
	assert.InDelta(t, ln(2), float64(start), 1e-7)
	assert.InDelta(t, ln(1+math.E), float64(end), 1e-7)
	assert.InDelta(t, (ln(2)+ln(1+math.E))/2, float64(loss), 1e-7)
	assert.Equal(t, []float32{1, 1}, []float32{starts, ends})
	assert.Equal(t, []float32{0.5, 0.5, 0}, probabilities[:3])

	loss, start, starts, end, ends = Span(nil, nil, x, []int32{Ignored, 1}, 1, 3)
	assert.Equal(t, []float32{end / 2, 0, 0, end, 1}, []float32{loss, start, starts, end, ends})
	loss, _, _, _, _ = Span(nil, probabilities, x, []int32{Ignored, Ignored}, 1, 3)
	assert.Zero(t, loss)
	dx := []float32{1, 1, 1, 1, 1, 1}
	SpanGrad(nil, dx, 1, probabilities, []int32{Ignored, Ignored}, 1, 3)
	assert.Equal(t, make([]float32, 6), dx)

	// A target that takes no part has no probability.
	loss, start, _, _, _ = Span(nil, nil, x, []int32{2, 1}, 1, 3)
	assert.True(t, math.IsInf(float64(loss), 1) && math.IsInf(float64(start), 1))

	// In a row of weight 0 that adds nothing.
	x = append(x, x...)
	loss, start, starts, end, ends = WeightedSpan(nil, nil, x, []int32{2, 1, 0, 1}, []float32{0, 3}, 2, 3)
	assert.Equal(t, []float32{3, 3}, []float32{starts, ends})
	assert.InDelta(t, ln(2), float64(start), 1e-6)
	assert.InDelta(t, ln(1+math.E), float64(end), 1e-6)
	assert.InDelta(t, (ln(2)+ln(1+math.E))/2, float64(loss), 1e-6)
	_, start, _, _, _ = WeightedSpan(nil, nil, x, []int32{2, 1, 0, 1}, []float32{1e-3, 3}, 2, 3)
	assert.True(t, math.IsInf(float64(start), 1))
}

func TestSpansAllocateNothing(t *testing.T) {
	x, targets := draw("x", 64*2*90, true), make([]int32, 64*2)
	for _, workers := range []int{1, 2} {
		p := pool(t, workers)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			Span(p, x, x, targets, 64, 90)
			SpanGrad(p, x, 1, x, targets, 64, 90)
			MaskedFill(p, x, x, x, 64, 90, 2, 0)
		}), "%d workers", workers)
	}
}
