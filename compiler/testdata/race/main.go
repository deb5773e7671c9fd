// Command race uses a model from two goroutines at once as its argument says: rightly, or in one of the ways that the race
// detector must report.
package main

import (
	"os"
	"sync"
)

func main() {
	m := NewNet()
	p, q := m.Predictor(), m.Predictor()
	x, target := make([]float32, 6*8), make([]float32, 8)
	predict := func(p *NetPredictor) func() error {
		out := make([]float32, 8)
		return func() error { return p.Predict(x, out) }
	}
	train := func() error {
		_, err := m.Train(x, target)
		return err
	}
	beside(map[string][2]func() error{
		"apart":           {predict(p), predict(q)},
		"one predictor":   {predict(p), predict(p)},
		"one model":       {m.predictTo(x), m.predictTo(x)},
		"beside training": {predict(p), train},
		"two trainings":   {train, train},
	}[os.Args[1]])
}

func (m *Net) predictTo(x []float32) func() error {
	out := make([]float32, 8)
	return func() error { return m.Predict(x, out) }
}

// beside runs both at the same time: each call of the one waits for the other to be about to call too.
func beside(calls [2]func() error) {
	var both sync.WaitGroup
	ready := [2]chan bool{make(chan bool, 1), make(chan bool, 1)}
	for i, call := range calls {
		both.Add(1)
		go func() {
			defer both.Done()
			for range 1000 {
				ready[i] <- true
				<-ready[1-i]
				_ = call() // one that is wrong may fail
			}
		}()
	}
	both.Wait()
}
