package pytorch

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// judged writes the losses of a program: of each its weight, the sum over the rows, and what to divide that by. Where rows
// may have weights, weighted is the same graph with them, else nil.
func (p *program) judged(weighted *ir.Graph) (string, error) {
	var w strings.Builder
	var list []string
	for _, j := range p.graph.Recipe.Losses {
		for range max(1, len(j.Means)) {
			list = append(list, fmt.Sprintf("%q", p.lossName(j)))
		}
	}
	assign(&w, "LOSSES", "[", list, "]", "their names")
	w.WriteString("\n\ndef losses(outputs, targets, inputs, weights):\n")
	w.WriteString("    \"\"\"Of each loss its weight, the sum over the rows, and what to divide that by.\"\"\"\n")
	given := taken([]string{"outputs", "targets", "inputs", "weights", "s", "c"}, builtins, p.busy)
	names := map[string]string{}
	unpack := func(from string, values []*ir.Value, ports []string, suffix string, all bool) {
		var list []string
		for i, v := range values {
			if !all && !p.compared(v) {
				list = append(list, "_")
				continue
			}
			base := variable(ports[i])
			if len(values) == 1 {
				base = suffix
			} else if given[base] {
				base += "_" + suffix
			}
			names[v.Name] = given.take(base)
			list = append(list, names[v.Name])
		}
		text := strings.Join(list, ", ")
		if len(list) == 1 {
			text = "(" + text + ",)"
		}
		if strings.Trim(text, "_, ()") != "" {
			fmt.Fprintln(&w, strings.Join(wrap("    "+text+" = "+from, width), "\n"))
		}
	}
	unpack("outputs", p.graph.Outputs, p.graph.Ports, "output", false)
	var targets []*ir.Value
	var ports []string
	for _, v := range p.graph.Targets {
		if v.Name != ir.RowWeights {
			targets, ports = append(targets, v), append(ports, v.Port())
		}
	}
	unpack("targets", targets, ports, "target", false)
	ports = nil
	for _, v := range p.graph.Inputs {
		ports = append(ports, v.Port())
	}
	unpack("inputs", p.graph.Inputs, ports, "input", false)
	names[ir.RowWeights] = "weights"
	if p.graph.Weights() != nil {
		weighted = nil
		fmt.Fprintf(&w, "    if weights is None:\n        weights = torch.ones(len(%s), device=%[1]s.device, dtype=%[1]s.dtype)\n", names[p.graph.Recipe.Losses[0].Output.Name])
	}
	write := func(g *ir.Graph, indent string) error {
		all, err := rulesOf(g)
		if err != nil {
			return err
		}
		t := &terms{p: p, all: all, names: maps.Clone(names), taken: maps.Clone(given), indent: indent}
		for _, j := range g.Recipe.Losses {
			if err := t.add(j); err != nil {
				return err
			}
		}
		for _, line := range t.before {
			fmt.Fprintln(&w, strings.Join(wrap(indent+line, width), "\n"))
		}
		fmt.Fprintf(&w, "%sreturn [\n%s%[1]s]\n", indent, strings.Join(t.entries, ""))
		return nil
	}
	if weighted != nil {
		w.WriteString("    if weights is not None:\n")
		if err := write(weighted, "        "); err != nil {
			return "", err
		}
	}
	err := write(p.graph, "    ")
	return w.String(), err
}

// terms writes the entries of the list of losses.
type terms struct {
	p       *program
	all     rules
	names   map[string]string
	taken   names
	indent  string
	before  []string // what is computed once, as several entries read it
	entries []string
}

// add adds those of a loss: one, or one for each of the means that it is the mean of.
func (t *terms) add(j ir.Criterion) error {
	r := t.all[j.Loss.Def]
	switch {
	case r == nil:
		return fmt.Errorf("pytorch: the loss %s has no rule", j.Loss.Def.Op.Name)
	case r.Count == "":
		return fmt.Errorf("pytorch: the rule of the loss %s does not say what its sum is over", j.Loss.Def.Op.Name)
	}
	for _, name := range r.Parts {
		t.p.parts[name] = true
	}
	for i, v := range r.Operands {
		if v.Def != nil && v.Def.Phase == ir.Loss && strings.Count(r.Call+r.Count, fmt.Sprintf("{%d}", i)) > 1 && t.names[v.Name] == "" {
			text := t.write(v)
			t.names[v.Name] = t.taken.take(variable(v.Name))
			t.before = append(t.before, t.names[v.Name]+" = "+text)
		}
	}
	sums, counts := []string{r.Call}, []string{r.Count}
	if len(j.Means) > 1 {
		sums, counts = items(r.Call), items(r.Count)
	}
	weight := strconv.FormatFloat(j.Weight/float64(len(sums)), 'g', -1, 64)
	for i, sum := range sums {
		entry := []string{weight, t.text(r, sum), t.text(r, counts[i])}
		line := t.indent + "    (" + strings.Join(entry, ", ") + "),"
		if len(line) <= width {
			t.entries = append(t.entries, line+"\n")
			continue
		}
		t.entries = append(t.entries, t.indent+"    (\n")
		for _, item := range entry {
			t.entries = append(t.entries, strings.Join(wrap(t.indent+"        "+item+",", width), "\n")+"\n")
		}
		t.entries = append(t.entries, t.indent+"    ),\n")
	}
	return nil
}

// write writes a value as the losses have it.
func (t *terms) write(v *ir.Value) string {
	if name := t.names[v.Name]; name != "" && (v.Def == nil || v.Def.Phase != ir.Loss || slices.ContainsFunc(t.before, func(line string) bool { return strings.HasPrefix(line, name+" = ") })) {
		return name
	}
	if v.Role == ir.Const {
		return strconv.FormatFloat(v.Number, 'g', -1, 64)
	}
	return t.text(t.all[v.Def], t.all[v.Def].Call)
}

// text writes a text of a rule.
func (t *terms) text(r *rule, template string) string {
	return express(template, r.Operands, "", func(*ir.Value) string { return "" }).write(t.write)
}

// items are those of a tuple.
func items(tuple string) []string {
	var list []string
	depth, from := 0, 1
	for i := range len(tuple) {
		switch tuple[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		if depth == 1 && tuple[i] == ',' || depth == 0 && i == len(tuple)-1 {
			list = append(list, strings.TrimSpace(tuple[from:i]))
			from = i + 1
		}
	}
	return list
}

// compared reports whether a loss reads the value.
func (p *program) compared(v *ir.Value) bool {
	return slices.ContainsFunc(p.graph.Recipe.Losses, func(j ir.Criterion) bool { return j.Output == v || j.Target == v })
}

// lossName is what a loss is called: among several by its output too.
func (p *program) lossName(j ir.Criterion) string {
	if len(p.graph.Recipe.Losses) == 1 {
		return j.Name
	}
	return p.graph.Ports[slices.Index(p.graph.Outputs, j.Output)] + "." + j.Name
}
