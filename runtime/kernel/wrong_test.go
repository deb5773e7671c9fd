package kernel

import (
	"math"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

// wrongly is a specimen whose kernel makes a mistake, but not as the reference.
func wrongly(right specimen, mistake func(d, s [][]float32, n, a, b int)) specimen {
	return right.instead(func(_ *Pool, d, s [][]float32, n, a, b int) { mistake(d, s, n, a, b) })
}

// afterwards makes the mistake in what the kernel has computed.
func afterwards(right specimen, mistake func(d, s [][]float32, n, a, b int)) specimen {
	return wrongly(right, func(d, s [][]float32, n, a, b int) {
		right.at(a, b).run(nil, d, s, n)
		mistake(d, s, n, a, b)
	})
}

// convolvesWrongly is a convolution of which one result is the sum of its terms in another order, or of blocks that are the
// rows of a kernel; or with what lies around the border.
func convolvesWrongly(right specimen, order func(terms []term, in int) []term, around bool) specimen {
	return afterwards(right, func(d, s [][]float32, n, in, out int) {
		if n == 0 {
			return
		}
		g := convOf(0, in, out)
		terms := make([]term, g.terms())
		for k := range terms {
			at := g.meets(0, 1, 0, 0, k)
			terms[k] = term{0, s[1][g.weight(0, k)]}
			if at >= 0 {
				terms[k].x = s[0][at]
			} else if at = (k/in/3*g.Width - 1) * in; around && at >= 0 {
				terms[k].x = s[0][at+k%in]
			}
		}
		sum := func(from, to int) float32 {
			return orderedFrom(0, to-from, 1, func(k int) term { return terms[from+k] })
		}
		var total float32
		if order == nil {
			total = sum(0, 3*in) + sum(3*in, 6*in) + sum(6*in, 9*in)
		} else {
			terms = order(terms, in)
			total = ordered(len(terms), 1, func(k int) term { return terms[k] })
		}
		d[0][g.OutW*out] = total + s[2][0]
	})
}

// float is the float that lies so many behind the first of x, whether it belongs to it or not.
func float(x []float32, at int) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(x)), 4*at))
}

var sink float32

