package kernel

// BatchNorm normalises each channel of x [n, outer, channels, inner], where outer or inner is 1, by the mean and the
// biased variance of its elements: y = (x − mean)·(rstd·w) + b, where rstd is 1/√(variance + ε). The running
// statistics [channels] become (1 − momentum)·running + momentum·new, the variance by the unbiased one, and count [1]
// goes up by 1. Of a channel of one element the result is b, and the running variance stays. w and b [channels] may be
// nil: 1 and 0. mean and rstd [channels] are results, too. y, mean and rstd may be nil, each by itself.
func BatchNorm(p *Pool, y, mean, rstd, runMean, runVar []float32, count []int64, x, w, b []float32, n, outer, channels, inner int, epsilon, momentum float64) {
	keep, share := float32(1-momentum), float32(momentum)
	for g := groupsOf(n, outer, channels, inner); g.width > 0; g = g.next() {
		elements := g.elements()
		means := g.sum(x)
		for k := range g.width {
			means[k] /= float32(elements)
		}
		squares := g.squares(x, &means)
		var deviations perChannel
		for k := range g.width {
			c := g.first + k
			runMean[c] = float32(keep*runMean[c]) + float32(share*means[k])
			if elements > 1 {
				runVar[c] = float32(keep*runVar[c]) + float32(share*(squares[k]/float32(elements-1)))
			}
			deviations[k] = reciprocalDeviation(squares[k]/float32(elements), epsilon)
		}
		if mean != nil {
			copy(mean[g.first:], means[:g.width])
		}
		if rstd != nil {
			copy(rstd[g.first:], deviations[:g.width])
		}
		if y != nil {
			by := normalising{mean: means}
			by.scale, by.shift = g.affine(&deviations, w, b)
			g.normalise(y, x, &by)
		}
	}
	count[0]++
}

// BatchNormPredict computes y = (x − mean)·(rstd·w) + b with the running mean and 1/√(running variance + ε).
func BatchNormPredict(p *Pool, y, x, w, b, runMean, runVar []float32, n, outer, channels, inner int, epsilon float64) {
	for g := groupsOf(n, outer, channels, inner); g.width > 0; g = g.next() {
		var by normalising
		var deviations perChannel
		for k := range g.width {
			by.mean[k] = runMean[g.first+k]
			deviations[k] = reciprocalDeviation(runVar[g.first+k], epsilon)
		}
		by.scale, by.shift = g.affine(&deviations, w, b)
		g.normalise(y, x, &by)
	}
}

// BatchNormGrad computes ∂b = Σ ∂y, ∂w = Σ ∂y·x̂ and ∂x = rstd·w·(∂y − ∂b/m − x̂·∂w/m), where x̂ is (x − mean)·rstd
// and m the number of a channel's elements. w may be nil, and so may each result.
func BatchNormGrad(p *Pool, dx, dw, db, x, w, mean, rstd, dy []float32, n, outer, channels, inner int) {
	for g := groupsOf(n, outer, channels, inner); g.width > 0; g = g.next() {
		var by denormalising
		copy(by.mean[:], mean[g.first:][:g.width])
		copy(by.rstd[:], rstd[g.first:][:g.width])
		sums, products := g.sum(dy), g.products(dy, x, &by.mean, &by.rstd)
		if db != nil {
			copy(db[g.first:], sums[:g.width])
		}
		if dw != nil {
			copy(dw[g.first:], products[:g.width])
		}
		if dx == nil {
			continue
		}
		for k := range g.width {
			by.d[k] = sums[k] / float32(g.elements())
			by.e[k] = products[k] / float32(g.elements())
		}
		by.scale, _ = g.affine(&by.rstd, w, nil)
		g.backward(dx, dy, x, &by)
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
		m, s, f, d, e := by.mean[0], by.rstd[0], by.scale[0], by.d[0], by.e[0]
		for r := range g.n {
			dx, x := g.plane(dx, r), g.plane(x, r)
			for i, v := range g.plane(dy, r) {
				dx[i] = f * (v - d - float32(float32((x[i]-m)*s)*e))
			}
		}
		return
	}
	for from, terms := 0, g.elements(); from < terms; from += block {
		rows := min(block, terms-from)
		if normaliseColumnsGrad(g.columns(dx, from), g.columns(dy, from), g.columns(x, from), by, rows, g.width, g.channels) {
			continue
		}
		for r := from; r < from+rows; r++ {
			dx, x := g.columns(dx, r), g.columns(x, r)
			for k, v := range g.columns(dy, r)[:g.width] {
				dx[k] = by.scale[k] * (v - by.d[k] - float32(float32((x[k]-by.mean[k])*by.rstd[k])*by.e[k]))
			}
		}
	}
}
