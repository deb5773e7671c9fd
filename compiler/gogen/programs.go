package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
)

// mostNodes is how many operations one function holds. The Go compiler's cost grows faster than a function's
// size, so that a long phase is split.
const mostNodes = 96

// stepProgram writes the four phases of a training step as methods, and the arena that they share.
func (f *file) stepProgram() {
	byPhase := map[ir.Phase][]*ir.Node{}
	for _, n := range f.plan.Step.Graph.Nodes {
		byPhase[n.Phase] = append(byPhase[n.Phase], n)
	}
	names := func(values []*ir.Value) string {
		text := ""
		for i, v := range values {
			if i > 0 {
				text += ", "
			}
			text += v.Name
		}
		return text
	}
	f.phase("forward", fmt.Sprintf("runs %s from %s to %s.", f.graph.File, names(f.graph.Inputs), names(f.graph.Outputs)), byPhase[ir.Forward], true)
	f.phase("judge", "computes the loss.", byPhase[ir.Loss], true)
	f.phase("backward", "runs it in reverse, from ∂loss to the parameters.", byPhase[ir.Backward], true)
	f.phase("update", "applies the optimiser's rule to every parameter.", byPhase[ir.Update], false)
	f.arenaType(f.prefix+"Arena", "is the memory of a step: values whose lives do not overlap share it.", f.plan.Step)
}

// phase writes the nodes of one phase of a step as a method.
func (f *file) phase(name, doc string, nodes []*ir.Node, rows bool) {
	var params, args []jen.Code
	if rows {
		params, args = []jen.Code{jen.Id("n").Int()}, []jen.Code{jen.Id("n")}
	}
	f.inParts(jen.Id("m"), name, doc, nodes, args, func(name, doc string, nodes []*ir.Node) {
		b := &body{program: f.plan.Step, receiver: "m",
			outside: func(v *ir.Value) *jen.Statement { return jen.Id("m").Dot(f.value(v)) }}
		stmts := f.function(b, nodes)
		method := f.method(name, doc).Params(params...)
		if nodes[len(nodes)-1].Phase == ir.Loss {
			method = method.Float32()
			stmts = append(stmts, jen.Return(jen.Id("loss")))
		}
		method.Block(stmts...)
	}, func(doc string, calls []jen.Code) { f.method(name, doc).Params(params...).Block(calls...) })
}

// inParts writes nodes as one method by write, or where they are too many for one, as several, after a method by
// whole that calls them on the receiver in turn, with args.
func (f *file) inParts(receiver *jen.Statement, name, doc string, nodes []*ir.Node, args []jen.Code,
	write func(name, doc string, nodes []*ir.Node), whole func(doc string, calls []jen.Code)) {
	if len(nodes) <= mostNodes || nodes[0].Phase == ir.Loss { // the losses are summed by the function that has them
		write(name, name+" "+doc, nodes)
		return
	}
	var calls []jen.Code
	for i := range (len(nodes) + mostNodes - 1) / mostNodes {
		calls = append(calls, receiver.Clone().Dot(fmt.Sprintf("%s%d", name, i+1)).Call(args...))
	}
	whole(name+" "+doc, calls)
	for i := range calls {
		part := nodes[i*mostNodes : min((i+1)*mostNodes, len(nodes))]
		partName := fmt.Sprintf("%s%d", name, i+1)
		write(partName, fmt.Sprintf("%s is %s for %s to %s.", partName, name, part[0].Layer, part[len(part)-1].Layer), part)
	}
}

// predictor writes the type that predicts with its own memory and shared parameters.
func (f *file) predictor() {
	typ := f.model + "Predictor"
	program := f.plan.Predict
	fields := []jen.Code{jen.Id("params").Op("*").Id(f.prefix + "Params")}
	values := jen.Dict{jen.Id("params"): jen.Id("w")}
	if len(program.Places) > 0 {
		fields = append(fields, jen.Id("arena").Id(f.prefix+"PredictorArena"))
		values[jen.Id("arena")] = jen.Id("new" + f.model + "PredictorArena").Call()
	}
	fields = append(fields, jen.Id("pool").Op("*").Add(kernelFunc("Pool")))
	f.Line()
	f.Commentf("// %s predicts with the parameters of its model and memory of its own: predictors of one model may run", typ)
	f.Comment("// beside each other, though not beside a call that changes the parameters.")
	f.Type().Id(typ).Struct(fields...)
	f.Line()
	f.Func().Id("new" + typ).Params(jen.Id("w").Op("*").Id(f.prefix + "Params")).Op("*").Id(typ).Block(
		jen.Return(jen.Op("&").Id(typ).Values(values)))
	f.method("Predictor", "Predictor returns a predictor that shares the model's parameters.").
		Params().Op("*").Id(typ).Block(jen.Return(jen.Id("new" + typ).Call(jen.Id("m").Dot("params"))))

	f.methodOf("p", typ, "Predictor", "Predictor returns another predictor that shares the parameters, for another goroutine.").
		Params().Op("*").Id(typ).Block(jen.Return(jen.Id("new" + typ).Call(jen.Id("p").Dot("params"))))

	var grads []jen.Code
	if f.plan.Step != nil {
		grads = []jen.Code{jen.Op("&").Id(f.prefix + "Arena").Values()}
	}
	f.Line()
	f.Commentf("// Load%s returns a predictor with the parameters of a safetensors file, without the memory of training.", typ)
	f.Func().Id("Load"+typ).Params(jen.Id("path").String()).Params(jen.Op("*").Id(typ), jen.Error()).Block(
		jen.Id("w").Op(":=").Id("new"+f.model+"Params").Call(),
		checked([]jen.Code{jen.Nil()}, nnrtFunc("Load").Call(jen.Id("path"), jen.Id("w").Dot("list").Call(grads...))),
		jen.Return(jen.Id("new"+typ).Call(jen.Id("w")), jen.Nil()))
}

