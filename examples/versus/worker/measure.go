package worker

import (
	"math"
	"runtime"
	"runtime/metrics"
	"time"
)

const (
	stretch = 50 * time.Microsecond // what is timed at once at least: reading the clock must not count
	least   = 3                     // stretches, however long they take
	most    = 1 << 15               // stretches whose times are kept
)

// time runs the job for some seconds from the initial parameters on.
func (j *Job) time(seconds float64) (Reply, error) {
	if err := j.Restart(); err != nil {
		return Reply{}, err
	}
	steps, took := 1, time.Duration(0)
	for { // the first steps warm up what has been cold since the last round
		var err error
		if took, err = j.run(steps); err != nil {
			return Reply{}, err
		}
		if took >= stretch {
			break
		}
		steps *= 2
	}
	limit := time.Duration(seconds * float64(time.Second))
	ns := make([]float64, 0, most)
	before := Count()
	for start := time.Now(); len(ns) < most && (len(ns) < least || time.Since(start) < limit); {
		took, err := j.run(steps)
		if err != nil {
			return Reply{}, err
		}
		ns = append(ns, float64(took.Nanoseconds())/float64(steps))
	}
	after := Count()
	total := float64(steps * len(ns))
	reply := Reply{NS: ns, FLOP: j.FLOP}
	// What the runtime allocates by itself now and then is no allocation of a step: whole numbers only.
	reply.Allocations = perStep(after.Allocations-before.Allocations, total)
	if after.KnowsGoroutines {
		reply.Goroutines = perStep(after.Goroutines-before.Goroutines, total)
	}
	return reply, nil
}

func perStep(n uint64, steps float64) *float64 {
	whole := math.Floor(float64(n) / steps)
	return &whole
}

// run times some steps together.
func (j *Job) run(steps int) (time.Duration, error) {
	start := time.Now()
	for range steps {
		if _, err := j.Step(); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

// Counts is what the program has done since it began.
type Counts struct {
	Allocations, Goroutines uint64
	KnowsGoroutines         bool // Go counts them since 1.26
}

// Count returns what the program has done so far.
func Count() (c Counts) {
	created := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
	metrics.Read(created) // first, since it allocates, which must not count between two calls
	if created[0].Value.Kind() == metrics.KindUint64 {
		c.Goroutines, c.KnowsGoroutines = created[0].Value.Uint64(), true
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	c.Allocations = stats.Mallocs
	return c
}
