package modeltest

import (
	"io"
	"testing"
)

// walker is a generator whose scores are the sum of the tokens up to a position; at one position, unless that is negative,
// it has a fault.
type walker struct {
	at, sum int
	fault   int
	sink    []float32
	alloc   bool // the fault is to allocate, else a wrong score
}

func (w *walker) Next(token int32, logits []float32) error {
	if w.at == w.Context() {
		return io.EOF
	}
	w.sum += int(token)
	clear(logits)
	logits[1] = float32(w.sum)
	if w.at == w.fault && w.alloc {
		w.sink = make([]float32, 100)
	} else if w.at == w.fault {
		logits[1]++
	}
	w.at++
	return nil
}

func (w *walker) Reset()          { w.at, w.sum = 0, 0 }
func (w *walker) Context() int    { return 5 }
func (w *walker) Vocabulary() int { return 3 }

// walk checks it.
func walk(t *testing.T, w *walker) {
	t.Helper()
	Positions(t, w, func(tokens []int32, out []float32) error {
		sum := 0
		for at, token := range tokens {
			sum += int(token)
			out[3*at+1] = float32(sum)
		}
		return nil
	})
}

// walks is that check as one of a model.
func walks(w walker) func(*testing.T, Model) {
	return func(t *testing.T, _ Model) { walk(t, &w) }
}

func TestARightGeneratorPasses(t *testing.T) { walk(t, &walker{fault: -1}) }
