package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// scaled is z = c·x + y as a map, in steps that round.
func scaled(z, x, y []float32, c float32) Map {
	return Map{z: z, x: x, y: y, c: constants{c}, f: mapping{portable: func(z, x, y, _ []float32, c constants, rows, columns, stride int) {
		for r := range rows {
			for i := r * stride; i < r*stride+columns; i++ {
				z[i] = float32(c[0]*x[i]) + y[i]
			}
		}
	}}}
}

// What follows a product is computed for each element once, after its sum and bias.
func TestMapsFollowAProduct(t *testing.T) {
	for _, s := range []dims{{1, 7, 5}, {1, 20, 16}, {1, 300, 37}, {3, 9, 40}, {64, 13, 64}, {200, 70, 37}, {400, 30, 50}, {5, 0, 3}, {3, 7, 300}, {70, 260, 300}} {
		for _, workers := range []int{1, 3} {
			p := pool(t, workers)
			n, in, out := s.n, s.in, s.out
			x, w, b, dy := draw("x", n*in, true), draw("w", in*out, true), draw("b", out, true), draw("dy", n*out, true)
			plain := []func(y, dx []float32){
				func(y, dx []float32) {
					Linear(nil, y, x, w, b, nil, n, in, out)
					LinearGradInput(nil, dx, dy, w, nil, n, in, out)
				},
				func(y, dx []float32) {
					LinearRows(nil, y, x, w, b, nil, n, in, out)
					LinearGradInputRows(nil, dx, dy, w, nil, n, in, out)
				},
			}
			followed := []func(y, y2, dx, dx2 []float32){
				func(y, y2, dx, dx2 []float32) {
					LinearThen(p, y, x, w, b, nil, n, in, out, scaled(y, y, dy, 2), scaled(y2, y, dy, -3))
					LinearGradInputThen(p, dx, dy, w, nil, n, in, out, scaled(dx, dx, x, 2), scaled(dx2, dx, dx, -3))
				},
				func(y, y2, dx, dx2 []float32) {
					LinearRowsThen(p, y, x, w, b, nil, n, in, out, scaled(y, y, dy, 2), scaled(y2, y, dy, -3))
					LinearGradInputRowsThen(p, dx, dy, w, nil, n, in, out, scaled(dx, dx, x, 2), scaled(dx2, dx, dx, -3))
				},
			}
			for i := range plain {
				wantY, wantDX := make([]float32, n*out), make([]float32, n*in)
				plain[i](wantY, wantDX)
				wantY2, wantDX2 := make([]float32, n*out), make([]float32, n*in)
				Chain(nil, n, out, scaled(wantY, wantY, dy, 2), scaled(wantY2, wantY, dy, -3))
				Chain(nil, n, in, scaled(wantDX, wantDX, x, 2), scaled(wantDX2, wantDX, wantDX, -3))

				y, y2, dx, dx2 := make([]float32, n*out), make([]float32, n*out), make([]float32, n*in), make([]float32, n*in)
				followed[i](y, y2, dx, dx2)
				sameBits(t, wantY, y, "y of %+v", s)
				sameBits(t, wantY2, y2, "the second map of %+v", s)
				sameBits(t, wantDX, dx, "dx of %+v", s)
				sameBits(t, wantDX2, dx2, "the second map of dx of %+v", s)
			}
		}
	}
}

func TestMapsThatFollowAllocateNothing(t *testing.T) {
	const n = 64
	for _, width := range []int{100, 300} {
		x, w, y := draw("x", n*width, true), draw("w", width*width, true), make([]float32, n*width)
		for name, p := range map[string]*Pool{"alone": nil, "two": pool(t, 2)} {
			assert.Zero(t, testing.AllocsPerRun(10, func() {
				LinearThen(p, y, x, w, nil, nil, n, width, width, scaled(y, y, y, 0.5), scaled(y, y, y, 0.5))
				LinearGradInputThen(p, y, x, w, nil, n, width, width, scaled(y, y, y, 0.5))
				LinearRowsThen(p, y, x, w, nil, nil, n, width, width, scaled(y, y, y, 0.5))
				LinearGradInputRowsThen(p, y, x, w, nil, n, width, width, scaled(y, y, y, 0.5))
			}), name)
		}
	}
}
