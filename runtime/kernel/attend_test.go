package kernel

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(attentionSpecimens()...)

// attentionSpecimens are attention of so many queries and so many columns, with and without all that may be there.
func attentionSpecimens() (all []specimen) {
	for _, s := range []struct {
		name                    string
		masked, dropped, backTo bool
		geometry                func(queries, size int) *Attention
	}{
		{name: ", of few keys", geometry: func(t, d int) *Attention {
			return &Attention{Heads: 2, KeyHeads: 2, Queries: t, Keys: 3, Size: d, Tile: 64}
		}},
		{name: ", causal", geometry: func(t, d int) *Attention {
			return &Attention{Heads: 2, KeyHeads: 1, Queries: t, Keys: t, Size: d, Tile: 64, Causal: true}
		}},
		{name: ", of tiles, causal and masked", masked: true, geometry: func(t, d int) *Attention {
			return &Attention{Heads: 1, KeyHeads: 1, Queries: t, Keys: t, Size: d, Tile: 16, Causal: true}
		}},
		{name: ", of several blocks, masked", masked: true, geometry: func(t, d int) *Attention {
			return &Attention{Heads: 2, KeyHeads: 1, Queries: t, Keys: 270, Size: d, Tile: 64}
		}},
		{name: ", masked for each query, with dropout", masked: true, dropped: true, geometry: func(t, d int) *Attention {
			return &Attention{Heads: 2, KeyHeads: 1, Queries: t, Keys: 35, Size: d, Tile: 32, MaskPerQuery: true}
		}},
	} {
		forward := func(t, d int) call {
			g := s.geometry(t, d)
			queries, keys, each := rows(t*g.Heads*d), rows(g.Keys*g.KeyHeads*d), rows(g.Heads*t)
			c := call{dst: []extent{queries, each, each}, src: []extent{queries, keys, keys}, rowwise: true}
			var others []extent
			if s.masked && g.MaskPerQuery {
				others = append(others, indices(rows(t*g.Keys), 2))
			} else if s.masked {
				others = append(others, indices(rows(g.Keys), 2)) // as float32s, these bits are 0 and not 0
			}
			if s.dropped {
				others = append(others, rows(g.Heads*t*g.Keys))
			}
			c.src = append(c.src, others...)
			optional := func(src [][]float32) (mask, dropout []float32) {
				if s.masked {
					mask, src = src[0], src[1:]
				}
				if s.dropped {
					dropout = src[0]
				}
				return mask, dropout
			}
			c.run = func(p *Pool, d, src [][]float32, n int) {
				mask, dropout := optional(src[3:])
				Attend(p, d[0], d[1], d[2], src[0], src[1], src[2], mask, dropout, n, g)
			}
			return c
		}
		backward := func(t, d int) call {
			c := forward(t, d)
			g := s.geometry(t, d)
			queries, keys, each := c.src[0], c.src[1], c.dst[1]
			others := c.src[3:]
			c.dst = []extent{queries, keys, keys}
			c.src = append([]extent{queries, keys, keys, queries, each, each, queries}, others...)
			c.run = func(p *Pool, d, src [][]float32, n int) {
				var mask, dropout []float32
				if s.masked {
					mask = src[7]
				}
				if s.dropped {
					dropout = src[len(src)-1]
				}
				AttendGrad(p, d[0], d[1], d[2], src[0], src[1], src[2], src[3], src[4], src[5], src[6], mask, dropout, n, g)
			}
			return c
		}
		least := [3]int{0, 1, 1}
		all = append(all,
			specimen{name: "Attend" + s.name, area: product, axes: 2, least: least, rare: true, rows: 5, at: forward},
			specimen{name: "AttendGrad" + s.name, area: product, axes: 2, least: least, rare: true, rows: 5, at: backward})
	}
	return all
}

