package kernelgen

import (
	"bytes"
	"fmt"
	"go/format"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Functions returns the file with the functions of one number that have a Body.
func Functions(functions []*ir.Function) ([]byte, error) {
	var text bytes.Buffer
	text.WriteString(`// Code generated from the functions of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

package kernel
`)
	for _, f := range functions {
		x := expressions{leaves: map[ir.Arg]string{0: "x"}, seen: map[string]int{}, variables: map[string]string{}}
		last := len(f.Body) - 1
		var names []string
		for i, step := range f.Body {
			if slices.Contains(append(names, "x", "e"), step.Name) {
				return nil, fmt.Errorf("kernelgen: two things in %s are called %s: give the step another name", f.Name, step.Name)
			}
			names = append(names, step.Name)
			x.count(step.Value)
			code := x.rounded(step.Value)
			if i < last {
				x.inside = append(x.inside, step.Name+" := "+code)
			} else {
				x.inside = append(x.inside, "return "+code)
			}
		}
		fmt.Fprintf(&text, "\n// %s returns %s.\nfunc %s(x float32) float32 {\n%s\n}\n", f.Name, f.Doc, f.Name, strings.Join(x.inside, "\n"))
	}
	source, err := format.Source(text.Bytes())
	if err != nil {
		return nil, fmt.Errorf("kernelgen: %w in\n%s", err, text.Bytes())
	}
	return source, nil
}
