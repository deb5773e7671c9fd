package compiler

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Constant is a number for a `const name = …` of a spec, as the language writes numbers: 64, 0.5, -1e-3.
type Constant struct{ Name, Value string }

// Verify returns an error unless the value is a number.
func (c Constant) Verify() error {
	const before = "const x = "
	file, list := grammar.Parse("", []byte(before+c.Value))
	if len(list) == 0 && len(file.Stmts) == 1 && len(file.Stmts[0].Args) == 1 {
		e := file.Stmts[0].Args[0].Value.Expr
		alone := e != nil && e.Span.Start.Offset == len(before) && e.Span.End.Offset == len(before)+len(c.Value)
		if alone && e.Kind == grammar.Negate {
			e = e.X
		}
		if alone && e.Kind == grammar.Number {
			return nil
		}
	}
	return fmt.Errorf("%q is not a number, such as 64 or 0.5", c.Value)
}

// SetConstants returns the text of a spec with other numbers for some of its constants: those that stand in no body. All
// else stays, so that what is made of the text is what would be made had the numbers been written there. A constant
// that the spec does not have is an error in the list, unless the spec's syntax is wrong, which is left to what reads
// the text next.
func SetConstants(name string, src []byte, values []Constant) ([]byte, diag.List) {
	file, syntax := grammar.Parse(name, src)
	declared := map[string]*grammar.Expr{}
	var names []string
	var at diag.Span
	for _, s := range file.Stmts {
		if !at.IsValid() {
			at = s.Word.Span
		}
		if s.Word.Name == "const" && len(s.Args) == 1 && s.Args[0].Name != nil && s.Args[0].Value.Expr != nil && declared[s.Args[0].Name.Name] == nil {
			names = append(names, s.Args[0].Name.Name)
			declared[s.Args[0].Name.Name] = s.Args[0].Value.Expr
		}
	}
	var list diag.List
	values = slices.Clone(values)
	for _, v := range values {
		if declared[v.Name] == nil && !syntax.HasErrors() {
			list = append(list, unknownConstant(name, at, v, names))
		}
	}
	values = slices.DeleteFunc(values, func(v Constant) bool { return declared[v.Name] == nil })
	slices.SortFunc(values, func(a, b Constant) int {
		return declared[a.Name].Span.Start.Offset - declared[b.Name].Span.Start.Offset
	})
	var text bytes.Buffer
	done := 0
	for _, v := range values {
		span := declared[v.Name].Span
		text.Write(src[done:span.Start.Offset])
		text.WriteString(v.Value)
		done = span.End.Offset
	}
	text.Write(src[done:])
	return text.Bytes(), list
}

// unknownConstant words the mistake of setting a constant that is not there; names are those that are.
func unknownConstant(file string, at diag.Span, v Constant, names []string) diag.Diagnostic {
	d := diag.New(diag.UndefinedName, file, at, "--set %s: the spec has no constant of that name", v.Name)
	if len(names) == 0 {
		return d.WithHelp("declare it at the top of the spec, as `const %s = %s`, and use it below", v.Name, v.Value)
	}
	if guess, ok := diag.Nearest(v.Name, names); ok {
		return d.WithHelp("did you mean `%s`?", guess)
	}
	return d.WithHelp("its constants are `%s`", strings.Join(names, "`, `"))
}
