package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	specimen{name: "Embedding", area: movement, axes: 2, least: [3]int{0, 0, 1}, at: func(a, b int) call {
		return call{dst: []extent{rows(a)}, src: []extent{whole(a * b), indices(rows(1), b)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { Embedding(p, d[0], s[0], ints(s[1]), n, a) }}
	}},
	specimen{name: "EmbeddingGrad", area: reduction, axes: 2, least: [3]int{0, 0, 1}, at: func(a, b int) call {
		return call{dst: []extent{whole(a * b)}, src: []extent{rows(a), indices(rows(1), b)},
			run: func(p *Pool, d, s [][]float32, n int) { EmbeddingGrad(p, d[0], s[0], ints(s[1]), n, b, a) }}
	}},
)

func TestEmbeddingTakesRows(t *testing.T) {
	w := []float32{1, 2, 3, 4, 5, 6}
	y := []float32{9, 9, 9, 9, 9, 9, 9, 9, 7}
	Embedding(nil, y, w, []int32{2, 0, 2, 1}, 4, 2)
	assert.Equal(t, []float32{5, 6, 1, 2, 5, 6, 3, 4, 7}, y)
}

// An embedding is the product of one-hot rows with W, and its gradient that product's.
func TestEmbeddingIsALinearOfOneHots(t *testing.T) {
	const n, v, dim = 50, 7, 5
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32(i * i % 6) // 6 occurs never, the others in uneven shares
	}
	w, dy, hot := draw("w", v*dim, true), draw("dy", n*dim, true), make([]float32, n*v)
	OneHot(nil, hot, ids, n, v)
	want, y := make([]float32, n*dim), make([]float32, n*dim)
	LinearGradInputRows(nil, want, hot, w, nil, n, dim, v)
	Embedding(nil, y, w, ids, n, dim)
	assert.Equal(t, want, y)

	wantW, dw := make([]float32, v*dim), draw("dw", v*dim, true)
	LinearGradWeightRows(nil, wantW, dy, hot, nil, n, 1, dim, v)
	EmbeddingGrad(nil, dw, dy, ids, n, v, dim)
	assert.Equal(t, wantW, dw, "up to 256 rows, the same sums")
	assert.Equal(t, make([]float32, dim), dw[6*dim:])
}

// A large table is zeroed by several workers, whatever stood there.
func TestTheGradientOfALargeTableIsZeroElsewhere(t *testing.T) {
	const n, v, dim = 3, 3001, 100
	dy, dw, want := draw("dy", n*dim, true), draw("dw", v*dim, true), make([]float32, v*dim)
	copy(want[v*dim-dim:], dy[dim:2*dim])
	for i := range dim {
		want[7*dim+i] = dy[i] + dy[2*dim+i]
	}
	EmbeddingGrad(pool(t, 3), dw, dy, []int32{7, v - 1, 7}, n, v, dim)
	assert.Equal(t, want, dw)
}

// Assembly would write anywhere.
func TestTheGradientOfAnEmbeddingRefusesNumbersBeyondTheTable(t *testing.T) {
	dy := make([]float32, 8)
	for _, id := range []int32{3, -1} {
		dw := make([]float32, 20)
		assert.Panics(t, func() { EmbeddingGrad(nil, dw[:12], dy, []int32{0, id}, 2, 3, 4) }, "%d", id)
	}
}