// A kernel that is wrong does not pass.
func TestTheHarnessCatchesMistakes(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out the large sizes, where some of these show")
	}
	find := func(name string) specimen {
		for _, s := range specimens {
			if s.name == name {
				return s
			}
		}
		t.Fatal(name)
		return specimen{}
	}
	relu, add, linear, gradWeight := find("ReLU"), find("Add"), find("Linear"), find("LinearGradWeight")
	matMul, added, gradGaps, conv2D, convGradInput := find("MatMul"), find("LinearStrided, added"), find("LinearStridedGradWeight"), find("Conv"), find("ConvGradInput, with stride")
	softmaxes, mse, adam, momentum, oneHot := find("Softmax"), find("MSE"), find("Adam"), find("Momentum, the first step"), find("OneHot")
	last := func(x []float32) *float32 { return &x[len(x)-1] }
	for name, c := range map[string]struct {
		specimen  specimen
		complaint string
	}{
		"reads one behind": {afterwards(relu, func(_, s [][]float32, n, a, _ int) { sink += *float(s[0], n*a) }), "touches memory 0 bytes behind array 0"},
		"reads one before": {afterwards(relu, func(_, s [][]float32, n, a, _ int) { sink += *float(s[0], -1) }), "touches memory 4 bytes before array 0"},
		"reads a whole vector at the end": {afterwards(add, func(_, s [][]float32, n, a, _ int) {
			if n*a%8 != 0 {
				sink += *float(s[1], n*a/8*8+7)
			}
		}), "memory"},
		"reads a vector too early": {afterwards(add, func(_, s [][]float32, n, a, _ int) {
			if n*a > 8 {
				sink += *float(s[1], n*a-8*((n*a+7)/8)-1)
			}
		}), "memory"},
		"writes one behind": {afterwards(relu, func(d, _ [][]float32, n, a, _ int) { *float(d[0], n*a) = 0 }), "behind"},
		"writes one behind, where no page is": {afterwards(relu, func(d, _ [][]float32, n, a, _ int) {
			if x := float(d[0], n*a); uintptr(unsafe.Pointer(x))%4096 != 0 {
				*x = 0
			}
		}), "destination 0: writes float 0 behind it"},
		"writes one before, where no page is": {afterwards(relu, func(d, _ [][]float32, n, a, _ int) {
			if uintptr(unsafe.Pointer(float(d[0], 0)))%4096 != 0 {
				*float(d[0], -1) = 0
			}
		}), "destination 0: writes float 1 before it"},
		"writes back what it reads behind": {afterwards(relu, func(d, _ [][]float32, n, a, _ int) {
			x := float(d[0], n*a)
			sink = *x
			*x = sink
		}), "touches memory"},
		"writes a source": {afterwards(add, func(_, s [][]float32, n, a, _ int) {
			if n*a > 20 {
				s[1][20] = 0
			}
		}), "source 1: writes element 20"},
		"leaves the last of a tail": {wrongly(relu, func(d, s [][]float32, n, a, _ int) {
			m := n * a
			if m%8 == 7 {
				m--
			}
			ReLU(nil, d[0], s[0], 1, m)
		}), "left as it was"},
		"is wrong in the tail": {afterwards(add, func(d, _ [][]float32, n, a, _ int) {
			if n*a%16 == 13 {
				*last(d[0]) += 1
			}
		}), "should be"},
		"is wrong from 32 vectors on": {afterwards(add, func(d, _ [][]float32, n, a, _ int) {
			if n*a >= 256 {
				d[0][255] = -d[0][255]
			}
		}), "should be"},
		"relies on alignment": {wrongly(relu, func(d, s [][]float32, n, a, _ int) {
			if n*a >= 8 {
				from := int(-uintptr(unsafe.Pointer(&s[0][0])) % 32 / 4) // the head is forgotten
				ReLU(nil, d[0][from:], s[0][from:], 1, n*a-from)
				return
			}
			ReLU(nil, d[0], s[0], n, a)
		}), "left as it was"},
		"loses NaN": {wrongly(relu, func(d, s [][]float32, n, a, _ int) {
			for i, v := range s[0] {
				if d[0][i] = 0; v > 0 {
					d[0][i] = v
				}
			}
		}), "NaN"},
		"gives −0 for −0": {wrongly(relu, func(d, s [][]float32, n, a, _ int) {
			for i, v := range s[0] {
				if d[0][i] = v; v < 0 {
					d[0][i] = 0
				}
			}
		}), "is -0 (80000000), and should be 0"},
		"flushes subnormal numbers": {afterwards(add, func(d, _ [][]float32, n, a, _ int) {
			for i, v := range d[0] {
				if Abs(v) < 0x1p-126 {
					d[0][i] = v * 0
				}
			}
		}), "should be"},
		"takes an infinity for a large number": {afterwards(add, func(d, _ [][]float32, n, a, _ int) {
			for i, v := range d[0] {
				d[0][i] = max(min(v, math.MaxFloat32), -math.MaxFloat32)
			}
		}), "Inf"},
		"adds what stood there": {wrongly(linear, func(d, s [][]float32, n, in, out int) {
			for i := range d[0] {
				d[0][i] *= 0
			}
			before := clone(d)
			Linear(nil, d[0], s[0], s[1], s[2], nil, n, in, out)
			for i, v := range before[0] {
				d[0][i] += v
			}
		}), "computed from that"},
		"swaps two terms of a sum": {wrongly(linear, func(d, s [][]float32, n, in, out int) {
			if in < 3 {
				Linear(nil, d[0], s[0], s[1], s[2], nil, n, in, out)
				return
			}
			x, w := clone(s[:1])[0], clone(s[1:2])[0]
			for r := range n {
				row := x[r*in:]
				row[0], row[in-1] = row[in-1], row[0]
			}
			for column := 0; column < out; column += panel {
				width := min(panel, out-column)
				p := w[column*in:]
				for j := range width {
					p[j], p[(in-1)*width+j] = p[(in-1)*width+j], p[j]
				}
			}
			Linear(nil, d[0], x, w, s[2], nil, n, in, out)
		}), "should be"},
		"adds unfused": {wrongly(linear, func(d, s [][]float32, n, in, out int) {
			Linear(nil, d[0], s[0], s[1], s[2], nil, n, in, out)
			if in < 2 || n == 0 || out == 0 {
				return
			}
			var sum float32
			width := min(panel, out)
			for k := range in {
				sum += float32(s[0][k] * s[1][k*width])
			}
			d[0][0] = sum + s[2][0]
		}), "should be"},
		"adds the bias first": {wrongly(linear, func(d, s [][]float32, n, in, out int) {
			for r := range n {
				for j := range out {
					column := j / panel * panel
					width, sum := min(panel, out-column), wide(s[2][j])
					for k := range in {
						sum = wide(float32(fma(wide(s[0][r*in+k]), wide(s[1][column*in+k*width+j-column]), sum)))
					}
					d[0][r*out+j] = float32(sum)
				}
			}
		}), "should be"},
		"forgets the bias in row 6": {afterwards(linear, func(d, s [][]float32, n, _, out int) {
			if n > 6 && out > 0 {
				d[0][6*out] -= s[2][0]
			}
		}), "should be"},
		"is wrong in column 15 of row 5 of six": {afterwards(linear, func(d, _ [][]float32, n, _, out int) {
			if n >= 6 && out >= 16 {
				d[0][5*out+15] = d[0][5*out+14]
			}
		}), "should be"},
		"stores a later block": {wrongly(gradWeight, func(d, s [][]float32, n, in, out int) {
			if n > block {
				LinearGradWeight(nil, d[0], s[0][block*in:], s[1][block*out:], nil, n-block, 1, in, out)
				return
			}
			LinearGradWeight(nil, d[0], s[0], s[1], nil, n, 1, in, out)
		}), "should be"},
		"has one accumulator for all blocks": {wrongly(gradWeight, func(d, s [][]float32, n, in, out int) {
			for column := 0; column < out; column += panel {
				width := min(panel, out-column)
				one := strip{rows: in, columns: width, terms: n, rowA: 1, termA: in, termB: out, rowC: width, first: true}
				if n == 0 {
					clear(d[0][column*in:][:width*in])
					continue
				}
				one.portable(d[0][column*in:], s[0], s[1][column:])
			}
		}), "should be"},
		"takes the head beside": {wrongly(matMul, func(d, s [][]float32, n, a, b int) {
			g := *batchedKernels[0].heads(2, a, b, 21, 0, 0)
			g.B.Head, g.B.Share = 0, 0
			MatMul(nil, d[0], s[0], s[1], n, &g)
		}), "should be"},
		"takes what is not the head's": {wrongly(matMul, func(d, s [][]float32, n, a, b int) {
			g := *batchedKernels[0].heads(2, a, b, 21, 0, 0)
			g.Terms++
			x := append(append([]float32{}, s[0]...), make([]float32, g.A.Row)...)
			MatMul(nil, d[0], x, append(append([]float32{}, s[1]...), make([]float32, g.B.Row)...), n, &g)
		}), "should be"},
		"replaces what it should add to": {wrongly(added, func(d, s [][]float32, n, in, out int) {
			LinearStrided(nil, d[0], s[0], s[1], s[2], nil, n, step(in, out, 2, false))
		}), "should be"},
		"writes between the rows of a step": {afterwards(added, func(d, _ [][]float32, n, _, out int) {
			if n > 0 && out > 0 {
				d[0][2*out*n-1]++
			}
		}), "should be"},
		"adds the old value last": {wrongly(added, func(d, s [][]float32, n, in, out int) {
			old := clone(d)[0]
			LinearStrided(nil, d[0], s[0], s[1], s[2], nil, n, step(in, out, 2, false))
			for i := range old {
				if i/out%2 == 0 {
					d[0][i] += old[i]
				}
			}
		}), "should be"},
		"takes the last positions of a row of the batch": {wrongly(gradGaps, func(d, s [][]float32, n, in, out int) {
			LinearStridedGradWeight(nil, d[0], s[0], s[1], nil, n, 3, &Strided{In: in, Out: out, RowX: in, RowY: out, BatchX: 3 * in, BatchY: 3 * out})
		}), "should be"},
		"reaches around the border of an image": {convolvesWrongly(conv2D, func(terms []term, in int) []term { return terms }, true), "should be"},
		"adds the columns of a kernel before the rows": {convolvesWrongly(conv2D, func(terms []term, in int) (turned []term) {
			for k := range terms {
				l, c := k/in, k%in
				turned = append(turned, terms[(l%3*3+l/3)*in+c])
			}
			return turned
		}, false), "should be"},
		"has a block for each row of a kernel": {convolvesWrongly(conv2D, nil, false), "should be"},
		"forgets the corner of an image": {afterwards(convGradInput, func(d, _ [][]float32, n, a, _ int) {
			if size := 6 * 7 * a; n > 0 {
				d[0][size-1] = 0
			}
		}), "should be"},
		"adds in eight lanes": {wrongly(mse, func(d, s [][]float32, n, a, _ int) {
			var lanes [8]float32
			for i, v := range s[0] {
				e := v - s[1][i]
				lanes[i%8] += float32(e * e)
			}
			d[0][0] = ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))) / float32(n*a)
		}), "should be"},
		"has one block of all": {wrongly(mse, func(d, s [][]float32, n, a, _ int) {
			var lanes Lanes
			for i, v := range s[0] {
				e := v - s[1][i]
				lanes[i%16] += float32(e * e)
			}
			d[0][0] = (0 + lanes.Sum()) / float32(n*a)
		}), "should be"},
		"loses a NaN among the maxima": {wrongly(softmaxes, func(d, s [][]float32, n, a, _ int) {
			for r := range n {
				row, to := s[0][r*a:][:a], d[0][r*a:][:a]
				top := float32(math.Inf(-1))
				for _, v := range row {
					if v > top {
						top = v
					}
				}
				var sum Sum
				for i, v := range row {
					to[i] = Exp1(v - top)
					if v != v {
						to[i] = 0
					}
					sum.Add(to[i])
				}
				for i := range to {
					to[i] /= sum.Total()
				}
			}
		}), "NaN"},
		"multiplies by the reciprocal": {afterwards(softmaxes, func(d, s [][]float32, n, a, _ int) {
			for r := range n {
				var sums softmaxSums
				sums.softmax(nil, s[0], together{first: r, rows: 1}, a)
				for i, v := range s[0][r*a:][:a] {
					d[0][r*a+i] = Exp1(v-sums.top[0]) * (1 / sums.total[0])
				}
			}
		}), "should be"},
		"updates with the old moment": {wrongly(adam, func(d, s [][]float32, n, _, _ int) {
			m := clone(d[1:2])[0]
			adam.at(0, 0).run(nil, d, s, n)
			for i := range m {
				if i%8 == 7 {
					d[1][i] = m[i]
				}
			}
		}), "destination 1"},
		"leaves a slot alone": {wrongly(adam, func(d, s [][]float32, n, _, _ int) {
			v := clone(d[2:])[0]
			adam.at(0, 0).run(nil, d, s, n)
			if n%4 == 1 {
				d[2][n-1] = v[n-1]
			}
		}), "destination 2"},
		"reads a slot in the first step": {wrongly(momentum, func(d, s [][]float32, n, _, _ int) {
			v := clone(d[1:])[0]
			momentum.at(0, 0).run(nil, d, s, n)
			for i := range v {
				d[1][i] += float32(0 * v[i])
			}
		}), "computed from that"},
		"takes a class beyond the row": {afterwards(oneHot, func(d, s [][]float32, n, a, _ int) {
			for r := range n {
				if ints(s[0])[r] == int32(a-1) && a > 1 {
					d[0][r*a+a-1], d[0][r*a+a-2] = 0, 1
				}
			}
		}), "should be"},
	} {
		t.Run(name, func(t *testing.T) {
			if !guarded && strings.Contains(c.complaint, "memory") {
				t.Skip("no page faults here")
			}
			err := sweep(new(memory), c.specimen, 0, false)
			if assert.Error(t, err) {
				assert.ErrorContains(t, err, c.complaint)
			}
		})
	}
}
