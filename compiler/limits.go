package compiler

import (
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
)

// limits says which constant of a spec is the number of an input's integers, or of a target's classes: by the name of the
// input or target, a constant whose next number, if nothing else were written, would be the next of those, with all inputs and
// targets as they are but for that. One that other things forbid to have another number is none.
func limits(name string, src []byte, o Options, s *stages) map[string]string {
	ports := portsOf(s.forward)
	found := map[string]string{}
	for _, c := range constantsOf(s.file) {
		value, err := strconv.Atoi(c.Value)
		if err != nil || !slices.ContainsFunc(ports, func(v *ir.Value) bool { return v.Type.Limit == value }) {
			continue
		}
		text, list := SetConstants(name, src, []Constant{{Name: c.Name, Value: strconv.Itoa(value + 1)}})
		other, more, err := run(name, text, o, "check")
		if err != nil || list.HasErrors() || more.HasErrors() {
			continue
		}
		wider := portsOf(other.forward)
		if !slices.EqualFunc(ports, wider, sameButLimit) {
			continue
		}
		for i, v := range ports {
			if v.Type.Limit == value && wider[i].Type.Limit == value+1 {
				found[v.Port()] = c.Name
			}
		}
	}
	return found
}

// portsOf are the inputs and targets of a model.
func portsOf(g *ir.Graph) []*ir.Value { return slices.Concat(g.Inputs, g.Targets) }

// sameButLimit reports whether two inputs or targets are alike but for the number of their integers.
func sameButLimit(a, b *ir.Value) bool {
	t := a.Type
	t.Limit = b.Type.Limit
	return a.Name == b.Name && t.Equal(b.Type)
}

// constantsOf are the constants that a spec declares outside of bodies as plain numbers.
func constantsOf(file *grammar.File) []Constant {
	var all []Constant
	for _, s := range file.Stmts {
		if s.Word.Name == "const" && len(s.Args) == 1 && s.Args[0].Name != nil && s.Args[0].Value.Expr != nil && s.Args[0].Value.Expr.Kind == grammar.Number {
			all = append(all, Constant{Name: s.Args[0].Name.Name, Value: s.Args[0].Value.Expr.Text})
		}
	}
	return all
}
