package kernel

// Scale computes y = x·w + b of arrays [n, outer, channels, inner], of which outer or inner is 1, with a number of w and b
// [channels] for each channel. b may be nil.
func Scale(p *Pool, y, x, w, b []float32, n, outer, channels, inner int) {
	c := channelwise{y: y, x: x, w: w, b: b}
	if tiles := c.divide(p, n, outer, channels, inner); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.channels.scale(tile) }, channels: c}, tiles)
		return
	}
	c.scale(0)
}

func (c *channelwise) scale(tile int) {
	for g := c.group(tile); g.width > 0; g = g.next() {
		by := multiplying(&g, c.w)
		if c.b != nil {
			copy(by.shift[:], c.b[g.first:][:g.width])
		}
		g.normalise(c.y, c.x, &by)
	}
}

// ScaleGrad computes ∂x = ∂y·w, ∂w = Σ ∂y·x and ∂b = Σ ∂y, the sums over a channel's elements. Each result may be nil.
func ScaleGrad(p *Pool, dx, dw, db, x, w, dy []float32, n, outer, channels, inner int) {
	c := channelwise{y: dx, dw: dw, db: db, x: x, w: w, dy: dy}
	if tiles := c.divide(p, n, outer, channels, inner); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.channels.scaleGrad(tile) }, channels: c}, tiles)
		return
	}
	c.scaleGrad(0)
}

func (c *channelwise) scaleGrad(tile int) {
	for g := c.group(tile); g.width > 0; g = g.next() {
		if c.dw != nil || c.db != nil {
			var mean, one perChannel
			for k := range g.width {
				one[k] = 1
			}
			sums, products := g.gradSums(c.dy, c.x, &mean, &one)
			if c.db != nil {
				copy(c.db[g.first:], sums[:g.width])
			}
			if c.dw != nil {
				copy(c.dw[g.first:], products[:g.width])
			}
		}
		if c.y != nil {
			by := multiplying(&g, c.w)
			g.normalise(c.y, c.dy, &by)
		}
	}
}

// multiplying are the numbers by which a group is multiplied by w alone.
func multiplying(g *group, w []float32) (by normalising) {
	copy(by.scale[:], w[g.first:][:g.width])
	return by
}
