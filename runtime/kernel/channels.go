package kernel

// mostChannels is the largest number of channels of a group.
const mostChannels = 64

// perChannel is a number for each channel of a group.
type perChannel [mostChannels]float32

// channelsShared is the number of channels of a tile where the channels are last: two cache lines of each row.
const channelsShared = 32

// channelwise is what a kernel works on channel by channel, of arrays [n, outer, channels, inner]: y is its result.
type channelwise struct {
	y, mean, rstd, runMean, runVar, dw, db, x, w, b, dy []float32
	epsilon, momentum                                   float64
	n, outer, channels, inner                           int
	each                                                int // channels of a tile
}

// divide sets the sizes and returns the number of tiles: more than one if the pool's workers should share the channels.
func (c *channelwise) divide(p *Pool, n, outer, channels, inner int) (tiles int) {
	c.n, c.outer, c.channels, c.inner = n, outer, channels, inner
	c.each = max(channels, 1)
	if p.shares(n * outer * channels * inner) {
		c.each = channelsShared
		if inner > 1 {
			c.each = max(elementsTogether/(n*inner), 1)
		}
	}
	return (channels + c.each - 1) / c.each
}

// group returns the first group of a tile's channels. next leads to the others.
func (c *channelwise) group(tile int) group {
	g := group{n: c.n, outer: c.outer, channels: c.channels, inner: c.inner, first: tile * c.each}
	g.end = min(g.first+c.each, c.channels)
	g.width = min(mostChannels, g.end-g.first)
	if c.inner > 1 {
		g.width = min(1, g.width)
	}
	return g
}

// group is some channels of an array [n, outer, channels, inner], of which outer or inner is 1: up to 64 where the
// channels are last, so that their elements lie side by side, else one. Sums over a channel are then sums down
// columns, else reductions.
type group struct {
	n, outer, channels, inner int
	first, width, end         int // end: that behind the tile's last channel
}

// next returns the group that follows; its width is 0 behind the last.
func (g group) next() group {
	g.first += g.width
	g.width = min(g.width, g.end-g.first)
	return g
}

// elements returns the number of elements of a channel.
func (g *group) elements() int { return g.n * g.outer * g.inner }

// stride returns the distance of a channel's planes.
func (g *group) stride() int { return g.channels * g.inner }

// columns returns the elements of the group's channels at term r, and what lies behind them.
func (g *group) columns(x []float32, r int) []float32 { return x[r*g.channels+g.first:] }

// sum returns Σ x of each channel.
func (g *group) sum(x []float32) (sums perChannel) {
	if g.inner > 1 {
		sums[0] = g.planeSum(x)
		return sums
	}
	columnSums(sums[:g.width], x[g.first:], g.elements(), g.outer, g.width, g.channels)
	return sums
}

// squares returns Σ (x − mean)² of each channel.
func (g *group) squares(x []float32, mean *perChannel) (sums perChannel) {
	if g.inner > 1 {
		sums[0] = g.planeSquares(x, mean[0])
		return sums
	}
	terms := g.elements()
	fours := downwards{mean: mean[:], x: x[g.first:], stride: g.channels}
	for from, to := 0, 0; from < terms; from = to {
		if to = fours.fours(sums[:g.width], from, terms, g.outer); to > from {
			continue
		}
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

// gradSums returns Σ ∂y and Σ ∂y·(x − mean)·rstd of each channel.
func (g *group) gradSums(dy, x []float32, mean, rstd *perChannel) (sums, products perChannel) {
	if g.inner > 1 {
		sums[0], products[0] = g.planeGradSums(dy, x, mean[0], rstd[0])
		return sums, products
	}
	sums = g.sum(dy)
	terms := g.elements()
	fours := downwards{mean: mean[:], rstd: rstd[:], dy: dy[g.first:], x: x[g.first:], stride: g.channels}
	for from, to := 0, 0; from < terms; from = to {
		if to = fours.fours(products[:g.width], from, terms, g.outer); to > from {
			continue
		}
		to = blockEnd(from, terms, g.outer)
		if columnProducts(products[:g.width], mean[:], rstd[:], g.columns(dy, from), g.columns(x, from), to-from, g.channels, from == 0) {
			continue
		}
		var block perChannel
		for r := from; r < to; r++ {
			x := g.columns(x, r)
			for k, d := range g.columns(dy, r)[:g.width] {
				block[k] += float32(d * float32((x[k]-mean[k])*rstd[k]))
			}
		}
		joinColumns(products[:g.width], block[:], from == 0)
	}
	return sums, products
}

// normalising are the numbers by which a group is normalised.
type normalising struct{ mean, scale, shift perChannel }

// normalise computes y = (x − mean)·scale + shift.
func (g *group) normalise(y, x []float32, by *normalising) {
	if g.inner > 1 {
		g.normalisePlanes(y, x, by.mean[0], by.scale[0], by.shift[0])
		return
	}
	for _, numbers := range []*perChannel{&by.mean, &by.scale, &by.shift} {
		g.repeat(numbers)
	}
	for t := g.table(); t.rows > 0; t = t.next() {
		y, x := y[t.at:], x[t.at:]
		if normaliseColumns(y, x, by, t.rows, t.columns, t.stride) {
			continue
		}
		for r := range t.rows {
			y := y[r*t.stride:]
			for k, v := range x[r*t.stride:][:t.columns] {
				y[k] = float32((v-by.mean[k])*by.scale[k]) + by.shift[k]
			}
		}
	}
}

// abreast returns how many terms of all channels make a row of a table: more than one where the channels are few, so that
// most of a register's elements count.
func (g *group) abreast() int {
	if g.width == g.channels {
		return mostChannels / g.width
	}
	return 1
}

// repeat repeats the group's numbers for the columns of a table.
func (g *group) repeat(numbers *perChannel) {
	for k := g.width; k < g.width*g.abreast(); k++ {
		numbers[k] = numbers[k-g.width]
	}
}

// table is rows of columns, which begin stride elements apart, the first of them at one of the array, and so many elements of
// further ones.
type table struct{ at, rows, columns, stride, left, rest int }

// table returns the first rows of the group's elements, where the channels are last: at most a block. next leads to the others.
func (g *group) table() table {
	abreast := g.abreast()
	t := table{at: g.first, columns: g.width * abreast, stride: g.channels * abreast}
	t.left, t.rest = g.elements()/abreast, g.elements()%abreast*g.width
	return t.start()
}

func (t table) start() table {
	if t.rows = min(block, t.left); t.left > 0 {
		t.left -= t.rows
		return t
	}
	t.columns, t.rows, t.rest = t.rest, min(1, t.rest), 0 // a part of a row
	return t
}

// next returns the rows that follow; behind the last there are none.
func (t table) next() table {
	t.at += t.rows * t.stride
	return t.start()
}
