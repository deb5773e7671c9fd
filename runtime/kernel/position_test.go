package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	specimen{name: "Position", area: movement, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), whole(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { Position(p, d[0], s[0], s[1], n, a) }}
	}},
	specimen{name: "Sinusoidal", area: movement, axes: 2, least: [3]int{0, 1, 1}, rows: 60, rare: true, at: func(a, b int) call {
		g := &Sinusoids{Positions: a, Size: b}
		return call{dst: []extent{rows(a * b)}, src: []extent{rows(a * b)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { Sinusoidal(p, d[0], s[0], n, g) }}
	}},
)

func TestPositionAddsToEachRow(t *testing.T) {
	for _, c := range []struct{ n, size int }{{0, 3}, {1, 1}, {3, 5}, {70, 4099}, {2, 3 * worthMapping}} {
		x, w := draw("x", c.n*c.size, true), draw("w", c.size, true)
		want := make([]float32, len(x))
		for i, v := range x {
			want[i] = v + w[i%c.size]
		}
		for _, workers := range []int{1, 2} {
			got := make([]float32, len(x))
			Position(pool(t, workers), got, x, w, c.n, c.size)
			sameBits(t, want, got, "%+v, %d workers", c, workers)
		}
	}
}

// The table is the definition's in float64, rounded once: at 0, where sizes are odd, and behind many turns.
func TestSinusoids(t *testing.T) {
	for _, g := range []*Sinusoids{{Positions: 1, Size: 1}, {Positions: 3, Size: 7}, {Positions: 2000, Size: 64}, {Positions: 1 << 20, Size: 1}} {
		y := make([]float32, g.Positions*g.Size)
		Sinusoidal(nil, y, make([]float32, len(y)), 1, g)
		worst := 0.0
		for i, v := range y {
			at, k := i/g.Size, i%g.Size
			angle := float64(at) * math.Pow(10000, -float64(k/2*2)/float64(g.Size))
			want := math.Sin(angle)
			if k%2 == 1 {
				want = math.Cos(angle)
			}
			// The last place of the float32, and what the frequency's last places are of an angle.
			worst = max(worst, math.Abs(float64(v)-want)/(math.Abs(want)*0x1p-24+angle*0x1p-50+0x1p-60))
		}
		assert.LessOrEqual(t, worst, 1.0, "%d×%d", g.Positions, g.Size)
	}
	y := make([]float32, 12)
	Sinusoidal(nil, y, []float32{1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0}, 2, &Sinusoids{Positions: 2, Size: 3})
	sin1, cos1, slow := float32(0.8414709848078965), float32(0.5403023058681398), float32(0.0021544330233656045) // sin 10000^(-2/3)
	assert.Equal(t, []float32{1, 1, 0, sin1, cos1, slow, 2, 1, 0, sin1, cos1, slow}, y)
}

func TestPositionsOfSinesAllocateOnce(t *testing.T) {
	x, g := draw("x", 4*90*20, true), &Sinusoids{Positions: 90, Size: 20}
	for _, workers := range []int{1, 2} {
		p := pool(t, workers)
		assert.Zero(t, testing.AllocsPerRun(10, func() { Sinusoidal(p, x, x, 4, g) }), "%d workers", workers)
	}
}
