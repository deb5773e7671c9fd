package kernel

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// extent is the number of elements that a kernel's array has for n rows.
type extent struct{ perRow, whole int }

func (e extent) of(n int) int { return n*e.perRow + e.whole }

func rows(size int) extent { return extent{perRow: size} }

func whole(size int) extent { return extent{whole: size} }

// call is a kernel, its arrays and the laws that it obeys.
type call struct {
	name        string
	dst, src    []extent
	run         func(d, s [][]float32, n int)
	elementwise bool  // element i of the destination depends on element i of every array
	rowwise     bool  // row r depends on row r of the sources that have rows, and on nothing that n decides
	state       bool  // the destinations are read too
	inPlace     []int // the sources whose memory the destination may take
}

var calls = []call{
	unary("ReLU", ReLU), unary("Tanh", Tanh), unary("Sigmoid", Sigmoid),
	binary("Add", Add), binary("Mul", Mul),
	binary("ReLUGrad", ReLUGrad), binary("TanhGrad", TanhGrad), binary("SigmoidGrad", SigmoidGrad),
	lossGrad("MSEGrad", MSEGrad), lossGrad("MAEGrad", MAEGrad), lossGrad("BCELogitsGrad", BCELogitsGrad),
	{name: "Softmax", dst: []extent{rows(19)}, src: []extent{rows(19)}, rowwise: true, inPlace: []int{0},
		run: func(d, s [][]float32, n int) { Softmax(nil, d[0], s[0], n, 19) }},
	{name: "SoftmaxGrad", dst: []extent{rows(19)}, src: []extent{rows(19), rows(19)}, rowwise: true, inPlace: []int{1},
		run: func(d, s [][]float32, n int) { SoftmaxGrad(nil, d[0], s[0], s[1], n, 19) }},
	{name: "CrossEntropy", dst: []extent{rows(19)}, src: []extent{rows(19)}, rowwise: true,
		run: func(d, s [][]float32, n int) { CrossEntropy(nil, d[0], s[0], someClasses(n, 19), n, 19, 0) }},
	{name: "CrossEntropyGrad", dst: []extent{rows(19)}, src: []extent{rows(19)}, inPlace: []int{0},
		run: func(d, s [][]float32, n int) { CrossEntropyGrad(nil, d[0], 0.75, s[0], someClasses(n, 19), n, 19, 0) }},
	{name: "CrossEntropy, smoothed", dst: []extent{rows(19)}, src: []extent{rows(19)}, rowwise: true,
		run: func(d, s [][]float32, n int) { CrossEntropy(nil, d[0], s[0], someClasses(n, 19), n, 19, 0.1) }},
	{name: "CrossEntropyGrad, smoothed", dst: []extent{rows(19)}, src: []extent{rows(19)}, inPlace: []int{0},
		run: func(d, s [][]float32, n int) {
			CrossEntropyGrad(nil, d[0], 0.75, s[0], someClasses(n, 19), n, 19, 0.1)
		}},
	{name: "OneHot", dst: []extent{rows(19)}, run: func(d, _ [][]float32, n int) { OneHot(nil, d[0], classes(n, 19), n, 19) }},
	{name: "Concat", dst: []extent{rows(9)}, src: []extent{rows(2), rows(4)}, rowwise: true,
		run: func(d, s [][]float32, n int) { Concat(nil, d[0], n, Part{s[0], 2}, Part{nil, 3}, Part{s[1], 4}) }},
	{name: "Split", dst: []extent{rows(2), rows(4)}, src: []extent{rows(6)},
		run: func(d, s [][]float32, n int) { Split(nil, s[0], n, Part{d[0], 2}, Part{d[1], 4}) }},
	{name: "Linear", dst: []extent{rows(6)}, src: []extent{rows(7), whole(42), whole(6)}, rowwise: true,
		run: func(d, s [][]float32, n int) { Linear(nil, d[0], s[0], s[1], s[2], nil, n, 7, 6) }},
	{name: "Linear without bias", dst: []extent{rows(6)}, src: []extent{rows(7), whole(42)}, rowwise: true,
		run: func(d, s [][]float32, n int) { Linear(nil, d[0], s[0], s[1], nil, nil, n, 7, 6) }},
	{name: "LinearGradInput", dst: []extent{rows(7)}, src: []extent{rows(6), whole(42)}, rowwise: true,
		run: func(d, s [][]float32, n int) { LinearGradInput(nil, d[0], s[0], s[1], nil, n, 7, 6) }},
	{name: "LinearGradWeight", dst: []extent{whole(42)}, src: []extent{rows(7), rows(6)},
		run: func(d, s [][]float32, n int) { LinearGradWeight(nil, d[0], s[0], s[1], nil, n, 1, 7, 6) }},
	{name: "LinearGradBias", dst: []extent{whole(6)}, src: []extent{rows(6)},
		run: func(d, s [][]float32, n int) { LinearGradBias(nil, d[0], s[0], n, 1, 6) }},
	{name: "LinearRows", dst: []extent{rows(6)}, src: []extent{rows(7), whole(42), whole(6)}, rowwise: true,
		run: func(d, s [][]float32, n int) { LinearRows(nil, d[0], s[0], s[1], s[2], nil, n, 7, 6) }},
	{name: "LinearGradInputRows", dst: []extent{rows(7)}, src: []extent{rows(6), whole(42)}, rowwise: true,
		run: func(d, s [][]float32, n int) { LinearGradInputRows(nil, d[0], s[0], s[1], nil, n, 7, 6) }},
	{name: "LinearGradWeightRows", dst: []extent{whole(42)}, src: []extent{rows(7), rows(6)},
		run: func(d, s [][]float32, n int) { LinearGradWeightRows(nil, d[0], s[0], s[1], nil, n, 1, 7, 6) }},
	{name: "Linear of more than a panel", dst: []extent{rows(37)}, src: []extent{rows(7), whole(259), whole(37)}, rowwise: true,
		run: func(d, s [][]float32, n int) { Linear(nil, d[0], s[0], s[1], s[2], nil, n, 7, 37) }},
	{name: "LinearGradInput of more than a panel", dst: []extent{rows(21)}, src: []extent{rows(37), whole(777)}, rowwise: true,
		run: func(d, s [][]float32, n int) { LinearGradInput(nil, d[0], s[0], s[1], nil, n, 21, 37) }},
	{name: "LinearGradWeight of more than a panel", dst: []extent{whole(259)}, src: []extent{rows(14), rows(74)},
		run: func(d, s [][]float32, n int) { LinearGradWeight(nil, d[0], s[0], s[1], nil, n, 2, 7, 37) }},
	{name: "DropoutMask", dst: []extent{rows(5)},
		run: func(d, s [][]float32, n int) { DropoutMask(nil, d[0], 3, rng.New(1, "dropout1"), n, 5, 0.5) }},
	update("SGD", 1, func(d [][]float32, g []float32, size int) { SGD(nil, d[0], g, 0.5, 0.1, size, 0) }),
	update("SGD with decay", 1, func(d [][]float32, g []float32, size int) { SGD(nil, d[0], g, 0.5, 0.1, size, 0.03) }),
	update("Momentum", 2, func(d [][]float32, g []float32, size int) {
		Momentum(nil, d[0], d[1], g, 0.5, 0.1, 3, size, 0.9, 0.5, 0.03)
	}),
	update("Nesterov", 2, func(d [][]float32, g []float32, size int) {
		Nesterov(nil, d[0], d[1], g, 0.5, 0.1, 3, size, 0.9, 0, 0.03)
	}),
	update("Adam", 3, func(d [][]float32, g []float32, size int) {
		Adam(nil, d[0], d[1], d[2], g, 0.5, 0.1, 2, size, 0.9, 0.999, 1e-8, 0.03)
	}),
	update("AdamW", 3, func(d [][]float32, g []float32, size int) {
		AdamW(nil, d[0], d[1], d[2], g, 0.5, 0.1, 2, 0.01, size, 0.9, 0.999, 1e-8)
	}),
}

