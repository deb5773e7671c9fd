package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
)

// method begins a method of the model, after its comment.
func (f *file) method(name string, doc ...string) *jen.Statement {
	return f.methodOf("m", f.model, name, doc...)
}

func (f *file) methodOf(receiver, typ, name string, doc ...string) *jen.Statement {
	f.Line()
	for _, line := range doc {
		f.Comment("// " + oneLine(line))
	}
	return f.Func().Params(jen.Id(receiver).Op("*").Id(typ)).Id(name)
}

// ids lists the identifiers of values.
func (f *file) ids(values []*ir.Value) []jen.Code {
	ids := make([]jen.Code, len(values))
	for i, v := range values {
		ids[i] = jen.Id(f.value(v))
	}
	return ids
}

// params lists values as parameters of a function.
func (f *file) params(values ...*ir.Value) []jen.Code {
	names, types := make([]string, len(values)), make([]*jen.Statement, len(values))
	for i, v := range values {
		names[i], types[i] = f.value(v), goType(v)
	}
	return signature(names, types)
}

// predictArgs lists the arguments of a prediction: inputs, then outputs.
func (f *file) predictArgs() []jen.Code {
	args := f.ids(f.predict.Inputs)
	for _, name := range f.outputs {
		args = append(args, jen.Id(name))
	}
	return args
}

// predictSignature lists the parameters of a prediction: inputs, then outputs.
func (f *file) predictSignature() []jen.Code {
	names, types := make([]string, 0, len(f.predict.Inputs)+len(f.outputs)), []*jen.Statement{}
	for _, v := range f.predict.Inputs {
		names, types = append(names, f.value(v)), append(types, goType(v))
	}
	for _, name := range f.outputs {
		names, types = append(names, name), append(types, jen.Index().Float32())
	}
	return signature(names, types)
}

// signature lists parameters, those of one type in a row together.
func signature(names []string, types []*jen.Statement) []jen.Code {
	var params []jen.Code
	for i := 0; i < len(names); {
		ids := []jen.Code{jen.Id(names[i])}
		j := i + 1
		for ; j < len(names) && types[j].GoString() == types[i].GoString(); j++ {
			ids = append(ids, jen.Id(names[j]))
		}
		params = append(params, jen.List(ids...).Add(types[i]))
		i = j
	}
	return params
}

// describe writes values and their shapes for a doc comment: features [n, 13] and target [n, 1].
func (f *file) describe(values ...*ir.Value) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = f.value(v)
	}
	return described(names, values)
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

// times multiplies by a size, unless it is 1.
func times(size int, code *jen.Statement) *jen.Statement {
	if size == 1 {
		return code
	}
	return jen.Lit(size).Op("*").Add(code)
}

// checked returns from a function if an expression is an error.
func checked(results []jen.Code, err *jen.Statement) jen.Code {
	return jen.If(jen.Id("err").Op(":=").Add(err), jen.Id("err").Op("!=").Nil()).Block(jen.Return(append(results, jen.Id("err"))...))
}

// door checks the lengths of the arguments of a call, the first of which decides the number of rows n, and the
// range of integers.
func (f *file) door(call string, zero []jen.Code, capacity int, values ...*ir.Value) []jen.Code {
	first := values[0]
	length := func(v *ir.Value) jen.Code { return jen.Len(jen.Id(f.value(v))) }
	stmts := []jen.Code{
		jen.List(jen.Id("n"), jen.Id("err")).Op(":=").Add(nnrtFunc("Rows")).Call(
			jen.Lit(call), jen.Lit(first.Port()), length(first), jen.Lit(first.Type.Shape.Size()), jen.Lit(capacity)),
		jen.If(jen.Id("err").Op("!=").Nil()).Block(jen.Return(append(zero, jen.Id("err"))...)),
	}
	for _, v := range values[1:] {
		stmts = append(stmts, checked(zero, nnrtFunc("Length").Call(
			jen.Lit(call), jen.Lit(v.Port()), length(v), jen.Id("n"), jen.Lit(v.Type.Shape.Size()))))
	}
	for _, v := range values {
		stmts = append(stmts, f.within(call, zero, v)...)
	}
	return stmts
}

