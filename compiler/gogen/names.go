package gogen

import (
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// reserved are the identifiers that generated code must not shadow: Go's own that it could use, the
// packages that it imports, and the few names that it gives itself.
var reserved = set(`
	any append bool byte cap clear close comparable complex copy delete error false float32 float64 imag init int
	int32 int64 iota len main make max min new nil panic print println real recover rune string true uint uint64
	io slices kernel nnrt rng weights testing modeltest train data t
	a err f i k loss m n out options p path r s w from rows block step stage arena params slots streams pool
	predictor list slab total`)

// phases are the methods of the phases, and of the parts that a long phase is split into.
var phases = regexp.MustCompile(`^(forward|judge|backward|update)[0-9]*$`)

func set(words string) map[string]bool {
	s := map[string]bool{}
	for _, w := range strings.Fields(words) {
		s[w] = true
	}
	return s
}

// namer gives every value of a model an identifier of its own.
type namer struct {
	taken map[string]bool
	names map[*ir.Value]string
}

func newNamer() *namer {
	return &namer{taken: map[string]bool{}, names: map[*ir.Value]string{}}
}

// value returns the identifier of a value: linear1.weight becomes linear1Weight, ∂x becomes dX. A view has
// the identifier of the memory that it shows.
func (n *namer) value(v *ir.Value) string {
	v = v.Base()
	name, ok := n.names[v]
	if !ok {
		name = n.fresh(identifier(v.Port()))
		n.names[v] = name
	}
	return name
}

// keep takes over the identifiers of values from another namer.
func (n *namer) keep(from *namer, values []*ir.Value) {
	for _, v := range values {
		name := from.value(v)
		n.names[v], n.taken[name] = name, true
	}
}

// fresh returns an identifier that begins so and that nothing else has.
func (n *namer) fresh(base string) string {
	if token.IsKeyword(base) || reserved[base] || phases.MatchString(base) {
		base += "_"
	}
	name := base
	for i := 2; n.taken[name]; i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	n.taken[name] = true
	return name
}

// identifier turns a value's name into the form of a Go identifier with a small first letter. Numbers on both
// sides of a point stay apart: layer1.0 becomes layer1_0.
func identifier(name string) string {
	var s strings.Builder
	upper := false
	for i, c := range name {
		if upper && unicode.IsDigit(c) && i > 1 && unicode.IsDigit(rune(name[i-2])) {
			s.WriteByte('_')
		}
		switch {
		case c == '∂':
			s.WriteByte('d')
			upper = true
		case c == '.' || c == '\'':
			upper = true
		case upper:
			s.WriteRune(unicode.ToUpper(c))
			upper = false
		case s.Len() == 0:
			s.WriteRune(unicode.ToLower(c))
		default:
			s.WriteRune(c)
		}
	}
	return s.String()
}

// lower returns the model's name with a small first letter, the beginning of its unexported identifiers.
func lower(model string) string { return strings.ToLower(model[:1]) + model[1:] }
