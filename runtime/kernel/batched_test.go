package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// batchedKernel is a kernel of batched products, and how A and B lie.
type batchedKernel struct {
	name             string
	run              func(p *Pool, c, a, b []float32, n int, g *Batched)
	then             func(p *Pool, c, a, b []float32, n int, g *Batched, maps ...Map)
	turnedA, turnedB bool
}

var batchedKernels = []batchedKernel{
	{"MatMul", MatMul, MatMulThen, false, false},
	{"MatMulTurned", MatMulTurned, MatMulTurnedThen, false, true},
	{"TurnedMatMul", TurnedMatMul, TurnedMatMulThen, true, false},
}

// heads returns the geometry of products whose matrices lie as heads do, row by row side by side, with more elements that
// no head has behind those of a row. B has one matrix for every two heads if shared is 1, C if shared is 2.
func (k *batchedKernel) heads(heads, rows, columns, terms, shared, more int) *Batched {
	beside := func(rows, columns, share int) Matrices {
		row := heads/max(1, share)*columns + more
		return Matrices{Batch: rows * row, Head: columns, Row: row, Share: share}
	}
	matrix := func(rows, columns, share int, turned bool) Matrices {
		if turned {
			return beside(columns, rows, share)
		}
		return beside(rows, columns, share)
	}
	shareB, shareC := 0, 0
	switch shared {
	case 1:
		shareB = 2
	case 2:
		shareC = 2
	}
	return &Batched{Heads: heads, Rows: rows, Columns: columns, Terms: terms,
		A: matrix(rows, terms, 0, k.turnedA), B: matrix(terms, columns, shareB, k.turnedB), C: matrix(rows, columns, shareC, false)}
}

// element returns element (i, j) of the matrix of a head in a row.
func (m Matrices) element(x []float32, row, head, i, j int, turned bool) *float32 {
	if turned {
		i, j = j, i
	}
	return &x[row*m.Batch+head/max(1, m.Share)*m.Head+i*m.Row+j]
}

func TestBatchedProductsSumInTheDocumentedOrder(t *testing.T) {
	sizes := []struct{ n, heads, rows, columns, terms int }{{0, 2, 3, 3, 3}, {2, 2, 64, 64, 32}, {3, 4, 1, 50, 20}, {2, 2, 2, 20, 300}, {1, 2, 70, 40, 513},
		{2, 2, 5, 1, 9}, {2, 2, 1, 1, 270}, {1, 2, 600, 5, 3}, {1, 4, 3, 530, 7}, {2, 2, 6, 17, 1}, {5, 4, 1, 16, 257}, {1, 2, 400, 300, 130}, {4, 4, 4, 24, 260}}
	for rows := 1; rows <= 7; rows++ {
		for columns := 1; columns <= 17; columns += 1 + columns/9 {
			sizes = append(sizes, struct{ n, heads, rows, columns, terms int }{2, 2, rows, columns, 1 + (rows*columns)%5})
		}
	}
	for _, k := range batchedKernels {
		for i, s := range sizes {
			g := k.heads(s.heads, s.rows, s.columns, s.terms, i%3, i%4)
			for _, g.Add = range []bool{false, true} {
				a, b := draw("a", s.n*g.A.Batch, true), draw("b", s.n*g.B.Batch, true)
				old := draw("c", s.n*g.C.Batch, true)
				want, got := append([]float32{}, old...), append([]float32{}, old...)
				for r := range s.n {
					for h := range s.heads {
						for i := range s.rows {
							for j := range s.columns {
								at := func(t int) term {
									return term{*g.A.element(a, r, h, i, t, k.turnedA), *g.B.element(b, r, h, t, j, k.turnedB)}
								}
								c := g.C.element(want, r, h, i, j, false)
								if first := !g.Add && (g.C.Share == 0 || h%2 == 0); first {
									*c = ordered(s.terms, 1, at)
								} else {
									*c = orderedFrom(*c, s.terms, 1, at)
								}
							}
						}
					}
				}
				k.run(nil, got, a, b, s.n, g)
				if !sameBits(t, want, got, "%s %+v, %+v", k.name, s, *g) {
					return
				}
			}
		}
	}
}

