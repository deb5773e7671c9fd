package pytorch

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// recipe writes how a model is trained and judged: its metrics, the rate of a step, the optimiser, and the numbers that the
// loop goes by. It also names the parts that these need.
func recipe(g, step *ir.Graph, readers []string) (string, []string) {
	if step == nil {
		return "", nil
	}
	r := &g.Recipe
	needs := append([]string{"reading"}, readers...)
	var w strings.Builder
	w.WriteString(title("How it is trained and judged") + "\n")
	measured, parts := metrics(g)
	needs = append(needs, parts...)
	var pairs []string
	for _, j := range judges(g) {
		pairs = append(pairs, fmt.Sprintf("(%d, %d)", slices.Index(g.Outputs, j.Output), targetOf(g, j)))
	}
	assign(&w, "JUDGED", "[", pairs, "]", "outputs, and what each is compared with, of TARGETS")
	each := 1
	if r.Accumulate != nil {
		each = r.Accumulate.Batches
	}
	warmup := 0
	if r.Schedule != nil {
		warmup = r.Schedule.Warmup()
	}
	fmt.Fprintf(&w, "ACCUMULATE = %d  # batches that make a step\n", each)
	fmt.Fprintf(&w, "WARMUP = %d  # steps\n", warmup)
	if c := r.Clip; c != nil {
		fmt.Fprintf(&w, "CLIP = %s  # the largest %s of the gradients\n", real(c.Attrs[0].Value), c.Attrs[0].Name)
	}
	if a := r.Average; a != nil {
		fmt.Fprintf(&w, "AVERAGE = %s  # of the averages of the parameters, what a step leaves\n", real(a.Decay))
	}
	if s := r.Stop; s != nil {
		watched := "None"
		if s.Metric >= 0 {
			watched = fmt.Sprint(s.Metric)
		}
		fmt.Fprintf(&w, "STOP = (%d, %s, %s)  # patience, the least gain, which of metrics() is watched (None: the loss)\n", s.Patience, real(s.MinDelta), watched)
	}
	if r.Schedule != nil && r.Schedule.Plateau != nil {
		p := r.Schedule.Plateau
		fmt.Fprintf(&w, "PLATEAU = (%s, %d, %s, %d, %s)  # factor, patience, threshold, cooldown, the least rate\n",
			real(p.Factor), p.Patience, real(p.Threshold), p.Cooldown, real(p.Min))
		needs = append(needs, "plateau")
	}
	if reported(g) {
		needs = append(needs, "report")
	}
	w.WriteString("\n\n" + measured)
	text, parts := rate(r.Schedule)
	w.WriteString("\n\n" + text)
	needs = append(needs, parts...)
	text, part := optimiser(r.Optimiser)
	w.WriteString("\n\n" + text)
	if part != "" {
		needs = append(needs, part)
	}
	return w.String(), append(needs, "main")
}

// blanks are what stands for {{…}} in the parts.
func blanks(m Model, name string, list []form, arguments string) map[string]string {
	g, r := m.Forward, &m.Forward.Recipe
	var names []string
	for _, f := range list {
		names = append(names, f.name)
	}
	values := map[string]string{
		"Model": name, "reads": strings.Join(names, " and "), "otherwise": otherwise(g, names), "readerArguments": arguments, "batch": strconv.Itoa(r.Batch), "seed": strconv.FormatUint(r.Seed, 10),
		"epochs": strconv.Itoa(max(1, r.Epochs)), "steps": strconv.Itoa(r.Steps), "saved": strconv.Quote(saved(g)), "save": strings.ReplaceAll(quoted(saved(g)), "%", "%%"),
	}
	values["balanced"] = "None"
	for _, j := range r.Losses {
		switch {
		case j.Balanced:
			values["balanced"] = `"balanced"`
		case j.Weighs && values["balanced"] == "None":
			values["balanced"] = `"own"`
		}
	}
	values["init"] = "None"
	if m.Weights != "" {
		values["init"] = fmt.Sprintf("%q", m.Weights)
	}
	if r.Optimiser != nil {
		values["lr"] = real(r.Optimiser.Rate)
	}
	return values
}

// quoted is a text that stands between quotation marks of Python.
func quoted(text string) string { return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) }

// saved is the name of the weight file that a training writes where nobody names one.
func saved(g *ir.Graph) string {
	return strings.TrimSuffix(filepath.Base(g.File), ".nn") + ".safetensors"
}

