package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	specimen{name: "EmbeddingSGD", area: reduction, axes: 2, least: [3]int{0, 0, 1}, at: func(a, b int) call {
		var scratch []float32
		return call{dst: []extent{state(whole(a * b))}, src: []extent{rows(a), indices(rows(1), b)},
			run: func(p *Pool, d, s [][]float32, n int) {
				scratch = littered(scratch, EmbeddingScratch(n, b, a))
				EmbeddingSGD(p, d[0], s[0], 1, 0.1, ints(s[1]), scratch, n, b, a)
			}}
	}},
	specimen{name: "EmbeddingAdagrad", area: reduction, axes: 2, least: [3]int{0, 0, 1}, at: func(a, b int) call {
		var scratch []float32
		return call{dst: []extent{state(whole(a * b)), state(whole(a * b))}, src: []extent{rows(a), indices(rows(1), b)},
			run: func(p *Pool, d, s [][]float32, n int) {
				scratch = littered(scratch, EmbeddingScratch(n, b, a))
				EmbeddingAdagrad(p, d[0], d[1], s[0], 1, 0.1, uint64(n%2), ints(s[1]), scratch, n, b, a, 0.3, 1e-10)
			}}
	}},
)

// littered returns memory of that size in which anything may stand: small whole numbers, as bits, which might be taken for
// what the kernel has left there.
func littered(x []float32, size int) []float32 {
	if len(x) != size {
		x = make([]float32, size)
	}
	for i := range x {
		x[i] = math.Float32frombits(uint32(i*i%7 - i%2))
	}
	return x
}

// The updates of the rows in use are those of the whole table, to the bit: a number that occurs several times adds up in
// the same order, and a row that does not occur stays as it is.
func TestUpdatesOfRowsAreThoseOfTheTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ n, v, dim, used int }{
		{1, 1, 1, 1}, {7, 3, 5, 3}, {40, 100, 3, 9}, {200, 900, 70, 30}, {300, 200, 200, 200}, {0, 9, 4, 1}, {500, 64, 129, 2},
	} {
		ids, dy := make([]int32, c.n), draw("dy", c.n*c.dim, true)
		for i := range ids {
			ids[i] = int32(r.IntN(c.used) * (c.v / c.used))
		}
		w := draw("w", c.v*c.dim, true)
		for i := range w {
			if r.IntN(9) == 0 {
				w[i] = float32(math.Copysign(0, -1)) // what is subtracted from it shows
			}
		}
		for i := range dy {
			if r.IntN(9) == 0 {
				dy[i] = float32(math.Copysign(0, -1))
			}
		}
		sum := draw("sum", c.v*c.dim, false)
		scratch := littered(nil, EmbeddingScratch(c.n, c.v, c.dim))
		for _, p := range []*Pool{nil, pool(t, 2), pool(t, 3)} {
			dw := make([]float32, c.v*c.dim)
			EmbeddingGrad(nil, dw, dy, ids, c.n, c.v, c.dim)
			want, got := slices.Clone(w), slices.Clone(w)
			SGD(nil, want, dw, 1, 0.3, len(w), 0)
			EmbeddingSGD(p, got, dy, 1, 0.3, ids, scratch, c.n, c.v, c.dim)
			sameBits(t, want, got, "SGD %+v", c)
			for step := range uint64(2) {
				want, got, wantSum, gotSum := slices.Clone(w), slices.Clone(w), slices.Clone(sum), slices.Clone(sum)
				Adagrad(nil, want, wantSum, dw, 1, 0.3, step, len(w), 0.1, 1e-10, 0)
				EmbeddingAdagrad(p, got, gotSum, dy, 1, 0.3, step, ids, scratch, c.n, c.v, c.dim, 0.1, 1e-10)
				sameBits(t, want, got, "Adagrad %+v, step %d", c, step)
				sameBits(t, wantSum, gotSum, "its sum %+v, step %d", c, step)
			}
		}
	}
}

func TestUpdatesOfRowsAllocateNothing(t *testing.T) {
	const n, v, dim = 300, 5000, 130
	w, dy, ids := make([]float32, v*dim), draw("dy", n*dim, true), make([]int32, n)
	scratch := make([]float32, EmbeddingScratch(n, v, dim))
	for _, workers := range []int{1, 2} {
		p := pool(t, workers)
		assert.Zero(t, testing.AllocsPerRun(10, func() { EmbeddingSGD(p, w, dy, 1, 0.1, ids, scratch, n, v, dim) }), "%d workers", workers)
	}
}

// Numbers beyond the table are no place in the scratch memory either.
func TestUpdatesOfRowsRefuseNumbersBeyondTheTable(t *testing.T) {
	for _, id := range []int32{3, -1} {
		assert.Panics(t, func() {
			EmbeddingSGD(nil, make([]float32, 20), make([]float32, 8), 1, 1, []int32{0, id}, make([]float32, 60), 2, 3, 4)
		}, "%d", id)
	}
}

// A table of which a batch uses some rows: the gradient of all and the update of all, next to the update of these.
func BenchmarkUpdatesOfRows(b *testing.B) {
	for _, c := range []struct{ v, dim, n int }{{5000, 64, 320}, {30522, 384, 2048}} {
		w, dw, sum := draw("w", c.v*c.dim, true), make([]float32, c.v*c.dim), make([]float32, c.v*c.dim)
		dy, ids := draw("dy", c.n*c.dim, true), make([]int32, c.n)
		for i := range ids {
			ids[i] = int32(i * 7919 % c.v)
		}
		scratch := make([]float32, EmbeddingScratch(c.n, c.v, c.dim))
		for _, k := range []struct {
			name string
			f    func()
		}{
			{"SGD", func() {
				EmbeddingGrad(nil, dw, dy, ids, c.n, c.v, c.dim)
				SGD(nil, w, dw, 1, 1e-5, len(w), 0)
			}},
			{"EmbeddingSGD", func() { EmbeddingSGD(nil, w, dy, 1, 1e-5, ids, scratch, c.n, c.v, c.dim) }},
			{"Adagrad", func() {
				EmbeddingGrad(nil, dw, dy, ids, c.n, c.v, c.dim)
				Adagrad(nil, w, sum, dw, 1, 1e-5, 1, len(w), 0, 1e-10, 0)
			}},
			{"EmbeddingAdagrad", func() {
				EmbeddingAdagrad(nil, w, sum, dy, 1, 1e-5, 1, ids, scratch, c.n, c.v, c.dim, 0, 1e-10)
			}},
		} {
			b.Run(fmt.Sprintf("%dx%d,%d/%s", c.v, c.dim, c.n, k.name), func(b *testing.B) {
				for b.Loop() {
					k.f()
				}
			})
		}
	}
}
