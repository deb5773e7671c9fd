package kernel

import (
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// pool returns a pool of that many workers, whatever the machine.
func pool(t testing.TB, workers int) *Pool {
	old := runtime.GOMAXPROCS(max(workers, runtime.GOMAXPROCS(0)))
	t.Cleanup(func() { runtime.GOMAXPROCS(old) })
	return NewPool(workers)
}

// shared are shapes that the workers share, with strips and chunks left over.
var shared = []struct{ n, positions, in, out int }{{200, 1, 70, 37}, {33, 5, 130, 50}, {1, 1, 1000, 300}, {2, 1, 18, 8000}, {400, 1, 300, 5}}

func TestWorkersChangeNoBit(t *testing.T) {
	for _, s := range shared {
		rows := s.n * s.positions
		assert.GreaterOrEqual(t, rows*s.in*s.out, worthSharing, "too small to be shared")
		x, w, b, dy := draw("x", rows*s.in, true), draw("w", s.in*s.out, true), draw("b", s.out, true), draw("dy", rows*s.out, true)
		results := func(p *Pool) (all []float32) {
			for _, l := range linears {
				y, dx, dw := make([]float32, rows*s.out), make([]float32, rows*s.in), make([]float32, s.in*s.out)
				l.forward(p, y, x, w, b, nil, rows, s.in, s.out)
				l.gradInput(p, dx, dy, w, nil, rows, s.in, s.out)
				l.gradWeight(p, dw, x, dy, nil, s.n, s.positions, s.in, s.out)
				all = slices.Concat(all, y, dx, dw)
			}
			return all
		}
		want := results(nil)
		for _, workers := range []int{1, 2, 3, 4} {
			sameBits(t, want, results(pool(t, workers)), "%d workers, %+v", workers, s)
		}
	}
}

func TestPoolComputesEachTileOnce(t *testing.T) {
	counts = make([]atomic.Int32, 50)
	for _, workers := range []int{2, 4} {
		p := pool(t, workers)
		for round := range 2000 {
			tiles := 1 + round%len(counts)
			p.run(job{tile: countTile, n: tiles}, tiles)
			for i := range counts {
				want := int32(0)
				if i < tiles {
					want = 1
				}
				if got := counts[i].Swap(0); got != want {
					t.Fatalf("round %d: tile %d of %d was computed %d times", round, i, tiles, got)
				}
			}
			if round%500 == 499 {
				time.Sleep(2 * patience) // the workers sleep now
			}
		}
	}
}

var counts []atomic.Int32

func countTile(j *job, tile int) {
	if tile < j.n {
		counts[tile].Add(1)
	}
}

func TestPoolAllocatesNothing(t *testing.T) {
	const n, in, out = 64, 100, 100
	x, w, y := draw("x", n*in, true), draw("w", in*out, true), make([]float32, n*out)
	for name, p := range map[string]*Pool{"alone": nil, "two": pool(t, 2)} {
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			Linear(p, y, x, w, nil, nil, n, in, out)
			LinearGradInput(p, x, y, w, nil, n, in, out)
			LinearGradWeight(p, w, x, y, nil, n, 1, in, out)
		}), name)
	}
}

func TestAPoolOfOneIsNone(t *testing.T) {
	for _, workers := range []int{-1, 0, 1} {
		assert.Nil(t, NewPool(workers))
	}
	old := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(old)
	assert.Nil(t, NewPool(8), "the program may use one core")
}

func TestWorkersEndWithTheirPool(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		pool(t, 2).run(job{tile: func(*job, int) {}}, 3)
	}
	for range 200 {
		runtime.GC()
		if time.Sleep(5 * time.Millisecond); runtime.NumGoroutine() <= before {
			return
		}
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

func TestAPoolKeepsNoReferenceToTheModel(t *testing.T) {
	p := pool(t, 2)
	p.run(job{tile: func(*job, int) {}, y: make([]float32, 1)}, 5)
	assert.Nil(t, p.crew.job.y)
	assert.Nil(t, p.crew.job.tile)
}

func BenchmarkPool(b *testing.B) {
	for _, s := range []dims{{64, 784, 128}, {2048, 384, 1536}} {
		x, w, y := draw("x", s.n*s.in, true), draw("w", s.in*s.out, true), make([]float32, s.n*s.out)
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%dx%dx%d/%d", s.n, s.in, s.out, workers), func(b *testing.B) {
				p := NewPool(workers)
				for b.Loop() {
					Linear(p, y, x, w, nil, nil, s.n, s.in, s.out)
				}
				b.ReportMetric(float64(s.n*s.in*s.out)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
			})
		}
	}
}
