package train

import (
	"errors"
	"fmt"
)

// patience counts the epochs that did not better the best.
type patience struct {
	Stop
	higher bool // a higher value is better, else a lower one
	best   float64
	seen   bool // there is a best
	bad    int  // epochs in a row that did not better it
}

// chooseStop makes out what ends the training early: the job's patience, which watches the loss, else the model's.
func (t *training) chooseStop() error {
	var p patience
	flag := "`stop` in the spec"
	switch {
	case t.job.Patience != nil:
		flag = fmt.Sprintf("--patience %d", *t.job.Patience)
		p.Stop = Stop{Patience: *t.job.Patience, Monitor: "loss"}
		if p.Patience < 1 {
			return usage{errors.New(flag + ": must be at least 1")}
		}
	case t.m.Stop != nil:
		p.Stop = *t.m.Stop
	default:
		return nil
	}
	if t.set.Valid == nil {
		return usage{fmt.Errorf("%s watches held-out rows, and no rows are held out: hold some out, as with --valid 0.1 or --valid-data FILE, or leave it out", flag)}
	}
	if p.Metric != nil {
		k, _ := findMetric(p.Metric.Name)
		p.higher = k.higher
	}
	t.patience = &p
	return nil
}

// ends takes in an epoch and reports whether it is the last. An epoch betters the best by more than MinDelta or does
// not count, as in Keras: small gains add up, since the best stays until it is bettered. What is not a number
// betters nothing.
func (p *patience) ends(j *judgement) bool {
	better := j.watched < p.best-p.MinDelta
	if p.higher {
		better = j.watched > p.best+p.MinDelta
	}
	if !p.seen && j.watched == j.watched || p.seen && better {
		p.best, p.seen, p.bad = j.watched, true, 0
		return false
	}
	p.bad++
	return p.bad >= p.Patience
}

// reason says why training has ended.
func (p *patience) reason() string {
	by := ""
	if p.MinDelta > 0 {
		by = fmt.Sprintf(" by more than %g", p.MinDelta)
	}
	if p.Patience == 1 {
		return fmt.Sprintf("it did not better the best held-out %s, %s%s", p.Monitor, number(p.best), by)
	}
	return fmt.Sprintf("%d epochs in a row did not better the best held-out %s, %s%s", p.Patience, p.Monitor, number(p.best), by)
}
