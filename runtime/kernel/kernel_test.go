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
		x := draw(fmt.Sprint(name, i), e.of(n), signed)
		if e.ignored {
			copy(ints(x), someClasses(len(x), e.limit))
		} else if e.limit > 0 {
			copy(ints(x), classes(len(x), e.limit))
		}
		a = append(a, x)
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

// A kernel uses as much of its arrays as the sizes promise, however long they are.
func TestKernelsTakeLongerArrays(t *testing.T) {
	const n, more = 5, 20
	for _, c := range calls() {
		d, s := c.inputs(n)
		longer := func(a [][]float32) [][]float32 {
			var all [][]float32
			for _, x := range a {
				all = append(all, slices.Concat(x, draw("more", more, true)))
			}
			return all
		}
		longD, longS := longer(d), longer(s)
		want := longer(d)
		c.run(nil, d, s, n)
		c.run(nil, longD, longS, n)
		for i := range d {
			copy(want[i], d[i])
			sameBits(t, want[i], longD[i], "%s: destination %d", c.title(), i)
		}
	}
}

func TestARowsBitsAreItsOwn(t *testing.T) {
	const n = 21
	for _, c := range calls() {
		if !c.rowwise {
			continue
		}
		t.Run(c.title(), func(t *testing.T) {
			row := func(a [][]float32, extents []extent, r int) [][]float32 {
				one := slices.Clone(a)
				for i, e := range extents {
					if e.perRow > 0 {
						one[i] = a[i][r*e.perRow:][:e.perRow]
					}
				}
				return one
			}
			d, s := c.inputs(n)
			before := clone(d)
			c.run(nil, d, s, n)
			for r := range n {
				alone := clone(row(before, c.dst, r))
				c.run(nil, alone, row(s, c.src, r), 1)
				for i, among := range row(d, c.dst, r) {
					if !sameBits(t, alone[i], among, "row %d alone and among others, destination %d", r, i) {
						return
					}
				}
			}
		})
	}
}

// All arrays are positive here: where y ≤ 0, the gradient of ReLU is 0 whatever comes back. That of Negative is that where x > 0.
func TestNaNStaysNaN(t *testing.T) {
	const n = 4
	for _, c := range calls() {
		if !c.elementwise {
			continue
		}
		try := func(what string, spoil func(d, s [][]float32) []float32) {
			d, s := arrays("dst", c.dst, n, false), arrays("src", c.src, n, false)
			spoiled := spoil(d, s)
			at := len(spoiled) / 2
			spoiled[at] = float32(math.NaN())
			c.run(nil, d, s, n)
			for k, v := range d[0] {
				assert.Equal(t, k == at, v != v, "%s, %s: element %d is %v", c.title(), what, k, v)
			}
		}
		for i := range c.src {
			if c.name == "NegativeGrad" && i == 1 {
				continue
			}
			try(fmt.Sprintf("source %d", i), func(_, s [][]float32) []float32 { return s[i] })
		}
		for i, e := range c.dst {
			if e.state {
				try(fmt.Sprintf("state %d", i), func(d, _ [][]float32) []float32 { return d[i] })
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
