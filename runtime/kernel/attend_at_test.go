package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	specimen{name: "AttendAt", area: product, axes: 2, least: [3]int{0, 1, 1}, rare: true, rows: 3, at: func(size, positions int) call {
		g := &Attention{Heads: 4, KeyHeads: 2, Queries: positions, Keys: positions, Size: size, Tile: 64, Causal: true}
		kept := func(n int) extent { return extent{whole: n, state: true} }
		return call{dst: []extent{rows(4 * size), kept(2 * wholePanels(positions) * size), kept(positions * 2 * size)},
			src: []extent{rows(4 * size), rows(2 * size), rows(2 * size)},
			run: func(p *Pool, d, s [][]float32, n int) {
				AttendAt(p, d[0], d[1], d[2], s[0], s[1], s[2], uint64(positions-1), n, g)
			}}
	}},
	specimen{name: "RopeAt", area: movement, axes: 1, least: [3]int{0, 1}, rows: 60, rare: true, at: func(a, _ int) call {
		g := &Rotation{Positions: 7, Width: 6 * a, Size: 2 * a, Base: 10000}
		return call{dst: []extent{rows(6 * a)}, src: []extent{rows(6 * a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { RopeAt(p, d[0], s[0], 5, n, g) }}
	}},
)

// One position after the other gives what all give together, with the same bits: in tiles of queries, blocks of keys, and
// heads that share keys; what stood there before nobody reads.
func TestAttentionPositionByPosition(t *testing.T) {
	for _, g := range []*Attention{
		{Heads: 1, KeyHeads: 1, Queries: 1, Size: 1},
		{Heads: 4, KeyHeads: 4, Queries: 64, Size: 32},
		{Heads: 3, KeyHeads: 1, Queries: 70, Size: 5},
		{Heads: 4, KeyHeads: 2, Queries: 300, Size: 17},
		{Heads: 1, KeyHeads: 1, Queries: 33, Size: 270},
	} {
		g.Keys, g.Tile, g.Causal = g.Queries, 64, true
		width, keyWidth := g.Heads*g.Size, g.KeyHeads*g.Size
		q, k, v := draw("q", g.Queries*width, true), draw("k", g.Queries*keyWidth, true), draw("v", g.Queries*keyWidth, true)
		want, one := make([]float32, len(q)), make([]float32, width)
		Attend(nil, want, nil, nil, q, k, v, nil, nil, 1, g)
		keys, values := make([]float32, wholePanels(g.Keys)*keyWidth), make([]float32, len(v))
		for _, kept := range [][]float32{keys, values} {
			for i := range kept {
				kept[i] = notANumber()
			}
		}
		for at := range g.Queries {
			AttendAt(nil, one, keys, values, q[at*width:][:width], k[at*keyWidth:][:keyWidth], v[at*keyWidth:][:keyWidth], uint64(at), 1, g)
			sameBits(t, want[at*width:][:width], one, "%+v at %d", g, at)
		}
		assert.Zero(t, testing.AllocsPerRun(3, func() { AttendAt(nil, one, keys, values, one, k, v, 0, 1, g) }))
	}
}

func TestTurnedPositionByPosition(t *testing.T) {
	g := &Rotation{Positions: 9, Width: 24, Size: 8, Base: 100}
	x := draw("x", g.Positions*g.Width, true)
	want, one := make([]float32, len(x)), make([]float32, g.Width)
	Rope(nil, want, x, 1, g)
	for at := range g.Positions {
		RopeAt(nil, one, x[at*g.Width:][:g.Width], uint64(at), 1, g)
		sameBits(t, want[at*g.Width:][:g.Width], one, "position %d", at)
	}
}