// within checks the range of a value of integers.
func (f *file) within(call string, zero []jen.Code, v *ir.Value) []jen.Code {
	if v.Type.Kind != ir.I32 {
		return nil
	}
	args := []jen.Code{jen.Lit(call), jen.Lit(v.Port()), jen.Id(f.value(v)), jen.Lit(v.Type.Limit)}
	if v.Role == ir.Target {
		args = append(args, kernelFunc("Ignored"))
	}
	return []jen.Code{checked(zero, nnrtFunc("Within").Call(args...))}
}

// predicting writes Predict and PredictProb of the model.
func (f *file) predicting() {
	f.method("Predict",
		fmt.Sprintf("Predict fills %s from %s, for any number of rows n. It must not run beside", described(f.outputs, f.predict.Outputs), f.describe(f.predict.Inputs...)),
		"another call of the model; a Predictor may.").
		Params(f.predictSignature()...).Error().Block(
		jen.Return(jen.Id("m").Dot("predictor").Dot("Predict").Call(f.predictArgs()...)))
	if names, _ := f.probabilities(); names != nil {
		f.method("PredictProb", fmt.Sprintf("PredictProb is Predict with %s as probabilities.", strings.Join(names, ", "))).
			Params(f.predictSignature()...).Error().Block(
			jen.Return(jen.Id("m").Dot("predictor").Dot("PredictProb").Call(f.predictArgs()...)))
	}
}

// probabilities returns the outputs whose losses imply probabilities, and the calls that turn them into these.
func (f *file) probabilities() (names []string, calls []jen.Code) {
	for i, out := range f.graph.Outputs {
		of := slices.IndexFunc(f.graph.Recipe.Losses, func(j ir.Judge) bool { return j.Output == out })
		if of < 0 {
			continue
		}
		kernel, columns := "", 0
		switch f.graph.Recipe.Losses[of].Name {
		case "cross_entropy":
			kernel, columns = "Softmax", out.Type.Shape.Last()
		case "bce_logits":
			kernel, columns = "Sigmoid", out.Type.Shape.Size()
		default:
			continue
		}
		name := f.outputs[i]
		names = append(names, name)
		calls = append(calls, kernelFunc(kernel).Call(jen.Id("p").Dot("pool"), jen.Id(name), jen.Id(name),
			jen.Len(jen.Id(name)).Op("/").Lit(columns), jen.Lit(columns)))
	}
	return names, calls
}

// train writes Train: everything in one loop where every operation is written out, else the four calls.
func (f *file) train() {
	values := append(append([]*ir.Value{}, f.graph.Inputs...), f.graph.Targets...)
	call := f.model + ".Train"
	stmts := f.door(call, []jen.Code{jen.Lit(0)}, f.plan.Step.Rows, values...)
	if body := f.fused(); body != nil {
		stmts = append(stmts, body...)
	} else {
		stmts = append(stmts, jen.Id("m").Dot("n").Op("=").Id("n"))
		for _, v := range values {
			stmts = append(stmts, jen.Id("m").Dot(f.value(v)).Op("=").Id(f.value(v)))
		}
		stmts = append(stmts,
			jen.Id("m").Dot("forward").Call(jen.Id("n")),
			jen.Id("loss").Op(":=").Id("m").Dot("judge").Call(jen.Id("n")),
			jen.Id("m").Dot("backward").Call(jen.Id("n")),
			jen.Id("m").Dot("update").Call())
		for _, v := range values {
			stmts = append(stmts, jen.Id("m").Dot(f.value(v)).Op("=").Nil())
		}
	}
	stmts = append(stmts,
		jen.Id("m").Dot("step").Op("++"),
		jen.Id("m").Dot("stage").Op("=").Add(nnrtFunc("Ready")),
		jen.Return(jen.Id("loss"), jen.Nil()))
	f.method("Train",
		fmt.Sprintf("Train does one step on %s, 1 ≤ n ≤ %d, and returns the loss before it.", f.describe(values...), f.plan.Step.Rows),
		"It is Forward, Loss, Backward and Step in one, with the same bits.").
		Params(f.params(values...)...).Params(jen.Float32(), jen.Error()).Block(stmts...)
}

