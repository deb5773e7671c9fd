package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// Driver returns the main.go of the program behind `nnc train`, `nnc predict` and `nnc eval`: it hands the
// model, which stands in the same package main, to the training loop.
func Driver(p *plan.Plan) ([]byte, error) {
	f := newFile(p, "main")
	f.header()
	inputs, weights := f.graph.Inputs, f.graph.Weights()
	targets := slices.DeleteFunc(slices.Clone(f.graph.Targets), func(v *ir.Value) bool { return v == weights })
	recipe := f.graph.Recipe
	var fields []string
	add := func(name, format string, args ...any) {
		fields = append(fields, name+": "+fmt.Sprintf(format, args...)+",")
	}
	predict, train := f.blocks("Inputs", inputs), append(f.blocks("Inputs", inputs), f.blocks("Targets", targets)...)
	if weights != nil {
		train = append(train, "b.RowWeights()")
		add("Weighted", "true")
	}
	var out []string
	for i := range f.graph.Outputs {
		out = append(out, fmt.Sprintf("out[%d]", i))
	}
	add("Name", "%q", f.model)
	add("Inputs", "%s", f.ports(inputs, ports(inputs)))
	add("Targets", "%s", f.ports(targets, ports(targets)))
	add("Outputs", "%s", f.ports(f.graph.Outputs, f.graph.Ports))
	add("Losses", "%s", f.losses())
	add("Metrics", "%s", f.metrics())
	add("Batch", "%d", recipe.Batch)
	add("Epochs", "%d", recipe.Epochs)
	if recipe.Steps > 0 {
		add("Steps", "%d", recipe.Steps)
	}
	add("Seed", "%d", recipe.Seed)
	if stop := recipe.Stop; stop != nil {
		metric := ""
		if stop.Metric >= 0 {
			m := recipe.Metrics[stop.Metric]
			metric = ", Metric: &train.Metric" + f.metric(m)
		}
		add("Stop", "&train.Stop{Patience: %d, Monitor: %q%s, MinDelta: %s}", stop.Patience, stop.Monitor, metric, numeral(stop.MinDelta))
	}
	if recipe.Schedule != nil && recipe.Schedule.Warmup() > 0 {
		add("Warmup", "%d", recipe.Schedule.Warmup())
	}
	if f.scheduled(ir.TotalSteps) {
		add("SetTotalSteps", "m.SetTotalSteps")
	}
	if f.scheduled(ir.EpochSteps) {
		add("SetEpochSteps", "m.SetEpochSteps")
	}
	if f.accumulated() {
		add("Accumulate", "%d", recipe.Accumulate.Batches)
		add("Flush", "m.Flush")
	}
	if f.plateau() != nil {
		add("EpochDone", "m.EpochDone")
	}
	if p.Program(plan.Steps) != nil {
		add("LR", "%s", numeral(recipe.Optimiser.Rate))
		add("SetLR", "m.SetLR")
		add("Reset", "m.Reset")
		add("Train", "func(b *train.Batch) (float32, error) {\n%s\n}", f.checkedStep(f.blocks("Inputs", inputs), train[len(inputs):]))
		add("Trace", "m.trace")
		add("Evaluate", "func(b *train.Batch, out [][]float32, losses []nnrt.Mean) error {\nreturn m.Evaluate(%s)\n}",
			strings.Join(append(append(train, out...), "losses"), ", "))
	}
	add("Predict", "func(b *train.Batch, out [][]float32) error {\nreturn m.Predict(%s)\n}", strings.Join(append(predict, out...), ", "))
	if p.Program(plan.Next) != nil {
		add("Generator", "func() generate.Model {\nreturn m.Generator()\n}")
	}
	buffers := "nil"
	if len(f.graph.States) > 0 {
		buffers = "m.params.buffers()"
	}
	add("Export", "func() []weights.Tensor {\nreturn nnrt.Tensors(m.%s, %s)\n}", f.savedList(), buffers)
	add("Want", "func() []weights.Want {\nreturn nnrt.Want(m.list, %s)\n}", buffers)
	add("Import", "func(f *weights.File) error {\nreturn nnrt.Import(f, m.list, %s)\n}", buffers)
	f.text(`
func main() {
	train.Main(func(options ...nnrt.Option) train.Model {
		m := New$Model(options...)
		return train.Model{
			$Fields
		}
	})
}
`, args{"Model": f.model, "Fields": strings.Join(fields, "\n")})
	return f.render()
}

