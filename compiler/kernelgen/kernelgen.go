// Package kernelgen writes the runtime's element-wise kernels: one Go function for each card whose Scalar says what an
// element is.
//
// What comes in are nodes that apply such cards; what goes out is a file of package kernel. Only a test calls it, which
// keeps that file current. It knows no operation by name, and no model.
package kernelgen

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"slices"
	"strings"
	"text/template"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var page = template.Must(template.New("").Parse(`// Code generated from the cards of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

package kernel
{{range .}}
{{.Doc}}
func {{.Name}}(p *Pool, {{.Params}}) {{if .Mean}}float32 {{end}}{
	{{.Source}} = {{.Source}}[:n*size]
{{- if .Others}}
	{{.Others}} = {{.Cuts}}
{{- end}}
{{- range .Before}}
	{{.}}
{{- end}}
{{- if .Mean}}
	var sum Sum
{{- end}}
	for i, v := range {{.Source}} {
	{{- range .Inside}}
		{{.}}
	{{- end}}
	{{- if .Mean}}
		sum.Add({{.Value}})
	{{- else}}
		{{.Result}}[i] = {{.Value}}
	{{- end}}
	}
{{- if .Mean}}
	return sum.Total() / float32(n*size)
{{- end}}
}
{{end}}`))

// kernel is what the page says of one function.
type kernel struct {
	Name, Doc, Params string
	Mean              bool
	Result            string // the slice that is written, unless Mean
	Source            string // the slice that the loop goes over: the first operand that is one
	Others, Cuts      string // the other slices, and what cuts them to its length
	Before, Inside    []string
	Value             string // of an element
}

// File returns the file with the kernels of the nodes. A kernel's parameters are the result, the operands, the number
// of rows and that of the elements of each, the attributes; of a mean the result is returned. Nodes whose cards have
// no Scalar are passed over; a kernel that several cards call comes from the one that bears its name.
func File(nodes []*ir.Node) ([]byte, error) {
	var kernels []kernel
	values := map[string]string{} // the meaning of each kernel
	for _, n := range nodes {
		if n.Op.Scalar == nil {
			continue
		}
		name := n.Op.Emit(n).Kernel
		value := ir.Key(n.Op.Scalar)
		if !strings.EqualFold(strings.ReplaceAll(n.Op.Name, "_", ""), name) {
			continue
		}
		if old, ok := values[name]; ok {
			if old != value {
				return nil, fmt.Errorf("kernelgen: kernel %s would be both %s and %s: give one of the cards another", name, old, value)
			}
			continue
		}
		values[name] = value
		k, err := write(name, n)
		if err != nil {
			return nil, err
		}
		kernels = append(kernels, k)
	}
	slices.SortFunc(kernels, func(a, b kernel) int { return cmp.Compare(a.Name, b.Name) })
	var text bytes.Buffer
	if err := page.Execute(&text, kernels); err != nil {
		return nil, fmt.Errorf("kernelgen: %w", err)
	}
	source, err := format.Source(text.Bytes())
	if err != nil {
		return nil, fmt.Errorf("kernelgen: %w in\n%s", err, text.Bytes())
	}
	return source, nil
}

// write returns the function of a node.
func write(name string, n *ir.Node) (kernel, error) {
	k := kernel{Name: name, Mean: n.Op.Mean}
	var params signature
	result, _, _ := strings.Cut(n.Op.Doc, " = ")
	inPlace := -1
	if old := n.Overwrites(0); old != nil {
		inPlace = slices.Index(n.In, old)
		result = n.Op.Operands[inPlace]
	}
	var others []string
	if !k.Mean {
		k.Result = identifier(result)
		params.add(k.Result, "[]float32")
	}
	leaves := map[ir.Arg]string{}
	for i, v := range n.In {
		operand := identifier(n.Op.Operands[i])
		leaves[ir.Arg(i)] = operand + "[i]"
		if k.Source == "" && !v.Type.Scalar() {
			k.Source, leaves[ir.Arg(i)] = operand, "v"
		} else if !v.Type.Scalar() {
			others = append(others, operand)
		}
		switch {
		case i == inPlace:
		case v.Type.Scalar():
			params.add(operand, "float32")
		default:
			params.add(operand, "[]float32")
		}
	}
	if !k.Mean && k.Result != k.Source {
		others = append([]string{k.Result}, others...)
	}
	params.add("n", "int")
	params.add("size", "int")
	for _, a := range n.Op.Attrs {
		params.add(identifier(a.Name), "float32")
	}
	if again := params.twice(); again != "" {
		return k, fmt.Errorf("kernelgen: kernel %s has two parameters or variables called %s: give the operand or attribute another name", name, again)
	}
	cuts := make([]string, len(others))
	for i, other := range others {
		cuts[i] = other + "[:len(" + k.Source + ")]"
	}
	k.Params, k.Others, k.Cuts = params.String(), strings.Join(others, ", "), strings.Join(cuts, ", ")
	k.Doc = comment(k, n.Op, inPlace >= 0)

	// A scalar operand is a number like an attribute: what is made of these alone is made before the loop.
	value := ir.Replace(n.Op.Scalar, func(leaf ir.Expr) ir.Expr {
		if arg, ok := leaf.(ir.Arg); ok && n.In[arg].Type.Scalar() {
			return ir.Named(identifier(n.Op.Operands[arg]))
		}
		return leaf
	})
	x := expressions{leaves: leaves, seen: map[string]int{}, variables: map[string]string{}}
	k.Value = x.element(fold(value), k.Mean)
	k.Before, k.Inside = x.before, x.inside
	return k, nil
}

// comment is the function's comment, in lines of at most 120 characters.
func comment(k kernel, op *ir.Op, inPlace bool) string {
	text := fmt.Sprintf("%s computes n·size elements of %s.", k.Name, op.Doc)
	if inPlace {
		text = strings.TrimSuffix(text, ".") + ", in place."
	}
	if _, formula, ok := strings.Cut(op.Doc, " = "); ok && k.Mean {
		text = fmt.Sprintf("%s returns the %s over n·size elements.", k.Name, formula)
	}
	lines := []string{"//"}
	for _, word := range strings.Fields(text) {
		last := len(lines) - 1
		if longer := lines[last] + " " + word; len([]rune(longer)) <= 120 {
			lines[last] = longer
		} else {
			lines = append(lines, "// "+word)
		}
	}
	return strings.Join(lines, "\n")
}

// identifier writes a name of the mathematics as Go's: dy for ∂y.
func identifier(name string) string { return strings.ReplaceAll(name, "∂", "d") }

// signature is a list of parameters.
type signature struct{ names, types []string }

func (s *signature) add(name, typ string) {
	s.names, s.types = append(s.names, name), append(s.types, typ)
}

// String writes the parameters, those of one type together.
func (s *signature) String() string {
	var text strings.Builder
	for i, name := range s.names {
		text.WriteString(name)
		if i == len(s.names)-1 || s.types[i] != s.types[i+1] {
			text.WriteString(" " + s.types[i])
		}
		if i < len(s.names)-1 {
			text.WriteString(", ")
		}
	}
	return text.String()
}

// twice returns a name that stands for two things in the function, or nothing.
func (s *signature) twice() string {
	names := append([]string{"p", "i", "v", "sum", "e", "scale", "c"}, s.names...)
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return name
		}
	}
	return ""
}
