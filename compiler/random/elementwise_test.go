package random

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// activation is a layer that keeps the shape, of any shape.
func (w *writer) activation() string {
	word := layer(w.oneOf("tanh", "relu", "sigmoid", "softmax", "log_softmax", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "softplus", "softsign",
		"hardtanh", "hardsigmoid", "hardswish", "relu6", "prelu"))
	without := ""
	if word.Name == "prelu" && !w.normalisable() {
		without = "per"
	}
	return word.Name + w.options(word, without)
}

// bounded is an activation whose results are small.
func (w *writer) bounded() string {
	return w.oneOf("tanh", "sigmoid", "softsign", "softmax", "hardsigmoid")
}

// disturbance is a layer that is random while training.
func (w *writer) disturbance() string {
	return w.oneOf("dropout 0.3", "dropout 0.5", "dropout p=0.25", "dropout 0", "noise 0.1", "noise std=0.5", "noise 0")
}

// normalisable is where what flows has channels.
func (w *writer) normalisable() bool { return len(w.current.shape) <= 3 }

// norm is a layer that normalises.
func (w *writer) norm() string {
	_, channels, _ := op.Channels(ir.Row(w.current.shape...))
	switch word := layer(w.oneOf("batchnorm", "layernorm", "rmsnorm", "groupnorm")); word.Name {
	case "groupnorm":
		return fmt.Sprintf("groupnorm %s%s", w.size(w.divisor(channels)), w.options(word))
	case "layernorm":
		text := w.options(word)
		if strings.Contains(text, "affine=false") {
			text = strings.NewReplacer(" bias=true", "", " bias=false", "").Replace(text)
		}
		return word.Name + text
	default:
		return word.Name + w.options(word)
	}
}

// divisor draws a divisor of n.
func (w *writer) divisor(n int) int {
	var divisors []int
	for d := 1; d <= n; d++ {
		if n%d == 0 {
			divisors = append(divisors, d)
		}
	}
	return divisors[w.below(len(divisors))]
}

// scheme is how the weights of what follows start.
func (w *writer) scheme() string {
	scheme := w.oneOf("default", "xavier", "xavier_normal", "kaiming", "kaiming_normal", "normal", "uniform", "zeros", "ones")
	switch {
	case scheme == "normal":
		scheme += " std=0.2"
	case scheme == "uniform":
		scheme += " bound=0.3"
	case slices.Contains([]string{"xavier", "xavier_normal", "kaiming", "kaiming_normal"}, scheme):
		scheme += w.oneOf("", " gain=1.5")
	}
	if scheme != "default" {
		scheme += w.oneOf("", " bias=0.1")
	}
	return scheme
}

// combine writes an add or a mul of one or two values of the shape that flows. An activation keeps products small.
func (w *writer) combine() {
	names := []string{w.named()}
	same := func(v value) bool { return slices.Equal(v.shape, w.current.shape) }
	for range w.from(1, 2) {
		v, _ := w.fitting(same) // what flows has a name, and fits
		names = append(names, v.name)
		w.current = w.current.with(v)
	}
	w.becomes(w.current.shape, w.oneOf("add ", "mul ")+strings.Join(names[1:], " "))
	w.becomes(w.current.shape, w.bounded())
}