// fused returns the whole step as one function body, nil unless every operation is written out and one loop over
// the rows, followed by the updates, does it all in variables.
func (f *file) fused() []jen.Code {
	nodes := f.plan.Step.Graph.Nodes
	if len(nodes) > mostNodes {
		return nil
	}
	sums := map[*ir.Value]bool{}
	var rows, after []*ir.Node // what works row by row, and what needs the whole sums
	for _, n := range nodes {
		if batched(n) {
			rows = append(rows, n)
		} else {
			after = append(after, n)
		}
		if !n.Op.View && f.written[n] == nil {
			return nil
		}
		for _, v := range n.In {
			if sums[v] && batched(n) {
				return nil
			}
		}
		for _, v := range n.Out {
			sums[v] = !v.Type.Batch
		}
	}
	names := map[string]bool{}
	for _, list := range [][]*ir.Value{f.graph.Inputs, f.graph.Targets} {
		for _, v := range list {
			names[f.value(v)] = true
		}
	}
	return f.function(&body{program: f.plan.Step, receiver: "m", forgets: true, params: names,
		outside: func(v *ir.Value) *jen.Statement { return jen.Id(f.value(v)) }}, append(rows, after...))
}

// fourCalls writes Forward, Loss, Backward and Step.
func (f *file) fourCalls() {
	m := func(field string) *jen.Statement { return jen.Id("m").Dot(field) }
	stage := func(s string) jen.Code { return m("stage").Op("=").Add(nnrtFunc(s)) }
	expect := func(zero []jen.Code, s, call string) jen.Code {
		return checked(zero, m("stage").Dot("Expect").Call(nnrtFunc(s), jen.Lit(f.model+"."+call)))
	}
	inputs, targets, outputs := f.graph.Inputs, f.graph.Targets, f.graph.Outputs

	var zero, views []jen.Code
	var results []jen.Code
	for _, v := range outputs {
		zero = append(zero, jen.Nil())
		results = append(results, jen.Index().Float32())
		view := m(f.value(v))
		if v.Base().Role == ir.Result {
			view = m("arena").Dot(f.value(v))
		}
		views = append(views, view.Index(jen.Empty(), times(v.Type.Shape.Size(), jen.Id("n"))))
	}
	stmts := f.door(f.model+".Forward", zero, f.plan.Step.Rows, inputs...)
	stmts = append(stmts, m("n").Op("=").Id("n"))
	for _, v := range inputs {
		stmts = append(stmts, m(f.value(v)).Op("=").Id(f.value(v)))
	}
	stmts = append(stmts, m("forward").Call(jen.Id("n")), stage("Forwarded"), jen.Return(append(views, jen.Nil())...))
	f.method("Forward",
		fmt.Sprintf("Forward computes %s from %s, 1 ≤ n ≤ %d, in training mode. What it", f.describe(outputs...), f.describe(inputs...), f.plan.Step.Rows),
		"is given must not change before Backward; what it returns is valid until the next Forward or Train.").
		Params(f.params(inputs...)...).Params(append(results, jen.Error())...).Block(stmts...)

	zero = []jen.Code{jen.Lit(0)}
	stmts = []jen.Code{expect(zero, "Forwarded", "Loss")}
	for _, v := range targets {
		stmts = append(stmts, checked(zero, nnrtFunc("Length").Call(jen.Lit(f.model+".Loss"), jen.Lit(v.Port()), jen.Len(jen.Id(f.value(v))), m("n"), jen.Lit(v.Type.Shape.Size()))))
		stmts = append(stmts, f.within(f.model+".Loss", zero, v)...)
	}
	for _, v := range targets {
		stmts = append(stmts, m(f.value(v)).Op("=").Id(f.value(v)))
	}
	stmts = append(stmts, stage("Judged"), jen.Return(m("judge").Call(m("n")), jen.Nil()))
	doc := fmt.Sprintf("Loss judges what Forward returned by %s.", f.describe(targets...))
	if len(targets) == 0 {
		doc = "Loss judges what Forward returned by what it was given."
	}
	f.method("Loss", doc).
		Params(f.params(targets...)...).Params(jen.Float32(), jen.Error()).Block(stmts...)

	f.method("Backward", "Backward computes the gradient of every parameter. It replaces what was there: there is nothing to zero.").
		Params().Error().Block(expect(nil, "Judged", "Backward"), m("backward").Call(m("n")), stage("Backed"), jen.Return(jen.Nil()))

	stmts = []jen.Code{expect(nil, "Backed", "Step"), m("update").Call(), m("step").Op("++"), stage("Ready")}
	for _, list := range [][]*ir.Value{inputs, targets} {
		for _, v := range list {
			stmts = append(stmts, m(f.value(v)).Op("=").Nil())
		}
	}
	f.method("Step", "Step lets the optimiser update the parameters.").
		Params().Error().Block(append(stmts, jen.Return(jen.Nil()))...)
}

