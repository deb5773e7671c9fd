package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// softmax64 returns softmax(x) and −ln softmax(x) in float64.
func softmax64(x []float32) (p, nll []float64) {
	top := float64(x[0])
	for _, v := range x {
		top = max(top, float64(v))
	}
	sum := 0.0
	for _, v := range x {
		sum += math.Exp(float64(v) - top)
	}
	for _, v := range x {
		p = append(p, math.Exp(float64(v)-top)/sum)
		nll = append(nll, math.Log(sum)-(float64(v)-top))
	}
	return p, nll
}

// The relative error of a probability is at most 2⁻²⁴·(|x − max x| + ln C + C/16 + 9): the rounding of the
// difference, once for itself and on average once for the sum, of the exponential and of the additions in a
// lane and in the tree.
func TestSoftmaxIsAccurate(t *testing.T) {
	for _, columns := range []int{1, 2, 3, 10, 37, 1000} {
		for _, size := range []float32{0.1, 1, 10, 40} {
			x := draw(fmt.Sprint(columns, size), columns, true)
			top := float32(math.Inf(-1))
			for i := range x {
				x[i] *= size
				top = max(top, x[i])
			}
			y := make([]float32, columns)
			Softmax(nil, y, x, 1, columns)
			want, _ := softmax64(x)
			sum := 0.0
			for i, p := range want {
				sum += float64(y[i])
				terms := float64(top-x[i]) + math.Log(float64(columns)) + float64(columns)/16 + 9
				tolerance := p*terms*0x1p-24 + math.SmallestNonzeroFloat32
				assert.InDelta(t, p, float64(y[i]), tolerance, "column %d of %d, x up to %v", i, columns, size)
			}
			assert.InDelta(t, 1, sum, (float64(columns)/16+9)*0x1p-24)
		}
	}
}

// Closed forms where a naive softmax overflows, underflows or cancels.
func TestSoftmaxAndCrossEntropyAreStable(t *testing.T) {
	const huge = math.MaxFloat32
	tiny := float32(math.Exp(-88)) // a subnormal number
	for _, c := range []struct {
		name    string
		x, p    []float32
		nll     []float64 // of each class
		inexact bool
	}{
		{"huge", []float32{1e30, -1e30, 0}, []float32{1, 0, 0}, []float64{0, 2e30, 1e30}, false},
		{"as large as can be", []float32{huge / 2, -huge / 2}, []float32{1, 0}, []float64{0, huge}, false},
		{"beyond float32 apart", []float32{huge, -huge}, []float32{1, 0}, []float64{0, math.Inf(1)}, false},
		{"±88", []float32{88, -88}, []float32{1, 0}, []float64{0, 176}, false},
		{"88 and 0", []float32{88, 0}, []float32{1, tiny}, []float64{0, 88}, false},
		{"−88 and 0", []float32{-88, 0}, []float32{tiny, 1}, []float64{88, 0}, false},
		{"all equal", []float32{1e30, 1e30, 1e30, 1e30}, []float32{0.25, 0.25, 0.25, 0.25}, []float64{math.Log(4), math.Log(4), math.Log(4), math.Log(4)}, true},
		{"all equal and far below", []float32{-1e30, -1e30}, []float32{0.5, 0.5}, []float64{math.Ln2, math.Ln2}, true},
		{"all zero", []float32{0, 0, 0, 0, 0, 0, 0, 0}, []float32{0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125}, nil, true},
		{"one class", []float32{-88}, []float32{1}, []float64{0}, false},
		{"one class far up", []float32{1e30}, []float32{1}, []float64{0}, false},
		{"minus infinity", []float32{float32(math.Inf(-1)), 3}, []float32{0, 1}, []float64{math.Inf(1), 0}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			columns := len(c.x)
			y := make([]float32, columns)
			Softmax(nil, y, c.x, 1, columns)
			assert.Equal(t, c.p, y)
			for class, want := range c.nll {
				p := make([]float32, columns)
				got, _ := CrossEntropy(nil, p, c.x, []int32{int32(class)}, 1, columns, 0)
				assert.LessOrEqual(t, ulps(got, want), bound, "class %d: %v, not %v", class, got, want)
				assert.Equal(t, c.p, p)
			}
		})
	}
}