// also adds calls to the table: those of a kernel with a test file of its own.
func also(more ...call) bool {
	calls = append(calls, more...)
	return true
}

func unary(name string, kernel func(p *Pool, y, x []float32, n, size int)) call {
	return call{name: name, dst: []extent{rows(5)}, src: []extent{rows(5)}, elementwise: true, rowwise: true, inPlace: []int{0},
		run: func(d, s [][]float32, n int) { kernel(nil, d[0], s[0], n, 5) }}
}

func binary(name string, kernel func(p *Pool, z, x, y []float32, n, size int)) call {
	return call{name: name, dst: []extent{rows(5)}, src: []extent{rows(5), rows(5)}, elementwise: true, rowwise: true, inPlace: []int{0, 1},
		run: func(d, s [][]float32, n int) { kernel(nil, d[0], s[0], s[1], n, 5) }}
}

func lossGrad(name string, kernel func(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int)) call {
	return call{name: name, dst: []extent{rows(5)}, src: []extent{rows(5), rows(5)}, elementwise: true, inPlace: []int{0, 1},
		run: func(d, s [][]float32, n int) { kernel(nil, d[0], 0.75, s[0], s[1], n, 5) }}
}

// update is a kernel that updates a parameter and its slots, of n elements here.
func update(name string, arrays int, kernel func(d [][]float32, g []float32, size int)) call {
	return call{name: name, dst: slices.Repeat([]extent{rows(1)}, arrays), src: []extent{rows(1)}, elementwise: true, state: true,
		run: func(d, s [][]float32, n int) { kernel(d, s[0], n) }}
}

