package kernel

import (
	"runtime"
	"sync/atomic"
	"time"
)

// Pool is the set of workers that the kernels of a model share, one kernel after another. A nil pool is one worker,
// the caller. How many there are changes no bit of any result: what they share out are the tiles of a job, whose
// shapes are constants, and no sum goes over two tiles.
//
// The workers end some time after the pool is no longer reachable: they know the crew, not the pool.
type Pool struct{ crew *crew }

// NewPool returns a pool of that many workers, the caller among them, but no more than the program may use at once;
// nil if that leaves the caller alone.
func NewPool(workers int) *Pool {
	workers = min(workers, runtime.GOMAXPROCS(0))
	if workers < 2 || runtime.GOARCH == "wasm" {
		return nil
	}
	c := &crew{stop: make(chan struct{})}
	for range workers - 1 {
		w := &worker{wake: make(chan struct{}, 1)}
		c.workers = append(c.workers, w)
		go w.work(c)
	}
	p := &Pool{c}
	runtime.AddCleanup(p, func(stop chan struct{}) { close(stop) }, c.stop)
	return p
}

// crew is the workers besides the caller, and their job.
type crew struct {
	job     job
	open    atomic.Uint64 // the tiles that nobody has taken: see newOpen
	pending atomic.Int64  // tiles that are not done
	sums    partSums      // of tiles, which the caller joins
	workers []*worker
	stop    chan struct{}
	lost    time.Duration // waiting for workers that did not come on
}

// job is a kernel cut into tiles, which may be computed in any order, at the same time.
type job struct {
	tile       func(j *job, tile int)
	n          int
	product    multiplication
	batch      batch
	sliding    sliding
	weight     []float32
	maps       [mostMaps]Map
	followed   int // number of maps, which follow a product or are all there is
	descent    descent
	masking    masking
	static     static
	rows       reducing
	channels   channelwise
	planes     planes
	turning    turning
	cosines    cosines
	entropies  entropies
	columns    columnwise
	blocks     blocks
	lookup     lookup
	used       []int32 // rows of a table
	permuting  permuting
	padding    padding
	positional positional
	scaling    scaling
	shifting   shifting
	joining    joining
	attending  attending
	rotating   rotating
	recurring  recurring
}

// partSums are sums of parts of one array, in their order.
type partSums [laneBlock]float32

// follow gives the job its maps.
func (j *job) follow(maps []Map) { j.followed = copy(j.maps[:], maps) }

// run computes all tiles of j and returns when they are done.
func (p *Pool) run(j job, tiles int) {
	c := p.crew
	c.job = j
	began := time.Now()
	if c.lost > 0 || tiles > mostTiles {
		for tile := range tiles {
			c.job.tile(&c.job, tile)
		}
		c.lost = max(0, c.lost-time.Since(began)/regret)
		c.job = job{}
		return
	}
	c.pending.Store(int64(tiles))
	c.open.Store(newOpen(c.open.Load(), tiles))
	c.rouse(1)
	for c.take(true) {
	}
	if c.pending.Load() > 0 {
		c.wait(time.Since(began))
	}
	c.job = job{} // no reference to the model stays behind
}

// regret is for how many times as long as was lost jobs are their caller's alone.
const regret = 16

// wait waits for the tiles that are left, after the caller has computed its own for so long. They have been begun: none
// waits for a worker to wake up. Where they take much longer than the caller's, other programs have the worker's core,
// and jobs are not shared for a while.
func (c *crew) wait(own time.Duration) {
	began := time.Now()
	for spins := 0; c.pending.Load() > 0; spins++ {
		if spins%64 == 63 {
			runtime.Gosched()
		}
	}
	if waited := time.Since(began); waited > max(2*own, patience) {
		c.lost = waited
	}
}

// mostTiles is the largest number of tiles that are shared.
const mostTiles = 1<<20 - 1

