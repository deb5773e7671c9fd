package vocab

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// ArgKind is what an argument may be.
type ArgKind uint8

// The kinds of arguments.
const (
	Number   ArgKind = iota // a real number in [Min, Max], without Min if Above, without Max if Below
	Integer                 // a whole number in [Min, Max]
	Numbers                 // a list of such real numbers: [1, 2.5]
	Integers                // a list of such whole numbers: [3, 5]
	Sizes                   // one size, or two as in 10->1
	Flag                    // a bare name, on where it stands
	Bool                    // true or false
	Choice                  // one of Choices
	Text                    // a text in quotes
	Measure                 // `loss`, or a metric by its name, which is in quotes where its output's stands before it
	Named                   // the name of a value
	Labelled                // the label of a layer
	Free                    // a new name, a shape, an expression: in words of structure, which read it themselves
)

func (k ArgKind) String() string {
	return [...]string{"a number", "a whole number", "a list of numbers", "a list of whole numbers", "a size, or two as in 10->1",
		"a flag", "true or false", "a choice", "a text in quotes", "`loss` or a metric", "the name of a value", "the label of a layer", "as written"}[k]
}

// Arg declares one argument.
type Arg struct {
	Name       string
	Kind       ArgKind
	Positional bool // written without its name
	Required   bool
	Many       bool // stands once or more, without its name
	Default    float64
	Min, Max   float64
	Above      bool     // Min itself is out of range
	Below      bool     // Max itself is out of range
	Lengths    []int    // of a list: how many numbers it may have, in rising order; nil for any
	Single     bool     // of a list: one number, without brackets, may stand in its place
	Choices    []string // of a Choice; of numbers and lists: the names that may stand in their place
	Doc        string
}

// Form says what the argument may be, without its range: "a whole number or a list of 2, or `same`".
func (a *Arg) Form() string { return a.form("") }

// Type says what the argument may be, with its range: "a number, at least 0 and below 1".
func (a *Arg) Type() string {
	switch {
	case a.Kind == Choice:
		return "one of " + strings.Join(a.Choices, ", ")
	case !a.IsNumeric() || a.Min == -a.Max:
		return a.form("")
	case a.IsList():
		return a.form(", each " + a.Range())
	}
	return a.form(", " + a.Range())
}

// form is Form with a range.
func (a *Arg) form(within string) string {
	form := a.Kind.String()
	if a.IsList() {
		form = a.list()
	}
	form += within
	for _, name := range a.alternatives() {
		form += ", or `" + name + "`"
	}
	return form
}

// list is the form of a list: "a list of 2 or 4 numbers", "a number or a list of 2".
func (a *Arg) list() string {
	one, many := Number.String(), "numbers"
	if a.IsWhole() {
		one, many = Integer.String(), "whole numbers"
	}
	counts := make([]string, len(a.Lengths))
	for i, n := range a.Lengths {
		counts[i] = strconv.Itoa(n)
	}
	switch list := "a list of " + strings.Join(counts, " or "); {
	case a.Single && a.Lengths != nil:
		return one + " or " + list
	case a.Lengths != nil:
		return list + " " + many
	case a.Single:
		return one + " or a list of " + many
	}
	return a.Kind.String()
}

// IsList reports whether the argument may be a list of numbers.
func (a *Arg) IsList() bool { return a.Kind == Numbers || a.Kind == Integers }

// IsNumeric reports whether the argument is a number or a list of them.
func (a *Arg) IsNumeric() bool { return a.Kind == Number || a.Kind == Integer || a.IsList() }

// IsWhole reports whether its numbers are whole.
func (a *Arg) IsWhole() bool { return a.Kind == Integer || a.Kind == Integers }

// alternatives are the names that may stand in place of numbers.
func (a *Arg) alternatives() []string {
	if a.IsNumeric() {
		return a.Choices
	}
	return nil
}

// Range says between which bounds a number may lie.
func (a *Arg) Range() string {
	least := "at least " + decimal(a.Min)
	if a.Above {
		least = "above " + decimal(a.Min)
	}
	switch {
	case a.Below:
		return least + " and below " + decimal(a.Max)
	case a.Max >= math.MaxFloat32:
		return least
	case a.Above:
		return least + " and at most " + decimal(a.Max)
	}
	return fmt.Sprintf("from %s to %s", decimal(a.Min), decimal(a.Max))
}

// Standard says what holds where the argument is left out, empty where it must be given or nothing holds.
func (a *Arg) Standard() string {
	switch {
	case a.Required || a.Many:
		return ""
	case a.Kind == Bool && a.Default != 0:
		return "true"
	case a.Kind == Bool:
		return "false"
	case a.Kind == Choice:
		return a.Choices[0]
	case a.Kind == Measure:
		return heldOutLoss
	case a.hasDefault():
		return strconv.FormatFloat(a.Default, 'g', -1, 64)
	}
	return ""
}

// InRange reports whether a number may be given.
func (a *Arg) InRange(x float64) bool {
	return x >= a.Min && x <= a.Max && !(a.Above && x == a.Min) && !(a.Below && x == a.Max)
}

// hasDefault reports whether it is declared which number holds where the argument is left out.
func (a *Arg) hasDefault() bool {
	return a.IsNumeric() && (a.Single || !a.IsList()) && !math.IsNaN(a.Default)
}

// HasLength reports whether a list may have that many numbers.
func (a *Arg) HasLength(n int) bool { return a.Lengths == nil || slices.Contains(a.Lengths, n) }

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// unset is the default of a number that the word works out itself where it is left out.
var unset = math.NaN()