// classes returns n classes.
func classes(n, limit int) []int32 {
	c := make([]int32, n)
	for r := range c {
		c[r] = int32(r % limit)
	}
	return c
}

// someClasses returns n classes, every third of which is ignored.
func someClasses(n, limit int) []int32 {
	c := classes(n, limit)
	for r := 2; r < n; r += 3 {
		c[r] = Ignored
	}
	return c
}

// draw returns n numbers in [0.1, 2.1) or, where signed, also their negatives.
func draw(name string, n int, signed bool) []float32 {
	x := make([]float32, n)
	stream := rng.New(1, name)
	stream.Uniform(x, 1)
	for i := range x {
		x[i] += 1.1
		if signed && stream.Uint64(uint64(i))>>32&1 == 1 {
			x[i] = -x[i]
		}
	}
	return x
}

// arrays draws the contents of arrays for n rows. Slots are positive, as a second moment is.
func arrays(name string, extents []extent, n int, signed bool) [][]float32 {
	var a [][]float32
	for i, e := range extents {
		a = append(a, draw(fmt.Sprint(name, i), e.of(n), signed))
	}
	return a
}

func (c call) inputs(n int) (d, s [][]float32) {
	d = arrays("dst", c.dst, n, false)
	return d, arrays("src", c.src, n, true)
}

// sameBits reports the first element that differs.
func sameBits(t *testing.T, want, got []float32, format string, args ...any) bool {
	t.Helper()
	if !assert.Len(t, got, len(want)) {
		return false
	}
	for i := range want {
		if math.Float32bits(want[i]) != math.Float32bits(got[i]) {
			return assert.Fail(t, fmt.Sprintf("element %d is %v, not %v", i, got[i], want[i]), fmt.Sprintf(format, args...))
		}
	}
	return true
}

func clone(a [][]float32) [][]float32 {
	var c [][]float32
	for _, x := range a {
		c = append(c, slices.Clone(x))
	}
	return c
}

// A kernel reads what the sizes promise and no more, writes its destinations and nothing else, whatever stood
// there before.
func TestKernelsWriteTheirDestinationsAlone(t *testing.T) {
	const guard = 20
	sentinel := math.Float32frombits(0x7fc0beef)
	fenced := func(x []float32) []float32 {
		fence := slices.Repeat([]float32{sentinel}, guard)
		return slices.Concat(fence, x, fence)
	}
	for _, c := range calls {
		for _, n := range []int{1, 2, 5, 16, 17} {
			t.Run(fmt.Sprintf("%s/%d", c.name, n), func(t *testing.T) {
				d, s := c.inputs(n)
				want := clone(d)
				for i := range want {
					want[i] = want[i][:len(want[i]):len(want[i])]
				}
				c.run(want, clone(s), n) // exact lengths: one element too far would panic

				var fencedD, fencedS, innerD, innerS [][]float32
				for _, x := range d {
					if !c.state {
						x = slices.Repeat([]float32{sentinel}, len(x))
					}
					fencedD = append(fencedD, fenced(x))
				}
				for _, x := range s {
					fencedS = append(fencedS, fenced(x))
				}
				for _, x := range fencedD {
					innerD = append(innerD, x[guard:])
				}
				for _, x := range fencedS {
					innerS = append(innerS, x[guard:])
				}
				c.run(innerD, innerS, n)
				for i := range d {
					sameBits(t, fenced(want[i]), fencedD[i], "destination %d", i)
				}
				for i := range s {
					sameBits(t, fenced(s[i]), fencedS[i], "source %d", i)
				}
			})
		}
	}
}

