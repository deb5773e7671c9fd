package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// Test returns the Go source of a test of the model: its gradients against differences of its loss, no
// allocation in a step or a prediction, a round trip of its weights; of a model that continues sequences, position after
// position against whole sequences.
func Test(p *plan.Plan, pkg string) ([]byte, error) {
	f := newFile(p, pkg)
	f.header()
	rows := min(p.Program(plan.Steps).Rows, 4)
	inputs, targets := f.graph.Inputs, f.graph.Targets
	all := slices.Concat(inputs, targets)
	var data []string
	for _, v := range all {
		size := rows * v.Type.Shape.Size()
		if v.Type.Kind == ir.I32 {
			data = append(data, fmt.Sprintf("%s := modeltest.Classes(%q, %d, %d)", f.field(v), v.Port(), size, v.Type.Limit))
		} else {
			data = append(data, fmt.Sprintf("%s := modeltest.Floats(%q, %d)", f.field(v), v.Port(), size))
		}
	}
	for i, v := range f.predict.Outputs {
		data = append(data, fmt.Sprintf("%s := make([]float32, %d)", f.evaluated[i], rows*v.Type.Shape.Size()))
	}
	checks := []string{"Gradients", "NoAllocation", "RoundTrip"}
	frozen := f.frozen()
	if frozen != nil {
		checks = append(checks, "FrozenStay")
	}
	hooks := f.hooks(frozen)
	total := ""
	switch {
	case f.scheduled(ir.TotalSteps):
		total = fmt.Sprintf("%s.SetTotalSteps(%d)", f.own("m"), 1000+f.graph.Recipe.Schedule.Warmup())
	case f.scheduled(ir.EpochSteps):
		total = fmt.Sprintf("%s.SetEpochSteps(1000)", f.own("m"))
	}
	f.interfaceText(`
// $Subject is the model on $Rows rows of made-up data.
func $Subject() modeltest.Model {
	$Data
	m := New$Model()
	$Total
	return modeltest.Model{
		Params: m.Params(),
		$Hooks
		Loss: func() (float32, error) {
			if ${Blanks}err := m.Forward($Inputs); err != nil {
				return 0, err
			}
			return m.Loss($Targets)
		},
		Back: m.Backward,
		Train: func() (float32, error) {
			return m.Train($All)
		},
		Predict: func() error {
			return m.Predict($Predict)
		},
		SaveTo: m.SaveTo,
		Load: m.LoadFrom,
	}
}
`, args{"Subject": f.prefix + "UnderTest", "Rows": rows, "Data": strings.Join(data, "\n"), "Model": f.model, "Total": total, "Hooks": hooks,
		"Blanks": strings.Repeat("_, ", len(f.evaluated)), "Inputs": strings.Join(f.ids(inputs), ", "), "Targets": strings.Join(f.ids(targets), ", "),
		"All": strings.Join(f.ids(all), ", "), "Predict": strings.Join(append(f.ids(inputs), f.evaluated...), ", ")})
	for _, check := range checks {
		f.text("func Test$Model$Check(t *testing.T) {\n\tmodeltest.$Check(t, ${Prefix}UnderTest())\n}\n", args{"Model": f.model, "Check": check, "Prefix": f.prefix})
	}
	if p.Program(plan.Next) != nil {
		f.text("func Test${Model}Positions(t *testing.T) {\n\tm := New$Model()\n\tmodeltest.Positions(t, m.Generator(), m.Predict)\n}\n", args{"Model": f.model})
	}
	return f.render()
}

// hooks are the fields of a subject that not every model has.
func (f *file) hooks(frozen []string) string {
	var lines []string
	if len(f.graph.States) > 0 {
		lines = append(lines, "State: "+f.own("m")+".State().Buffers,")
	}
	if frozen != nil {
		lines = append(lines, "Frozen: []string{"+strings.Join(frozen, ", ")+"},")
	}
	return strings.Join(lines, "\n")
}

// frozen lists the names of the parameters that no step changes.
func (f *file) frozen() (names []string) {
	for _, p := range f.graph.Params {
		if f.graph.Updater(p) == nil {
			names = append(names, fmt.Sprintf("%q", p.Name))
		}
	}
	return names
}
