package kernel

// ConvGradInput computes ∂x: dy [n, outH, outW, out], w in panels, dx [n, height, width, in]. Its terms are numbered by
// kernel row and column from the last to the first, which is from the first element of dy that they meet to the last, and by
// channel of y. The scratch has as many elements as w.
func ConvGradInput(p *Pool, dx, dy, w, scratch []float32, n int, g *Conv2D) {
	DeconvThen(p, dx, dy, w, nil, scratch, n, g)
}

// ConvGradInputThen computes what ConvGradInput does, followed by up to four maps over the elements of dx, which may read
// and write dx.
func ConvGradInputThen(p *Pool, dx, dy, w, scratch []float32, n int, g *Conv2D, maps ...Map) {
	DeconvThen(p, dx, dy, w, nil, scratch, n, g, maps...)
}

// Deconv computes the transposed convolution: what ConvGradInput does of the convolution g, with a bias b [in] or nil.
func Deconv(p *Pool, y, x, w, b, scratch []float32, n int, g *Conv2D) {
	DeconvThen(p, y, x, w, b, scratch, n, g)
}

// DeconvThen computes what Deconv does, followed by maps as in ConvGradInputThen.
func DeconvThen(p *Pool, y, x, w, b, scratch []float32, n int, g *Conv2D, maps ...Map) {
	s := sliding{c: y, a: x, b: w, bias: b, n: n, groups: g.Groups,
		height: g.OutH, width: g.OutW, channels: g.Out, columns: g.In / g.Groups,
		rows:   axis{size: g.Height, phases: g.StrideH, kernel: g.KernelH, step: 1, tap: g.DilationH, from: g.PadH - (g.KernelH-1)*g.DilationH},
		across: axis{size: g.Width, phases: g.StrideW, kernel: g.KernelW, step: 1, tap: g.DilationW, from: g.PadW - (g.KernelW-1)*g.DilationW},
	}
	s.turn(p, scratch)
	s.run(p, maps)
}

// ConvGradWeight computes ∂W = Σ ∂yᵀ·x over rows and positions: x [n, height, width, in], dy [n, outH, outW, out], dw in
// panels as the weight.
func ConvGradWeight(p *Pool, dw, x, dy, scratch []float32, n int, g *Conv2D) {
	s := newConv(dw, x, dy, nil, n, g)
	s.runWeights(p)
}
