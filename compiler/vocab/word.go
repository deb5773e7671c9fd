// Package vocab is the vocabulary of the language: one file per word, holding what the word is called, what it
// means, which arguments it takes, and the function that builds its operations.
//
// What comes in is a Call, a statement whose arguments have been checked against the word's declaration; what
// goes out are nodes of the forward graph, entries of the recipe, and diagnostics about sizes that do not fit.
// The package knows neither how arguments are parsed nor what becomes of the graph.
package vocab

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Kind says where a word may stand.
type Kind uint8

// The kinds of words.
const (
	Structure Kind = iota // model, input: understood by the checker itself
	Layer                 // takes the current value and replaces it
	Loss                  // behind `loss`
	Metric                // behind `metric`
	Optimiser             // how parameters are updated
	Setting               // batch, epochs, seed
)

func (k Kind) String() string {
	return [...]string{"structure", "layer", "loss", "metric", "optimiser", "setting"}[k]
}

// Word is a word's declaration. The checker, the reference and editors all read it.
type Word struct {
	Name  string
	Kind  Kind
	Usage string // how it is written, optional parts in brackets
	Doc   string // one sentence, or a few
	Args  []Arg

	// Build adds what the statement means: layers replace c.X, losses set c.Loss and c.Target, settings and
	// optimisers fill c.Recipe.
	Build func(c *Call)

	// Input is the shape of the input that the word implies where the spec declares none, as `linear 10->1`
	// implies [10]; nil where the statement states no such size.
	Input func(c *Call) ir.Shape
}

// ArgKind is what an argument may be.
type ArgKind uint8

// The kinds of arguments.
const (
	Number  ArgKind = iota // a real number in [Min, Max], or in [Min, Max) if Below
	Integer                // a whole number in [Min, Max]
	Sizes                  // one size, or two as in 10->1
	Flag                   // a bare name, on where it stands
	Bool                   // true or false
)

func (k ArgKind) String() string {
	return [...]string{"a number", "a whole number", "a size, or two as in 10->1", "a flag", "true or false"}[k]
}

// Arg declares one argument.
type Arg struct {
	Name       string
	Kind       ArgKind
	Positional bool // written without its name
	Required   bool
	Default    float64
	Min, Max   float64
	Below      bool // Max itself is out of range
	Doc        string
}

// unbounded is the Max of an argument without one: whatever float32 holds.
const unbounded = math.MaxFloat32

// maxCount is the largest count: of rows in a batch, of epochs.
const maxCount = 1 << 30

var words []*Word

func register(w *Word) struct{} {
	words = append(words, w)
	return struct{}{}
}

// Words returns all words, ordered by kind and name.
func Words() []*Word {
	sorted := slices.Clone(words)
	slices.SortFunc(sorted, func(a, b *Word) int {
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return sorted
}

// Find returns the word of that name among those kinds, or nil.
func Find(name string, kinds ...Kind) *Word {
	for _, w := range words {
		if w.Name == name && slices.Contains(kinds, w.Kind) {
			return w
		}
	}
	return nil
}

// Names lists the words of those kinds.
func Names(kinds ...Kind) []string {
	var names []string
	for _, w := range Words() {
		if slices.Contains(kinds, w.Kind) {
			names = append(names, w.Name)
		}
	}
	return names
}
