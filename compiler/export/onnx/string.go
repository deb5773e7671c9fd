package onnx

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// String is the model's text form: a line per input, constant, node and output, the same for the same model. What metadata
// hold is not part of it.
func (m *Model) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "model %s ir=%d", m.Name, m.IR)
	for _, domain := range slices.Sorted(maps.Keys(m.Opsets)) {
		fmt.Fprintf(&s, " %s=%d", cmp.Or(domain, "opset"), m.Opsets[domain])
	}
	s.WriteString("\n")
	shapes := map[string]string{}
	for _, p := range m.Inputs {
		fmt.Fprintf(&s, "  input %v\n", p)
	}
	for i := range m.Weights {
		fmt.Fprintf(&s, "  %v\n", m.Weights[i])
	}
	for _, list := range [][]Port{m.Values, m.Outputs} {
		for _, p := range list {
			shapes[p.Name] = " " + shaped(p.Type, p.Shape)
		}
	}
	for _, n := range m.Nodes {
		s.WriteString("  ")
		for i, out := range n.Out {
			if i > 0 {
				s.WriteString(", ")
			}
			s.WriteString(out + shapes[out])
		}
		fmt.Fprintf(&s, " = %s", strings.TrimPrefix(n.Domain+"."+n.Op, "."))
		for _, a := range n.Attrs {
			fmt.Fprintf(&s, " %v", a)
		}
		fmt.Fprintf(&s, "(%s)", strings.Join(n.In, ", "))
		if n.Doc != "" {
			fmt.Fprintf(&s, " %s", n.Doc)
		}
		s.WriteString("\n")
	}
	for _, p := range m.Outputs {
		fmt.Fprintf(&s, "  output %v\n", p)
	}
	return s.String()
}

func (a Attr) String() string {
	switch v := a.Value.(type) {
	case string:
		return fmt.Sprintf("%s=%q", a.Name, v)
	case []string:
		return fmt.Sprintf("%s=%q", a.Name, v)
	case Tensor:
		return fmt.Sprintf("%s=%s", a.Name, strings.TrimSpace(strings.TrimPrefix(v.String(), "tensor")))
	}
	return strings.ReplaceAll(fmt.Sprintf("%s=%v", a.Name, a.Value), " ", ",")
}

// shown is the most elements that the text form of a tensor shows.
const shown = 8

// String is the tensor's text form: its elements too, where they are few and numbers of models.
func (t Tensor) String() string {
	head := strings.TrimSpace(fmt.Sprintf("tensor %s %s", t.Name, shaped(t.Type, t.Shape)))
	if len(t.Texts) > 0 && len(t.Texts) <= shown {
		return fmt.Sprintf("%s %q", head, t.Texts)
	}
	if n := len(t.Raw); n == 0 || t.Type.size() == 0 || n > shown*t.Type.size() {
		return head
	}
	switch t.Type {
	case Float:
		list, _ := t.Float32s()
		return fmt.Sprintf("%s %v", head, list)
	case Int64:
		list, _ := t.Int64s()
		return fmt.Sprintf("%s %v", head, list)
	case Bool:
		return fmt.Sprintf("%s %v", head, t.Raw)
	}
	return head
}
