package pytorch

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// metrics writes the function that makes the metrics of a model: those of the spec, else the usual ones of each output. It
// also names the parts that define them.
func metrics(g *ir.Graph) (string, []string) {
	measured := g.Recipe.Metrics
	if len(measured) == 0 {
		measured = usual(g)
	}
	var lines, parts []string
	for _, m := range measured {
		j := judges(g)[slices.IndexFunc(judges(g), func(j ir.Criterion) bool { return j.Output == m.Output })]
		name := m.Label()
		if len(g.Recipe.Losses) > 1 {
			name = g.Ports[slices.Index(g.Outputs, m.Output)] + "." + name
		}
		number := ""
		if m.Number > 0 {
			number = fmt.Sprint(m.Number)
		}
		lines = append(lines, fmt.Sprintf("(%q, (%d, %d), %s(%s))", name, slices.Index(g.Outputs, m.Output), targetOf(g, j), className(m.Name), number))
		parts = append(parts, path.Join("metrics", m.Name))
	}
	var w strings.Builder
	w.WriteString("def metrics() -> list:\n")
	w.WriteString("    \"\"\"What is measured of rows that do not train: its name, which of JUDGED, and what measures it.\"\"\"\n")
	if len(lines) < 2 {
		fmt.Fprintf(&w, "    return [%s]\n", strings.Join(lines, ""))
		return w.String(), parts
	}
	w.WriteString("    return [\n")
	for _, line := range lines {
		fmt.Fprintf(&w, "        %s,\n", line)
	}
	w.WriteString("    ]\n")
	return w.String(), parts
}

// className is the name of the class that a metric's part defines: of exact_match ExactMatch, of f1 F1.
func className(metric string) string {
	var name strings.Builder
	for _, word := range strings.Split(metric, "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

// usual are the metrics that suit an output where the spec names none, output by output. A metric's part says on a line of
// its own which kinds of targets it is usual for: `# usual: class flag`; `sequences` are classes at several positions.
func usual(g *ir.Graph) []ir.Criterion {
	entries, err := files.ReadDir("parts/metrics")
	if err != nil {
		return nil // they are part of this program
	}
	var list []ir.Criterion
	for _, j := range judges(g) {
		kinds := []string{j.Kind.String()}
		if j.Kind == ir.Class && len(j.Output.Type.Shape) > 1 {
			kinds = append(kinds, "sequences")
		}
		for _, e := range entries {
			name, _ := strings.CutSuffix(e.Name(), ".py")
			s, err := read(path.Join("metrics", name), nil)
			if err == nil && slices.ContainsFunc(s.usual, func(kind string) bool { return slices.Contains(kinds, kind) }) {
				list = append(list, ir.Criterion{Name: name, Output: j.Output})
			}
		}
	}
	return list
}