var _ = also(
	specimen{name: "Rope", area: elementwise, axes: 2, least: [3]int{0, 1, 1}, at: func(a, b int) call {
		g := &Rotation{Positions: a, Width: 6 * b, Size: 2 * b, Base: 10000}
		return call{dst: []extent{rows(a * 6 * b)}, src: []extent{rows(a * 6 * b)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { Rope(p, d[0], s[0], n, g) }}
	}},
	specimen{name: "RopeGrad", area: elementwise, axes: 2, least: [3]int{0, 1, 1}, at: func(a, b int) call {
		g := &Rotation{Positions: a, Width: 4 * b, Size: 2 * b, Base: 100}
		return call{dst: []extent{rows(a * 4 * b)}, src: []extent{rows(a * 4 * b)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { RopeGrad(p, d[0], s[0], n, g) }}
	}})

// attention64 is Attend without masks in float64, of one head and one row.
func attention64(q, k, v []float32, g *Attention) (y, top, total []float64) {
	for i := range g.Queries {
		scores := make([]float64, 0, g.Keys)
		largest := math.Inf(-1)
		for j := range g.Keys {
			if g.Causal && j > i {
				break
			}
			s := 0.0
			for c := range g.Size {
				s += float64(q[i*g.Size+c]) * float64(k[j*g.Size+c])
			}
			scores = append(scores, s/math.Sqrt(float64(g.Size)))
			largest = max(largest, scores[j])
		}
		sum, row := 0.0, make([]float64, g.Size)
		for j, s := range scores {
			e := math.Exp(s - largest)
			sum += e
			for c := range row {
				row[c] += e * float64(v[j*g.Size+c])
			}
		}
		for _, x := range row {
			y = append(y, x/sum)
		}
		top, total = append(top, largest), append(total, sum)
	}
	return y, top, total
}

// Sequences longer than a block of lanes are taken fewer queries at a time; logits of ±3,000 overflow nothing.
func TestAttentionOfLongSequencesAndLargeScores(t *testing.T) {
	for _, c := range []struct {
		g     Attention
		scale float32
	}{
		{Attention{Heads: 1, KeyHeads: 1, Queries: 3, Keys: 9000, Size: 2, Tile: 64}, 1},
		{Attention{Heads: 1, KeyHeads: 1, Queries: 40, Keys: 40, Size: 8, Tile: 64}, 100},
		{Attention{Heads: 1, KeyHeads: 1, Queries: 4200, Keys: 4200, Size: 1, Tile: 64, Causal: true}, 1},
		{Attention{Heads: 1, KeyHeads: 1, Queries: 3, Keys: 5, Size: 300, Tile: 64}, 1},
	} {
		g := &c.g
		q, k, v := draw("q", g.Queries*g.Size, true), draw("k", g.Keys*g.Size, true), draw("v", g.Keys*g.Size, true)
		for i := range q {
			q[i] *= c.scale
		}
		y, top, total := make([]float32, len(q)), make([]float32, g.Queries), make([]float32, g.Queries)
		Attend(nil, y, top, total, q, k, v, nil, nil, 1, g)
		wantY, wantTop, wantTotal := attention64(q, k, v, g)
		for i := range y {
			assert.InDelta(t, wantY[i], float64(y[i]), 2e-5*float64(c.scale), "%+v: y[%d]", *g, i)
		}
		for i := range top {
			assert.InDelta(t, wantTop[i], float64(top[i]), 1e-5*float64(c.scale))
			assert.InEpsilon(t, wantTotal[i], float64(total[i]), 1e-4*float64(c.scale))
		}
	}
}

// A query that sees nothing has 0, and no gradient flows through it, whatever stands elsewhere.
func TestQueriesThatSeeNothing(t *testing.T) {
	g := &Attention{Heads: 1, KeyHeads: 1, Queries: 2, Keys: 3, Size: 2, Tile: 64, MaskPerQuery: true}
	q, k, v := draw("q", 4, true), draw("k", 6, true), draw("v", 6, true)
	mask := []float32{0, 0, 0, 0, -2, 0}
	y, top, total := []float32{7, 7, 7, 7}, []float32{7, 7}, []float32{7, 7}
	Attend(nil, y, top, total, q, k, v, mask, nil, 1, g)
	assert.Equal(t, []float32{0, 0, v[2], v[3]}, y)
	assert.Equal(t, float32(0), top[0])
	assert.Equal(t, []float32{1, 1}, total)

	dq, dk, dv := []float32{7, 7, 7, 7}, []float32{7, 7, 7, 7, 7, 7}, []float32{7, 7, 7, 7, 7, 7}
	dy := []float32{5, 6, 8, 9}
	AttendGrad(nil, dq, dk, dv, q, k, v, y, top, total, dy, mask, nil, 1, g)
	assert.Equal(t, make([]float32, 4), dq)
	assert.Equal(t, make([]float32, 6), dk)
	assert.Equal(t, []float32{0, 0, 8, 9, 0, 0}, dv)

	AttendGrad(nil, nil, nil, dv, q, k, v, y, top, total, dy, mask, nil, 1, g)
	assert.Equal(t, []float32{0, 0, 8, 9, 0, 0}, dv, "gradients that nobody wants")
}

func TestWorkersChangeNoBitOfAttention(t *testing.T) {
	p := NewPool(4)
	for _, g := range []*Attention{
		{Heads: 4, KeyHeads: 2, Queries: 130, Keys: 130, Size: 16, Tile: 64, Causal: true},
		{Heads: 2, KeyHeads: 2, Queries: 70, Keys: 300, Size: 32, Tile: 64},
	} {
		for _, n := range []int{1, 9} {
			q, k, v := draw("q", n*g.Queries*g.Heads*g.Size, true), draw("k", n*g.Keys*g.KeyHeads*g.Size, true), draw("v", n*g.Keys*g.KeyHeads*g.Size, true)
			dy := draw("dy", len(q), true)
			run := func(p *Pool) (all [][]float32) {
				y, top, total := make([]float32, len(q)), make([]float32, n*g.Heads*g.Queries), make([]float32, n*g.Heads*g.Queries)
				Attend(p, y, top, total, q, k, v, nil, nil, n, g)
				dq, dk, dv := make([]float32, len(q)), make([]float32, len(k)), make([]float32, len(v))
				AttendGrad(p, dq, dk, dv, q, k, v, y, top, total, dy, nil, nil, n, g)
				return [][]float32{y, top, total, dq, dk, dv}
			}
			want := run(nil)
			for i, x := range run(p) {
				sameBits(t, want[i], x, "%d rows, result %d", n, i)
			}
		}
	}
}

func TestAttentionAllocatesNothing(t *testing.T) {
	g := &Attention{Heads: 4, KeyHeads: 2, Queries: 70, Keys: 70, Size: 8, Tile: 64, Causal: true}
	const n = 3
	q, k := draw("q", n*70*32, true), draw("k", n*70*16, true)
	y, each, dk, dv := make([]float32, len(q)), make([]float32, n*4*70), make([]float32, len(k)), make([]float32, len(k))
	total, dq := make([]float32, len(each)), make([]float32, len(q))
	for _, p := range []*Pool{nil, NewPool(2)} {
		assert.Zero(t, testing.AllocsPerRun(20, func() {
			Attend(p, y, each, total, q, k, k, nil, nil, n, g)
			AttendGrad(p, dq, dk, dv, q, k, k, y, each, total, q, nil, nil, n, g)
		}))
	}
}

// Keys behind the last that a mask leaves are not computed with: a mask for each query, of which they all are, says the same
// of each key, and gives the same bits.
func TestPaddingChangesNoBit(t *testing.T) {
	const n, queries, size = 7, 70, 5
	lengths := []int{0, 1, 15, 16, 112, 250, 300} // of 300
	for _, keys := range []int{300, 40} {
		one := Attention{Heads: 4, KeyHeads: 2, Queries: queries, Keys: keys, Size: size, Tile: 64}
		each := one
		each.MaskPerQuery = true
		mask, masks := make([]float32, n*keys), make([]float32, 0, n*queries*keys)
		for r, length := range lengths {
			for j := range min(length, keys) {
				if j%7 != 3 || j == length-1 {
					mask[r*keys+j] = 1
				}
			}
			for range queries {
				masks = append(masks, mask[r*keys:][:keys]...)
			}
		}
		q, k, v := draw("q", n*queries*4*size, true), draw("k", n*keys*2*size, true), draw("v", n*keys*2*size, true)
		dy, dropout := draw("dy", len(q), true), draw("dropout", n*4*queries*keys, false)
		results := func(g *Attention, mask []float32) []float32 {
			y, top, total := make([]float32, len(q)), make([]float32, n*4*queries), make([]float32, n*4*queries)
			dq, dk, dv := draw("old", len(q), true), draw("old", len(k), true), draw("old", len(v), true)
			Attend(nil, y, top, total, q, k, v, mask, dropout, n, g)
			AttendGrad(nil, dq, dk, dv, q, k, v, y, top, total, dy, mask, dropout, n, g)
			return slices.Concat(y, top, total, dq, dk, dv)
		}
		sameBits(t, results(&each, masks), results(&one, mask), "%d keys", keys)
	}
}
