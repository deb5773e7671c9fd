package kernel

// BatchNorm normalises each channel of x [n, outer, channels, inner], where outer or inner is 1, by the mean and the
// biased variance of its elements: y = (x − mean)·(rstd·w) + b, where rstd is 1/√(variance + ε). The running
// statistics [channels] become (1 − momentum)·running + momentum·new, the variance by the unbiased one, and count [1]
// goes up by 1. Of a channel of one element the result is b, and the running variance stays. w and b [channels] may be
// nil: 1 and 0. mean and rstd [channels] are results, too. y, mean and rstd may be nil, each by itself.
func BatchNorm(p *Pool, y, mean, rstd, runMean, runVar []float32, count []int64, x, w, b []float32, n, outer, channels, inner int, epsilon, momentum float64) {
	c := channelwise{y: y, mean: mean, rstd: rstd, runMean: runMean, runVar: runVar, x: x, w: w, b: b, epsilon: epsilon, momentum: momentum}
	if tiles := c.divide(p, n, outer, channels, inner); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.channels.batchNorm(tile) }, channels: c}, tiles)
	} else {
		c.batchNorm(0)
	}
	count[0]++
}

func (c *channelwise) batchNorm(tile int) {
	keep, share := float32(1-c.momentum), float32(c.momentum)
	for g := c.group(tile); g.width > 0; g = g.next() {
		elements := g.elements()
		means := g.sum(c.x)
		for k := range g.width {
			means[k] /= float32(elements)
		}
		squares := g.squares(c.x, &means)
		var deviations perChannel
		runMean, runVar := c.runMean[g.first:][:g.width], c.runVar[g.first:][:g.width]
		for k := range runMean {
			runMean[k] = float32(keep*runMean[k]) + float32(share*means[k])
			if elements > 1 {
				runVar[k] = float32(keep*runVar[k]) + float32(share*(squares[k]/float32(elements-1)))
			}
			deviations[k] = reciprocalDeviation(squares[k]/float32(elements), c.epsilon)
		}
		if c.mean != nil {
			copy(c.mean[g.first:], means[:g.width])
		}
		if c.rstd != nil {
			copy(c.rstd[g.first:], deviations[:g.width])
		}
		if c.y != nil {
			by := normalising{mean: means}
			by.scale, by.shift = g.affine(&deviations, c.w, c.b)
			g.normalise(c.y, c.x, &by)
		}
	}
}

// BatchNormPredict computes y = (x − mean)·(rstd·w) + b with the running mean and 1/√(running variance + ε).
func BatchNormPredict(p *Pool, y, x, w, b, runMean, runVar []float32, n, outer, channels, inner int, epsilon float64) {
	c := channelwise{y: y, runMean: runMean, runVar: runVar, x: x, w: w, b: b, epsilon: epsilon}
	if tiles := c.divide(p, n, outer, channels, inner); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.channels.batchNormPredict(tile) }, channels: c}, tiles)
		return
	}
	c.batchNormPredict(0)
}

func (c *channelwise) batchNormPredict(tile int) {
	for g := c.group(tile); g.width > 0; g = g.next() {
		var by normalising
		var deviations perChannel
		for k := range g.width {
			by.mean[k] = c.runMean[g.first+k]
			deviations[k] = reciprocalDeviation(c.runVar[g.first+k], c.epsilon)
		}
		by.scale, by.shift = g.affine(&deviations, c.w, c.b)
		g.normalise(c.y, c.x, &by)
	}
}

// BatchNormGrad computes ∂b = Σ ∂y, ∂w = Σ ∂y·x̂ and ∂x = rstd·w·(∂y − ∂b/m − x̂·∂w/m), where x̂ is (x − mean)·rstd
// and m the number of a channel's elements. w may be nil, and so may each result.
func BatchNormGrad(p *Pool, dx, dw, db, x, w, mean, rstd, dy []float32, n, outer, channels, inner int) {
	c := channelwise{y: dx, dw: dw, db: db, x: x, w: w, mean: mean, rstd: rstd, dy: dy}
	if tiles := c.divide(p, n, outer, channels, inner); tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.channels.batchNormGrad(tile) }, channels: c}, tiles)
		return
	}
	c.batchNormGrad(0)
}

func (c *channelwise) batchNormGrad(tile int) {
	for g := c.group(tile); g.width > 0; g = g.next() {
		var by denormalising
		copy(by.mean[:], c.mean[g.first:][:g.width])
		copy(by.rstd[:], c.rstd[g.first:][:g.width])
		sums, products := g.gradSums(c.dy, c.x, &by.mean, &by.rstd)
		if c.db != nil {
			copy(c.db[g.first:], sums[:g.width])
		}
		if c.dw != nil {
			copy(c.dw[g.first:], products[:g.width])
		}
		if c.y == nil {
			continue
		}
		for k := range g.width {
			by.d[k] = sums[k] / float32(g.elements())
			by.e[k] = products[k] / float32(g.elements())
		}
		by.scale, _ = g.affine(&by.rstd, c.w, nil)
		g.backward(c.y, c.dy, c.x, &by)
	}
}

// affine returns rstd·w and b of the group's channels.
func (g *group) affine(rstd *perChannel, w, b []float32) (scale, shift perChannel) {
	scale = *rstd
	for k := range g.width {
		if w != nil {
			scale[k] *= w[g.first+k]
		}
		if b != nil {
			shift[k] = b[g.first+k]
		}
	}
	return scale, shift
}

// denormalising are the numbers by which the gradient of a group's normalisation is computed.
type denormalising struct{ mean, rstd, scale, d, e perChannel }

// backward computes ∂x = scale·(∂y − d − (x − mean)·rstd·e).
func (g *group) backward(dx, dy, x []float32, by *denormalising) {
	if g.inner > 1 {
		g.normalisePlanesGrad(dx, dy, x, by.mean[0], by.rstd[0], by.scale[0], by.d[0], by.e[0])
		return
	}
	for _, numbers := range []*perChannel{&by.mean, &by.rstd, &by.scale, &by.d, &by.e} {
		g.repeat(numbers)
	}
	for t := g.table(); t.rows > 0; t = t.next() {
		dx, dy, x := dx[t.at:], dy[t.at:], x[t.at:]
		if normaliseColumnsGrad(dx, dy, x, by, t.rows, t.columns, t.stride) {
			continue
		}
		for r := range t.rows {
			dx, x := dx[r*t.stride:], x[r*t.stride:]
			for k, v := range dy[r*t.stride:][:t.columns] {
				dx[k] = by.scale[k] * (v - by.d[k] - float32(float32((x[k]-by.mean[k])*by.rstd[k])*by.e[k]))
			}
		}
	}
}
