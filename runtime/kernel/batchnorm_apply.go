package kernel

// factorsOf is the number of factors of a group of mostChannels channels: a mean, a scale and a shift for each, in this order.
const factorsOf = 3 * mostChannels

// BatchNormFactors computes what BatchNormApply normalises by: for each group of 64 channels, of which the last may be
// smaller, 64 means, 64 scales rstd·w and 64 shifts b, where rstd is 1/√(running variance + ε). w and b [channels] may be nil:
// 1 and 0. factors has 192 elements for each group.
func BatchNormFactors(p *Pool, factors, w, b, runMean, runVar []float32, channels int, epsilon float64) {
	for first := 0; first < channels; first += mostChannels {
		g := group{first: first, width: min(mostChannels, channels-first), channels: channels, inner: 1}
		var deviations perChannel
		for k := range g.width {
			deviations[k] = reciprocalDeviation(runVar[first+k], epsilon)
		}
		scale, shift := g.affine(&deviations, w, b)
		to := factors[first/mostChannels*factorsOf:][:factorsOf]
		clear(to)
		copy(to, runMean[first:][:g.width])
		copy(to[mostChannels:], scale[:g.width])
		copy(to[2*mostChannels:], shift[:g.width])
	}
}

// BatchNormApply computes y = (x − mean)·scale + shift, channel by channel, by what BatchNormFactors has made: x and y [n,
// positions, channels].
func BatchNormApply(p *Pool, y, x, factors []float32, n, positions, channels int) {
	m := MapBatchNormApply(y, x, factors, n, positions, channels)
	for first := 0; first < channels; first += mostChannels {
		m.strip(first, n*positions, min(mostChannels, channels-first), channels)
	}
}

// MapBatchNormApply is BatchNormApply behind a product that makes x. It cannot stand in a Chain.
func MapBatchNormApply(y, x, factors []float32, n, positions, channels int) Map {
	return Map{z: y, x: x, factors: factors, channels: channels}
}

// normalise computes the map for rows of columns, which may be channels of several groups, or of several positions.
func (m *Map) normalise(from, rows, columns, stride int) {
	for column := 0; column < columns; {
		channel := (from + column) % m.channels
		count := min(columns-column, mostChannels-channel%mostChannels, m.channels-channel)
		m.normaliseGroup(from+column, rows, count, stride, channel)
		column += count
	}
}

// normaliseGroup does it for some channels of a group.
func (m *Map) normaliseGroup(from, rows, columns, stride, channel int) {
	to := from + (rows-1)*stride + columns
	z, x := m.z[from:to], m.x[from:to]
	by := m.factors[channel/mostChannels*factorsOf:][:factorsOf][channel%mostChannels:]
	if normaliseByFactors(z, x, by, rows, columns, stride) {
		return
	}
	mean, scale, shift := by[:columns], by[mostChannels:][:columns], by[2*mostChannels:][:columns]
	for r := range rows {
		z := z[r*stride:][:columns]
		for k, v := range x[r*stride:][:columns] {
			z[k] = float32((v-mean[k])*scale[k]) + shift[k]
		}
	}
}