// features are the names of the lines that a model wants of the parts, see kept.
func features(g *ir.Graph, parts map[string]bool, list []form) map[string]bool {
	r := &g.Recipe
	has := map[string]bool{
		"average":    r.Average != nil,
		"plateau":    r.Schedule != nil && r.Schedule.Plateau != nil,
		"stop":       r.Stop != nil,
		"clip_norm":  r.Clip != nil && r.Clip.Scale != nil,
		"clip_value": r.Clip != nil && r.Clip.Each != nil,
		"dropout":    parts["dropout"],
		"report":     reported(g),
		"steps":      r.Steps > 0,
		"classes":    slices.ContainsFunc(r.Losses, func(j ir.Criterion) bool { return j.Kind == ir.Class || j.Kind == ir.Flag }),
		"checked":    slices.ContainsFunc(r.Losses, func(j ir.Criterion) bool { return j.Kind != ir.Class && j.Kind != ir.Quantity }),
		"mirrored":   slices.ContainsFunc(r.Losses, func(j ir.Criterion) bool { return j.Target.Role == ir.Input }),
		"integers":   slices.ContainsFunc(g.Inputs, func(v *ir.Value) bool { return v.Type.Kind == ir.I32 }),
		"inputs":     len(g.Inputs) > 1,
	}
	for _, f := range list {
		has[f.name] = true
		for _, part := range f.parts {
			has[part] = true
		}
	}
	has["texts"] = has["table_text"]
	return has
}

// kept is the text of a part without the lines that a model has no use for. Lines between `#+ name` and `#- name` are for
// those that have the feature, `!name` for those that have it not.
func kept(text string, has map[string]bool) string {
	var lines []string
	skipping := ""
	for _, line := range strings.Split(text, "\n") {
		mark, name, marked := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case marked && mark == "#+":
			if wanted, not := strings.CutPrefix(name, "!"); skipping == "" && has[wanted] == not {
				skipping = name
			}
		case marked && mark == "#-":
			if skipping == name {
				skipping = ""
			}
		case skipping == "":
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// judges are the first losses of each output that is judged.
func judges(g *ir.Graph) []ir.Criterion {
	var first []ir.Criterion
	for _, j := range g.Recipe.Losses {
		if !slices.ContainsFunc(first, func(i ir.Criterion) bool { return i.Output == j.Output }) {
			first = append(first, j)
		}
	}
	return first
}

// targetOf is where TARGETS has what a loss compares with: targets first, then inputs.
func targetOf(g *ir.Graph, j ir.Criterion) int {
	var list []*ir.Value
	for _, v := range slices.Concat(g.Targets, g.Inputs) {
		if slices.ContainsFunc(g.Recipe.Losses, func(i ir.Criterion) bool { return i.Target == v }) {
			list = append(list, v)
		}
	}
	return slices.Index(list, j.Target)
}

// mostReported bounds the classes that a training reports one by one.
const mostReported = 50

// reported says whether the summary of a training has a table of classes.
func reported(g *ir.Graph) bool {
	return slices.ContainsFunc(judges(g), func(j ir.Criterion) bool {
		return j.Kind == ir.Flag || j.Kind == ir.Class && j.Target.Type.Limit <= mostReported
	})
}

// rate writes the function of the rate of a step.
func rate(s *ir.Schedule) (string, []string) {
	var w strings.Builder
	w.WriteString("def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:\n")
	if s == nil {
		w.WriteString("    \"\"\"The learning rate of a step.\"\"\"\n    return lr\n")
		return w.String(), nil
	}
	rule := s.Op.Torch(nil)
	given := "steps"
	if s.Reads == ir.EpochSteps {
		given = "per_epoch"
	}
	text := strings.NewReplacer("{0}", "lr", "{1}", "step", "{2}", given).Replace(rule.Call)
	shape := ""
	for _, a := range s.Op.Attrs {
		if a.Name == "shape" {
			shape = a.Text
		}
	}
	fmt.Fprintf(&w, "    \"\"\"The learning rate of a step, counted from 0: its course is %s.\"\"\"\n", shape)
	if n := s.Warmup(); n > 0 {
		fmt.Fprintf(&w, "    if step < %d:\n        return lr * (step + 1) / %[1]d  # the warm-up\n", n)
	}
	fmt.Fprintf(&w, "    return %s\n", text)
	return w.String(), rule.Parts
}

// real writes a number as a float of Python.
func real(v float64) string {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if strings.Trim(text, "-0123456789") == "" {
		text += ".0"
	}
	return text
}

// optimiser writes the function that makes it.
func optimiser(o *ir.Optimiser) (text, part string) {
	var w strings.Builder
	w.WriteString("def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:\n")
	w.WriteString("    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]\n")
	args := append([]string{"lr=lr"}, o.Torch.Args...)
	switch {
	case o.Torch.Decay != 0 && o.Spared != nil:
		w.WriteString("    spared = [parameter for parameter in learnt if parameter.ndim <= 1]  # biases, and those of norms\n")
		w.WriteString("    decaying = [parameter for parameter in learnt if parameter.ndim > 1]\n")
		fmt.Fprintf(&w, "    groups = [dict(params=decaying, weight_decay=%s), dict(params=spared, weight_decay=0.0)]\n", real(o.Torch.Decay))
		fmt.Fprintf(&w, "    return %s(groups, %s)\n", o.Torch.Class, strings.Join(args, ", "))
	default:
		if o.Torch.Class != "optim.Adam" || o.Torch.Decay != 0 {
			args = append(args, "weight_decay="+real(o.Torch.Decay))
		}
		fmt.Fprintf(&w, "    return %s(learnt, %s)\n", o.Torch.Class, strings.Join(args, ", "))
	}
	return w.String(), o.Torch.Part
}
