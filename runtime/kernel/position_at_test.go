package kernel

import "testing"

var _ = also(
	specimen{name: "PositionAt", area: movement, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), whole(3 * a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { PositionAt(p, d[0], s[0], s[1], 2, n, a) }}
	}},
	specimen{name: "SinusoidalAt", area: movement, axes: 1, least: [3]int{0, 1}, rows: 60, rare: true, at: func(a, _ int) call {
		g := &Sinusoids{Positions: 3, Size: a}
		return call{dst: []extent{rows(a)}, src: []extent{rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { SinusoidalAt(p, d[0], s[0], 2, n, g) }}
	}},
)

// What is added at a position is what is added there to a whole sequence.
func TestOnePositionIsThatOfTheSequence(t *testing.T) {
	const positions, size = 5, 37
	x, w := draw("x", positions*size, true), draw("w", positions*size, true)
	learnt, waves, one := make([]float32, len(x)), make([]float32, len(x)), make([]float32, size)
	g := &Sinusoids{Positions: positions, Size: size}
	Position(nil, learnt, x, w, 1, len(x))
	Sinusoidal(nil, waves, x, 1, g)
	for at := range positions {
		here := x[at*size:][:size]
		PositionAt(nil, one, here, w, uint64(at), 1, size)
		sameBits(t, learnt[at*size:][:size], one, "position %d", at)
		SinusoidalAt(nil, one, here, uint64(at), 1, g)
		sameBits(t, waves[at*size:][:size], one, "position %d", at)
	}
}
