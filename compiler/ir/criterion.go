package ir

import "strconv"

// Criterion is a loss or a metric: its name, the output that it judges and the target that it compares with, which
// may be an input. Of a loss, Loss is its value, a mean over Count items (nil: over the elements of the output), or the mean
// of the means that Means are, Weight its share of the whole; Kind says what its target is, and Link what a prediction is.
type Criterion struct {
	Name           string
	Output, Target *Value
	Loss, Count    *Value
	Means          []Mean // nil: there is one, Loss over Count
	Weight         float64
	Kind           TargetKind
	Link           Link
	Ignored        int    // of a loss of classes: the one that takes no part
	Weighs         bool   // of a loss of classes: they have weights of its own
	Balanced       bool   // of a loss: the weights of the rows make up for rare classes
	Longest        int    // of a loss of spans: how many positions a predicted one has at most
	Mask           *Value // of a loss of spans: an input with a number for each position, where that is 0 no target lies; nil: none
	Number         int    // of a metric that takes a whole number, as of how many scores; else 0
}

// Mean is one of the means that a loss is the mean of, and the number of items that it is over.
type Mean struct{ Value, Count *Value }

// Label is what a metric is reported as, without its output: its name, and its number behind it: top:5.
func (c Criterion) Label() string {
	if c.Number > 0 {
		return c.Name + ":" + strconv.Itoa(c.Number)
	}
	return c.Name
}

// TargetKind is what a loss compares an output with.
type TargetKind uint8

// The kinds of targets.
const (
	Quantity     TargetKind = iota // numbers of the output's shape, in units of their own: standardised for training
	Class                          // an index along the output's last axis, for every position before it
	Flag                           // 0 or 1, or a number between the two, for every element of the output
	Span                           // two positions along the output's first axis: a start and an end
	Counted                        // numbers of events, at least 0, of the output's shape: never standardised
	Vector                         // vectors along the output's last axis, of which only the direction counts: likewise
	Distribution                   // probabilities along the output's last axis, which sum to 1: likewise
)

func (k TargetKind) String() string {
	return [...]string{"quantity", "class", "flag", "span", "count", "vector", "distribution"}[k]
}

// Link is the function that makes a prediction of an output.
type Link uint8

// The links.
const (
	Identity Link = iota
	Sigmoid       // a probability of every element
	Softmax       // a distribution along the last axis
	Exp
	Score // what it is, which is no probability: its sign decides a flag, which is 0 or 1 and nothing between
)

func (l Link) String() string {
	return [...]string{"identity", "sigmoid", "softmax", "exp", "score"}[l]
}
