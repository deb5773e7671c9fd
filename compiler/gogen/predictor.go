package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/plan"
)

// predictor writes the type that predicts with its own memory and shared parameters.
func (f *file) predictor() {
	predict := f.plan.Program(plan.Predict)
	inputs, outputs := f.predict.Inputs, f.predict.Outputs
	call := f.model + ".Predict"
	door := []string{f.madePredictor("Predict"), f.door(call, "", 0, inputs...)}
	var parts []string
	for _, v := range inputs {
		parts = append(parts, f.part(f.field(v), v.Type.Shape.Size()))
	}
	for i, v := range outputs {
		door = append(door, f.length(call, "", f.outputs[i], f.outputs[i], f.own("n"), v))
		parts = append(parts, f.part(f.outputs[i], v.Type.Shape.Size()))
	}
	door = append(door, f.apart("Predict", inputs, f.outputs)...)
	a := args{
		"Model": f.model, "Prefix": f.prefix, "Type": f.model + "Predictor", "Rows": predict.Rows,
		"PredictParams": signature(append(typed(f, inputs), typedOutputs(f.outputs)...)),
		"PredictArgs":   strings.Join(append(f.ids(inputs), f.outputs...), ", "),
		"Inputs":        f.describe(inputs...), "Outputs": described(f.outputs, outputs),
		"Door": strings.Join(door, "\n"), "Parts": strings.Join(parts, ", "),
		"Acts": "", "NewActs": "", "Predicting": f.predicting(), "Grads": "", "Buffers": "nil",
	}
	if len(f.predictorStruct().fields) > 0 {
		a["Acts"] = "acts " + f.prefix + "PredictorActs"
		a["NewActs"] = ", acts: new" + upper(f.prefix) + "PredictorActs()"
	}
	if f.plan.Program(plan.Steps) != nil {
		a["Grads"] = "&" + f.prefix + "Grads{}"
	}
	if len(f.graph.States) > 0 {
		a["Buffers"] = "w.buffers()"
	}
	f.text(`
// $Type predicts with the parameters of its model and memory of its own: predictors of one model may run
// beside each other, though not beside a call that changes the parameters.
type $Type struct {
	params *${Prefix}Params
	$Acts
	pool     *kernel.Pool
	metadata map[string]string
	version  uint64 // of the parameters it has predicted with: the race detector sees this, but not what assembly does
}

func new$Type(w *${Prefix}Params) *$Type {
	return &$Type{params: w$NewActs}
}

// Predictor returns a predictor that shares the model's parameters.
func (m *$Model) Predictor() *$Type {
	p := new$Type(m.$Predicting)
	p.metadata = m.metadata
	return p
}

// Predictor returns another predictor that shares the parameters, for another goroutine.
func (p *$Type) Predictor() *$Type {
	q := new$Type(p.params)
	q.metadata = p.metadata
	return q
}

// Metadata is a copy of that of the file which the predictor was loaded from, with what nnc train stored for
// data.CodecOf; of a model's predictor, of what the model's was.
func (p *$Type) Metadata() map[string]string { return maps.Clone(p.metadata) }

// Load$Type returns a predictor with the parameters of a safetensors file, without the memory of training.
func Load$Type(path string) (*$Type, error) {
	w := new${Model}Params()
	p := new$Type(w)
	if err := nnrt.Load("Load$Type", path, &p.metadata, w.list($Grads), $Buffers); err != nil {
		return nil, err
	}
	return p, nil
}

// Load${Type}From returns a predictor with the parameters of the content of a safetensors file.
func Load${Type}From(r io.Reader) (*$Type, error) {
	w := new${Model}Params()
	p := new$Type(w)
	if err := nnrt.LoadFrom("Load${Type}From", r, &p.metadata, w.list($Grads), $Buffers); err != nil {
		return nil, err
	}
	return p, nil
}
`, a)
	f.interfaceText(`
// Predict fills $Outputs from $Inputs, for any number of rows n. What it fills shares no memory
// with what it reads.
func (p *$Type) Predict($PredictParams) error {
	$Door
	p.version = p.params.version
	for r := 0; r < n; r += $Rows {
		k := min($Rows, n-r)
		p.forward($Parts, k)
	}
	return nil
}
`, a)
	if of, calls := f.probabilities(); calls != nil {
		a["Probable"], a["Calls"] = strings.Join(of, ", "), strings.Join(calls, "\n")
		f.interfaceText(`
// PredictProb is Predict with $Probable as probabilities.
func (p *$Type) PredictProb($PredictParams) error {
	if err := p.Predict($PredictArgs); err != nil {
		return err
	}
	$Calls
	return nil
}
`, a)
	}
	if evaluate := f.plan.Program(plan.Evaluate); evaluate != nil {
		f.evaluation(a, evaluate)
	}
}

// part is the rows of an argument from r on, k of them.
func (f *file) part(name string, size int) string {
	end := f.own("r") + "+" + f.own("k")
	if size > 1 {
		end = "(" + end + ")"
	}
	return fmt.Sprintf("%s[%s:%s]", name, times(size, f.own("r")), times(size, end))
}

// evaluation writes the predictor's Evaluate.
func (f *file) evaluation(a args, evaluate *plan.Program) {
	all := slices.Concat(f.graph.Inputs, f.graph.Targets)
	call := f.model + ".Evaluate"
	door := append([]string{f.madePredictor("Evaluate"), f.door(call, "", 0, all...)}, f.apart("Evaluate", f.graph.Targets, f.evaluated)...)
	var parts []string
	for _, v := range evaluate.Graph.Inputs {
		parts = append(parts, f.part(f.field(v), v.Type.Shape.Size()))
	}
	for _, v := range f.graph.Targets {
		parts = append(parts, f.part(f.field(v), v.Type.Shape.Size()))
	}
	a["EvaluateDoor"] = strings.Join(door, "\n")
	a["EvaluateParts"] = strings.Join(parts, ", ")
	a["EvaluateParams"] = signature(append(typed(f, all), typedOutputs(f.evaluated)...), typedName{f.own("losses"), "[]nnrt.Mean"})
	a["PredictEvaluated"] = strings.Join(append(f.ids(f.predict.Inputs), f.evaluated...), ", ")
	a["Losses"], a["Count"] = f.lossNames(), len(f.graph.Recipe.Losses)
	a["Targets"] = "what it is given"
	if len(f.graph.Targets) > 0 {
		a["Targets"] = f.describe(f.graph.Targets...)
	}
	a["LossesField"] = f.own("losses")
	f.interfaceText(`
// Evaluate is Predict, and adds each loss over the rows, compared with $Targets, to losses: $Losses.
func (p *$Type) Evaluate($EvaluateParams) error {
	$EvaluateDoor
	if len($LossesField) != $Count {
		return nnrt.LossesError("$Model.Evaluate", len($LossesField), $Count)
	}
	if err := p.Predict($PredictEvaluated); err != nil {
		return err
	}
	for r := 0; r < n; r += $Rows {
		k := min($Rows, n-r)
		p.losses($EvaluateParts, $LossesField, k)
	}
	return nil
}
`, a)
}
