package kernel

import "testing"

// Element-wise kernels round after each operation, in the order of their formulas: their bits are part of their
// meaning, and what generated code writes out by itself has the same.
func TestElementwiseFormulasToTheBit(t *testing.T) {
	const n, size = 7, 5
	const count, dloss = n * size, 0.75
	formulas := map[string]func(x, y float32) float32{
		"ReLU":     func(x, _ float32) float32 { return max(x, 0) },
		"Tanh":     func(x, _ float32) float32 { return Tanh1(x) },
		"Sigmoid":  func(x, _ float32) float32 { return Sigmoid1(x) },
		"Add":      func(x, y float32) float32 { return x + y },
		"Mul":      func(x, y float32) float32 { return x * y },
		"TanhGrad": func(y, dy float32) float32 { return dy * (1 - float32(y*y)) },
		"SigmoidGrad": func(y, dy float32) float32 {
			return float32(dy*y) * (1 - y)
		},
		"ReLUGrad": func(y, dy float32) float32 {
			if y > 0 {
				return dy
			}
			return y // of a ReLU it is 0, or NaN
		},
		"MSEGrad": func(x, t float32) float32 { return (x - t) * (float32(2*dloss) / float32(count)) },
		"MAEGrad": func(x, t float32) float32 {
			sign := float32(1)
			if x < t {
				sign = -1
			}
			return sign * (float32(dloss) / float32(count))
		},
		"BCELogitsGrad": func(x, t float32) float32 { return (Sigmoid1(x) - t) * (float32(dloss) / float32(count)) },
	}
	for _, c := range calls {
		if !c.elementwise || c.state {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			d, s := c.inputs(n)
			c.run(d, s, n)
			want := make([]float32, count)
			for i, x := range s[0] {
				want[i] = formulas[c.name](x, s[len(s)-1][i])
			}
			sameBits(t, want, d[0], "%s", c.name)
		})
	}
}
