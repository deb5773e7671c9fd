package data

import (
	"math"
	"strconv"
)

// unit is how a model value y stands for the value y·divisor + shift of the data.
type unit struct{ shift, divisor float64 }

// model is the model value of v.
func (u unit) model(v float64) float32 { return float32((v - u.shift) / u.divisor) }

// value is the inverse of model. The product is rounded before the sum, so that no platform fuses the two.
func (u unit) value(y float64) float64 { return float64(y*u.divisor) + u.shift }

// shortest is value with as many decimal digits as tell y, as a float32, from its neighbours.
func (u unit) shortest(y float64) float64 {
	v, single := u.value(y), float32(y)
	if u == (unit{0, 1}) {
		return parsed(strconv.FormatFloat(float64(single), 'e', -1, 32))
	}
	if !isFinite(v) {
		return v
	}
	// A step of y is a step of 2^-k of v or less, so that much fewer digits than 0.3·k cannot tell.
	step := u.value(float64(math.Float32frombits(math.Float32bits(single)^1))) - v
	digits := int(exponent(v)-exponent(step))*3/10 - 3
	for digits = max(digits, 0); digits < 16; digits++ {
		w := parsed(strconv.FormatFloat(v, 'e', digits, 64))
		if u.model(w) == single {
			return w
		}
	}
	return v
}

// exponent is the power of two that v is nearest to, of a number that is not tiny.
func exponent(v float64) int64 { return int64(math.Float64bits(v)>>52&0x7ff) - 1023 }

func parsed(text string) float64 {
	v, _ := strconv.ParseFloat(text, 64) // strconv wrote it
	return v
}
