package kernel

import "math"

// The functions of single numbers that element-wise kernels, and generated code, are made of, besides those that
// functions_elementary.go is made of. A NaN stays one.

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

// Round returns x as a whole number, halves to even, for |x| < 2²²: beyond 2²³ there are no fractions.
func Round(x float32) float32 { return x + (1<<23 + 1<<22) - (1<<23 + 1<<22) }

// PowerOfTwo returns 2ᵏ for a whole k from −126 to 127, and any number for a NaN: in the lowest bits of 2²³ + 2²² + k + 127
// stands the exponent.
func PowerOfTwo(k float32) float32 {
	return math.Float32frombits(math.Float32bits(k+(1<<23+1<<22+127)) << 23)
}

// Exponent returns k, and Significand m, of x = 2ᵏ·m with √½ ≤ m < √2, for a normal x above 0; any numbers for others.
func Exponent(x float32) float32 { return float32(int32(math.Float32bits(x)-halfRoot) >> 23) }

// Significand returns m: see Exponent.
func Significand(x float32) float32 {
	return math.Float32frombits((math.Float32bits(x)-halfRoot)&(1<<23-1) + halfRoot)
}

// halfRoot are the bits of √½.
const halfRoot = 0x3f3504f3

// Sqrt returns √x, correctly rounded.
func Sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// infinity and notANumber are what Go has no constants for.
func infinity() float32   { return math.Float32frombits(0x7f800000) }
func notANumber() float32 { return math.Float32frombits(0x7fc00000) }

// CopySign returns |x| with the sign of y.
func CopySign(x, y float32) float32 {
	const sign = 1 << 31
	return math.Float32frombits(math.Float32bits(x)&^sign | math.Float32bits(y)&sign)
}