func TestARowsBitsAreItsOwn(t *testing.T) {
	const n = 21
	for _, c := range calls {
		if !c.rowwise {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			d, s := c.inputs(n)
			c.run(d, s, n)
			size := c.dst[0].perRow
			for r := range n {
				one := make([][]float32, len(s))
				for i, e := range c.src {
					one[i] = s[i]
					if e.perRow > 0 {
						one[i] = s[i][r*e.perRow:][:e.perRow]
					}
				}
				alone := make([]float32, size)
				c.run([][]float32{alone}, one, 1)
				if !sameBits(t, alone, d[0][r*size:][:size], "row %d alone and among others", r) {
					return
				}
			}
		})
	}
}

func TestDestinationMayBeASource(t *testing.T) {
	for _, c := range calls {
		for _, i := range c.inPlace {
			t.Run(fmt.Sprintf("%s/%d", c.name, i), func(t *testing.T) {
				const n = 6
				d, s := c.inputs(n)
				c.run(d, clone(s), n)
				c.run([][]float32{s[i]}, s, n)
				sameBits(t, d[0], s[i], "in place of source %d", i)
			})
		}
	}
}

// All arrays are positive here: where y ≤ 0, the gradient of ReLU is 0 whatever comes back.
func TestNaNStaysNaN(t *testing.T) {
	const n, at = 4, 2
	nan := float32(math.NaN())
	for _, c := range calls {
		if !c.elementwise {
			continue
		}
		for i := range len(c.src) {
			t.Run(fmt.Sprintf("%s/source %d", c.name, i), func(t *testing.T) {
				d, s := arrays("dst", c.dst, n, false), arrays("src", c.src, n, false)
				s[i][at] = nan
				c.run(d, s, n)
				for k, v := range d[0] {
					assert.Equal(t, k == at, v != v, "element %d is %v", k, v)
				}
			})
		}
		for i := range c.dst {
			if c.state {
				t.Run(fmt.Sprintf("%s/state %d", c.name, i), func(t *testing.T) {
					d, s := arrays("dst", c.dst, n, false), arrays("src", c.src, n, false)
					d[i][at] = nan
					c.run(d, s, n)
					for k, v := range d[0] {
						assert.Equal(t, k == at, v != v, "element %d is %v", k, v)
					}
				})
			}
		}
	}
}

func TestNaNMakesALossNaN(t *testing.T) {
	nan := float32(math.NaN())
	huber := func(p *Pool, x, t []float32, n, size int) float32 { return Huber(p, x, t, n, size, 0.5) }
	for name, loss := range map[string]func(p *Pool, x, t []float32, n, size int) float32{"MSE": MSE, "MAE": MAE, "BCELogits": BCELogits, "Huber": huber} {
		for i := range 6 {
			x, target := draw("x", 6, true), draw("t", 6, false)
			clean := loss(nil, x, target, 2, 3)
			require.False(t, clean != clean)
			x[i] = nan
			assert.True(t, isNaN(loss(nil, x, target, 2, 3)), "%s of logit %d", name, i)
			x[i], target[i] = 1, nan
			assert.True(t, isNaN(loss(nil, x, target, 2, 3)), "%s of target %d", name, i)
		}
	}
	x, p := draw("x", 6, true), make([]float32, 6)
	x[4] = nan
	loss, _ := CrossEntropy(nil, p, x, []int32{0, 0}, 2, 3, 0)
	assert.True(t, isNaN(loss))
	for i, v := range p {
		assert.Equal(t, i >= 3, isNaN(v), "probability %d: only the row with the NaN is lost", i)
	}
}

func isNaN(x float32) bool { return x != x }
