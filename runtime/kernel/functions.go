package kernel

import "math"

// The functions of single numbers that element-wise kernels, and generated code, are made of. A NaN stays one.

// Where returns x where a > b, else y. It selects by a mask, because a branch on the sign of an activation is taken at
// random: it costs five times as much.
func Where(a, b, x, y float32) float32 {
	var above uint32
	if a > b {
		above = 1
	}
	u, v := math.Float32bits(x), math.Float32bits(y)
	return math.Float32frombits(v ^ (u^v)&-above)
}

// Abs returns |x|.
func Abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// Sign returns −1, 0 or 1 as x is negative, zero or positive.
func Sign(x float32) float32 {
	one := math.Float32frombits(math.Float32bits(x)&(1<<31) | math.Float32bits(1))
	return Where(Abs(x), 0, one, x)
}

// Sigmoid1 returns 1 / (1 + e⁻ˣ).
func Sigmoid1(x float32) float32 { return float32(1 / (1 + Exp(-float64(x)))) }

// Tanh1 returns tanh(x) = (1 − e⁻²ˣ)/(1 + e⁻²ˣ); near 0, where that cancels, x·(1 − x²/3).
func Tanh1(x float32) float32 {
	v := float64(x)
	if v > -1e-3 && v < 1e-3 {
		return float32(v * (1 - float64(float64(v*v)*(1.0/3))))
	}
	if v < 0 {
		e := Exp(2 * v)
		return float32((e - 1) / (e + 1))
	}
	e := Exp(-2 * v)
	return float32((1 - e) / (1 + e))
}

// BCELogits1 returns max(x, 0) − x·t + ln(1 + e^−|x|).
func BCELogits1(x, t float32) float32 {
	v := float64(x)
	positive, magnitude := v, v
	if v < 0 {
		positive, magnitude = 0, -v
	}
	return float32(positive - float64(v*float64(t)) + Log1p(Exp(-magnitude)))
}
