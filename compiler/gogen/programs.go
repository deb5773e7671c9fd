package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// mostNodes is how many operations one function holds. The Go compiler's cost grows faster than a function's
// size, so that a long phase is split.
const mostNodes = 96

// function is a method to be written that runs some nodes of a program.
type function struct {
	receiver, typ string // m of House
	name, doc     string
	program       *plan.Program
	structs       [4]string // how the structs are reached, and the ends of their types' names
	types         [4]string
	outside       func(v *ir.Value) string
	signature     string          // of its parameters
	arguments     string          // with which a method calls its parts
	params        map[string]bool // the names among them that are the model's
	result        string          // the type of what it returns
	epilogue      string          // its last statements
	traced        bool            // it shows t what each node makes
}

// programs writes the methods that run the model's programs.
func (f *file) programs() []*jen.Statement {
	var methods []*jen.Statement
	if steps := f.plan.Program(plan.Steps); steps != nil {
		methods = append(methods, f.stepPrograms(steps, f.plan.Program(plan.Train))...)
	}
	return slices.Concat(methods, f.predictPrograms(), f.nextPrograms())
}

// stepPrograms writes the phases of a training step. The forward pass and the loss are the same for Train and the four
// calls.
func (f *file) stepPrograms(steps, train *plan.Program) []*jen.Statement {
	g := f.graph
	base := f.stepFunction(steps)
	phase := func(p *plan.Program, phases ...ir.Phase) []*ir.Node {
		return slices.DeleteFunc(slices.Clone(p.Graph.Nodes), func(n *ir.Node) bool { return !slices.Contains(phases, n.Phase) })
	}
	var methods []*jen.Statement
	write := func(name, doc string, nodes []*ir.Node, change func(*function)) {
		fn := base
		fn.name, fn.doc = name, doc
		if change != nil {
			change(&fn)
		}
		methods = append(methods, f.method(fn, nodes)...)
	}
	write("forward", fmt.Sprintf("runs %s from %s to %s.", g.File, names(g.Inputs), names(g.Outputs)), phase(steps, ir.Forward), nil)
	write("loss", "computes the loss.", phase(steps, ir.Loss), func(fn *function) {
		fn.result, fn.epilogue = "float32", "return "+f.field(g.Loss)
	})
	write("backward", "runs it in reverse, from ∂loss to the parameters.", phase(steps, ir.Backward), nil)
	if f.accumulated() {
		write("gather", "makes the gradients of a batch part of those of its step, the means over its rows.", phase(steps, ir.Gather), func(fn *function) {
			fn.signature, fn.arguments = "", ""
		})
	}
	write("update", "applies the optimiser's rule to every parameter.", phase(steps, ir.Prelude, ir.Update), func(fn *function) {
		fn.signature, fn.arguments = "", ""
	})
	if f.interleaved() && f.fusedStep() == nil {
		write("backwardUpdate", "runs it in reverse like backward, and updates each parameter as soon as its gradient is there.",
			phase(train, ir.Backward, ir.Prelude, ir.Update), func(fn *function) {
				fn.program, fn.structs[inGrads] = train, "&m.trainGrads"
			})
	}
	return methods
}

// stepFunction is a method that runs a part of the four calls.
func (f *file) stepFunction(steps *plan.Program) function {
	return function{receiver: "m", typ: f.model, program: steps, signature: "n int", arguments: "n",
		structs: [4]string{"m.params", "&m.slots", "&m.acts", "&m.grads"}, types: [4]string{"Params", "Slots", "Acts", "Grads"},
		outside: func(v *ir.Value) string { return "m.given." + f.field(v) }}
}

// interleaved reports whether Train updates parameters while it runs backwards.
func (f *file) interleaved() bool {
	train, steps := f.plan.Program(plan.Train), f.plan.Program(plan.Steps)
	return train != nil && !slices.Equal(train.Graph.Nodes, steps.Graph.Nodes)
}

