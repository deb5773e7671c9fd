package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// sweeping is a sweep under way.
type sweeping struct {
	*session
	axes   []axis
	trials []*trial
	by     string
	save   *string
	json   bool
	folds  int

	cache   cache
	signals chan os.Signal
	dir     string // temporary, for the weights of the run at hand
	best    *trial // so far, nil before the first that can be ranked
	kept    bestFile
	caught  os.Signal       // ended the sweep
	said    map[string]bool // remarks of programs
	living  living
}

// run runs all trials, one at a time, and reports.
func (w *sweeping) run() error {
	signals, stop := catch()
	defer stop()
	w.signals = signals
	var err error
	if w.cache, err = openCache(); err != nil {
		return err
	}
	defer w.cache.close()
	if w.dir, err = os.MkdirTemp("", "nnc-"); err != nil {
		return err
	}
	defer os.RemoveAll(w.dir)
	w.living = newLiving(w.stderr)
	for _, t := range w.trials {
		select {
		case w.caught = <-signals:
		default:
		}
		if w.caught != nil {
			break
		}
		if err := w.try(t); err != nil {
			if w.best != nil {
				w.report() // the error counts
			}
			return err
		}
	}
	if err := w.settle(); err != nil {
		return err
	}
	return w.conclude()
}

// try runs a trial and says how it went. The error is one that ends the sweep: of its own, or of data that no run could
// begin with.
func (w *sweeping) try(t *trial) error {
	if t.unfit != nil {
		t.state, t.why = failed, t.unfit.Error()
		return w.tell(t)
	}
	err := w.train(t, filepath.Join(w.dir, "weights.safetensors"))
	w.living.clear()
	if t.begun && !w.decidable(t) {
		return w.unknownMetric(t)
	}
	var end exit
	switch {
	case err == nil && t.whole:
		t.state = done
	case err == nil:
		t.state, t.why = failed, "the program said nothing of how it ended"
	case errors.As(err, &end) && w.interrupts(end.code):
		t.state = interrupted
	case errors.As(err, &end):
		t.state = failed
		if t.why == "" {
			t.why = end.Error()
		}
		if !t.begun && w.allFail(t) {
			return exit{end.code, errors.New(t.why)}
		}
	default:
		return err
	}
	var unsaved error
	if t.state == done {
		unsaved = w.compare(t)
	}
	return errors.Join(unsaved, w.tell(t))
}

// tell says how a trial went.
func (w *sweeping) tell(t *trial) error {
	w.note("%s", w.account(t))
	if w.json {
		return w.writeRun(t)
	}
	return nil
}

// allFail has the trials fail that cannot begin either where the trial could not, and returns whether these are all.
func (w *sweeping) allFail(t *trial) bool {
	all := true
	var alike []*trial
	for _, o := range w.trials {
		switch {
		case o.reading() != t.reading():
			all = false
		case o.begun: // so something else is the matter
			return false
		case o.unfit == nil:
			alike = append(alike, o)
		}
	}
	for _, o := range alike {
		o.unfit = errors.New(t.why)
	}
	return all
}

// interrupts says whether a program's exit code is that of a signal that ends the sweep too.
func (w *sweeping) interrupts(code int) bool {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, hangUp} {
		if code == signalCode(sig) {
			if w.caught == nil {
				w.caught = sig
			}
			return true
		}
	}
	return false
}

// decidable says whether the training measures what decides.
func (w *sweeping) decidable(t *trial) bool {
	_, ok := t.measures(w.by)
	return ok
}

// unknownMetric is the error of a --by that the training does not measure.
func (w *sweeping) unknownMetric(t *trial) error {
	names := []string{byLoss}
	for _, m := range t.metrics {
		names = append(names, m.Name)
	}
	return fmt.Errorf("--by %s: this model's are %s", w.by, strings.Join(names, ", "))
}

// train has the trial's program train, and leave the weights there; of folds none are left.
func (w *sweeping) train(t *trial, weights string) error {
	os.Remove(weights) // those of the run before
	if w.folds > 0 || w.save != nil && *w.save == "" {
		weights = ""
	}
	return w.runProgram(t, weights)
}

