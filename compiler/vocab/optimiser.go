package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// optimiserArgs are the arguments of an optimiser: the learning rate, its own, and how parameters decay.
func optimiserArgs(rate float64, decay Arg, own ...Arg) []Arg {
	return slices.Concat(
		[]Arg{{Name: "lr", Kind: Number, Positional: true, Default: rate, Min: 0, Max: unbounded, Doc: "the learning rate"}},
		own,
		[]Arg{decay, {Name: "decay_skip", Kind: Choice, Choices: []string{"none", "vectors"},
			Doc: "vectors: parameters of one axis or none do not decay, that is biases and those of norms"}})
}

// penalty is decay as an L2 penalty.
var penalty = fromZero("decay", 0, "λ of the L2 penalty: decay·W is added to the gradient")

// decoupled is decay that acts on the parameters themselves.
func decoupled(standard float64) Arg {
	return fromZero("decay", standard, "the share of W, times the learning rate, that each step takes away")
}

// fromZero is a number from 0 on.
func fromZero(name string, standard float64, doc string) Arg {
	return Arg{Name: name, Kind: Number, Default: standard, Min: 0, Max: unbounded, Doc: doc}
}

// fraction is a number from 0 on, below 1.
func fraction(name string, standard float64, doc string) Arg {
	return Arg{Name: name, Kind: Number, Default: standard, Min: 0, Max: 1, Below: true, Doc: doc}
}

// update fills the recipe with the optimiser of the call's decay.
func (c *Call) update(optimiser func(decay float64) *ir.Optimiser) {
	decay := c.Number("decay")
	o := optimiser(decay)
	if decay != 0 && c.Choice("decay_skip") == "vectors" {
		o.Spared = optimiser(0).Update
	}
	c.Recipe.Optimiser = o
}
