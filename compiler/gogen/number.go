package gogen

import "strconv"

// numeral writes a constant in the shortest decimals that give it back: as a float32, where it is one. Every number
// goes through here: jennifer's literals of floats lose their type or their form.
func numeral(x float64) string {
	if float64(float32(x)) == x {
		return strconv.FormatFloat(x, 'g', -1, 32)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// numeral32 writes a constant that is used as a float32.
func numeral32(x float64) string { return strconv.FormatFloat(x, 'g', -1, 32) }