// runProgram runs the trial's command with the weights going to that file.
func (w *sweeping) runProgram(t *trial, weights string) error {
	sp, out, list, err := t.command.compile(w.session)
	if err != nil {
		return err
	}
	if list.HasErrors() {
		return w.judge(sp, list, nil)
	}
	path, err := w.program(w.cache, sp, out, w.signals)
	if err != nil {
		return err
	}
	w.living.show(w.title(t) + ": begins")
	j := t.command.job(weights, false)
	j.about(out)
	j.JSON, j.Sweep = true, true
	child := *w.session
	child.stdin = nil
	var turn sync.Mutex // both streams are read at a time
	stdout := &lineWriter{each: func(line []byte) {
		turn.Lock()
		defer turn.Unlock()
		begun := t.begun
		if p := t.read(line); p != nil {
			w.living.show(w.title(t) + ": " + p.String())
		}
		if !begun && t.begun && !w.decidable(t) {
			w.signals <- os.Interrupt // what nothing can be decided by need not be trained
		}
	}}
	stderr := &lineWriter{each: func(line []byte) {
		turn.Lock()
		defer turn.Unlock()
		unwanted := t.begun && !w.decidable(t)
		if text := string(line); !t.listen(text) && !w.said[text] && !unwanted {
			w.said[text] = true
			w.living.clear()
			fmt.Fprintf(w.stderr, "%s\n", text)
		}
	}}
	child.stdout, child.stderr = stdout, stderr
	caught, err := child.execute(w.cache, path, j, w.signals)
	stdout.end()
	stderr.end()
	if w.caught == nil {
		w.caught = caught
	}
	return err
}

// compare keeps the trial if it is better than the best so far; of equals the first stays. A trial whose deciding
// number is undefined is never the best.
func (w *sweeping) compare(t *trial) error {
	v, ok := t.rank(w.by)
	if !ok {
		return nil
	}
	if w.best != nil {
		if best, _ := w.best.rank(w.by); v >= best {
			return nil
		}
	}
	if err := w.keep(t); err != nil {
		return err
	}
	w.best = t
	return nil
}

// keep puts the weights of the trial where the best go.
func (w *sweeping) keep(t *trial) error {
	if w.folds > 0 {
		return nil
	}
	path, keepEarlier := t.command.withSave(w.save).saves(spec{file: t.command.Model})
	if path == "" {
		return nil
	}
	if err := w.kept.put(filepath.Join(w.dir, "weights.safetensors"), path, keepEarlier); err != nil {
		return fmt.Errorf("the weights of %s cannot be saved: %w", w.title(t), err)
	}
	return nil
}

// settle takes the run that was interrupted for the best where no other has come to its end.
func (w *sweeping) settle() error {
	for _, t := range w.trials {
		if w.best == nil && t.state == interrupted && t.whole {
			if err := w.compare(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// ranked are the trials in the order of the table, and how many of them have a rank: those that came to their end by
// what decides, then the others in their order.
func (w *sweeping) ranked() (all []*trial, ranks int) {
	var others []*trial
	for _, t := range w.trials {
		_, ok := t.rank(w.by)
		switch {
		case t.state == done && ok:
			all = append(all, t)
		case t.state != waiting:
			others = append(others, t)
		}
	}
	slices.SortStableFunc(all, func(a, b *trial) int {
		x, _ := a.rank(w.by)
		y, _ := b.rank(w.by)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return append(all, others...), len(all)
}

// conclude reports, and gives the sweep its exit code.
func (w *sweeping) conclude() error {
	var err error
	if w.best != nil && w.folds > 0 && w.caught == nil && w.save != nil && *w.save != "" {
		err = w.trainOnAll()
	}
	written := w.report()
	switch {
	case w.caught != nil:
		ran := 0
		for _, t := range w.trials {
			if t.state == done || t.state == failed {
				ran++
			}
		}
		return exit{signalCode(w.caught), fmt.Errorf("interrupted: %d of %d runs came to their end", ran, len(w.trials))}
	case err != nil:
		return err
	case written != nil:
		return written
	case !slices.ContainsFunc(w.trials, func(t *trial) bool { return t.begun }):
		return problem("no run could begin to train")
	case w.best == nil:
		return problem("no run has a held-out %s that could be compared", w.by)
	}
	return nil
}

// trainOnAll has the best combination train on all rows, behind its folds, as nnc train does.
func (w *sweeping) trainOnAll() error {
	w.note("the best combination trains on all rows, after its folds")
	again := &trial{number: w.best.number, values: w.best.values, command: w.best.command}
	err := w.runProgram(again, *w.save)
	w.living.clear()
	var end exit
	if errors.As(err, &end) && again.why != "" {
		err = exit{end.code, fmt.Errorf("the model of all rows: %s", again.why)}
	}
	if err != nil {
		return err
	}
	w.best.Saved = again.Saved
	w.best.Epochs, w.best.KeptEpoch = again.Epochs, again.KeptEpoch
	w.best.TestRows, w.best.TestLoss, w.best.TestMetrics = again.TestRows, again.TestLoss, again.TestMetrics
	return nil
}
