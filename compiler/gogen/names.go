package gogen

import (
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// reserved are the identifiers that nothing in generated code is called: Go's predeclared ones that it could use, and
// the packages that it imports.
var reserved = set(`
	any append bool byte cap clear close comparable complex copy delete error false float32 float64 imag init int
	int32 int64 iota len main make max min new nil panic print println real recover rune string true uint uint64
	io maps slices strconv strings kernel nnrt rng weights testing modeltest train generate data`)

func set(words string) map[string]bool {
	s := map[string]bool{}
	for _, w := range strings.Fields(words) {
		s[w] = true
	}
	return s
}

// namer gives out identifiers, each once.
type namer struct{ taken map[string]bool }

func newNamer() *namer { return &namer{taken: map[string]bool{}} }

// fresh returns an identifier that begins so and that nothing else has.
func (n *namer) fresh(base string) string {
	if token.IsKeyword(base) || reserved[base] {
		base += "_"
	}
	name := base
	for i := 2; n.taken[name]; i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	n.taken[name] = true
	return name
}

// identifier turns a value's name into the form of a Go identifier with a small first letter: linear1.weight becomes
// linear1Weight, norm1.running_mean norm1RunningMean, ∂x becomes dX. The number of a round bears an r: layer1.0 becomes
// layer1r0. What is the spec's alone keeps its underscores.
func identifier(name string) string {
	var s strings.Builder
	upper, within := false, false
	for i, c := range name {
		if upper && unicode.IsDigit(c) && i > 1 && unicode.IsDigit(rune(name[i-2])) {
			s.WriteByte('r')
		}
		switch {
		case c == '∂':
			s.WriteByte('d')
			upper = true
		case c == '.', c == '_' && within:
			upper, within = true, true
		case c == '\'': // one of several contributions to a gradient
			s.WriteString("Part")
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

// upper returns an identifier with a capital first letter.
func upper(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// repetition is a `repeat` of at least two rounds: what belongs to its rounds is elements of arrays.
type repetition struct {
	ident  string // layer1
	rounds int
	*namer                     // of what a round holds
	field  map[string]string   // by the name within the round
	spaces map[string]*namer   // of what functions make, by the structs that hold it
	slot   map[position]string // the fields of results, by where they are made
}

// space gives out the names in one of the structs of a round.
func (r *repetition) space(of string) *namer {
	if r.spaces[of] == nil {
		r.spaces[of] = newNamer()
	}
	return r.spaces[of]
}

// position is where a result is made: in which function of the rounds, by which of its nodes, as which result.
type position struct {
	function, signature string
	node, result        int
}

var roundOf = regexp.MustCompile(`^(.*)\.([0-9]+)$`)

// findRepetitions lists the repetitions of the graphs by the names of their scopes without the round.
func findRepetitions(graphs ...*ir.Graph) map[string]*repetition {
	found := map[string]*repetition{}
	see := func(v *ir.Value) {
		if m := roundOf.FindStringSubmatch(v.Scope); m != nil {
			if found[m[1]] == nil {
				found[m[1]] = &repetition{namer: newNamer(), field: map[string]string{}, slot: map[position]string{}, spaces: map[string]*namer{}}
			}
			round, _ := strconv.Atoi(m[2])
			found[m[1]].rounds = max(found[m[1]].rounds, round+1)
		}
	}
	for _, g := range graphs {
		for _, list := range g.Given() {
			for _, v := range list {
				see(v)
			}
		}
		for _, n := range g.Nodes {
			for _, v := range n.Out {
				see(v)
			}
		}
	}
	for name, r := range found {
		if r.rounds < 2 {
			delete(found, name)
		}
	}
	return found
}

// round returns the repetition and the round that something of a scope belongs to; nil where to none.
func (f *file) round(scope string) (*repetition, int) {
	m := roundOf.FindStringSubmatch(scope)
	if m == nil || f.repetitions[m[1]] == nil {
		return nil, 0
	}
	round, _ := strconv.Atoi(m[2])
	return f.repetitions[m[1]], round
}

// inRound is a value's name without the scope of its round.
func inRound(v *ir.Value) string { return strings.Replace(v.Name, v.Scope+".", "", 1) }

// field returns the identifier of a value in the struct that holds it: the model's, or its round's. A view has that
// of the memory that it shows.
func (f *file) field(v *ir.Value) string {
	v = v.Base()
	if name := f.known(v); name != "" {
		return name
	}
	r, _ := f.round(v.Scope)
	if r == nil {
		return f.setField(v, f.fresh(identifier(v.Port())))
	}
	name := inRound(v)
	if v.Role == ir.Result || r.field[name] == "" {
		r.field[name] = r.fresh(identifier(name))
	}
	return f.setField(v, r.field[name])
}

// known returns the identifier that a value has already, or its counterpart in another program, which has a struct of
// its own: "" if there is none.
func (f *file) known(v *ir.Value) string {
	if r, _ := f.round(v.Scope); f.fields[v] == "" && v.Role == ir.Result && r == nil {
		f.fields[v] = f.counterparts[v.Name]
	}
	return f.fields[v]
}

// setField gives a value an identifier.
func (f *file) setField(v *ir.Value, name string) string {
	f.fields[v] = name
	if v.Role == ir.Result {
		f.counterparts[v.Name] = name
	}
	return name
}

// path returns how a value's field is reached from the struct of the model that holds it: layer1[3].linear1Weight.
func (f *file) path(v *ir.Value) string {
	v = v.Base()
	if r, round := f.round(v.Scope); r != nil {
		return r.ident + "[" + strconv.Itoa(round) + "]." + f.field(v)
	}
	return f.field(v)
}
