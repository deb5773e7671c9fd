package kernel

// group is some channels of an array [n, outer, channels, inner], of which outer or inner is 1: up to 16 where the
// channels are last, so that their elements lie side by side, else one. Sums over a channel are then sums down
// columns, else reductions.
type group struct {
	n, outer, channels, inner int
	first, width              int
}

// groupsOf returns the first group. next leads to the others.
func groupsOf(n, outer, channels, inner int) group {
	g := group{n: n, outer: outer, channels: channels, inner: inner, width: 1}
	if inner == 1 {
		g.width = min(panel, channels)
	}
	return g
}

// next returns the group that follows; its width is 0 behind the last.
func (g group) next() group {
	g.first += g.width
	g.width = min(g.width, g.channels-g.first)
	return g
}

// elements returns the number of elements of a channel.
func (g *group) elements() int { return g.n * g.outer * g.inner }

// plane returns the elements of the group's only channel in row r.
func (g *group) plane(x []float32, r int) []float32 {
	return x[(r*g.channels+g.first)*g.inner:][:g.inner]
}

// columns returns the elements of the group's channels at term r.
func (g *group) columns(x []float32, r int) []float32 { return x[r*g.channels+g.first:][:g.width] }

// sum returns Σ x of each channel.
func (g *group) sum(x []float32) (sums [panel]float32) {
	if g.inner > 1 {
		var sum Sum
		for r := range g.n {
			for _, v := range g.plane(x, r) {
				sum.Add(v)
			}
		}
		sums[0] = sum.Total()
		return sums
	}
	columnSums(sums[:g.width], x[g.first:], g.elements(), g.outer, g.width, g.channels)
	return sums
}

// squares returns Σ (x − mean)² of each channel.
func (g *group) squares(x []float32, mean *[panel]float32) (sums [panel]float32) {
	if g.inner > 1 {
		var sum Sum
		for r := range g.n {
			for _, v := range g.plane(x, r) {
				e := v - mean[0]
				sum.Add(float32(e * e))
			}
		}
		sums[0] = sum.Total()
		return sums
	}
	terms := g.elements()
	for from, to := 0, 0; from < terms; from = to {
		to = blockEnd(from, terms, g.outer)
		var block [panel]float32
		for r := from; r < to; r++ {
			for k, v := range g.columns(x, r) {
				e := v - mean[k]
				block[k] += float32(e * e)
			}
		}
		joinColumns(sums[:g.width], &block, from == 0)
	}
	return sums
}

// products returns Σ ∂y·(x − mean)·rstd of each channel.
func (g *group) products(dy, x []float32, mean, rstd *[panel]float32) (sums [panel]float32) {
	if g.inner > 1 {
		var sum Sum
		for r := range g.n {
			x := g.plane(x, r)
			for i, d := range g.plane(dy, r) {
				sum.Add(float32(d * float32((x[i]-mean[0])*rstd[0])))
			}
		}
		sums[0] = sum.Total()
		return sums
	}
	terms := g.elements()
	for from, to := 0, 0; from < terms; from = to {
		to = blockEnd(from, terms, g.outer)
		var block [panel]float32
		for r := from; r < to; r++ {
			x := g.columns(x, r)
			for k, d := range g.columns(dy, r) {
				block[k] += float32(d * float32((x[k]-mean[k])*rstd[k]))
			}
		}
		joinColumns(sums[:g.width], &block, from == 0)
	}
	return sums
}

// normalise computes y = (x − mean)·scale + shift.
func (g *group) normalise(y, x []float32, mean, scale, shift *[panel]float32) {
	if g.inner > 1 {
		m, s, b := mean[0], scale[0], shift[0]
		for r := range g.n {
			y := g.plane(y, r)
			for i, v := range g.plane(x, r) {
				y[i] = float32((v-m)*s) + b
			}
		}
		return
	}
	for r := range g.elements() {
		y := g.columns(y, r)
		for k, v := range g.columns(x, r) {
			y[k] = float32((v-mean[k])*scale[k]) + shift[k]
		}
	}
}
