package data

import "github.com/nnc-lang/nnc/runtime/kernel"

// Link is the function that makes a prediction of an output.
type Link uint8

// The links.
const (
	Identity Link = iota
	Sigmoid       // 1/(1 + exp(−x)) of every element
	Softmax       // exp(x)/Σ exp(x) along the last axis
	Exp
	Score // the output, which is no probability: its sign decides a flag
)

var links = []string{Identity: "identity", Sigmoid: "sigmoid", Softmax: "softmax", Exp: "exp", Score: "score"}

func (l Link) String() string { return nameOf(links, l) }

// MarshalText is the link's name, as a weight file stores it.
func (l Link) MarshalText() ([]byte, error) { return marshalName(links, l) }

// UnmarshalText reads the link's name.
func (l *Link) UnmarshalText(text []byte) error { return unmarshalName(links, l, text) }

// apply writes to dst what the link makes of x, which lies along the last axis. Both may be the same.
func apply[F float32 | float64](l Link, dst []F, x []float32) {
	shift, sum := l.terms(x)
	for i, v := range x {
		dst[i] = F(l.element(float64(v), shift, sum))
	}
}

// at is element k of what apply makes of x.
func (l Link) at(x []float32, k int) float64 {
	shift, sum := l.terms(x)
	return l.element(float64(x[k]), shift, sum)
}

// log is the logarithm of at.
func (l Link) log(x []float32, k int) float64 {
	switch l {
	case Softmax:
		shift, sum := l.terms(x)
		return float64(x[k]) - shift - kernel.Log(sum)
	case Exp:
		return float64(x[k])
	}
	return kernel.Log(l.at(x, k))
}

// element is what the link makes of one element, given the terms of what it is in.
func (l Link) element(x, shift, sum float64) float64 {
	switch l {
	case Sigmoid:
		return sigmoid(x)
	case Softmax:
		return kernel.Exp(x-shift) / sum
	case Exp:
		return kernel.Exp(x)
	}
	return x
}

// flag is the class, 0 or 1, that a score speaks for.
func (l Link) flag(x float32) int {
	if l == Sigmoid || l == Score { // of a sigmoid however near to 0: its value may be rounded to ½
		return number(x > 0)
	}
	return number(l.element(float64(x), 0, 1) > 0.5)
}

func number(is bool) int {
	if is {
		return 1
	}
	return 0
}

// chance is the probability of a flag's class, by the score of its second one; that score where it gives none.
func (l Link) chance(x float32, class int) float64 {
	switch {
	case class == 1 || l == Score:
		return l.element(float64(x), 0, 1)
	case l == Sigmoid:
		return sigmoid(-float64(x)) // 1 − p would lose digits
	}
	return 1 - l.element(float64(x), 0, 1)
}

// terms are, for softmax, the largest of x, by which it shifts so that nothing overflows, and Σ exp(x − shift).
func (l Link) terms(x []float32) (shift, sum float64) {
	if l != Softmax {
		return 0, 1
	}
	shift = float64(x[Argmax(x)])
	for _, v := range x {
		sum += kernel.Exp(float64(v) - shift)
	}
	return shift, sum
}

func sigmoid(x float64) float64 {
	if x < 0 {
		e := kernel.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + kernel.Exp(-x))
}

// Argmax is the index of the largest value, the first of equals.
func Argmax(x []float32) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}
