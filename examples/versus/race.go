package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/nnc-lang/nnc/examples/versus/worker"
)

// result is what one task in one peer came to. Times of a peer that failed or disagrees are not there.
type result struct {
	Workload    string      `json:"workload"`
	Task        string      `json:"task"`
	Peer        string      `json:"peer"`
	Title       string      `json:"title"`
	Version     string      `json:"version,omitempty"`
	Cores       int         `json:"cores"`
	Problem     string      `json:"problem,omitempty"`
	Install     string      `json:"install,omitempty"`
	NS          figures     `json:"ns"`
	FLOP        float64     `json:"flop,omitempty"`  // of a step, where it counts
	Share       float64     `json:"share,omitempty"` // of what the FMA loop does: the median of what it is in each round
	Rounds      [][]float64 `json:"-"`
	Allocations *float64    `json:"allocations,omitempty"` // per step
	Goroutines  *float64    `json:"goroutines,omitempty"`  // started per step
	Memory      int64       `json:"memory,omitempty"`      // the worker's peak, bytes
}

// settings is how long to measure.
type settings struct {
	rounds  int
	seconds float64 // of a peer in a round
	cores   int
	log     io.Writer
}

// racer is a peer in a race.
type racer struct {
	peer
	process *process
	failed  error // no more of this workload
}

// race measures all tasks of a workload in all peers. Each has a process of its own, which ends with the workload.
func race(w *workload, file string, chosen []peer, how programs, s settings) []*result {
	var racers []*racer
	for _, p := range chosen {
		if w.has(p) {
			r := &racer{peer: p}
			racers = append(racers, r)
			r.start(how, s.cores)
		}
	}
	var results []*result
	for _, t := range w.tasks {
		results = append(results, raceTask(w, t, file, racers, s)...)
	}
	for _, r := range racers {
		if r.process == nil {
			continue
		}
		peak := r.process.end()
		for _, done := range results {
			if done.Peer == r.name && done.Problem == "" {
				done.Memory = peak
			}
		}
	}
	return results
}

// has reports whether a peer does any of the tasks.
func (w *workload) has(p peer) bool {
	return slices.ContainsFunc(w.tasks, func(t task) bool { return p.does(w, t) })
}

func (p peer) does(w *workload, t task) bool {
	if p.side == gopher && slices.Contains(notInGo, w.name) {
		return false
	}
	return (p.only == "" || p.only == w.name) && slices.Contains(p.tasks, t.what)
}

func (r *racer) start(how programs, cores int) {
	command, err := how.command(r.peer)
	if err == nil {
		r.process, err = start(command, cores)
	}
	r.failed = err
}

// raceTask measures a task: everyone makes it ready and shows that it computes what nnc does, then they take turns.
func raceTask(w *workload, t task, file string, racers []*racer, s settings) []*result {
	fmt.Fprintf(s.log, "%s, %v, cores: %d\n", w.id, t, s.cores)
	var results []*result
	var running []*racer
	var timed []*result
	var want []float32
	for _, r := range racers {
		if !r.does(w, t) {
			continue
		}
		one := &result{Workload: w.id, Task: t.String(), Peer: r.name, Title: r.title, Cores: s.cores, FLOP: t.flop()}
		results = append(results, one)
		values, err := r.open(w, t, file, s.cores, one)
		switch {
		case err != nil:
		case r.name == "nnc": // it is the first
			want = values
		case want == nil:
			err = errors.New("there is nothing of nnc to compare with")
		case r.name != "fma":
			if err = t.agree(want, values); err != nil {
				err = fmt.Errorf("WRONG: %w", err)
			}
		}
		if err != nil {
			one.fail(err)
			continue
		}
		running, timed = append(running, r), append(timed, one)
	}
	for round := range s.rounds {
		for i := range running {
			at := (i + round) % len(running) // not always behind the same
			if timed[at].Problem == "" {
				running[at].turn(timed[at], s.seconds)
			}
		}
	}
	for _, one := range timed {
		if one.Problem == "" {
			one.NS = summarise(one.Rounds, timed[0].Rounds)
			one.Share = one.share(timed)
		}
	}
	return results
}

// open makes a task ready and returns the values that agreement is judged by.
func (r *racer) open(w *workload, t task, file string, cores int, one *result) ([]float32, error) {
	if r.failed != nil {
		return nil, r.failed
	}
	request := worker.Request{Do: "open", Steps: w.steps(), Task: worker.Task{Workload: w.name, What: t.what, Size: t.size, File: file, Cores: cores}}
	reply, err := r.process.ask(request)
	if err != nil {
		return nil, err
	}
	one.Version = reply.Version
	if r.name == "fma" {
		return nil, nil
	}
	request.Do = "values"
	reply, err = r.process.ask(request)
	return reply.Values, err
}

// turn measures a peer once.
func (r *racer) turn(one *result, seconds float64) {
	time.Sleep(50 * time.Millisecond) // threads of the one before may still look for work
	reply, err := r.process.ask(worker.Request{Do: "time", Seconds: seconds})
	if err == nil && len(reply.NS) == 0 {
		err = errors.New("its worker gave no times")
	}
	if err != nil {
		one.fail(err)
		return
	}
	one.Rounds = append(one.Rounds, reply.NS)
	one.Allocations, one.Goroutines = most(one.Allocations, reply.Allocations), most(one.Goroutines, reply.Goroutines)
	if reply.FLOP > 0 {
		one.FLOP = reply.FLOP
	}
}

// share returns how much a product does of what the loop does that was timed with it, 0 without the loop.
func (one *result) share(timed []*result) float64 {
	at := slices.IndexFunc(timed, func(r *result) bool { return r.Peer == "fma" && r.Problem == "" })
	if at < 0 {
		return 0
	}
	loop := timed[at]
	return one.FLOP / loop.FLOP / summarise(one.Rounds, loop.Rounds).Ratio
}

func most(a, b *float64) *float64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

func (one *result) fail(err error) {
	one.Problem = err.Error()
	if gone := (missing{}); errors.As(err, &gone) {
		one.Problem, one.Install = gone.what, gone.install
	}
}
