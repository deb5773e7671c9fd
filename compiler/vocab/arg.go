package vocab

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ArgKind is what an argument may be.
type ArgKind uint8

// The kinds of arguments.
const (
	Number   ArgKind = iota // a real number in [Min, Max], or in [Min, Max) if Below
	Integer                 // a whole number in [Min, Max]
	Sizes                   // one size, or two as in 10->1
	Flag                    // a bare name, on where it stands
	Bool                    // true or false
	Choice                  // one of Choices
	Text                    // a text in quotes
	Named                   // the name of a value
	Labelled                // the label of a layer
	Free                    // a new name, a shape, an expression: in words of structure, which read it themselves
)

func (k ArgKind) String() string {
	return [...]string{"a number", "a whole number", "a size, or two as in 10->1", "a flag", "true or false", "a choice",
		"a text in quotes", "the name of a value", "the label of a layer", "as written"}[k]
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
	Below      bool     // Max itself is out of range
	Choices    []string // of a Choice
	Doc        string
}

// Type says what the argument may be, with its range: "a number, at least 0 and below 1".
func (a *Arg) Type() string {
	switch a.Kind {
	case Number:
		if a.Min == -a.Max {
			return a.Kind.String()
		}
		return "a number, " + a.Range()
	case Integer:
		return "a whole number, " + a.Range()
	case Choice:
		return "one of " + strings.Join(a.Choices, ", ")
	}
	return a.Kind.String()
}

// Range says between which bounds a number may lie.
func (a *Arg) Range() string {
	switch {
	case a.Below:
		return fmt.Sprintf("at least %s and below %s", decimal(a.Min), decimal(a.Max))
	case a.Max >= math.MaxFloat32:
		return fmt.Sprintf("at least %s", decimal(a.Min))
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
	case (a.Kind == Number || a.Kind == Integer) && !math.IsNaN(a.Default):
		return strconv.FormatFloat(a.Default, 'g', -1, 64)
	}
	return ""
}

// InRange reports whether a number may be given.
func (a *Arg) InRange(x float64) bool {
	return x >= a.Min && x <= a.Max && !(a.Below && x == a.Max)
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// unset is the default of a number that the word works out itself where it is left out.
var unset = math.NaN()
