package gogen

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
)

// Generated text that hardly changes from model to model is written here as it will read, in Go, with $name for what
// the model decides. Two things are done to it: packages are imported where their identifiers occur, and the code's
// own names give way where an input, a target or an output of the model bears the same one.

// packages are the imports of generated code by the identifiers that text uses.
var packages = map[string]string{
	"kernel": kernelPkg, "nnrt": nnrtPkg, "rng": rngPkg, "io": "io", "maps": "maps", "slices": "slices", "strconv": "strconv", "strings": "strings", "testing": "testing",
	"modeltest": modeltestPkg, "train": trainPkg, "generate": generatePkg, "data": dataPkg, "weights": weightsPkg,
}

var (
	qualified = regexp.MustCompile(`\b(` + strings.Join(packageNames(), "|") + `)\.([A-Z]\w*)`)
	word      = regexp.MustCompile(`[$.]?\b[a-z]\w*\b(?:[ \t]*:[^=])?`)
	hole      = regexp.MustCompile(`\$\{\w+\}|\$\w+`)
	onlyHole  = regexp.MustCompile(`^\s*\$\w+\s*$`)
)

func packageNames() []string {
	var names []string
	for name := range packages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// own returns the code's own name, or what it becomes where the model's interface has that name.
func (f *file) own(name string) string {
	for f.interfaces[name] {
		name += "_"
	}
	return name
}

// args are what the holes of a text are filled with.
type args map[string]any

// text adds top-level source.
func (f *file) text(source string, a args) {
	f.Line().Add(fill(source, a, func(name string) string { return name }))
}

// interfaceText adds top-level source with functions whose parameters bear the names of the model's interface.
func (f *file) interfaceText(source string, a args) { f.Line().Add(fill(source, a, f.own)) }

// fill returns source as it reads, with its holes filled, and the code's own names as own has them.
func fill(source string, a args, own func(string) string) *jen.Statement {
	var lines []string
	for _, line := range strings.Split(strings.Trim(source, "\n"), "\n") {
		alone := onlyHole.MatchString(line)
		if !strings.HasPrefix(strings.TrimSpace(line), "//") {
			line = word.ReplaceAllStringFunc(line, func(w string) string {
				if strings.ContainsAny(w, "$.:") {
					return w
				}
				return own(w)
			})
		}
		line = hole.ReplaceAllStringFunc(line, func(h string) string {
			value, ok := a[strings.Trim(h, "${}")]
			if !ok {
				panic("gogen: a text has no " + h)
			}
			return fmt.Sprint(value)
		})
		if !alone || strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return raw(strings.Join(lines, "\n"))
}

// raw returns Go source whose packages are imported.
func raw(source string) *jen.Statement {
	s := jen.Null()
	for _, line := range strings.SplitAfter(source, "\n") {
		comment := strings.HasPrefix(strings.TrimSpace(line), "//")
		rest := line
		for !comment {
			at := qualified.FindStringSubmatchIndex(rest)
			if at == nil || strings.Contains(rest[:at[0]], "//") {
				break
			}
			s.Op(rest[:at[0]]).Qual(packages[rest[at[2]:at[3]]], rest[at[4]:at[5]])
			rest = rest[at[1]:]
		}
		s.Op(rest)
	}
	return s
}
