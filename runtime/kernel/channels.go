package kernel

// mostChannels is the largest number of channels of a group.
const mostChannels = 64

// perChannel is a number for each channel of a group.
type perChannel [mostChannels]float32

// group is some channels of an array [n, outer, channels, inner], of which outer or inner is 1: up to 64 where the
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
		g.width = min(mostChannels, channels)
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

// columns returns the elements of the group's channels at term r, and what lies behind them.
func (g *group) columns(x []float32, r int) []float32 { return x[r*g.channels+g.first:] }

// sum returns Σ x of each channel.
func (g *group) sum(x []float32) (sums perChannel) {
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
func (g *group) squares(x []float32, mean *perChannel) (sums perChannel) {
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
		if columnSquares(sums[:g.width], mean[:], g.columns(x, from), to-from, g.channels, from == 0) {
			continue
		}
		var block perChannel
		for r := from; r < to; r++ {
			for k, v := range g.columns(x, r)[:g.width] {
				e := v - mean[k]
				block[k] += float32(e * e)
			}
		}
		joinColumns(sums[:g.width], block[:], from == 0)
	}
	return sums
}

// products returns Σ ∂y·(x − mean)·rstd of each channel.
func (g *group) products(dy, x []float32, mean, rstd *perChannel) (sums perChannel) {
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
		if columnProducts(sums[:g.width], mean[:], rstd[:], g.columns(dy, from), g.columns(x, from), to-from, g.channels, from == 0) {
			continue
		}
		var block perChannel
		for r := from; r < to; r++ {
			x := g.columns(x, r)
			for k, d := range g.columns(dy, r)[:g.width] {
				block[k] += float32(d * float32((x[k]-mean[k])*rstd[k]))
			}
		}
		joinColumns(sums[:g.width], block[:], from == 0)
	}
	return sums
}

// normalising are the numbers by which a group is normalised.
type normalising struct{ mean, scale, shift perChannel }

// normalise computes y = (x − mean)·scale + shift.
func (g *group) normalise(y, x []float32, by *normalising) {
	if g.inner > 1 {
		m, s, b := by.mean[0], by.scale[0], by.shift[0]
		for r := range g.n {
			y := g.plane(y, r)
			for i, v := range g.plane(x, r) {
				y[i] = float32((v-m)*s) + b
			}
		}
		return
	}
	for from, terms := 0, g.elements(); from < terms; from += block {
		rows := min(block, terms-from)
		if normaliseColumns(g.columns(y, from), g.columns(x, from), by, rows, g.width, g.channels) {
			continue
		}
		for r := from; r < from+rows; r++ {
			y := g.columns(y, r)
			for k, v := range g.columns(x, r)[:g.width] {
				y[k] = float32((v-by.mean[k])*by.scale[k]) + by.shift[k]
			}
		}
	}
}
