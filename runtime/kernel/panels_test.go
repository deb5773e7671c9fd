package kernel

import "testing"

var _ = also(panelling("ToPanels", ToPanels), panelling("FromPanels", FromPanels))

func panelling(name string, kernel func(p *Pool, y, x []float32, out, terms int)) specimen {
	return specimen{name: name, area: movement, axes: 2, at: func(a, b int) call {
		return call{dst: []extent{whole(a * b)}, src: []extent{whole(a * b)},
			run: func(p *Pool, d, s [][]float32, _ int) { kernel(p, d[0], s[0], b, a) }}
	}}
}

func TestPanelsAreALayout(t *testing.T) {
	for _, c := range []struct{ out, terms int }{{1, 1}, {1, 5}, {5, 1}, {15, 3}, {16, 3}, {17, 3}, {32, 2}, {37, 6}, {100, 7}} {
		x := draw("x", c.out*c.terms, true)
		want, got, back := weights(x, inPanels, c.terms, c.out), make([]float32, len(x)), make([]float32, len(x))
		ToPanels(nil, got, x, c.out, c.terms)
		sameBits(t, want, got, "[%d, %d] to panels", c.out, c.terms)
		FromPanels(nil, back, want, c.out, c.terms)
		sameBits(t, x, back, "[%d, %d] from panels", c.out, c.terms)
	}
}