// copies fills the outputs of a prediction that no operation writes: those that are inputs, and those that are
// the memory of an output before them.
func (f *file) copies(names []string, outputs []*ir.Value) []jen.Code {
	var stmts []jen.Code
	for i, v := range outputs {
		first := slices.IndexFunc(outputs, func(w *ir.Value) bool { return w.Base() == v.Base() })
		switch {
		case v.Base().Role != ir.Result:
			stmts = append(stmts, jen.Copy(jen.Id(names[i]), jen.Id(f.value(v))))
		case first < i:
			stmts = append(stmts, jen.Copy(jen.Id(names[i]), jen.Id(names[first])))
		}
	}
	return stmts
}

// predictProgram writes the predictor's methods.
func (f *file) predictProgram() {
	typ, program := f.model+"Predictor", f.plan.Predict
	inputs, outputs := f.predict.Inputs, f.predict.Outputs
	names := f.outputs
	stmts := f.door(f.model+".Predict", nil, 0, inputs...)
	for i, v := range outputs {
		stmts = append(stmts, checked(nil, nnrtFunc("Length").Call(jen.Lit(f.model+".Predict"), jen.Lit(names[i]), jen.Len(jen.Id(names[i])), jen.Id("n"), jen.Lit(v.Type.Shape.Size()))))
	}
	part := func(name string, size int) jen.Code {
		end := jen.Id("r").Op("+").Id("k")
		if size > 1 {
			end = jen.Parens(end)
		}
		return jen.Id(name).Index(times(size, jen.Id("r")), times(size, end))
	}
	var args []jen.Code
	for _, v := range inputs {
		args = append(args, part(f.value(v), v.Type.Shape.Size()))
	}
	for i, v := range outputs {
		args = append(args, part(names[i], v.Type.Shape.Size()))
	}
	stmts = append(stmts,
		jen.For(jen.Id("r").Op(":=").Lit(0), jen.Id("r").Op("<").Id("n"), jen.Id("r").Op("+=").Lit(program.Rows)).Block(
			jen.Id("k").Op(":=").Min(jen.Lit(program.Rows), jen.Id("n").Op("-").Id("r")),
			jen.Id("p").Dot("forward").Call(append(args, jen.Id("k"))...)),
		jen.Return(jen.Nil()))
	f.methodOf("p", typ, "Predict", fmt.Sprintf("Predict fills %s from %s, for any number of rows n.", described(names, outputs), f.describe(inputs...))).
		Params(f.predictSignature()...).Error().Block(stmts...)
	if of, calls := f.probabilities(); calls != nil {
		stmts := []jen.Code{checked(nil, jen.Id("p").Dot("Predict").Call(f.predictArgs()...))}
		f.methodOf("p", typ, "PredictProb", fmt.Sprintf("PredictProb is Predict with %s as probabilities.", strings.Join(of, ", "))).
			Params(f.predictSignature()...).Error().Block(append(append(stmts, calls...), jen.Return(jen.Nil()))...)
	}

	taken := map[string]bool{}
	for _, v := range inputs {
		taken[f.value(v)] = true
	}
	for _, name := range names {
		taken[name] = true
	}
	b := &body{program: program, receiver: "p", forgets: false, params: taken}
	b.outside = func(v *ir.Value) *jen.Statement {
		for i, out := range outputs {
			if out.Base() == v && v.Role == ir.Result {
				return jen.Id(names[i])
			}
		}
		return jen.Id(f.value(v))
	}
	params := append(f.predictSignature(), jen.Id("n").Int())
	write := func(name, doc string, nodes []*ir.Node) {
		part := *b
		stmts := f.function(&part, nodes)
		if len(nodes) == 0 || nodes[len(nodes)-1] == program.Graph.Nodes[len(program.Graph.Nodes)-1] {
			stmts = append(stmts, f.copies(names, outputs)...)
		}
		f.methodOf("p", typ, name, doc).Params(params...).Block(stmts...)
	}
	f.inParts(jen.Id("p"), "forward", fmt.Sprintf("runs %s for up to %d rows.", f.graph.File, program.Rows), program.Graph.Nodes,
		append(f.predictArgs(), jen.Id("n")), write,
		func(doc string, calls []jen.Code) {
			f.methodOf("p", typ, "forward", doc).Params(params...).Block(calls...)
		})
	if len(program.Places) > 0 {
		f.arenaType(f.prefix+"PredictorArena", "is the memory of a prediction: values whose lives do not overlap share it.", program)
	}
}
