package kernel

import (
	"strings"
	"testing"
)

// Element-wise kernels round after each operation, in the order of their formulas: their bits are part of their
// meaning, and what generated code writes out by itself has the same. A weight u is multiplied in before the scale.
func TestElementwiseFormulasToTheBit(t *testing.T) {
	const n, size = 7, 19
	const count, dloss = n * size, 0.75
	formulas := map[string]func(x, y, u float32) float32{
		"ReLU":     func(x, _, _ float32) float32 { return max(x, 0) },
		"Tanh":     func(x, _, _ float32) float32 { return Tanh1(x) },
		"Sigmoid":  func(x, _, _ float32) float32 { return Sigmoid1(x) },
		"Add":      func(x, y, _ float32) float32 { return x + y },
		"Mul":      func(x, y, _ float32) float32 { return x * y },
		"TanhGrad": func(y, dy, _ float32) float32 { return dy * (1 - float32(y*y)) },
		"SigmoidGrad": func(y, dy, _ float32) float32 {
			return float32(dy*y) * (1 - y)
		},
		"ReLUGrad": func(y, dy, _ float32) float32 {
			if y > 0 {
				return dy
			}
			return y // of a ReLU it is 0, or NaN
		},
		"MSEGrad": func(x, t, u float32) float32 {
			return float32((x-t)*u) * (float32(2*dloss) / float32(count))
		},
		"MAEGrad": func(x, t, u float32) float32 {
			sign := float32(1)
			if x < t {
				sign = -1
			}
			return float32(sign*u) * (float32(dloss) / float32(count))
		},
		"BCELogitsGrad": func(x, t, u float32) float32 {
			return float32((Sigmoid1(x)-t)*u) * (float32(dloss) / float32(count))
		},
		"HuberGrad": func(x, t, u float32) float32 {
			return float32(min(max(x-t, -huberDelta), huberDelta)*u) * (float32(dloss) / float32(count))
		},
	}
	for _, c := range calls() {
		if !c.elementwise || c.states() {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			d, s := c.inputs(n)
			c.run(nil, d, s, n)
			y, u := s[min(1, len(s)-1)], make([]float32, count)
			for i := range u {
				u[i] = 1
			}
			if len(s) == 3 {
				u = s[2]
			}
			formula, want := formulas[strings.TrimPrefix(c.name, "Weighted")], make([]float32, count)
			for i, x := range s[0] {
				want[i] = formula(x, y[i], u[i])
			}
			sameBits(t, want, d[0], "%s", c.name)
		})
	}
}
