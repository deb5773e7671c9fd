package kernel

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

var _ = also(
	batchNorms("BatchNorm", true), batchNorms("BatchNorm, channels last", false),
	specimen{name: "BatchNormPredict", area: reduction, axes: 2, rare: true, least: [3]int{0, 1, 1}, at: func(a, b int) call {
		return call{dst: []extent{rows(a * b)}, src: []extent{rows(a * b), whole(a), whole(a), whole(a), whole(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) {
				BatchNormPredict(p, d[0], s[0], s[1], s[2], s[3], s[4], n, 1, a, b, 1e-5)
			}}
	}},
	specimen{name: "BatchNormFactors", area: reduction, axes: 1, rare: true, least: [3]int{0, 1}, at: func(a, b int) call {
		return call{dst: []extent{whole((a + 63) / 64 * 192)}, src: []extent{whole(a), whole(a), whole(a), whole(a)},
			run: func(p *Pool, d, s [][]float32, n int) { BatchNormFactors(p, d[0], s[0], s[1], s[2], s[3], a, 1e-5) }}
	}},
	specimen{name: "BatchNormApply", area: reduction, axes: 2, rare: true, least: [3]int{0, 1, 1}, at: func(a, b int) call {
		return call{dst: []extent{rows(a * b)}, src: []extent{rows(a * b), whole((a + 63) / 64 * 192)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { BatchNormApply(p, d[0], s[0], s[1], n, b, a) }}
	}},
	specimen{name: "BatchNormPredict, channels last", area: reduction, axes: 2, rare: true, least: [3]int{0, 1, 1}, at: func(a, b int) call {
		return call{dst: []extent{rows(a * b)}, src: []extent{rows(a * b), whole(a), whole(a), whole(a), whole(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) {
				BatchNormPredict(p, d[0], s[0], s[1], s[2], s[3], s[4], n, b, a, 1, 1e-5)
			}}
	}},
	batchNormGrads("BatchNormGrad", true), batchNormGrads("BatchNormGrad, channels last", false),
)

func batchNorms(name string, first bool) specimen {
	return specimen{name: name, area: reduction, axes: 2, rare: true, least: [3]int{1, 1, 1}, at: func(a, b int) call {
		outer, inner := b, 1
		if first {
			outer, inner = 1, b
		}
		return call{dst: []extent{rows(a * b), whole(a), whole(a), state(whole(a)), state(whole(a))}, src: []extent{rows(a * b), whole(a), whole(a)},
			inPlace: []int{0}, run: func(p *Pool, d, s [][]float32, n int) {
				BatchNorm(p, d[0], d[1], d[2], d[3], d[4], []int64{0}, s[0], s[1], s[2], n, outer, a, inner, 1e-5, 0.1)
			}}
	}}
}

func batchNormGrads(name string, first bool) specimen {
	return specimen{name: name, area: reduction, axes: 2, rare: true, least: [3]int{1, 1, 1}, at: func(a, b int) call {
		outer, inner := b, 1
		if first {
			outer, inner = 1, b
		}
		return call{dst: []extent{rows(a * b), whole(a), whole(a)}, src: []extent{rows(a * b), whole(a), whole(a), whole(a), rows(a * b)},
			inPlace: []int{0, 4}, run: func(p *Pool, d, s [][]float32, n int) {
				BatchNormGrad(p, d[0], d[1], d[2], s[0], s[1], s[2], s[3], s[4], n, outer, a, inner)
			}}
	}}
}

// axes is an array [n, outer, channels, inner].
type axes struct{ n, outer, channels, inner int }

func (a axes) size() int { return a.n * a.outer * a.channels * a.inner }

// channel returns the channel of an element.
func (a axes) channel(i int) int { return i / a.inner % a.channels }

// batchNorm64 is the definition. w and b may be nil.
func batchNorm64(x, w, b []float64, a axes, epsilon float64) (y, mean, variance []float64) {
	y, mean, variance = make([]float64, len(x)), make([]float64, a.channels), make([]float64, a.channels)
	m := float64(a.size() / a.channels)
	for i, v := range x {
		mean[a.channel(i)] += v / m
	}
	for i, v := range x {
		variance[a.channel(i)] += (v - mean[a.channel(i)]) * (v - mean[a.channel(i)]) / m
	}
	for i, v := range x {
		c := a.channel(i)
		y[i] = (v - mean[c]) / math.Sqrt(variance[c]+epsilon)
		if w != nil {
			y[i] *= w[c]
		}
		if b != nil {
			y[i] += b[c]
		}
	}
	return y, mean, variance
}

func TestBatchNormAgreesWithFloat64(t *testing.T) {
	const epsilon, momentum = 1e-2, 0.3
	for _, a := range []axes{
		{5, 1, 3, 1}, {2, 1, 20, 1}, {3, 4, 5, 1}, {2, 3, 33, 1}, {1, 6, 2, 1}, // channels last
		{3, 1, 4, 6}, {1, 1, 2, 9}, {2, 1, 1, 50}, // channels first
	} {
		size := a.size()
		x, dy := draw("x", size, true), draw("dy", size, true)
		w, b := draw("w", a.channels, true), draw("b", a.channels, true)
		for _, affine := range []bool{true, false} {
			what := fmt.Sprintf("%+v, affine %v", a, affine)
			x64, w64, b64 := widen(x), widen(w), widen(b)
			if !affine {
				w, b, w64, b64 = nil, nil, nil, nil
			}
			want, mean64, variance64 := batchNorm64(x64, w64, b64, a, epsilon)

			y, mean, rstd := make([]float32, size), make([]float32, a.channels), make([]float32, a.channels)
			runMean, runVar, count := draw("mean", a.channels, true), draw("variance", a.channels, false), []int64{41}
			BatchNorm(nil, y, mean, rstd, runMean, runVar, count, x, w, b, a.n, a.outer, a.channels, a.inner, epsilon, momentum)
			for i, v := range want {
				assert.InDelta(t, v, float64(y[i]), 3e-6, "%s: element %d", what, i)
			}
			m := float64(size / a.channels)
			for c := range a.channels {
				oldMean, oldVar := draw("mean", a.channels, true)[c], draw("variance", a.channels, false)[c]
				assert.InDelta(t, 0.7*float64(oldMean)+0.3*mean64[c], float64(runMean[c]), 5e-7, "%s: running mean", what)
				assert.InDelta(t, 0.7*float64(oldVar)+0.3*variance64[c]*m/(m-1), float64(runVar[c]), 1e-6, "%s: running variance", what)
			}
			assert.Equal(t, []int64{42}, count)

			once := [2][]float32{slices.Clone(runMean), slices.Clone(runVar)}
			again := make([]float32, size)
			BatchNorm(nil, again, nil, nil, runMean, runVar, count, x, w, b, a.n, a.outer, a.channels, a.inner, epsilon, momentum)
			sameBits(t, y, again, "%s: whoever reads the moments, whatever ran before", what)

			runMean, runVar = draw("mean", a.channels, true), draw("variance", a.channels, false)
			BatchNorm(nil, nil, nil, nil, runMean, runVar, count, x, w, b, a.n, a.outer, a.channels, a.inner, epsilon, momentum)
			sameBits(t, once[0], runMean, "%s: the running mean alone", what)
			sameBits(t, once[1], runVar, "%s: the running variance alone", what)

			dx, dw, db := make([]float32, size), make([]float32, a.channels), make([]float32, a.channels)
			BatchNormGrad(nil, dx, dw, db, x, w, mean, rstd, dy, a.n, a.outer, a.channels, a.inner)
			loss := func() float64 {
				y, _, _ := batchNorm64(x64, w64, b64, a, epsilon)
				return inner(y, dy)
			}
			agrees(t, what+", ∂x", dx, x64, loss, 1e-5)
			if affine {
				agrees(t, what+", ∂w", dw, w64, loss, 1e-5)
				agrees(t, what+", ∂b", db, b64, loss, 1e-5)
			}
			only := make([]float32, size)
			BatchNormGrad(nil, only, nil, nil, x, w, mean, rstd, dy, a.n, a.outer, a.channels, a.inner)
			sameBits(t, dx, only, "%s: ∂x alone", what)
			BatchNormGrad(nil, nil, only, nil, x, w, mean, rstd, dy, a.n, a.outer, a.channels, a.inner)
			sameBits(t, dw, only[:a.channels], "%s: ∂w alone", what)
		}
	}
}

func TestBatchNormPredictsByRunningStatistics(t *testing.T) {
	for _, a := range []axes{{3, 1, 20, 1}, {2, 5, 3, 1}, {2, 1, 3, 7}} {
		x, y := draw("x", a.size(), true), make([]float32, a.size())
		mean, variance := draw("mean", a.channels, true), draw("variance", a.channels, false)
		w, b := draw("w", a.channels, true), draw("b", a.channels, true)
		BatchNormPredict(nil, y, x, w, b, mean, variance, a.n, a.outer, a.channels, a.inner, 1e-3)
		for i, v := range x {
			c := a.channel(i)
			want := (float64(v)-float64(mean[c]))/math.Sqrt(float64(variance[c])+1e-3)*float64(w[c]) + float64(b[c])
			assert.InDelta(t, want, float64(y[i]), 1e-5, "%+v: element %d", a, i)
		}
		BatchNormPredict(nil, y, x, nil, nil, mean, variance, a.n, a.outer, a.channels, a.inner, 1e-3)
		for i, v := range x {
			c := a.channel(i)
			assert.InDelta(t, (float64(v)-float64(mean[c]))/math.Sqrt(float64(variance[c])+1e-3), float64(y[i]), 1e-5)
		}
	}
}

// By factors, alone and behind a product, the bits are the same.
func TestBatchNormBehindAProduct(t *testing.T) {
	for _, s := range []dims{{1, 7, 5}, {3, 9, 40}, {64, 13, 64}, {90, 70, 137}, {1, 100, 128}, {3, 9, 200}, {2, 9, 70}, {5, 7, 1}, {90, 7, 1}} {
		n, in, out := s.n, s.in, s.out
		x, w, shift := draw("x", n*in, true), draw("w", in*out, true), draw("shift", out, true)
		mean, variance, scale := draw("mean", out, true), draw("variance", out, false), draw("scale", out, true)
		product, want, got := make([]float32, n*out), make([]float32, n*out), make([]float32, n*out)
		Linear(nil, product, x, w, nil, nil, n, in, out)
		BatchNormPredict(nil, want, product, scale, shift, mean, variance, n, 1, out, 1, 1e-3)
		factors := make([]float32, (out+63)/64*192)
		BatchNormFactors(nil, factors, scale, shift, mean, variance, out, 1e-3)
		BatchNormApply(nil, got, product, factors, n, 1, out)
		sameBits(t, want, got, "alone, %+v", s)
		for _, workers := range []int{1, 3} {
			clear(got)
			LinearThen(pool(t, workers), got, x, w, nil, nil, n, in, out, MapBatchNormApply(got, got, factors, n, 1, out))
			sameBits(t, want, got, "behind a product, %+v, %d workers", s, workers)
		}
	}
}

// Where PyTorch refuses: nothing varies, so the result is the bias, no gradient flows, and the running variance,
// whose unbiased estimate would be 0/0, stays.
func TestBatchNormOfOneValueIsItsBias(t *testing.T) {
	y, mean, rstd := make([]float32, 2), make([]float32, 2), make([]float32, 2)
	runMean, runVar, count := []float32{1, 2}, []float32{3, 4}, []int64{0}
	x, w, b := []float32{11, -8}, []float32{5, 5}, []float32{7, 8}
	BatchNorm(nil, y, mean, rstd, runMean, runVar, count, x, w, b, 1, 1, 2, 1, 1e-5, 0.5)
	assert.Equal(t, b, y)
	assert.Equal(t, []float32{6, -3}, runMean)
	assert.Equal(t, []float32{3, 4}, runVar)
	assert.Equal(t, []int64{1}, count)
	dx, dw, db := []float32{9, 9}, []float32{9, 9}, []float32{9, 9}
	BatchNormGrad(nil, dx, dw, db, x, w, mean, rstd, []float32{1, 2}, 1, 1, 2, 1)
	assert.Equal(t, []float32{0, 0, 0, 0, 1, 2}, append(append(dx, dw...), db...))
}

func TestBatchNormSumsByItsRules(t *testing.T) {
	const n, outer, channels = 9, 100, 18 // several blocks of two rows
	x := draw("x", n*outer*channels, true)
	mean, y := make([]float32, channels), make([]float32, len(x))
	statistics := func() []float32 { return make([]float32, channels) }
	BatchNorm(nil, y, mean, nil, statistics(), statistics(), []int64{0}, x, nil, nil, n, outer, channels, 1, 1e-5, 0.1)
	for c := range channels {
		want := ordered(n*outer, outer, func(k int) term { return term{x[k*channels+c], 1} })
		sameBits(t, []float32{want / (n * outer)}, mean[c:c+1], "channels last")
	}
	const inner = outer * channels / 2
	BatchNorm(nil, y, mean, nil, statistics(), statistics(), []int64{0}, x, nil, nil, n, 1, 2, inner, 1e-5, 0.1)
	for c := range 2 {
		var terms []float32
		for r := range n {
			terms = append(terms, x[(r*2+c)*inner:][:inner]...)
		}
		sameBits(t, []float32{inLanes(terms) / float32(len(terms))}, mean[c:c+1], "channels first")
	}
}

// Behind a transposed convolution, whose strides make every other position, they are the same too.
func TestBatchNormBehindADeconvolution(t *testing.T) {
	for _, c := range []struct{ channels, groups, stride int }{{3, 1, 2}, {70, 1, 2}, {20, 1, 1}, {20, 1, 3}, {80, 4, 1}, {80, 4, 2}} {
		const n = 2
		channels := c.channels
		g := conv(channels, 4, c.groups, 7, 6, 3, c.stride, 1, 1)
		x, w := draw("x", g.results(n), true), draw("w", g.kernels(), true)
		mean, variance, scale, shift := draw("mean", channels, true), draw("variance", channels, false), draw("scale", channels, true), draw("shift", channels, true)
		scratch, got, want := make([]float32, len(w)), make([]float32, g.images(n)), make([]float32, g.images(n))
		Deconv(nil, got, x, w, nil, scratch, n, g)
		BatchNormPredict(nil, want, got, scale, shift, mean, variance, n, g.Height*g.Width, channels, 1, 1e-3)
		factors := make([]float32, (channels+63)/64*192)
		BatchNormFactors(nil, factors, scale, shift, mean, variance, channels, 1e-3)
		for _, workers := range []int{1, 3} {
			clear(got)
			DeconvThen(pool(t, workers), got, x, w, nil, scratch, n, g, MapBatchNormApply(got, got, factors, n, g.Height*g.Width, channels))
			sameBits(t, want, got, "%+v, %d workers", c, workers)
		}
	}
}

// And behind a convolution in groups, whose panels begin anywhere.
func TestBatchNormBehindGroups(t *testing.T) {
	const n, channels = 2, 80
	g := conv(8, channels, 4, 9, 11, 3, 1, 1, 1)
	x, w, y := draw("x", g.images(n), true), draw("w", g.kernels(), true), make([]float32, g.results(n))
	factors := make([]float32, 2*192)
	BatchNormFactors(nil, factors, draw("scale", channels, true), draw("shift", channels, true), draw("mean", channels, true), draw("variance", channels, false), channels, 1e-3)
	want, got := make([]float32, len(y)), make([]float32, len(y))
	Conv(nil, y, x, w, nil, nil, n, g)
	BatchNormApply(nil, want, y, factors, n, g.OutH*g.OutW, channels)
	ConvThen(nil, got, x, w, nil, nil, n, g, MapBatchNormApply(got, got, factors, n, g.OutH*g.OutW, channels))
	sameBits(t, want, got, "80 channels in 4 groups")
}
