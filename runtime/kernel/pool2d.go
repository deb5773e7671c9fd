package kernel

import "math"

// Pool2D is the geometry of pooling: windows of KernelH×KernelW over planes of Height×Width, StrideH and StrideW
// apart, that begin PadH and PadW before the plane and give OutH×OutW results. A padding is at most half of its
// kernel, and OutH and OutW are such that no window lies outside.
type Pool2D struct {
	Channels, Height, Width int
	KernelH, KernelW        int
	StrideH, StrideW        int
	PadH, PadW              int
	OutH, OutW              int
}

// MaxPool2D computes the largest element of each window: x [n, channels, height, width], y [n, channels, outH, outW].
// A NaN wins over every number; the border takes no part. Where at is not nil, it takes the place of each largest
// element in its plane, the first of equals in row-major order.
func MaxPool2D(p *Pool, y []float32, at []int32, x []float32, n int, g *Pool2D) {
	size, out := g.Height*g.Width, g.OutH*g.OutW
	for c := range n * g.Channels {
		plane, tops := x[c*size:][:size], y[c*out:][:out]
		var places []int32
		if at != nil {
			places = at[c*out:][:out]
		}
		for i := range g.OutH {
			top := i*g.StrideH - g.PadH
			from, to := max(top, 0), min(top+g.KernelH, g.Height)
			for j := range g.OutW {
				left := j*g.StrideW - g.PadW
				best, place := largest(plane, g.Width, from, to, max(left, 0), min(left+g.KernelW, g.Width))
				tops[i*g.OutW+j] = best
				if places != nil {
					places[i*g.OutW+j] = int32(place)
				}
			}
		}
	}
}

// largest returns the largest element of the window in rows [top, bottom) and columns [left, right), and its place in
// the plane.
func largest(plane []float32, width, top, bottom, left, right int) (best float32, place int) {
	best, place = float32(math.Inf(-1)), top*width+left
	for i := top; i < bottom; i++ {
		for j, v := range plane[i*width+left : i*width+right] {
			if v > best || v != v && best == best {
				best, place = v, i*width+left+j
			}
		}
	}
	return best, place
}

// MaxPool2DGrad computes ∂x: each ∂y goes to the place that at says, those of one place are added in row-major order.
func MaxPool2DGrad(p *Pool, dx []float32, at []int32, dy []float32, n int, g *Pool2D) {
	size, out := g.Height*g.Width, g.OutH*g.OutW
	for c := range n * g.Channels {
		plane := dx[c*size:][:size]
		clear(plane)
		places := at[c*out:][:out]
		for i, d := range dy[c*out:][:len(places)] {
			plane[places[i]] += d
		}
	}
}
