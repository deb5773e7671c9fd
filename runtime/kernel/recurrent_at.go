package kernel

// A recurrent layer at one position of a sequence keeps the states of the position before in h [hidden], which are 0 at
// the first. Of n rows each goes on from where the one before has come.

// RNNAt computes RNN at one position: y = h = tanh(x + w·h), x and y [n, hidden]. The scratch has hidden elements.
func RNNAt(_ *Pool, y, h, x, w []float32, at uint64, scratch []float32, n int, g *Recurrent) {
	s := one{g: g, w: w, h: h, hidden: scratch}
	for row := range n {
		s.product(at)
		states := y[row*g.Hidden:][:g.Hidden]
		rnnRow(states, x[row*g.Hidden:][:g.Hidden], s.hidden[:g.Hidden])
		copy(h, states)
	}
}

// GRUAt computes GRU at one position, likewise: x [n, 3·hidden], y [n, hidden]. The scratch has 3·hidden elements.
func GRUAt(_ *Pool, y, h, x, w, b []float32, at uint64, scratch []float32, n int, g *Recurrent) {
	s := one{g: g, w: w, b: b, h: h, hidden: scratch}
	for row := range n {
		s.product(at)
		states, gates := y[row*g.Hidden:][:g.Hidden], s.hidden[:3*g.Hidden]
		gruRow(states, gates, gates[2*g.Hidden:], x[row*3*g.Hidden:][:3*g.Hidden], gates, h[:g.Hidden])
		copy(h, states)
	}
}

// LSTMAt computes LSTM at one position, likewise, with the cells c [hidden] kept too: x [n, 4·hidden], y [n, hidden]. The
// scratch has 4·hidden elements.
func LSTMAt(_ *Pool, y, h, c, x, w []float32, at uint64, scratch []float32, n int, g *Recurrent) {
	s := one{g: g, w: w, h: h, hidden: scratch}
	if at == 0 && n > 0 {
		clear(c[:g.Hidden])
	}
	for row := range n {
		s.product(at)
		states, gates, cells := y[row*g.Hidden:][:g.Hidden], s.hidden[:4*g.Hidden], c[:g.Hidden]
		lstmRow(states, gates, cells, x[row*4*g.Hidden:][:4*g.Hidden], gates, cells)
		copy(h, states)
	}
}

// one is a recurrent layer at one position.
type one struct {
	g       *Recurrent
	w, b, h []float32
	hidden  []float32 // [gates·hidden]
	gone    bool      // a row has been there already
}

// product computes hidden = h·wᵀ + b.
func (s *one) product(at uint64) {
	g := s.g
	width := g.Gates * g.Hidden
	m := multiplication{c: s.hidden, b: s.w, bias: s.b, rows: 1, columns: width, rowC: width, positions: 1, panelsB: true}
	if at == 0 && !s.gone {
		clear(s.h[:g.Hidden])
	} else {
		m.a, m.terms, m.rowA = s.h, g.Hidden, g.Hidden
	}
	s.gone = true
	m.run(nil, nil)
}
