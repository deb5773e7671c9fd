package op

import (
	"strconv"
	"strings"
)

// real writes a number that PyTorch takes for a float.
func real(v float64) string {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if strings.Trim(text, "-0123456789") == "" {
		text += ".0"
	}
	return text
}

// pair writes an argument of two numbers.
func pair(name string, a, b float64) string { return name + "=(" + real(a) + ", " + real(b) + ")" }

// betas writes the arguments that PyTorch's Adam shares with its kin.
func betas(beta1, beta2, epsilon float64) []string {
	return []string{pair("betas", beta1, beta2), "eps=" + real(epsilon)}
}

// option writes an argument unless it is what PyTorch takes anyway.
func option(name string, v, standard float64) []string {
	if v == standard {
		return nil
	}
	return []string{name + "=" + real(v)}
}

// flagged writes an argument that is on, else nothing.
func flagged(name string, on bool) []string {
	if !on {
		return nil
	}
	return []string{name + "=True"}
}
