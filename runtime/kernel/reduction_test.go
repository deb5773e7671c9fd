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

// inLanes adds terms by the documented rule: lane = index mod 16, then the tree.
func inLanes(terms []float32) float32 {
	var lanes [16]float32
	for i, v := range terms {
		lanes[i%16] += v
	}
	return tree(lanes, 0, 1)
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
		"MSE":       {MSE, func(x, t float32) float32 { return float32((x - t) * (x - t)) }},
		"MAE":       {MAE, func(x, t float32) float32 { return float32(math.Abs(float64(x - t))) }},
		"BCELogits": {BCELogits, BCELogits1},
	} {
		for _, n := range []int{1, 2, 5, 16, 100} {
			for _, size := range []int{1, 3, 15, 16, 17, 33} {
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
	for columns := 1; columns <= 40; columns++ {
		x, dy := draw("x", columns, true), draw("dy", columns, true)
		y, want, terms := make([]float32, columns), make([]float32, columns), make([]float32, columns)
		top := x[0]
		for _, v := range x {
			top = max(top, v)
		}
		for i, v := range x {
			want[i] = float32(Exp(float64(v - top)))
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
	for _, n := range []int{1, 2, 15, 16, 17, 50} {
		x, c := draw("x", n*classes, true), someClasses(n, classes)
		terms, counted := make([]float32, n), 0
		for r := range n {
			if c[r] != Ignored { // a row alone: its own loss, whatever stands beside it
				terms[r] = CrossEntropy(nil, make([]float32, classes), x[r*classes:], c[r:], 1, classes, 0)
				counted++
			}
		}
		got := CrossEntropy(nil, make([]float32, n*classes), x, c, n, classes, 0)
		sameBits(t, []float32{inLanes(terms) / float32(counted)}, []float32{got}, "%d rows", n)
	}
}
