package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// describe writes values and their shapes for a doc comment: features [n, 13] and target [n, 1].
func (f *file) describe(values ...*ir.Value) string {
	return described(f.ids(values), values)
}

// described writes values under other names.
func described(names []string, values []*ir.Value) string {
	var parts []string
	for i, v := range values {
		parts = append(parts, names[i]+" "+shapeOf(v))
	}
	if len(parts) > 1 {
		parts = append(parts[:len(parts)-2], parts[len(parts)-2]+" and "+parts[len(parts)-1])
	}
	return strings.Join(parts, ", ")
}

// api writes the model's methods.
func (f *file) api() {
	inputs, targets := f.graph.Inputs, f.graph.Targets
	all := slices.Concat(inputs, targets)
	a := args{
		"Model": f.model, "File": oneLine(f.graph.File),
		"PredictParams": signature(append(typed(f, f.predict.Inputs), typedOutputs(f.outputs)...)),
		"PredictArgs":   strings.Join(append(f.ids(f.predict.Inputs), f.outputs...), ", "),
		"Inputs":        f.describe(inputs...), "Outputs": described(f.outputs, f.predict.Outputs), "All": f.describe(all...),
		"Buffers": "nil", "Predicting": f.predicting(), "Saved": f.savedList(), "SaysSet": "sets the model",
	}
	a["OfParams"], a["OfSaved"] = "", ""
	if f.averaged() {
		a["OfParams"] = " Predictions use their averages; to set one is to\n// set its average too."
		a["OfSaved"], a["SaysSet"] = " with the averages of the parameters in their place", "sets the model and its averages"
	}
	if len(f.graph.States) > 0 {
		a["Buffers"] = "m.params.buffers()"
	}
	for _, call := range []string{"Predict", "PredictProb", "Evaluate"} {
		a["Made"+call] = f.made(call, "")
	}
	f.interfaceText(`
// Predict fills $Outputs from $Inputs, for any number of rows n. It must not run beside
// another call of the model; a Predictor may. What it fills shares no memory with what it reads.
func (m *$Model) Predict($PredictParams) error {
	$MadePredict
	return m.predictor.Predict($PredictArgs)
}
`, a)
	if names, _ := f.probabilities(); names != nil {
		a["Probable"] = strings.Join(names, ", ")
		f.interfaceText(`
// PredictProb is Predict with $Probable as probabilities.
func (m *$Model) PredictProb($PredictParams) error {
	$MadePredictProb
	return m.predictor.PredictProb($PredictArgs)
}
`, a)
	}
	if f.plan.Program(plan.Steps) != nil {
		f.trainingAPI(a, inputs, targets, all)
	}
	for _, call := range []string{"Save", "SaveTo", "Load", "LoadFrom"} {
		a["Made"+call] = fmt.Sprintf("if m.params == nil {\nreturn nnrt.Unmade(%q, %q)\n}", f.model+"."+call, f.model)
	}
	f.text(`
// Params lists the parameters in the order of the spec, in PyTorch's shapes.$OfParams
func (m *$Model) Params() []nnrt.Param {
	return slices.Clone(m.list)
}

// Save writes a safetensors file$OfSaved, whole or not at all, with the model's metadata.
func (m *$Model) Save(path string) error {
	$MadeSave
	return nnrt.Save("$Model.Save", path, m.metadata, m.$Saved, $Buffers)
}

// SaveTo writes what a safetensors file holds$OfSaved.
func (m *$Model) SaveTo(w io.Writer) error {
	$MadeSaveTo
	return nnrt.SaveTo("$Model.SaveTo", w, m.metadata, m.$Saved, $Buffers)
}

// Load $SaysSet, its metadata too, from a safetensors file. On an error nothing has changed.
func (m *$Model) Load(path string) error {
	$MadeLoad
	m.$Predicting.version++
	return nnrt.Load("$Model.Load", path, &m.metadata, m.list, $Buffers)
}

// LoadFrom $SaysSet, its metadata too, from the content of a safetensors file. On an error nothing has changed.
func (m *$Model) LoadFrom(r io.Reader) error {
	$MadeLoadFrom
	m.$Predicting.version++
	return nnrt.LoadFrom("$Model.LoadFrom", r, &m.metadata, m.list, $Buffers)
}

// Metadata is a copy of what Save writes beside the tensors: the metadata of the file that the model was loaded from, with
// what nnc train stored for data.CodecOf, or what SetMetadata has said.
func (m *$Model) Metadata() map[string]string { return maps.Clone(m.metadata) }

// SetMetadata changes that; the model keeps a copy.
func (m *$Model) SetMetadata(metadata map[string]string) { m.metadata = maps.Clone(metadata) }
`, a)
}

// probabilities returns the outputs whose losses imply probabilities, and the calls that turn them into these.
func (f *file) probabilities() (names, calls []string) {
	for i, out := range f.graph.Outputs {
		of := slices.IndexFunc(f.graph.Recipe.Losses, func(j ir.Criterion) bool { return j.Output == out })
		if of < 0 {
			continue
		}
		kernel, columns := "", 0
		switch loss := f.graph.Recipe.Losses[of]; {
		case loss.Link == ir.Softmax:
			kernel, columns = "Softmax", out.Type.Shape.Last()
		case loss.Link == ir.Sigmoid:
			kernel, columns = "Sigmoid", out.Type.Shape.Size()
		case loss.Link == ir.Exp && (loss.Kind == ir.Class || loss.Kind == ir.Distribution):
			kernel, columns = "Exponential", out.Type.Shape.Size()
		default:
			continue
		}
		name := f.outputs[i]
		names = append(names, name)
		calls = append(calls, fmt.Sprintf("kernel.%s(%s.pool, %s, %s, len(%s)/%d, %d)", kernel, f.own("p"), name, name, name, columns, columns))
	}
	return names, calls
}
