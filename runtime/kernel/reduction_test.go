package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// tree adds lanes l, l+stride, l+2·stride, …: first those furthest apart.
func tree(lanes [16]float32, l, stride int) float32 {
	if stride == 16 {
		return lanes[l]
	}
	return tree(lanes, l, 2*stride) + tree(lanes, l+stride, 2*stride)
}

// inLanes adds terms by the documented rule: in each block of 4,096, lane = index mod 16, then the tree; then the
// blocks in order.
func inLanes(terms []float32) float32 {
	var total float32
	for from := 0; from < len(terms); from += 4096 {
		var lanes [16]float32
		for i, v := range terms[from:min(from+4096, len(terms))] {
			lanes[i%16] += v
		}
		total += tree(lanes, 0, 1)
	}
	return total
}

func TestSumAddsBlocksInTheirOrder(t *testing.T) {
	x := draw("x", 20_000, true)
	var sum Sum
	for i, v := range x {
		sum.Add(v)
		if n := i + 1; n%1000 == 0 || n%4096 < 2 || n == 8191 {
			sameBits(t, []float32{inLanes(x[:n])}, []float32{sum.Total()}, "%d terms", n)
		}
	}
	var lanes Lanes
	for i, v := range x[:4096] {
		lanes[i&15] += v
	}
	sameBits(t, []float32{inLanes(x[:4096])}, []float32{lanes.Sum()}, "a block needs no more than its lanes")
	assert.NotEqual(t, tree(lanesOf(x), 0, 1), sum.Total(), "the test would see one block of all")
}

// lanesOf adds terms to lanes as though there were no blocks.
func lanesOf(terms []float32) (lanes [16]float32) {
	for i, v := range terms {
		lanes[i%16] += v
	}
	return lanes
}

func TestLanesSumIsTheDocumentedTree(t *testing.T) {
	for seed := range 100 {
		x := draw(fmt.Sprint(seed), 16, true)
		lanes := Lanes(x)
		want := (((x[0] + x[8]) + (x[4] + x[12])) + ((x[2] + x[10]) + (x[6] + x[14]))) +
			(((x[1] + x[9]) + (x[5] + x[13])) + ((x[3] + x[11]) + (x[7] + x[15])))
		sameBits(t, []float32{want}, []float32{lanes.Sum()}, "seed %d", seed)
		assert.Equal(t, want, tree([16]float32(x), 0, 1), "the two definitions in these tests")
	}
}

func TestMeansAddInLanes(t *testing.T) {
	type loss struct {
		kernel func(p *Pool, x, t []float32, n, size int) float32
		term   func(x, t float32) float32
	}
	for name, l := range map[string]loss{
		"MSE": {MSE, func(x, t float32) float32 { return float32((x - t) * (x - t)) }},
		"MAE": {MAE, func(x, t float32) float32 { return float32(math.Abs(float64(x - t))) }},
		"BCELogits": {BCELogits, func(x, t float32) float32 {
			return float32(x*(Where(x, 0, 1, 0)-t)) + SoftplusBelow1(x)
		}},
	} {
		for _, n := range []int{1, 2, 5, 16, 100} {
			for _, size := range []int{1, 3, 15, 16, 17, 33, 83} {
				x, target := draw("x", n*size, true), draw("t", n*size, true)
				terms := make([]float32, n*size)
				sum := 0.0
				for i := range terms {
					terms[i] = l.term(x[i], target[i])
					sum += float64(terms[i])
				}
				want := inLanes(terms) / float32(n*size)
				got := l.kernel(nil, x, target, n, size)
				sameBits(t, []float32{want}, []float32{got}, "%s of %d rows of %d", name, n, size)
				assert.InEpsilon(t, sum/float64(n*size), got, 1e-6)
				sameBits(t, []float32{got}, []float32{l.kernel(nil, x, target, 1, n*size)}, "%s: only the number of elements counts", name)
			}
		}
	}
}

func TestSoftmaxAddsInLanes(t *testing.T) {
	for _, columns := range append(count(40), 4095, 4096, 4097, 10_000) {
		x, dy := draw("x", columns, true), draw("dy", columns, true)
		y, want, terms := make([]float32, columns), make([]float32, columns), make([]float32, columns)
		top := x[0]
		for _, v := range x {
			top = max(top, v)
		}
		for i, v := range x {
			want[i] = Exp1(v - top)
		}
		sum := inLanes(want)
		for i := range want {
			want[i] /= sum
		}
		Softmax(nil, y, x, 1, columns)
		sameBits(t, want, y, "softmax of %d", columns)

		for i := range terms {
			terms[i] = float32(y[i] * dy[i])
		}
		sum = inLanes(terms)
		for i := range want {
			want[i] = y[i] * (dy[i] - sum)
		}
		dx := make([]float32, columns)
		SoftmaxGrad(nil, dx, y, dy, 1, columns)
		sameBits(t, want, dx, "softmax' of %d", columns)
	}
}

func TestCrossEntropyAddsRowsInLanes(t *testing.T) {
	const classes = 3
	for _, n := range []int{1, 2, 15, 16, 17, 50, 5000} {
		x, c := draw("x", n*classes, true), someClasses(n, classes)
		terms, counted := make([]float32, n), 0
		for r := range n {
			if c[r] != Ignored { // a row alone: its own loss, whatever stands beside it
				terms[r], _ = CrossEntropy(nil, make([]float32, classes), x[r*classes:], c[r:], 1, classes, 0)
				counted++
			}
		}
		got, _ := CrossEntropy(nil, make([]float32, n*classes), x, c, n, classes, 0)
		sameBits(t, []float32{inLanes(terms) / float32(counted)}, []float32{got}, "%d rows", n)
	}
}

// count returns 1, 2, … n.
func count(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i + 1
	}
	return all
}