// parameters writes Params and State.
func (f *file) parameters() {
	f.method("Params", "Params lists the parameters in the order of the spec, in PyTorch's shapes.").
		Params().Index().Add(nnrtFunc("Param")).Block(jen.Return(jen.Qual("slices", "Clone").Call(jen.Id("m").Dot("list"))))
	gradOf := func(v *ir.Value) *jen.Statement { return jen.Nil() }
	var gradParam []jen.Code
	if f.plan.Step != nil {
		gradParam = []jen.Code{jen.Id("grads").Op("*").Id(f.prefix + "Arena")}
		gradOf = func(v *ir.Value) *jen.Statement {
			if g := f.graph.Grad(v); g != nil {
				return jen.Id("grads").Dot(f.value(g))
			}
			return jen.Nil()
		}
	}
	if f.plan.Step != nil {
		slots := jen.Nil()
		if len(f.graph.Slots) > 0 {
			slots = jen.Index().Add(nnrtFunc("Param")).Custom(multiline, f.paramList(f.graph.Slots, jen.Id("m").Dot("slots"), func(*ir.Value) *jen.Statement { return jen.Nil() })...)
		}
		f.method("State", "State lists what a checkpoint of training must hold.").
			Params().Add(nnrtFunc("State")).Block(jen.Return(nnrtFunc("State").Values(jen.Dict{
			jen.Id("Params"): jen.Id("m").Dot("list"),
			jen.Id("Slots"):  slots,
			jen.Id("Step"):   jen.Op("&").Id("m").Dot("step"),
		})))
	}
	f.slabType(f.prefix+"Params", "is the parameters in one slab, which the model shares with its predictors.", f.graph.Params, f.plan.Params, true)
	f.methodOf("w", f.prefix+"Params", "list", "list describes the parameters and their gradients.").
		Params(gradParam...).Index().Add(nnrtFunc("Param")).Block(
		jen.Return(jen.Index().Add(nnrtFunc("Param")).Custom(multiline, f.paramList(f.graph.Params, jen.Id("w"), gradOf)...)))
	if len(f.graph.Slots) > 0 {
		f.slabType(f.prefix+"Slots", "is the optimiser's memory in one slab.", f.graph.Slots, f.plan.Slots, false)
	}
}

// multiline puts every element of a list on its own line.
var multiline = jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}

// paramList describes parameters or slots that are fields of a struct.
func (f *file) paramList(values []*ir.Value, of *jen.Statement, grad func(*ir.Value) *jen.Statement) []jen.Code {
	var list []jen.Code
	for _, v := range values {
		args := []jen.Code{jen.Lit(v.Name), of.Clone().Dot(f.value(v)), grad(v), jen.Lit(v.Layout == ir.Transposed)}
		for _, d := range v.Type.Shape {
			args = append(args, jen.Lit(d))
		}
		list = append(list, nnrtFunc("NewParam").Call(args...))
	}
	return list
}

// files writes Save, SaveTo, Load and LoadFrom.
func (f *file) files() {
	list := jen.Id("m").Dot("list")
	f.method("Save", "Save writes the parameters to a safetensors file, whole or not at all.").
		Params(jen.Id("path").String()).Error().Block(jen.Return(nnrtFunc("Save").Call(jen.Id("path"), list)))
	f.method("SaveTo", "SaveTo writes the parameters in the format of a safetensors file.").
		Params(jen.Id("w").Qual("io", "Writer")).Error().Block(jen.Return(nnrtFunc("SaveTo").Call(jen.Id("w"), list)))
	f.method("Load", "Load sets the parameters from a safetensors file. On an error nothing has changed.").
		Params(jen.Id("path").String()).Error().Block(jen.Return(nnrtFunc("Load").Call(jen.Id("path"), list)))
	f.method("LoadFrom", "LoadFrom sets the parameters from the content of a safetensors file. On an error nothing has changed.").
		Params(jen.Id("r").Qual("io", "Reader")).Error().Block(jen.Return(nnrtFunc("LoadFrom").Call(jen.Id("r"), list)))
}
