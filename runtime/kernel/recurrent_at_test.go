package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = func() struct{} {
	for _, k := range []struct {
		name        string
		gates, kept int
		run         func(p *Pool, d, s [][]float32, at uint64, n int, g *Recurrent)
	}{
		{"RNNAt", 1, 1, func(p *Pool, d, s [][]float32, at uint64, n int, g *Recurrent) {
			RNNAt(p, d[0], d[1], s[0], s[1], at, make([]float32, g.Hidden), n, g)
		}},
		{"GRUAt", 3, 1, func(p *Pool, d, s [][]float32, at uint64, n int, g *Recurrent) {
			GRUAt(p, d[0], d[1], s[0], s[1], s[2], at, make([]float32, 3*g.Hidden), n, g)
		}},
		{"LSTMAt", 4, 2, func(p *Pool, d, s [][]float32, at uint64, n int, g *Recurrent) {
			LSTMAt(p, d[0], d[1], d[2], s[0], s[1], at, make([]float32, 4*g.Hidden), n, g)
		}},
	} {
		for at, name := range []string{", the first", ", another"} {
			also(specimen{name: k.name + name, area: product, axes: 1, least: [3]int{0, 1}, rare: true, rows: 5, at: func(size, _ int) call {
				size = min(size, 523) // the weights are its square
				g := &Recurrent{Steps: 2, Hidden: size, Gates: k.gates}
				c := call{dst: []extent{rows(size)}, src: []extent{rows(k.gates * size), whole(k.gates * size * size), whole(k.gates * size)}}
				for range k.kept {
					c.dst = append(c.dst, extent{whole: size, state: true})
				}
				c.run = func(p *Pool, d, s [][]float32, n int) { k.run(p, d, s, uint64(at), n, g) }
				return c
			}})
		}
	}
	return struct{}{}
}()

// One position after the other gives what the whole sequence gives, with the same bits; what stood there before nobody reads.
func TestRecurrencePositionByPosition(t *testing.T) {
	for _, size := range []int{1, 7, 20, 300} {
		g := &Recurrent{Steps: 5, Hidden: size}
		want, y := make([]float32, g.Steps*size), make([]float32, size)
		h, c := make([]float32, size), make([]float32, size)
		compare := func(name string, gates int, whole func(x, w, b, scratch []float32), one func(x, w, b []float32, at uint64, scratch []float32)) {
			g.Gates = gates
			x, w, b := draw("x", g.Steps*gates*size, true), draw("w", gates*size*size, true), draw("b", gates*size, true)
			scratch := make([]float32, 6*size)
			whole(x, w, b, scratch)
			for i := range size {
				h[i], c[i] = notANumber(), notANumber()
			}
			for at := range g.Steps {
				one(x[at*gates*size:], w, b, uint64(at), scratch)
				sameBits(t, want[at*size:][:size], y, "%s of %d at %d", name, size, at)
			}
			assert.Zero(t, testing.AllocsPerRun(3, func() { one(x, w, b, 1, scratch) }), name)
		}
		compare("rnn", 1, func(x, w, _, scratch []float32) { RNN(nil, want, x, w, nil, scratch, 1, g) },
			func(x, w, _ []float32, at uint64, scratch []float32) { RNNAt(nil, y, h, x, w, at, scratch, 1, g) })
		compare("gru", 3, func(x, w, b, scratch []float32) { GRU(nil, want, nil, nil, x, w, b, nil, scratch, 1, g) },
			func(x, w, b []float32, at uint64, scratch []float32) { GRUAt(nil, y, h, x, w, b, at, scratch, 1, g) })
		compare("lstm", 4, func(x, w, _, scratch []float32) { LSTM(nil, want, nil, nil, x, w, nil, scratch, 1, g) },
			func(x, w, _ []float32, at uint64, scratch []float32) { LSTMAt(nil, y, h, c, x, w, at, scratch, 1, g) })
	}
}
