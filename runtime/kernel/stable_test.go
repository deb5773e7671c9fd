package kernel

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// precision holds the difference of any two float32s exactly.
const precision = 400

func exactly(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func plus(x, y *big.Float) *big.Float    { return exactly(0).Add(x, y) }
func minus(x, y *big.Float) *big.Float   { return exactly(0).Sub(x, y) }
func times(x, y *big.Float) *big.Float   { return exactly(0).Mul(x, y) }
func divide2(x, y *big.Float) *big.Float { return exactly(0).Quo(x, y) }

// bigExp is eˣ for x ≤ 1000: eʳ by its series with r = x/2ᵏ, squared k times; 0 far below.
func bigExp(x *big.Float) *big.Float {
	near, _ := x.Float64()
	if near < -1000 {
		return exactly(0)
	}
	halvings := max(0, int(math.Ceil(math.Log2(math.Abs(near)+1)))+8)
	r := exactly(0).SetMantExp(x, -halvings)
	sum, term := exactly(1), exactly(1)
	for i := 1; i < 60; i++ {
		term = divide2(times(term, r), exactly(float64(i)))
		sum = plus(sum, term)
	}
	for range halvings {
		sum = times(sum, sum)
	}
	return sum
}

// bigLog is ln x for x ≥ 1 within float64, by Halley's steps from what float64 says.
func bigLog(x *big.Float) *big.Float {
	near, _ := x.Float64()
	y := exactly(math.Log(near))
	for range 4 {
		e := bigExp(y)
		y = plus(y, times(exactly(2), divide2(minus(x, e), plus(x, e))))
	}
	return y
}

func TestBigFunctions(t *testing.T) {
	for _, x := range []float64{-700, -88, -1, -1e-30, 0, 1e-8, 0.5, 1, 3, 300} {
		got, _ := bigExp(exactly(x)).Float64()
		assert.InEpsilon(t, math.Exp(x), got, 1e-15, "exp %v", x)
	}
	for _, x := range []float64{1 + 1e-12, 1.5, 2, 1e10} {
		got, _ := bigLog(exactly(x)).Float64()
		assert.InEpsilon(t, math.Log(x), got, 1e-12, "log %v", x)
	}
	tiny, _ := bigLog(plus(exactly(1), bigExp(exactly(-100)))).Float64()
	assert.InEpsilon(t, math.Exp(-100), tiny, 1e-14, "ln(1 + e⁻¹⁰⁰)")
}

// logLikelihoods are −ln softmax(x) of each class.
func logLikelihoods(x []float32) []*big.Float {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	sum := exactly(0)
	for _, v := range x {
		sum = plus(sum, bigExp(minus(exactly(float64(v)), exactly(float64(top)))))
	}
	all := plus(exactly(float64(top)), bigLog(sum))
	nll := make([]*big.Float, len(x))
	for i, v := range x {
		nll[i] = minus(all, exactly(float64(v)))
	}
	return nll
}

// near asks that a float32 is a number up to rounding, relative to it and to 1; beyond float32 it is infinite.
func near(t *testing.T, want *big.Float, got float32, format string, args ...any) {
	t.Helper()
	w, _ := want.Float64()
	switch {
	case math.Abs(w) > math.MaxFloat32*(1+1e-7):
		assert.True(t, math.IsInf(float64(got), int(math.Copysign(1, w))), "%s: %v, not %v", fmt.Sprintf(format, args...), got, w)
	case math.Abs(w) > math.MaxFloat32*(1-1e-6) && math.IsInf(float64(got), 0): // it may round up
	case !(math.Abs(float64(got)-w) <= 3e-6*(1+math.Abs(w))):
		assert.Fail(t, fmt.Sprintf("%s: %v, not %v", fmt.Sprintf(format, args...), got, w))
	}
}

// extremes are what logits may be at their worst.
var extremes = []float32{0, float32(math.Copysign(0, -1)), 1e-45, -1e-45, 1e-39, -1e-39, 1e-30, -1e-30, 1e-8, -1e-8, 0.5, -0.5, 1, -1, 17, -17,
	88, -88, 89, -89, 104, -104, 1e4, -1e4, 1e30, -1e30, 3e38, -3e38, math.MaxFloat32, -math.MaxFloat32}

// extremeRows are logits of every pair of them, and mixtures of some or all, in rows short and long.
func extremeRows() [][]float32 {
	var rows [][]float32
	for _, a := range extremes {
		rows = append(rows, []float32{a}, []float32{a, a, a})
		for _, b := range extremes {
			rows = append(rows, []float32{a, b})
		}
	}
	r := rand.New(rand.NewPCG(17, 18))
	for _, size := range []int{3, 5, 17, 40, 100, 4097} {
		for _, from := range []int{len(extremes), 24, 16} { // all, those up to 10⁴ or 17
			row := make([]float32, size)
			for i := range row {
				row[i] = extremes[r.IntN(from)]
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// The softmaxes, the cross-entropies and their gradients are what exact arithmetic says, for all finite logits.
func TestLossesOfClassesAreStable(t *testing.T) {
	for _, x := range extremeRows() {
		size := len(x)
		nll := logLikelihoods(x)
		name := fmt.Sprint(x[:min(size, 5)], " of ", size)
		y, dx, p, dy := make([]float32, size), make([]float32, size), make([]float32, size), make([]float32, size)
		share, dot, total := make([]*big.Float, size), exactly(0), exactly(0)
		Softmax(nil, p, x, 1, size)
		LogSoftmax(nil, y, x, 1, size)
		for i, v := range nll {
			share[i] = bigExp(exactly(0).Neg(v))
			near(t, share[i], p[i], "softmax %s, %d", name, i)
			near(t, exactly(0).Neg(v), y[i], "log softmax %s, %d", name, i)
			dy[i] = float32(i%3) - 0.75
			dot, total = plus(dot, times(share[i], exactly(float64(dy[i])))), plus(total, exactly(float64(dy[i])))
		}
		SoftmaxGrad(nil, dx, p, dy, 1, size)
		for i := range dx {
			near(t, times(share[i], minus(exactly(float64(dy[i])), dot)), dx[i], "softmax' %s, %d", name, i)
		}
		LogSoftmaxGrad(nil, dx, y, dy, 1, size)
		for i := range dx {
			near(t, minus(exactly(float64(dy[i])), times(share[i], total)), dx[i], "log softmax' %s, %d", name, i)
		}
		w := make([]float32, size)
		for i := range w {
			w[i] = []float32{0.5, 2, 0, 3}[i%4]
		}
		for class := 0; class < size; class += max(1, size/3) {
			c := []int32{int32(class)}
			for _, smoothing := range []float64{0, 0.1, 1} {
				loss, _ := CrossEntropy(nil, p, x, c, 1, size, smoothing)
				CrossEntropyGrad(nil, dx, 1, p, c, 1, size, smoothing)
				labelsNear(t, name, nll, share, class, Labels{Smoothing: smoothing}, loss, dx)

				g := Labels{Classes: size, Positions: 1, Ignored: Ignored, Smoothing: smoothing, Weights: w}
				loss, _ = LabelledCrossEntropy(nil, p, x, c, nil, 1, &g)
				LabelledCrossEntropyGrad(nil, dx, 1, p, c, nil, 1, &g)
				if w[class] > 0 {
					labelsNear(t, name, nll, share, class, g, loss, dx)
				}
			}
			loss, _ := NLL(nil, y, c, nil, 1, &Labels{Classes: size, Positions: 1, Ignored: Ignored})
			near(t, nll[class], loss, "nll %s, class %d", name, class)
		}
	}
}

// labelsNear compares the cross-entropy of one position and its gradient with its definition.
func labelsNear(t *testing.T, name string, nll, share []*big.Float, class int, g Labels, loss float32, dx []float32) {
	t.Helper()
	sum, all := exactly(0), exactly(0)
	target := make([]*big.Float, len(nll))
	for i, v := range nll {
		target[i] = exactly(0)
		if g.Smoothing > 0 {
			target[i] = times(exactly(g.Smoothing/float64(len(nll))), exactly(float64(g.weight(int32(i)))))
		}
		if i == class {
			target[i] = plus(target[i], times(exactly(1-g.Smoothing), exactly(float64(g.weight(int32(i))))))
		}
		sum, all = plus(sum, times(target[i], v)), plus(all, target[i])
	}
	whole := exactly(float64(g.weight(int32(class))))
	near(t, divide2(sum, whole), loss, "cross-entropy %s, class %d, %+v", name, class, g.Smoothing)
	for i, v := range share {
		near(t, divide2(minus(times(all, v), target[i]), whole), dx[i], "cross-entropy' %s, class %d, %+v, %d", name, class, g.Smoothing, i)
	}
}

// So is the cross-entropy of single logits, whatever a yes and a no count.
func TestLossesOfFlagsAreStable(t *testing.T) {
	for _, x := range extremes {
		// −ln σ(x) and −ln(1 − σ(x)) are those of two classes.
		likelihoods := logLikelihoods([]float32{x, 0})
		for _, target := range []float32{0, 1e-6, 0.3, 1} {
			for _, yes := range []float32{1, 0, 0.25, 1000} {
				a, b := []float32{0}, []float32{0}
				PosShares(nil, a, b, []float32{target}, nil, 1, &PosWeights{Size: 1, Of: []float32{yes}})
				wantA, wantB := exactly(float64(yes)*float64(target)), exactly(1-float64(target))
				loss := plus(times(wantA, likelihoods[0]), times(wantB, likelihoods[1]))
				slope := minus(times(wantB, bigExp(exactly(0).Neg(likelihoods[0]))), times(wantA, bigExp(exactly(0).Neg(likelihoods[1]))))
				dx := []float32{7}
				near(t, loss, SharedBCELogits(nil, []float32{x}, a, b, 1, 1), "%v at %v, a yes counts %v", x, target, yes)
				SharedBCELogitsGrad(nil, dx, 1, []float32{x}, a, b, 1, 1)
				near(t, slope, dx[0], "the slope of %v at %v, a yes counts %v", x, target, yes)
				if yes == 1 {
					near(t, loss, BCELogits(nil, []float32{x}, []float32{target}, 1, 1), "%v at %v", x, target)
					BCELogitsGrad(nil, dx, 1, []float32{x}, []float32{target}, 1, 1)
					near(t, slope, dx[0], "the slope of %v at %v", x, target)
				}
			}
		}
	}
}

// A NaN among the logits is not lost, wherever it stands.
func TestLossesKeepNaNs(t *testing.T) {
	nan := float32(math.NaN())
	for _, size := range []int{1, 2, 17, 4100} {
		for _, at := range []int{0, size / 2, size - 1} {
			x, y, dx := draw("x", size, true), make([]float32, size), make([]float32, size)
			x[at] = nan
			all := func(v []float32, what string) {
				for i := range v {
					if !isNaN(v[i]) {
						assert.Fail(t, fmt.Sprintf("%s: element %d of %d is %v, with a NaN at %d", what, i, size, v[i], at))
						return
					}
				}
			}
			Softmax(nil, y, x, 1, size)
			all(y, "softmax")
			LogSoftmax(nil, y, x, 1, size)
			all(y, "log softmax")
			LogSoftmaxGrad(nil, dx, y, make([]float32, size), 1, size)
			all(dx, "log softmax'")
			for _, g := range []Labels{{}, {Smoothing: 0.1}, {Weights: draw("w", size, false), Smoothing: 0.1}, {Weights: draw("w", size, false)}} {
				g.Classes, g.Positions, g.Ignored = size, 1, Ignored
				loss, _ := LabelledCrossEntropy(nil, y, x, []int32{0}, nil, 1, &g)
				LabelledCrossEntropyGrad(nil, dx, 1, y, []int32{0}, nil, 1, &g)
				all(append(dx, loss), "cross-entropy")
			}
		}
	}
	x, t1, dx := []float32{nan}, []float32{1}, []float32{0}
	for name, loss := range map[string]struct {
		value func(p *Pool, x, t []float32, n, size int) float32
		grad  func(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int)
	}{
		"BCELogits": {BCELogits, BCELogitsGrad}, "BCE": {BCE, BCEGrad}, "Hinge": {Hinge, HingeGrad}, "Poisson": {Poisson, PoissonGrad},
		"KL": {func(p *Pool, x, t []float32, n, size int) float32 { return KL(p, x, t, n, size, 1) }, func(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
			KLGrad(p, dx, dloss, x, t, n, size, 1)
		}},
		"SmoothL1": {func(p *Pool, x, t []float32, n, size int) float32 { return SmoothL1(p, x, t, n, size, 1) }, func(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
			SmoothL1Grad(p, dx, dloss, x, t, n, size, 1)
		}},
	} {
		assert.True(t, isNaN(loss.value(nil, x, t1, 1, 1)), name)
		loss.grad(nil, dx, 1, x, t1, 1, 1)
		assert.True(t, isNaN(dx[0]), "%s'", name)
	}
	value, _ := CosineLoss(nil, x, t1, 1, 1)
	CosineLossGrad(nil, dx, 1, x, t1, 1, 1)
	assert.True(t, isNaN(value) && isNaN(dx[0]), "cosine")
}