// newOpen returns the word that says which tiles nobody has taken, of a new job after that of old: in 24 bits the job's
// number, in 20 each the first tile and the one behind the last.
func newOpen(old uint64, tiles int) uint64 { return (old>>40+1)<<40 | uint64(tiles) }

// untaken returns the first tile that nobody has taken and the one behind the last.
func untaken(open uint64) (first, end int) { return int(open >> 20 & mostTiles), int(open & mostTiles) }

// left returns the number of tiles that nobody has taken.
func (c *crew) left() int {
	first, end := untaken(c.open.Load())
	return end - first
}

// rouse wakes up to so many workers if there are tiles for them. Waking takes longer than many a tile: whoever is woken
// wakes others in turn.
func (c *crew) rouse(most int) {
	for _, w := range c.workers {
		if most == 0 || c.left() < 2 {
			return
		}
		if w.call() {
			most--
		}
	}
}

// take computes one tile, if there is one that nobody has taken. Whoever has taken a tile may read the job: its
// caller waits until the tile is done. The caller takes the last tiles and the workers the first ones: tiles of
// different jobs that lie in the same place of the same parameters then mostly fall to the same core, whose cache has them.
func (c *crew) take(last bool) bool {
	for {
		open := c.open.Load()
		tile, end := untaken(open)
		if tile == end {
			return false
		}
		taken := open + 1<<20
		if last {
			tile, taken = end-1, open-1
		}
		if c.open.CompareAndSwap(open, taken) {
			c.job.tile(&c.job, tile)
			c.pending.Add(-1)
			return true
		}
	}
}

// worker is one goroutine. It looks for tiles, and sleeps if there have been none for a while.
type worker struct {
	asleep atomic.Bool
	wake   chan struct{}

	// Where waking has not paid, the next calls are in vain, each time twice as many.
	deaf  atomic.Int32 // calls that the worker will not hear
	after atomic.Int32 // what deaf was when it fell asleep
}

const (
	// patience is how long a worker looks for tiles before it sleeps. Until then it finds one within a microsecond.
	patience = 50 * time.Microsecond

	// worthWaking is how long a worker has to compute until it sleeps again for its waking to pay: that takes 20 µs of
	// whoever wakes it, and it takes up to 100 µs until it is there.
	worthWaking = 50 * time.Microsecond

	// mostDeaf is the largest number of calls in a row that a worker does not hear.
	mostDeaf = 255
)

func (w *worker) work(c *crew) {
	for {
		w.settle(w.look(c))
		w.asleep.Store(true)
		if c.left() > 0 && w.asleep.CompareAndSwap(true, false) {
			continue // a job came before anyone could know that this worker sleeps
		}
		select {
		case <-w.wake:
			c.rouse(2)
		case <-c.stop:
			return
		}
	}
}

// look computes tiles until there have been none for a while, and returns how long that took.
func (w *worker) look(c *crew) (worked time.Duration) {
	last := time.Now()
	for before := last; ; runtime.Gosched() {
		found := false
		for c.take(false) {
			found = true
		}
		now := time.Now()
		if found {
			worked += now.Sub(before)
			last = now
		} else if now.Sub(last) >= patience {
			return worked
		}
		before = now
	}
}

// settle decides how many calls the worker will not hear, when it has worked so long since it was woken.
func (w *worker) settle(worked time.Duration) {
	deaf := int32(0)
	if worked < worthWaking {
		deaf = min(2*w.after.Load()+1, mostDeaf)
	}
	w.after.Store(deaf)
	w.deaf.Store(deaf)
}

// call wakes the worker if it sleeps, and reports whether it did.
func (w *worker) call() bool {
	if !w.asleep.Load() {
		return false
	}
	if w.deaf.Load() > 0 {
		w.deaf.Add(-1)
		return false
	}
	if !w.asleep.CompareAndSwap(true, false) {
		return false
	}
	w.wake <- struct{}{}
	return true
}