func TestCrossEntropyAgreesWithFloat64(t *testing.T) {
	for _, classes := range []int{1, 2, 10, 100} {
		x := draw("x", 20*classes, true)
		for i := range x {
			x[i] *= 5
		}
		c := make([]int32, 20)
		total := 0.0
		for r := range c {
			c[r] = int32(r * 7 % classes)
			_, nll := softmax64(x[r*classes:][:classes])
			total += nll[c[r]]
		}
		p := make([]float32, len(x))
		loss, counted := CrossEntropy(nil, p, x, c, 20, classes, 0)
		assert.Equal(t, float32(20), counted)
		assert.InDelta(t, total/20, float64(loss), 1e-6*(1+total/20))

		dx := make([]float32, len(x))
		CrossEntropyGrad(nil, dx, 0.5, p, c, 20, classes, 0)
		for r := range c {
			want, _ := softmax64(x[r*classes:][:classes])
			want[c[r]]--
			for k, v := range want {
				assert.InDelta(t, v*0.5/20, float64(dx[r*classes+k]), 1e-8, "row %d, class %d", r, k)
			}
		}
	}
}

// nllGrad returns the gradient of the smoothed loss of one row by central differences of its definition:
// (1−ε)·nll[c] + ε/C·Σ nll.
func nllGrad(x []float32, c int, smoothing float64) (loss float64, grad []float64) {
	at := func(i int, h float64) float64 {
		moved := make([]float64, len(x))
		for k, v := range x {
			moved[k] = float64(v)
		}
		moved[i] += h
		sum := 0.0
		for _, v := range moved {
			sum += math.Exp(v)
		}
		total := (1 - smoothing) * (math.Log(sum) - moved[c])
		for _, v := range moved {
			total += smoothing / float64(len(x)) * (math.Log(sum) - v)
		}
		return total
	}
	for i := range x {
		grad = append(grad, (at(i, 1e-5)-at(i, -1e-5))/2e-5)
	}
	return at(0, 0), grad
}

func TestSmoothedCrossEntropyAgreesWithItsDefinition(t *testing.T) {
	const rows = 6
	for _, smoothing := range []float64{0, 0.1, 0.5, 1} {
		for _, classes := range []int{1, 2, 17, 40} {
			x, c := draw("x", rows*classes, true), someClasses(rows, classes)
			p, dx := make([]float32, len(x)), make([]float32, len(x))
			loss, _ := CrossEntropy(nil, p, x, c, rows, classes, smoothing)
			CrossEntropyGrad(nil, dx, 0.5, p, c, rows, classes, smoothing)
			total := 0.0
			for r := range rows {
				want := make([]float64, classes)
				if c[r] != Ignored {
					var one float64
					one, want = nllGrad(x[r*classes:][:classes], int(c[r]), smoothing)
					total += one / 4 // of six rows, two are ignored
				}
				for k, v := range want {
					assert.InDelta(t, v*0.5/4, float64(dx[r*classes+k]), 1e-7, "row %d, class %d of %d, smoothing %v", r, k, classes, smoothing)
				}
			}
			assert.InDelta(t, total, float64(loss), 2e-6, "%d classes, smoothing %v", classes, smoothing)
		}
	}
}

// The values are those of torch.nn.functional.cross_entropy([[1, 2, 3]], [0], label_smoothing=0.3), worked out by
// hand: log Σ eˣ = 3.40760596444438, and 0.7·2.40760596… + 0.1·(2.40760596… + 1.40760596… + 0.40760596…).
func TestSmoothedCrossEntropyByHand(t *testing.T) {
	p := make([]float32, 3)
	got, _ := CrossEntropy(nil, p, []float32{1, 2, 3}, []int32{0}, 1, 3, 0.3)
	assert.InDelta(t, 0.7*2.40760596444438+0.1*(2.40760596444438+1.40760596444438+0.40760596444438), float64(got), 1e-6)
}

