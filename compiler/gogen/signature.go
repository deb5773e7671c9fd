package gogen

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// typedName is a parameter.
type typedName struct{ name, typ string }

// typed lists values as parameters.
func typed(f *file, values []*ir.Value) []typedName {
	list := make([]typedName, len(values))
	for i, v := range values {
		list[i] = typedName{f.field(v), goType(v)}
	}
	return list
}

// typedOutputs lists outputs as parameters.
func typedOutputs(names []string) []typedName {
	list := make([]typedName, len(names))
	for i, name := range names {
		list[i] = typedName{name, "[]float32"}
	}
	return list
}

// ids lists the identifiers of values.
func (f *file) ids(values []*ir.Value) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = f.field(v)
	}
	return list
}

// signature lists parameters, those of one type in a row together.
func signature(list []typedName, more ...typedName) string {
	list = append(slices.Clone(list), more...)
	var text strings.Builder
	for i, p := range list {
		text.WriteString(p.name)
		if last := i == len(list)-1; last || list[i+1].typ != p.typ {
			text.WriteString(" " + p.typ)
		}
		if i < len(list)-1 {
			text.WriteString(", ")
		}
	}
	return text.String()
}