// predictPrograms writes the methods of a predictor.
func (f *file) predictPrograms() []*jen.Statement {
	predict := f.plan.Program(plan.Predict)
	inputs, outputs := f.predict.Inputs, f.predict.Outputs
	base := function{receiver: "p", typ: f.model + "Predictor", program: predict, params: f.interfaces,
		structs: [4]string{inParams: f.own("p") + ".params", inActs: "&" + f.own("p") + ".acts"},
		types:   [4]string{inParams: "Params", inActs: "PredictorActs"}}
	base.outside = func(v *ir.Value) string {
		for i, out := range outputs {
			if v.Role == ir.Result && out.Home() == v {
				return f.outputs[i]
			}
		}
		return f.field(v)
	}
	base.signature = signature(append(typed(f, inputs), typedOutputs(f.outputs)...), typedName{f.own("n"), "int"})
	base.arguments = strings.Join(append(append(f.ids(inputs), f.outputs...), f.own("n")), ", ")
	forward := base
	forward.name = "forward"
	forward.doc = fmt.Sprintf("runs %s for up to %d rows.", f.predict.File, predict.Rows)
	forward.epilogue = f.copies(outputs)
	methods := f.method(forward, predict.Graph.Nodes)

	evaluate := f.plan.Program(plan.Evaluate)
	if evaluate == nil {
		return methods
	}
	losses := base
	losses.program, losses.name, losses.doc = evaluate, "losses", "adds the losses of the outputs on n rows to losses."
	of := map[*ir.Value]string{} // inputs of the evaluation: inputs of the model and outputs
	var params []typedName
	for _, v := range evaluate.Graph.Inputs {
		name := ""
		for i, out := range f.graph.Outputs { // in prediction an output may be another value, without a dropout
			if out.Name == v.Name {
				name = f.evaluated[i]
			}
		}
		if name == "" {
			name = f.field(f.graph.Inputs[slices.IndexFunc(f.graph.Inputs, func(x *ir.Value) bool { return x.Name == v.Name })])
		}
		of[v] = name
		f.fields[v] = name
		params = append(params, typedName{name, goType(v)})
	}
	for _, v := range evaluate.Graph.Targets {
		params = append(params, typedName{f.field(v), goType(v)})
	}
	losses.outside = func(v *ir.Value) string {
		if name := of[v]; name != "" {
			return name
		}
		return f.field(v)
	}
	losses.signature = signature(params, typedName{f.own("losses"), "[]nnrt.Mean"}, typedName{f.own("n"), "int"})
	var sums []string
	for i, j := range evaluate.Graph.Recipe.Losses {
		for k, m := range j.Means {
			sums = append(sums, fmt.Sprintf("%s[%d].AddPart(%d, %s, %s)", f.own("losses"), i, k, f.field(m.Value), f.field(m.Count)))
		}
		if j.Means != nil {
			continue
		}
		count := "float32(" + times(j.Output.Type.Shape.Size(), f.own("n")) + ")"
		if j.Count != nil {
			count = f.field(j.Count)
		}
		sums = append(sums, fmt.Sprintf("%s[%d].Add(%s, %s)", f.own("losses"), i, f.field(j.Loss), count))
	}
	losses.epilogue = strings.Join(sums, "\n")
	return append(methods, f.method(losses, evaluate.Graph.Nodes)...)
}

// copies fills the outputs of a prediction that no operation writes: those that are inputs, and those that are
// the memory of an output before them.
func (f *file) copies(outputs []*ir.Value) string {
	var lines []string
	for i, v := range outputs {
		first := slices.IndexFunc(outputs, func(w *ir.Value) bool { return w.Home() == v.Home() })
		switch {
		case v.Home().Role != ir.Result:
			lines = append(lines, fmt.Sprintf("copy(%s, %s)", f.outputs[i], f.field(v)))
		case first < i:
			lines = append(lines, fmt.Sprintf("copy(%s, %s)", f.outputs[i], f.outputs[first]))
		}
	}
	return strings.Join(lines, "\n")
}