// orderedFrom adds the block sums of products to what was there.
func orderedFrom(old float32, terms, positions int, at func(k int) term) float32 {
	for from, to := 0, 0; from < terms; from = to {
		for to = from; to < terms && blockOf(to, positions) == blockOf(from, positions); to++ {
		}
		var sum float32
		for k := from; k < to; k++ {
			v := at(k)
			sum = float32(fma(wide(v.x), wide(v.y), wide(sum)))
		}
		old += sum
	}
	return old
}

func TestMapsFollowBatchedProducts(t *testing.T) {
	for _, k := range batchedKernels {
		for _, s := range []struct{ n, heads, rows, columns, terms int }{{3, 2, 70, 37, 20}, {9, 4, 1, 40, 300}, {5, 2, 400, 30, 50}} {
			for shared := range 3 {
				g := k.heads(s.heads, s.rows, s.columns, s.terms, shared, 0)
				a, b, x := draw("a", s.n*g.A.Batch, true), draw("b", s.n*g.B.Batch, true), draw("x", s.n*g.C.Batch, true)
				want, want2 := make([]float32, len(x)), make([]float32, len(x))
				k.run(nil, want, a, b, s.n, g)
				Chain(nil, 1, len(x), scaled(want, want, x, 2), scaled(want2, want, x, -3))
				for _, workers := range []int{1, 3} {
					got, got2 := make([]float32, len(x)), make([]float32, len(x))
					k.then(pool(t, workers), got, a, b, s.n, g, scaled(got, got, x, 2), scaled(got2, got, x, -3))
					sameBits(t, want, got, "%s %+v", k.name, s)
					sameBits(t, want2, got2, "the second map of %s %+v", k.name, s)
				}
			}
		}
	}
}

func TestWorkersChangeNoBitOfBatchedProducts(t *testing.T) {
	for _, k := range batchedKernels {
		for i, s := range []struct{ n, heads, rows, columns, terms int }{{5, 4, 64, 64, 32}, {2, 2, 256, 256, 64}, {40, 8, 1, 77, 64}, {1, 2, 900, 40, 70}} {
			g := k.heads(s.heads, s.rows, s.columns, s.terms, i%3, 3)
			assert.GreaterOrEqual(t, s.n*s.heads*s.rows*s.columns*s.terms, worthSharing, "too small to be shared")
			a, b, want := draw("a", s.n*g.A.Batch, true), draw("b", s.n*g.B.Batch, true), draw("c", s.n*g.C.Batch, true)
			got := append([]float32{}, want...)
			k.run(nil, want, a, b, s.n, g)
			for _, workers := range workerCounts() {
				p := pool(t, workers)
				k.run(p, got, a, b, s.n, g)
				sameBits(t, want, got, "%s with %d workers, %+v", k.name, workers, s)
				if p != nil {
					assert.NotZero(t, p.crew.open.Load(), "%s %+v is not shared", k.name, s)
				}
			}
		}
	}
}

func TestBatchedProductsAllocateNothing(t *testing.T) {
	g := batchedKernels[0].heads(4, 32, 32, 32, 0, 0)
	a, b, c := draw("a", 8*g.A.Batch, true), draw("b", 8*g.B.Batch, true), make([]float32, 8*g.C.Batch)
	for name, p := range map[string]*Pool{"alone": nil, "two": pool(t, 2)} {
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			MatMulThen(p, c, a, b, 8, g, scaled(c, c, c, 0.5))
			MatMulTurnedThen(p, c, a, b, 8, g, scaled(c, c, c, 0.5))
			TurnedMatMulThen(p, c, a, b, 8, g, scaled(c, c, c, 0.5))
		}), name)
	}
}

var _ = also(batchedSpecimens()...)

