package kernel

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
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

// workerCounts are fewer and more than there are tiles of some jobs, and than most machines have cores.
func workerCounts() []int {
	if testing.Short() { // as under the race detector, where each takes twenty times as long
		return []int{2, 7}
	}
	return []int{1, 2, 3, 4, 7, 16}
}

// shared are shapes that the workers share, with strips and chunks left over.
var shared = []struct{ n, positions, in, out int }{{210, 1, 70, 37}, {33, 5, 130, 50}, {1, 1, 1000, 600}, {2, 1, 18, 16_000}, {400, 1, 300, 5}, {771, 1, 260, 50}}

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
		for _, workers := range workerCounts() {
			sameBits(t, want, results(pool(t, workers)), "%d workers, %+v", workers, s)
		}
	}
}

// Of every kernel: at these sizes, those that share do.
func TestWorkersChangeNoBitOfAnyKernel(t *testing.T) {
	sizes := [...][3]int{{66_001}, {1111, 131}, {131, 70, 61}}
	wide := [3]int{483, 140, 11} // of reductions, whose columns are shared
	counts := []int{2, 16}
	if os.Getenv("NNC_LONG") != "" {
		counts = workerCounts()
	}
	var m memory
	sharing := map[area]int{}
	for i, s := range withMaps() {
		if testing.Short() && i%8 > 0 {
			continue
		}
		at := sizes[s.axes]
		if s.axes == 2 && (s.area == reduction || s.area == movement) {
			at = wide
		}
		e, err := newExperiment(&m, s, s.within(at), plain, 1, nil)
		for _, workers := range counts {
			if err == nil {
				e.pool = pool(t, workers)
				flood(e.pool.crew.sums[:], poison) // as another kernel may leave them
				err = e.compare(between, -1)
			}
			if workers == 2 {
				if e.pool.crew.open.Load() == 0 {
					break // its work is its caller's alone
				}
				sharing[s.area]++
			}
		}
		assert.NoError(t, err)
	}
	if !testing.Short() {
		assert.Greater(t, sharing[product], 10)
		assert.Greater(t, sharing[elementwise], 10)
		assert.Greater(t, sharing[reduction], 34)
		assert.Greater(t, sharing[optimiser], 3)
	}
}

// Layers of 128 and more outputs, forward and backward, have work for several cores.
func TestProductsThatAreSharedHaveTiles(t *testing.T) {
	for _, s := range []dims{{64, 784, 128}, {64, 3072, 256}, {256, 128, 512}, {2048, 384, 1536}, {32, 512, 128}} {
		for name, m := range map[string]multiplication{
			"forward":    {rows: s.n, columns: s.out, terms: s.in, positions: 1, panelsB: true},
			"gradInput":  {rows: s.n, columns: s.in, terms: s.out, positions: 1, turnedB: true, panelsB: true},
			"gradWeight": {rows: s.in, columns: s.out, terms: s.n, positions: 1, turnedA: true, panelsC: true},
		} {
			assert.GreaterOrEqual(t, m.tiles(true), 4, "%s of %+v", name, s)
		}
	}
}

func TestPoolComputesEachTileOnce(t *testing.T) {
	counts = make([]atomic.Int32, 50)
	for _, workers := range []int{2, 4, 16} {
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
	const n, in, out = 800, 100, 20
	x, w, y := draw("x", n*in, true), draw("w", in*out, true), make([]float32, n*out)
	for name, p := range map[string]*Pool{"alone": nil, "two": pool(t, 2)} {
		assert.Zero(t, testing.AllocsPerRun(10, func() {
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
	p.run(job{tile: func(*job, int) {}, product: multiplication{c: make([]float32, 1)}}, 5)
	assert.Nil(t, p.crew.job.product.c)
	assert.Nil(t, p.crew.job.tile)
}

// Waking a worker costs whoever does it 20 µs: where it has not paid, it is tried ever more rarely.
func TestAWorkerThatIsWokenInVainSleepsOn(t *testing.T) {
	w := &worker{wake: make(chan struct{}, 1)}
	heard := func() (calls int) {
		w.asleep.Store(true)
		for calls = 1; !w.call(); calls++ {
		}
		<-w.wake
		return calls
	}
	assert.Equal(t, 1, heard())
	for _, calls := range []int{2, 4, 8, 16, 32, 64, 128, 256, 256} {
		w.settle(worthWaking - 1)
		assert.Equal(t, calls, heard())
	}
	w.settle(worthWaking)
	assert.Equal(t, 1, heard())
	w.settle(0)
	assert.Equal(t, 2, heard(), "it begins anew")
	assert.False(t, w.call(), "it is awake")
}

func TestNobodyIsWokenForNothing(t *testing.T) {
	c := new(crew)
	for range 5 {
		w := &worker{wake: make(chan struct{}, 1)}
		w.asleep.Store(true)
		c.workers = append(c.workers, w)
	}
	awake := func() (n int) {
		for _, w := range c.workers {
			if !w.asleep.Load() {
				n++
			}
		}
		return n
	}
	c.open.Store(newOpen(0, 1))
	c.rouse(2)
	assert.Zero(t, awake(), "the only tile is the caller's")
	c.open.Store(newOpen(c.open.Load(), 8))
	c.rouse(1)
	assert.Equal(t, 1, awake())
	c.rouse(2)
	assert.Equal(t, 3, awake(), "whoever is woken wakes two others")
}

// A worker whose core other programs have holds up whoever waits for its tile: the next jobs are not shared.
func TestNobodyWaitsForSlowWorkersAgainAndAgain(t *testing.T) {
	p := pool(t, 2)
	counts = make([]atomic.Int32, 1) // tiles of the worker
	run := func(until func() bool) {
		for began := time.Now(); !until(); {
			p.run(job{tile: tileOfASlowWorker}, 4)
			if !assert.Less(t, time.Since(began), 10*time.Second) {
				t.FailNow()
			}
		}
	}
	run(func() bool { return p.crew.lost > 0 })
	began, lost, tiles := time.Now(), p.crew.lost, counts[0].Load()
	run(func() bool { return p.crew.lost <= 0 })
	assert.Equal(t, tiles, counts[0].Load(), "the jobs are their caller's")
	assert.Greater(t, time.Since(began), regret/2*lost)
	run(func() bool { return counts[0].Load() > tiles }) // the worker has another chance
}

// tileOfASlowWorker takes a worker 10 ms, and its caller half a millisecond.
func tileOfASlowWorker(*job, int) {
	long := 500 * time.Microsecond
	if bytes.Contains(debug.Stack(), []byte("(*worker).look")) {
		counts[0].Add(1)
		long = 10 * time.Millisecond
	}
	for began := time.Now(); time.Since(began) < long; {
	}
}

func TestStepsStartNoGoroutines(t *testing.T) {
	created := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
	metrics.Read(created)
	if created[0].Value.Kind() != metrics.KindUint64 {
		t.Skip("this Go does not count them")
	}
	p := pool(t, 3)
	metrics.Read(created)
	before := created[0].Value.Uint64()
	counts = make([]atomic.Int32, 50)
	for range 1000 {
		p.run(job{tile: countTile, n: 50}, 50)
	}
	metrics.Read(created)
	assert.Less(t, created[0].Value.Uint64()-before, uint64(10), "the collector may start some")
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
