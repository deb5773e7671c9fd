// Package vocab is the vocabulary of the language: one file per word, holding what the word is called, what it
// means, which arguments it takes, and the function that builds its operations.
//
// What comes in is a Call, a statement whose arguments have been checked against the word's declaration; what
// goes out are nodes of the forward graph, entries of the recipe, and diagnostics about sizes that do not fit.
// The checker, `nnc words`, the reference and editors all read the declarations. The package knows neither how
// arguments are parsed nor what becomes of the graph.
package vocab

import (
	"cmp"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Kind says where a word may stand.
type Kind uint8

// The kinds of words.
const (
	Structure Kind = iota // model, input, block: understood by the checker itself
	Layer                 // takes the current value and replaces it
	Loss                  // behind `loss`
	Metric                // behind `metric`
	Optimiser             // how parameters are updated
	Schedule              // behind `schedule`
	Setting               // batch, epochs, seed
)

// Kinds lists the kinds in the order of the reference.
var Kinds = []Kind{Structure, Layer, Loss, Metric, Optimiser, Schedule, Setting}

func (k Kind) String() string {
	return [...]string{"structure", "layer", "loss", "metric", "optimiser", "schedule", "setting"}[k]
}

// Word is a word's declaration.
type Word struct {
	Name  string
	Kind  Kind
	Usage string // how it is written, optional parts in brackets
	Doc   string // one sentence, or a few
	Args  []Arg

	Behind Kind // of Setting: what follows it is a word of that kind, which has the arguments; 0: none does

	// Build adds what the statement means: layers replace c.X, losses set c.Loss, settings and optimisers fill
	// c.Recipe. It may be nil for words of structure, of those that another follows, and for metrics, which set c.Measured
	// where they take a number.
	Build func(c *Call)

	Target ir.TargetKind   // of Loss: what it compares with
	Link   ir.Link         // of Loss: what makes a prediction of its output
	Output func(c *Call)   // of Loss, optional: replaces c.X, the output, by what it is in predictions too; by nil after a diagnostic
	Suits  []ir.TargetKind // of Metric: the kinds of targets that it is for

	// Input is the shape of the input that the word implies where the spec declares none, as `linear 10->1`
	// implies [10]; nil where the statement states no such size.
	Input func(c *Call) ir.Shape

	// Packed, of Layer, are the parameters that PyTorch has not as a tensor each, and the tensor whose rows hold them there,
	// one's behind the other's in the order in which Build adds them: query.weight in in_proj_weight.
	Packed map[string]string

	Integers string // of Layer: where it makes numbers of integers, how it is written, as an example

	Body     bool // of Structure: has one
	InBody   bool // of Structure: may stand in the body of a block, a repetition or a residual
	Finishes bool // an activation or a norm: what flows is meant to be named after it
}

// Find returns the word of that name among those kinds, or nil.
func Find(name string, kinds ...Kind) *Word {
	for _, w := range words[name] {
		if slices.Contains(kinds, w.Kind) {
			return w
		}
	}
	return nil
}

// words holds the words by name: `mae` is a loss and a metric.
var words = map[string][]*Word{}

func register(w *Word) struct{} {
	words[w.Name] = append(words[w.Name], w)
	for _, a := range w.Args {
		for _, name := range a.flags() {
			if flags[name] == nil {
				flags[name] = w
			}
		}
	}
	return struct{}{}
}

// flags are the bare names that an argument takes for itself: of a flag, and of names that may stand in place of a
// number that is written without its name.
func (a *Arg) flags() []string {
	switch {
	case a.Kind == Flag:
		return []string{a.Name}
	case a.Positional:
		return a.alternatives()
	}
	return nil
}

// flags holds, by the name of a flag, a word that has it.
var flags = map[string]*Word{}

// Flagged returns a word that has a flag of that name, or nil.
func Flagged(name string) *Word { return flags[name] }

// Words returns all words, ordered by kind and name.
func Words() []*Word {
	var sorted []*Word
	for _, same := range words {
		sorted = append(sorted, same...)
	}
	slices.SortFunc(sorted, func(a, b *Word) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return sorted
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

// integerLayers lists how the layers are written that make numbers of integers.
func integerLayers() []string {
	var list []string
	for _, w := range Words() {
		if w.Integers != "" {
			list = append(list, w.Integers)
		}
	}
	return list
}

// unbounded is the Max of an argument without one: whatever float32 holds.
const unbounded = math.MaxFloat32

// maxCount is the largest count: of rows in a batch, of epochs.
const maxCount = 1 << 30

// MostAxes is the largest number of axes of a value, without the batch.
const MostAxes = 8
