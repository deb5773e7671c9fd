package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// structure is a struct of slices of one slab: parameters and states, slots, or values of a program. What belongs to
// the rounds of a repetition is in an array of structs, an element for each round.
type structure struct {
	name, doc string // of the type
	fields    []field
	lists     []listField
	more      []string // fields of other types, as Go
}

// listField is a list of slices in the struct, for a kernel that takes many.
type listField struct {
	name   string
	values []*ir.Value
}

// field is a slice in the struct.
type field struct {
	*ir.Value
	repetition *repetition // nil: of the struct itself
	round      int
	name       string
	comment    string
	place      plan.Place
}

// newStructure describes values as a struct, each with its place.
func (f *file) newStructure(name, doc string, values []*ir.Value, place func(i int) plan.Place) *structure {
	s := &structure{name: f.prefix + name, doc: doc}
	for i, v := range values {
		fd := field{Value: v, name: f.field(v), comment: v.Name + " " + shapeOf(v), place: place(i)}
		if fd.repetition, fd.round = f.round(v.Scope); fd.repetition != nil {
			name := f.labels[v]
			if name == "" {
				name = inRound(v)
			}
			fd.comment = name + " " + shapeOf(v)
		}
		if lies := v.Layout.String(); lies != "" {
			fd.comment += "," + lies
		}
		s.fields = append(s.fields, fd)
	}
	return s
}

// declare writes the struct's type and those of its rounds.
func (f *file) declare(s *structure) {
	var lines []string
	rounds := map[*repetition][]string{}
	seen := map[string]bool{}
	for _, fd := range s.fields {
		line := fmt.Sprintf("%s %s // %s", fd.name, goType(fd.Value), oneLine(fd.comment))
		if fd.repetition == nil {
			lines = append(lines, line)
			continue
		}
		if rounds[fd.repetition] == nil {
			lines = append(lines, fmt.Sprintf("%s [%d]%s", fd.repetition.ident, fd.repetition.rounds, s.of(fd.repetition)))
		}
		if key := fd.repetition.ident + "." + fd.name; !seen[key] {
			seen[key] = true
			rounds[fd.repetition] = append(rounds[fd.repetition], line)
		}
	}
	for _, l := range s.lists {
		lines = append(lines, l.name+" [][]float32")
	}
	lines = append(lines, s.more...)
	f.text("// $Name $Doc\ntype $Name struct {\n$Lines\n}\n", args{"Name": s.name, "Doc": s.doc, "Lines": strings.Join(lines, "\n")})
	for _, r := range s.repetitions() {
		f.text("// $Name is what a round of $Round has of it.\ntype $Name struct {\n$Lines\n}\n",
			args{"Name": s.of(r), "Round": r.ident, "Lines": strings.Join(rounds[r], "\n")})
	}
}

// and lists the struct's fields, and behind them those of another that it does not have.
func (s *structure) and(other *structure) []field {
	all := slices.Clone(s.fields)
	for _, fd := range other.fields {
		if !slices.ContainsFunc(all, func(have field) bool {
			return have.repetition == fd.repetition && have.round == fd.round && have.name == fd.name
		}) {
			all = append(all, fd)
		}
	}
	return all
}

// of is the type of a round's struct.
func (s *structure) of(r *repetition) string { return s.name + upper(r.ident) }

// repetitions lists those whose rounds have something in the struct, in order.
func (s *structure) repetitions() []*repetition {
	var list []*repetition
	for _, fd := range s.fields {
		if fd.repetition != nil && !slices.Contains(list, fd.repetition) {
			list = append(list, fd.repetition)
		}
	}
	return list
}

// fill returns statements that let the fields of a variable of the struct's type, which is empty, be places of the
// slab. The rounds of a repetition are filled from a table of offsets, as far as they have the same fields of the same
// sizes.
func (s *structure) fill(variable string) string {
	var lines []string
	for _, fd := range s.fields {
		if fd.repetition == nil {
			lines = append(lines, fmt.Sprintf("%s.%s = %s", variable, fd.name, fd.cut("")))
		}
	}
	for _, r := range s.repetitions() {
		byRound := make([][]field, r.rounds)
		for _, fd := range s.fields {
			if fd.repetition == r {
				byRound[fd.round] = append(byRound[fd.round], fd)
			}
		}
		if !sameFields(byRound) {
			for round, fields := range byRound {
				for _, fd := range fields {
					lines = append(lines, fmt.Sprintf("%s.%s[%d].%s = %s", variable, r.ident, round, fd.name, fd.cut("")))
				}
			}
			continue
		}
		var cuts []string
		for k, fd := range byRound[0] {
			cuts = append(cuts, fmt.Sprintf("%s: %s,", fd.name, fd.cut(fmt.Sprintf("at[%d]", k))))
		}
		lines = append(lines, fmt.Sprintf("for i, at := range [...][%d]int{", len(cuts)))
		for _, fields := range byRound {
			var offsets []string
			for _, fd := range fields {
				offsets = append(offsets, fmt.Sprint(fd.place.Offset))
			}
			lines = append(lines, "{"+strings.Join(offsets, ", ")+"},")
		}
		lines = append(lines, "} {", fmt.Sprintf("%s.%s[i] = %s{", variable, r.ident, s.of(r)))
		lines = append(lines, cuts...)
		lines = append(lines, "}", "}")
	}
	return strings.Join(lines, "\n")
}

// sameFields reports whether all rounds have the same fields of the same sizes.
func sameFields(rounds [][]field) bool {
	for _, fields := range rounds {
		if !slices.EqualFunc(fields, rounds[0], func(a, b field) bool {
			return a.name == b.name && a.place.Size == b.place.Size && a.Type.Kind == b.Type.Kind
		}) {
			return false
		}
	}
	return true
}

// cut takes the field's place out of the slab; at is its offset, "" the place's own.
func (fd field) cut(at string) string {
	slab, size := "slab", fd.place.Size
	if fd.Type.Kind == ir.I64 {
		slab = "counters"
	}
	text := fmt.Sprintf("%s[%d:%d:%d]", slab, fd.place.Offset, fd.place.End(), fd.place.End())
	if at != "" {
		text = fmt.Sprintf("%s[%s:%s+%d:%s+%d]", slab, at, at, size, at, size)
	}
	if fd.Type.Kind == ir.I32 {
		return "nnrt.Int32s(" + text + ")"
	}
	return text
}

// length is the length of the slab that the fields take, of counters or of all others.
func (s *structure) length(kind ir.Kind) int {
	end := 0
	for _, fd := range s.fields {
		if (fd.Type.Kind == ir.I64) == (kind == ir.I64) {
			end = max(end, fd.place.End())
		}
	}
	return end
}