func TestIgnoredRowsDoNotCount(t *testing.T) {
	x := []float32{1, 2, 3, 30, -5, 7, 0, 0, 0, -9, 8, 7}
	p, dx := make([]float32, 12), []float32{7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}

	loss, counted := CrossEntropy(nil, p, x, []int32{Ignored, Ignored, Ignored, Ignored}, 4, 3, 0)
	assert.Equal(t, []float32{0, 0}, []float32{loss, counted}, "all ignored")
	CrossEntropyGrad(nil, dx, 1, p, []int32{Ignored, Ignored, Ignored, Ignored}, 4, 3, 0)
	assert.Equal(t, make([]float32, 12), dx)

	c := []int32{Ignored, 2, 1, Ignored}
	loss, counted = CrossEntropy(nil, p, x, c, 4, 3, 0)
	assert.Equal(t, float32(2), counted)
	_, first := softmax64(x[3:6])
	assert.InDelta(t, (first[2]+math.Log(3))/2, float64(loss), 2e-6, "the mean over the two that count")
	CrossEntropyGrad(nil, dx, 1, p, c, 4, 3, 0)
	third := 1.0 / 3
	want := []float64{0, 0, 0, 0.5, 0, -0.5, third / 2, (third - 1) / 2, third / 2, 0, 0, 0}
	for i := range want {
		assert.InDelta(t, want[i], float64(dx[i]), 1e-7, "element %d", i)
	}
	all := make([]float32, 12)
	Softmax(nil, all, x, 4, 3)
	sameBits(t, all, p, "probabilities are there for every row")
}

func TestCrossEntropyWithoutProbabilitiesIsTheSame(t *testing.T) {
	for _, smoothing := range []float64{0, 0.1} {
		x, c := draw("x", 20*37, true), someClasses(20, 37)
		want, counted := CrossEntropy(nil, make([]float32, len(x)), x, c, 20, 37, smoothing)
		loss, again := CrossEntropy(nil, nil, x, c, 20, 37, smoothing)
		sameBits(t, []float32{want, counted}, []float32{loss, again}, "smoothing %v", smoothing)
	}
}

func TestBCELogitsIsStable(t *testing.T) {
	for _, c := range []struct{ x, target, loss, grad float64 }{
		{1e30, 1, 0, 0}, {1e30, 0, 1e30, 1}, {-1e30, 0, 0, 0}, {-1e30, 1, 1e30, -1},
		{88, 1, math.Exp(-88), 0}, {88, 0, 88, 1}, {-88, 0, math.Exp(-88), math.Exp(-88)}, {-88, 1, 88, -1},
		{0, 0, math.Ln2, 0.5}, {0, 1, math.Ln2, -0.5}, {0, 0.5, math.Ln2, 0}, {1e30, 0.5, 5e29, 0.5},
		{math.MaxFloat32, 0, math.MaxFloat32, 1},
	} {
		x, target := []float32{float32(c.x)}, []float32{float32(c.target)}
		want := max(float64(x[0]), 0) - float64(x[0])*c.target
		if want == 0 {
			want = c.loss // e⁻ˣ, or ln 2
		}
		got := BCELogits(nil, x, target, 1, 1)
		assert.InEpsilon(t, 1+c.loss, 1+want, 1e-6, "the closed form itself")
		assert.LessOrEqual(t, ulps(got, want), bound, "loss of %v at %v: %v, not %v", c.x, c.target, got, want)
		dx := []float32{7}
		BCELogitsGrad(nil, dx, 1, x, target, 1, 1)
		assert.LessOrEqual(t, ulps(dx[0], c.grad), bound, "gradient of %v at %v: %v, not %v", c.x, c.target, dx[0], c.grad)
	}
}
