// Package kernelgen writes the runtime's element-wise kernels: Go functions for each card whose Scalar says what an
// element is.
//
// What comes in are nodes that apply such cards; what goes out is a file of package kernel, and the kernels as
// expressions, from which the runtime's assembly is written. Only a test and that generator call it. It knows no operation
// by name, and no model.
package kernelgen

import (
	"bytes"
	"fmt"
	"go/format"
	"strings"
	"text/template"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var page = template.Must(template.New("").Parse(`// Code generated from the cards of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

package kernel
{{range .}}
{{.Doc}}
{{- if .Mean}}
func {{.Name}}(p *Pool, {{.Params}}) float32 {
	return terms{ {{- .Forms}}}.mean(p, {{.Values}}, constants{ {{- .Constants}}})
}

func terms{{.Name}}({{.Arrays}} []float32, {{.C}} constants) float32 {
	{{- if .Load}}
	{{.Load}}
	{{- end}}
	{{- if .Others}}
	{{.Others}} = {{.Cuts}}
	{{- end}}
	var sum Lanes
	for i, v := range {{.Source}} {
	{{- range .Inside}}
		{{.}}
	{{- end}}
		sum[i&15] += {{.Value}}
	}
	return sum.Sum()
}
{{- else}}
func {{.Name}}(p *Pool, {{.Params}}) { p.each(Map{{.Name}}({{.Args}})) }

// Map{{.Name}} is {{.Name}} as a Map.
func Map{{.Name}}({{.Params}}) Map {
	return Map{ {{- .Fields}}, f: mapping{ {{- .Forms}}}}
}

func rows{{.Name}}({{.Arrays}} []float32, {{.C}} constants, rows, columns, stride int) {
	{{- if .Load}}
	{{.Load}}
	{{- end}}
	for r := range rows {
		{{.Source}} := {{.Source}}[r*stride:][:columns]
		{{- if .Others}}
		{{.Others}} := {{.Cuts}}
		{{- end}}
		for i, v := range {{.Source}} {
		{{- range .Inside}}
			{{.}}
		{{- end}}
			{{.Result}}[i] = {{.Value}}
		}
	}
}
{{- end}}
{{end}}`))

// function is what the page says of one kernel.
type function struct {
	Name, Doc    string
	Mean         bool
	Params, Args string // of the kernel; the names of those after the pool
	Values       string // of a mean: its arrays
	Constants    string // of a mean
	Fields       string // of the Map
	Forms        string // the loop's function, and its assembly
	Arrays, C    string // the parameters of the loop's function
	Load         string // reads the constants
	Source       string // the slice that the loop goes over: the first operand that is one
	Others, Cuts string // the other slices, and what cuts them to its length
	Inside       []string
	Result       string // the slice that is written, unless Mean
	Value        string // of an element
}

// loop is the name of the function in Go.
func (k Kernel) loop() string {
	if k.Mean {
		return "terms" + k.Name
	}
	return "rows" + k.Name
}

// assembly is the name of the function in assembly: what package kernel calls for all widths of registers.
func (k Kernel) assembly() string { return k.loop() + "Wide" }

// File returns the file with the kernels of the nodes: see Kernels. A kernel's parameters are the result, the operands,
// the number of rows and that of the elements of each, the attributes; of a mean the result is returned.
func File(nodes []*ir.Node) ([]byte, error) {
	kernels, err := Kernels(nodes)
	if err != nil {
		return nil, err
	}
	var functions []function
	for _, k := range kernels {
		functions = append(functions, write(k))
	}
	var text bytes.Buffer
	if err := page.Execute(&text, functions); err != nil {
		return nil, fmt.Errorf("kernelgen: %w", err)
	}
	source, err := format.Source(text.Bytes())
	if err != nil {
		return nil, fmt.Errorf("kernelgen: %w in\n%s", err, text.Bytes())
	}
	return source, nil
}

// write returns the functions of a kernel.
func write(k Kernel) function {
	f := function{Name: k.Name, Doc: k.doc, Mean: k.Mean, Params: k.parameters.String(), Args: strings.Join(k.parameters.names, ", "),
		Source: k.Arrays[0], Result: k.Result, C: "_"}
	f.Forms = k.loop() + ", " + k.assembly()
	leaves := map[ir.Arg]string{0: "v"}
	for i, array := range k.Arrays[1:] {
		leaves[ir.Arg(i+1)] = array + "[i]"
	}

	others := k.Arrays[1:]
	result := "_" // the parameter: in place, the result is the operand
	if !k.Mean && k.Result != f.Source {
		result, others = k.Result, append([]string{k.Result}, others...)
	}
	cuts := make([]string, len(others))
	for i, other := range others {
		at := ""
		if !k.Mean {
			at = "[r*stride:]"
		}
		cuts[i] = fmt.Sprintf("%s%s[:len(%s)]", other, at, f.Source)
	}
	f.Others, f.Cuts = strings.Join(others, ", "), strings.Join(cuts, ", ")

	var names, values, places []string
	for i, c := range k.Constants {
		names, values, places = append(names, c.Name), append(values, c.Value), append(places, fmt.Sprintf("c[%d]", i))
	}
	if len(names) > 0 {
		f.C, f.Load = "c", strings.Join(names, ", ")+" := "+strings.Join(places, ", ")
	}
	f.Constants = strings.Join(values, ", ")

	parameters, arrays := []string{result}, make([]string, ir.MapArrays)
	if k.Mean {
		parameters = nil
	}
	fields := []string{"z: " + k.Result + "[:n*size]"}
	for i, field := range []string{"x", "y", "u"} {
		if i < len(k.Arrays) {
			arrays[i] = k.Arrays[i] + "[:n*size]"
			parameters, fields = append(parameters, k.Arrays[i]), append(fields, field+": "+arrays[i])
		} else {
			arrays[i], parameters = "nil", append(parameters, "_")
		}
	}
	if len(values) > 0 {
		fields = append(fields, "c: constants{"+f.Constants+"}")
	}
	f.Values, f.Fields, f.Arrays = strings.Join(arrays, ", "), strings.Join(fields, ", "), strings.Join(parameters, ", ")

	x := expressions{leaves: leaves, seen: map[string]int{}, variables: map[string]string{}}
	f.Value = x.element(k.Value, k.Mean)
	f.Inside = x.inside
	return f
}

// WithoutAssembly returns the file that stands in for the assembly where there is none.
func WithoutAssembly(nodes []*ir.Node) ([]byte, error) {
	kernels, err := Kernels(nodes)
	if err != nil {
		return nil, err
	}
	var rows, means []string
	for _, k := range kernels {
		if k.Mean {
			means = append(means, k.assembly())
		} else {
			rows = append(rows, k.assembly())
		}
	}
	text := []byte(`// Code generated from the cards of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

//go:build !amd64 || purego

package kernel
`)
	for _, v := range []struct {
		typ   string
		names []string
	}{{"assembledRows", rows}, {"assembledTerms", means}} {
		if len(v.names) > 0 {
			text = fmt.Appendf(text, "\n// There are none.\nvar %s %s\n", strings.Join(v.names, ",\n"), v.typ)
		}
	}
	return format.Source(text)
}
