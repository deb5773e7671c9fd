package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// paddingOf is a border of other sizes on each side around images of two planes, or of channels last. None is wider than
// every mode allows.
func paddingOf(last bool, height, width int) *Padding {
	g := &Padding{Planes: 2, Height: height, Width: width, Inner: 1, Top: min(2, height-1), Bottom: min(1, height-1), Left: min(3, width-1), Right: min(2, width-1)}
	if last {
		g.Planes, g.Inner = 1, 3
	}
	return g
}

func (g *Padding) before() int { return g.Planes * g.Height * g.narrow() }
func (g *Padding) behind() int { return g.Planes * g.padded() * g.wide() }

var _ = also(
	padded("Pad", func(p *Pool, y, x []float32, n int, g *Padding) { Pad(p, y, x, n, g, -1.5) }, false), paddedBack("PadGrad", PadGrad, false),
	padded("PadReflect", PadReflect, false), paddedBack("PadReflectGrad", PadReflectGrad, false),
	padded("PadReplicate", PadReplicate, false), paddedBack("PadReplicateGrad", PadReplicateGrad, false),
	padded("PadCircular", PadCircular, false), paddedBack("PadCircularGrad", PadCircularGrad, false),
	padded("PadReflect, channels last", PadReflect, true), paddedBack("PadReflectGrad, channels last", PadReflectGrad, true),
)

func padded(name string, kernel func(p *Pool, y, x []float32, n int, g *Padding), last bool) specimen {
	return specimen{name: name, area: movement, axes: 2, least: [3]int{0, 1, 1}, rows: 40, rare: true, at: func(a, b int) call {
		g := paddingOf(last, a, b)
		return call{dst: []extent{rows(g.behind())}, src: []extent{rows(g.before())}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], n, g) }}
	}}
}

func paddedBack(name string, kernel func(p *Pool, dx, dy []float32, n int, g *Padding), last bool) specimen {
	return specimen{name: name, area: movement, axes: 2, least: [3]int{0, 1, 1}, rows: 40, rare: true, at: func(a, b int) call {
		g := paddingOf(last, a, b)
		return call{dst: []extent{rows(g.before())}, src: []extent{rows(g.behind())}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], n, g) }}
	}}
}

// Each gradient is the sum of those of the places that show it, in the order that PadReflectGrad states.
func TestGradientsOfBordersAreAddedInOrder(t *testing.T) {
	for mode, kernel := range map[around]func(p *Pool, dx, dy []float32, n int, g *Padding){
		oneValue: PadGrad, mirrored: PadReflectGrad, outermost: PadReplicateGrad, continued: PadCircularGrad,
	} {
		for _, g := range []*Padding{
			{Planes: 2, Height: 4, Width: 5, Inner: 1, Top: 3, Bottom: 2, Left: 1, Right: 4},
			{Planes: 1, Height: 3, Width: 4, Inner: 3, Top: 1, Bottom: 2, Left: 3, Right: 0},
			{Planes: 3, Height: 1, Width: 20, Inner: 1, Left: 7, Right: 19},
			{Planes: 1, Height: 20, Width: 1, Inner: 20, Top: 19, Bottom: 3},
			{Planes: 1, Height: 2, Width: 3, Inner: 1},
		} {
			const n = 3
			dy := draw("dy", n*g.behind(), true)
			want, got := make([]float32, n*g.before()), make([]float32, n*g.before())
			for e := range want {
				inner, j, i, plane := e%g.Inner, e/g.Inner%g.Width, e/g.Inner/g.Width%g.Height, e/g.Inner/g.Width/g.Height
				at := func(i, j int) float32 {
					return dy[((plane*g.padded()+i+g.Top)*(g.Left+g.Width+g.Right)+j+g.Left)*g.Inner+inner]
				}
				sum := at(i, j)
				shows := func(row, column int) bool {
					return mode.source(row, g.Height) == i && mode.source(column, g.Width) == j
				}
				line := func(row int) {
					if row != i && shows(row, j) {
						sum += at(row, j)
					}
					for column := -g.Left; column < g.Width+g.Right; column++ {
						if column != j && shows(row, column) {
							sum += at(row, column)
						}
					}
				}
				line(i)
				for row := -g.Top; row < g.Height+g.Bottom; row++ {
					if row != i {
						line(row)
					}
				}
				want[e] = sum
			}
			for _, workers := range []int{1, 2} {
				clear(got)
				kernel(pool(t, workers), got, dy, n, g)
				sameBits(t, want, got, "mode %d, %+v, %d workers", mode, *g, workers)
			}
		}
	}
}

// What PyTorch's torch.nn.functional.pad makes of 1, 2, 3, 4 with two before and one behind.
func TestBorders(t *testing.T) {
	x := []float32{1, 2, 3, 4}
	g := &Padding{Planes: 1, Height: 1, Width: 4, Inner: 1, Left: 2, Right: 1}
	y := make([]float32, 7)
	Pad(nil, y, x, 1, g, 9)
	assert.Equal(t, []float32{9, 9, 1, 2, 3, 4, 9}, y)
	PadReflect(nil, y, x, 1, g)
	assert.Equal(t, []float32{3, 2, 1, 2, 3, 4, 3}, y)
	PadReplicate(nil, y, x, 1, g)
	assert.Equal(t, []float32{1, 1, 1, 2, 3, 4, 4}, y)
	PadCircular(nil, y, x, 1, g)
	assert.Equal(t, []float32{3, 4, 1, 2, 3, 4, 1}, y)
}

func TestPadsAllocateNothing(t *testing.T) {
	g := paddingOf(false, 40, 50)
	x, y := draw("x", 8*g.before(), true), make([]float32, 8*g.behind())
	for _, workers := range []int{1, 2} {
		p := pool(t, workers)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			Pad(p, y, x, 8, g, 0)
			PadReflect(p, y, x, 8, g)
			PadReflectGrad(p, x, y, 8, g)
		}), "%d workers", workers)
	}
}
