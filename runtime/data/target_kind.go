package data

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// TargetKind is what a loss compares an output with.
type TargetKind uint8

// The kinds of targets.
const (
	Quantity     TargetKind = iota // numbers of the output's shape, in units of their own
	Class                          // an index along the output's last axis, for every position before it
	Flag                           // 0 or 1, or a number between the two, for every element of the output
	Span                           // two positions along the output's first axis: a start and an end
	Count                          // numbers of events, at least 0, of the output's shape
	Vector                         // vectors along the output's last axis, of which only the direction counts
	Distribution                   // probabilities along the output's last axis, which sum to 1
)

var targetKinds = []string{Quantity: "quantity", Class: "class", Flag: "flag", Span: "span", Count: "count", Vector: "vector", Distribution: "distribution"}

// Numbers reports whether such a target is numbers of the output's shape, each a column of a table.
func (k TargetKind) Numbers() bool {
	return k == Quantity || k == Count || k == Vector || k == Distribution
}

// Classes reports whether such a target is classes.
func (k TargetKind) Classes() bool { return k == Class || k == Flag }

func (k TargetKind) String() string { return nameOf(targetKinds, k) }

// MarshalText is the kind's name, as a weight file stores it.
func (k TargetKind) MarshalText() ([]byte, error) { return marshalName(targetKinds, k) }

// UnmarshalText reads the kind's name.
func (k *TargetKind) UnmarshalText(text []byte) error { return unmarshalName(targetKinds, k, text) }

func nameOf[T ~uint8](names []string, v T) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("%T(%d)", v, uint8(v))
}

func marshalName[T ~uint8](names []string, v T) ([]byte, error) {
	if int(v) >= len(names) {
		return nil, fmt.Errorf("%s has no name", nameOf(names, v))
	}
	return []byte(names[v]), nil
}

func unmarshalName[T ~uint8](names []string, v *T, text []byte) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fmt.Errorf("%s is none of %s", phrase.Quoted(string(text)), strings.Join(names, ", "))
	}
	*v = T(i)
	return nil
}