// batchedSpecimens are products of a and b with few terms, and of few rows with a terms, that lie with gaps, share
// matrices, and are added to what is there.
func batchedSpecimens() (all []specimen) {
	for i := range batchedKernels {
		k := &batchedKernels[i]
		one := func(name string, then bool, geometry func(a, b int) *Batched) {
			least, rare := [3]int{}, true
			all = append(all, specimen{name: name, area: product, axes: 2, least: least, rare: rare, rows: 60, at: func(a, b int) call {
				g := geometry(a, b)
				c := call{dst: []extent{state(rows(g.C.Batch))}, src: []extent{rows(g.A.Batch), rows(g.B.Batch)}, rowwise: true}
				c.run = func(p *Pool, d, s [][]float32, n int) { k.run(p, d[0], s[0], s[1], n, g) }
				if then {
					c.src = append(c.src, rows(g.C.Batch))
					c.run = func(p *Pool, d, s [][]float32, n int) {
						k.then(p, d[0], s[0], s[1], n, g, scaled(d[0], d[0], s[2], 2))
					}
				}
				return c
			}})
		}
		one(k.name, false, func(a, b int) *Batched { return k.heads(2, a, b, 21, 0, 0) })
		one(k.name+", with gaps, of few rows", false, func(a, b int) *Batched { return k.heads(2, 3, b, a, 1, 5) })
		one(k.name+", of one row", false, func(a, b int) *Batched { return k.heads(2, 1, b, a, 0, 0) })
		one(k.name+", added", false, func(a, b int) *Batched {
			g := k.heads(4, a, b, 7, 2, 3)
			g.Add = true
			return g
		})
		one(k.name+"Then", true, func(a, b int) *Batched { return k.heads(2, a, b, 5, 2, 0) })
	}
	return all
}

// FuzzBatched runs geometries that no table has.
func FuzzBatched(f *testing.F) {
	f.Add(uint64(1), uint8(0))
	f.Add(uint64(2), uint8(3))
	var m memory
	f.Fuzz(func(t *testing.T, seed uint64, how uint8) {
		r := rand.New(rand.NewPCG(seed, 0))
		some := func(most int) int { return 1 + r.IntN(most) }
		for i := range batchedKernels {
			k := &batchedKernels[i]
			terms := some(40)
			if r.IntN(8) == 0 {
				terms = some(300) // more than a block
			}
			g := k.heads(2*some(3), some(20), some(40), terms, r.IntN(3), r.IntN(4))
			g.Add = r.IntN(2) == 0
			c := call{dst: []extent{state(rows(g.C.Batch))}, src: []extent{rows(g.A.Batch), rows(g.B.Batch)},
				run: func(p *Pool, d, s [][]float32, n int) { k.run(p, d[0], s[0], s[1], n, g) }}
			e, err := newExperiment(&m, specimen{name: fmt.Sprintf("%s of %+v", k.name, *g), at: func(int, int) call { return c }}, [3]int{r.IntN(4)}, fill(how)%lastFill, seed, nil)
			if err == nil {
				err = e.all()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// The products of attention: scores, weighted sums, and the gradients of both operands.
func BenchmarkAttention(b *testing.B) {
	for _, s := range []struct{ n, heads, t, s, d int }{{16, 4, 64, 64, 32}, {8, 8, 256, 256, 64}, {16, 4, 1, 64, 32}, {8, 8, 1, 256, 64}} {
		width := s.heads * s.d
		q := Matrices{Batch: s.t * width, Head: s.d, Row: width}
		kv := Matrices{Batch: s.s * width, Head: s.d, Row: width}
		p := Matrices{Batch: s.heads * s.t * s.s, Head: s.t * s.s, Row: s.s}
		x, y, z := draw("q", s.n*q.Batch, true), draw("k", s.n*kv.Batch, true), draw("p", s.n*p.Batch, true)
		for _, c := range []struct {
			name    string
			run     func(p *Pool, c, a, b []float32, n int, g *Batched)
			c, a, b []float32
			g       Batched
		}{
			{"q·kᵀ", MatMulTurned, z, x, y, Batched{Rows: s.t, Columns: s.s, Terms: s.d, A: q, B: kv, C: p}},
			{"p·v", MatMul, x, z, y, Batched{Rows: s.t, Columns: s.d, Terms: s.s, A: p, B: kv, C: q}},
			{"pᵀ·∂o", TurnedMatMul, y, z, x, Batched{Rows: s.s, Columns: s.d, Terms: s.t, A: p, B: q, C: kv}},
		} {
			c.g.Heads = s.heads
			b.Run(fmt.Sprintf("%s/%dx%dx%dx%dx%d", c.name, s.n, s.heads, s.t, s.s, s.d), func(b *testing.B) {
				for b.Loop() {
					c.run(nil, c.c, c.a, c.b, s.n, &c.g)
				}
				b.ReportMetric(2*float64(s.n*s.heads*s.t*s.s*s.d)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