// checkedStep is the statements of a step that changes nothing unless its loss and all gradients are finite. It is the
// four calls, which give the same bits as Train, since Train may change a parameter before the next gradient is there.
func (f *file) checkedStep(inputs, targets []string) string {
	return fmt.Sprintf(`if %serr := m.Forward(%s); err != nil {
	return 0, err
}
loss, err := m.Loss(%s)
if err != nil || loss-loss != 0 {
	return loss, err
}
if err := m.Backward(); err != nil {
	return 0, err
}
if !nnrt.Finite(m.pool, m.list) {
	return loss, train.ErrGradient
}
return loss, m.Step()`, strings.Repeat("_, ", len(f.graph.Outputs)), strings.Join(inputs, ", "), strings.Join(targets, ", "))
}

// blocks lists the arrays of a batch that hold values.
func (f *file) blocks(list string, values []*ir.Value) []string {
	blocks := make([]string, len(values))
	for i, v := range values {
		field := "Float"
		if v.Type.Kind == ir.I32 {
			field = "Int"
		}
		blocks[i] = fmt.Sprintf("b.%s[%d].%s", list, i, field)
	}
	return blocks
}

// losses declares the losses to the training loop.
func (f *file) losses() string {
	var list []string
	for _, j := range f.graph.Recipe.Losses {
		input := ""
		if j.Target.Role == ir.Input {
			input = fmt.Sprintf(", Input: %d", slices.Index(f.graph.Inputs, j.Target))
		}
		more := leftOut(j)
		if j.Weighs {
			more += ", Weighs: true"
		}
		if j.Balanced {
			more += ", Balanced: true"
		}
		more += spans(j)
		list = append(list, fmt.Sprintf("{Name: %q, Output: %d, Target: %d%s, Weight: %s, Kind: data.%s, Link: data.%s%s}", j.Name,
			slices.Index(f.graph.Outputs, j.Output), slices.Index(f.graph.Targets, j.Target), input, numeral(j.Weight), upper(j.Kind.String()), upper(j.Link.String()), more))
	}
	return "[]train.Loss{" + strings.Join(list, ", ") + "}"
}

// leftOut declares the class that a loss leaves out, where it is not the usual one.
func leftOut(j ir.Criterion) string {
	if j.Kind != ir.Class || j.Ignored == usuallyIgnored {
		return ""
	}
	return fmt.Sprintf(", LeftOut: data.LeavingOut(%d)", j.Ignored)
}

// spans declares what a loss of spans says of them.
func spans(j ir.Criterion) string {
	text := ""
	if j.Longest > 0 {
		text += fmt.Sprintf(", Longest: %d", j.Longest)
	}
	if j.Mask != nil {
		text += fmt.Sprintf(", Mask: %q", j.Mask.Port())
	}
	return text
}

// metrics declares the metrics.
func (f *file) metrics() string {
	var list []string
	for _, j := range f.graph.Recipe.Metrics {
		list = append(list, f.metric(j))
	}
	return "[]train.Metric{" + strings.Join(list, ", ") + "}"
}

// metric is the fields of one.
func (f *file) metric(j ir.Criterion) string {
	number := ""
	if j.Number > 0 {
		number = fmt.Sprintf(", Number: %d", j.Number)
	}
	return fmt.Sprintf("{Name: %q, Output: %d%s}", j.Name, slices.Index(f.graph.Outputs, j.Output), number)
}

// ports names inputs or targets at the interface.
func ports(values []*ir.Value) []string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.Port()
	}
	return names
}

// ports describes values to the training loop, under those names.
func (f *file) ports(values []*ir.Value, names []string) string {
	var list []string
	for i, v := range values {
		var dims []string
		for _, d := range v.Type.Shape {
			dims = append(dims, fmt.Sprint(d))
		}
		port := fmt.Sprintf("Name: %q, Shape: []int{%s}", names[i], strings.Join(dims, ", "))
		if v.Type.Kind == ir.I32 {
			port += fmt.Sprintf(", Int: true, Limit: %d", v.Type.Limit)
		}
		if j := slices.IndexFunc(f.graph.Recipe.Losses, func(j ir.Criterion) bool { return j.Target == v }); j >= 0 { // of several losses, the first
			loss := f.graph.Recipe.Losses[j]
			port += fmt.Sprintf(", Judged: &data.Judged{Loss: %q, Kind: data.%s, Link: data.%s%s}", loss.Name, upper(loss.Kind.String()), upper(loss.Link.String()), leftOut(loss)+spans(loss))
		}
		list = append(list, "{"+port+"}")
	}
	return "[]data.Port{" + strings.Join(list, ", ") + "}"
}
