package kernel

// Conv2D is the geometry of a convolution, or cross-correlation, in two dimensions, of images with channels last: x is
// [n, Height, Width, In], y [n, OutH, OutW, Out]. Channels come in Groups of in = In/Groups and out = Out/Groups; those
// of a group of y are sums over the same group of x. It is built once.
//
//	y[i, j, o] = b[o] + Σ w[o, k, l, c] · x[i·StrideH − PadH + k·DilationH, j·StrideW − PadW + l·DilationW, c]
//
// over kernel row k, kernel column l and channel c of the group, where x outside of the image is 0. PadH and PadW are what
// lies above and to the left; what lies below and to the right follows from OutH and OutW.
//
// Channels last, because the terms of a kernel row then lie side by side in x, and the results of a position in y: they
// are what a strip of a product takes and makes. A convolution along one axis [n, T, D] is one with Height and OutH of 1.
//
// A weight has a matrix [out, KernelH·KernelW·in] for each group, in panels of its own: see ToPanels; its terms
// are numbered by kernel row, column and channel. In this order they are added, in blocks of 256; those of the weight's
// gradient are numbered by row of the batch and position. Terms of the border count, with x or ∂y as 0; terms of ∂x at
// which the stride skips all of ∂y count in the numbering of blocks only.
type Conv2D struct {
	In, Out, Groups      int
	Height, Width        int
	KernelH, KernelW     int
	StrideH, StrideW     int
	PadH, PadW           int
	DilationH, DilationW int
	OutH, OutW           int
}

// Conv computes y: x [n, height, width, in], w in panels, b [out] or nil, y [n, outH, outW, out].
func Conv(p *Pool, y, x, w, b, scratch []float32, n int, g *Conv2D) {
	ConvThen(p, y, x, w, b, scratch, n, g)
}

// ConvThen computes what Conv does, followed by up to four maps over the elements of y, which may read and write y.
func ConvThen(p *Pool, y, x, w, b, scratch []float32, n int, g *Conv2D, maps ...Map) {
	s := newConv(y, x, w, b, n, g)
	s.run(p, maps)
}

// newConv returns the product that makes c of the images and b.
func newConv(c, images, b, bias []float32, n int, g *Conv2D) sliding {
	return sliding{c: c, a: images, b: b, bias: bias, n: n, groups: g.Groups,
		height: g.Height, width: g.Width, channels: g.In, columns: g.Out / g.Groups,
		rows:   axis{size: g.OutH, phases: 1, kernel: g.KernelH, step: g.StrideH, tap: g.DilationH, from: -g.PadH},
		across: axis{size: g.OutW, phases: 1, kernel: g.KernelW, step: g.StrideW, tap: g.DilationW, from: -g.PadW},
	}
}
