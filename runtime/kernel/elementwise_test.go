package kernel

import (
	"math"
	"strings"
	"testing"
)

// within is inside between least and most, else below, or 0.
func within(x, least, most, inside, below float32) float32 {
	switch {
	case x > least && x < most:
		return inside
	case x >= most:
		return 0
	}
	return below
}

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
		"SmoothL1Grad": func(x, t, u float32) float32 {
			return float32(min(max((x-t)/smoothBeta, -1), 1)*u) * (float32(dloss) / float32(count))
		},
		"HingeGrad": func(x, t, u float32) float32 {
			side, lacks := t+t-1, float32(0)
			if 1-float32(side*x) > 0 {
				lacks = 1
			}
			return float32(float32(lacks*(0-side))*u) * (float32(dloss) / float32(count))
		},
		"PoissonGrad": func(x, t, u float32) float32 {
			return float32((Exp1(x)-t)*u) * (float32(dloss) / float32(count))
		},
		"KLGrad": func(_, t, u float32) float32 {
			return float32(float32(klClasses*(0-max(t, 0)))*u) * (float32(dloss) / float32(count))
		},
		"SharedBCELogitsGrad": func(x, a, b float32) float32 {
			return (float32(b*Sigmoid1(x)) - float32(a*Sigmoid1(0-x))) * (float32(dloss) / float32(count))
		},
		"Exponential": func(x, _, _ float32) float32 { return Exp1(x) },
		"BCEGrad": func(x, t, u float32) float32 {
			return float32((x-t)/max(x*(1-x), 1e-12)*u) * (float32(dloss) / float32(count))
		},
		"GELU":         func(x, _, _ float32) float32 { return GELU1(x) },
		"GELUGrad":     func(x, dy, _ float32) float32 { return dy * GELUSlope1(x) },
		"GELUTanh":     func(x, _, _ float32) float32 { return GELUTanh1(x) },
		"GELUTanhGrad": func(x, dy, _ float32) float32 { return dy * GELUTanhSlope1(x) },
		"SiLU":         func(x, _, _ float32) float32 { return SiLU1(x) },
		"SiLUGrad":     func(x, dy, _ float32) float32 { return dy * SiLUSlope1(x) },
		"Mish":         func(x, _, _ float32) float32 { return Mish1(x) },
		"MishGrad":     func(x, dy, _ float32) float32 { return dy * MishSlope1(x) },
		"ELU": func(x, _, _ float32) float32 {
			if x > 0 {
				return x
			}
			return 1.5 * ELU1(x)
		},
		"ELUGrad": func(x, dy, _ float32) float32 {
			if x > 0 {
				return dy
			}
			return dy * float32(1.5*Exp1(x))
		},
		"SELU": func(x, _, _ float32) float32 {
			if x > 0 {
				return 1.0507009873554805 * x
			}
			return 1.7580993408473766 * ELU1(x)
		},
		"SELUGrad": func(x, dy, _ float32) float32 {
			if x > 0 {
				return dy * 1.0507009873554805
			}
			return dy * float32(1.7580993408473766*Exp1(x))
		},
		"LeakyReLU": func(x, _, _ float32) float32 { return max(x, 0.25*x) },
		"LeakyReLUGrad": func(x, dy, _ float32) float32 {
			if x > 0 {
				return dy
			}
			return float32(0.25*dy) + 0
		},
		"Softplus":     func(x, _, _ float32) float32 { return Softplus1(0.5*x) / 0.5 },
		"SoftplusGrad": func(x, dy, _ float32) float32 { return dy * Sigmoid1(0.5*x) },
		"Softsign":     func(x, _, _ float32) float32 { return x / (1 + Abs(x)) },
		"SoftsignGrad": func(x, dy, _ float32) float32 { return dy / (1 + Abs(x)) / (1 + Abs(x)) },
		"Negative":     func(x, _, _ float32) float32 { return min(x, 0) },
		"NegativeGrad": func(x, dy, _ float32) float32 {
			if x > 0 {
				return 0
			}
			return dy + 0
		},
		"ReLU6":           func(x, _, _ float32) float32 { return min(max(x, 0), 6) },
		"ReLU6Grad":       func(y, dy, _ float32) float32 { return within(y, 0, 6, dy, y) },
		"Hardtanh":        func(x, _, _ float32) float32 { return min(max(x, -0.5), 2) },
		"HardtanhGrad":    func(y, dy, _ float32) float32 { return within(y, -0.5, 2, dy, y+0.5) },
		"Hardsigmoid":     func(x, _, _ float32) float32 { return min(max(x+3, 0), 6) / 6 },
		"HardsigmoidGrad": func(x, dy, _ float32) float32 { return within(x, -3, 3, dy/6, 0) },
		"Hardswish":       func(x, _, _ float32) float32 { return float32(x*min(max(x+3, 0), 6)) / 6 },
		"HardswishGrad":   func(x, dy, _ float32) float32 { return within(x, -3, 3, dy*(x/3+0.5), 0) },
		"Logarithm":       func(x, _, _ float32) float32 { return Log1(x) },
		"LogarithmGrad":   func(x, dy, _ float32) float32 { return dy / x },
		"Erf":             func(x, _, _ float32) float32 { return Erf1(x) },
		"RSqrt":           func(x, _, _ float32) float32 { return 1 / float32(math.Sqrt(float64(x))) },
		"Sine":            func(x, _, _ float32) float32 { return Sin1(x) },
		"Cosine":          func(x, _, _ float32) float32 { return Cos1(x) },
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