// names lists the names of values.
func names(values []*ir.Value) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = v.Name
	}
	return strings.Join(list, ", ")
}

// item is one operation of a function, or the calls of a function that computes rounds.
type item struct {
	node  *ir.Node
	calls []*segment
	name  string // of the rounds' function
}

// method writes nodes as one method, or where they are too many, as several that it calls in turn. Rounds that are
// alike are calls of one function, which is written behind.
func (f *file) method(fn function, nodes []*ir.Node) []*jen.Statement {
	var items []item
	var behind []*jen.Statement
	groups := rolled(f.segments(fn, nodes))
	if fn.traced {
		groups = [][]*segment{{{nodes: nodes}}}
	}
	for _, group := range groups {
		if len(group) == 1 {
			for _, n := range group[0].nodes {
				items = append(items, item{node: n})
			}
			continue
		}
		name := f.methodsOf(fn.typ).fresh(group[0].repetition.ident + upper(fn.name))
		behind = append(behind, f.roundFunction(fn, name, group))
		items = append(items, item{calls: group, name: name})
	}
	if len(items) <= mostNodes || fn.result != "" { // the losses are summed by the function that has them
		return append([]*jen.Statement{f.plain(fn, items)}, behind...)
	}
	var calls []string
	parts := []*jen.Statement{}
	for i := range (len(items) + mostNodes - 1) / mostNodes {
		part := fn
		part.name = fmt.Sprintf("%s%d", fn.name, i+1)
		here := items[i*mostNodes : min((i+1)*mostNodes, len(items))]
		part.doc = fmt.Sprintf("is %s from %s to %s.", fn.name, here[0].layer(), here[len(here)-1].layer())
		if i*mostNodes+mostNodes < len(items) {
			part.epilogue = ""
		}
		calls = append(calls, fmt.Sprintf("%s.%s(%s)", f.receiver(fn), part.name, fn.arguments))
		parts = append(parts, f.plain(part, here))
	}
	whole := fn
	whole.epilogue = strings.Join(calls, "\n")
	return append(append([]*jen.Statement{f.plain(whole, nil)}, parts...), behind...)
}

// methodsOf gives out the names of a type's methods.
func (f *file) methodsOf(typ string) *namer {
	if f.methods[typ] == nil {
		f.methods[typ] = newNamer()
	}
	return f.methods[typ]
}

// layer is the layer that an item serves.
func (i item) layer() string {
	if i.calls != nil {
		return i.calls[0].nodes[0].Layer
	}
	return i.node.Layer
}

// receiver is the name of a function's receiver.
func (f *file) receiver(fn function) string {
	return (&body{params: fn.params}).name(fn.receiver)
}

// plain writes items as the statements of one method.
func (f *file) plain(fn function, items []item) *jen.Statement {
	b := &body{file: f, program: fn.program, receiver: fn.receiver, structs: fn.structs, types: fn.types, outside: fn.outside, params: fn.params}
	var all, run []*ir.Node
	for _, i := range items {
		if i.node != nil {
			all = append(all, i.node)
		}
	}
	b.start(all)
	if fn.traced {
		b.locals.taken["t"] = true
	}
	for _, i := range items {
		if fn.traced {
			b.write([]*ir.Node{i.node})
			b.see(i.node)
			continue
		}
		if i.node != nil {
			run = append(run, i.node)
			continue
		}
		b.write(run)
		run = nil
		b.stmts = append(b.stmts, raw(b.roundCalls(fn, i)))
	}
	b.write(run)
	stmts := append(b.prologue(), b.stmts...)
	if fn.epilogue != "" {
		stmts = append(stmts, raw(fn.epilogue))
	}
	head := fmt.Sprintf("// %s %s\nfunc (%s *%s) %s(%s) %s", fn.name, oneLine(fn.doc), b.name(fn.receiver), fn.typ, fn.name, fn.signature, fn.result)
	return raw(head).Block(stmts...)
}
