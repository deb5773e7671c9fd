// Package numeral writes numbers for people, so that a command and the program that it starts write them alike. What comes
// in are losses, metrics, weights: the package knows not which.
package numeral

import (
	"math"
	"strconv"
)

// Short is a number in four digits, or with one decimal from a thousand up.
func Short(v float64) string {
	if a := math.Abs(v); a >= 1000 && a < 1e9 {
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
