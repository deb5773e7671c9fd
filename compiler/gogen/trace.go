package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// The program behind `nnc train` can compute a step again, operation by operation, and look at what each makes before the
// next may take its memory: so it finds the first value that is not finite. A model that is built for other code has
// nothing of it.

// tracePrograms writes the phases of a step that is looked at. Layers are computed as the step computes them, but what
// would stay in variables goes to memory.
func (f *file) tracePrograms() []*jen.Statement {
	steps := f.plan.Program(plan.Steps)
	if steps == nil {
		return nil
	}
	var methods []*jen.Statement
	for _, phase := range []struct {
		of            ir.Phase
		name, doc     string
		result, after string
	}{
		{ir.Forward, "traceForward", "is forward, and shows what each operation makes.", "", ""},
		{ir.Loss, "traceLoss", "is loss, likewise.", "float32", "return " + f.field(f.graph.Loss)},
		{ir.Backward, "traceBackward", "is backward, likewise.", "", ""},
	} {
		fn := f.stepFunction(steps)
		fn.name, fn.doc, fn.result, fn.epilogue, fn.traced = phase.name, phase.doc, phase.result, phase.after, true
		fn.signature, fn.arguments = "t *nnrt.Trace, n int", "t, n"
		nodes := slices.DeleteFunc(slices.Clone(steps.Graph.Nodes), func(n *ir.Node) bool { return n.Phase != phase.of })
		methods = append(methods, f.method(fn, nodes)...)
	}
	return methods
}

// see shows what a node has made: what is in memory, and numbers. What a fused node leaves in no memory is told with
// the next that is.
func (b *body) see(n *ir.Node) {
	values, makers, at := "", "", ""
	for _, one := range n.Unfused() {
		if at == "" {
			at = fmt.Sprintf("%s:%d:%d", b.graph.File, one.Pos.Line, one.Pos.Col)
		}
		makers += one.Op.Name
		for _, v := range one.Out {
			if v.Type.Kind != ir.F32 {
				continue
			}
			numbers, size := b.seen(n, v)
			if numbers == "" {
				if n.Op.Fused != nil {
					values += v.Name + " → "
				}
				continue
			}
			b.stmts = append(b.stmts, raw(fmt.Sprintf("t.See(%q, %q, %q, %d, %s)", oneLine(values+v.Name), makers, oneLine(at), size, numbers)))
			values, makers, at = "", "", ""
		}
		if makers != "" {
			makers += " → "
		}
	}
}

// seen is what shows a result of a node, and how many numbers a row of it has, 0 without rows; "" where nothing can.
func (b *body) seen(n *ir.Node, v *ir.Value) (numbers string, size int) {
	k := slices.Index(n.Out, v)
	switch {
	case v.Scalar():
		if name := b.scalar(v); name != "_" {
			return name, 0
		}
		return "", 0
	case n.Op.View:
		return "", 0
	case n.Overwrites(k) != nil:
		return b.memory(v) + "...", 0
	}
	if _, placed := b.program.Places[v]; !placed && !b.program.Outside[v] {
		return "", 0
	}
	if w := b.written(n); w != nil && w[k].Sum == ir.NoSum && n.Batched() && !b.readLater(v, map[*ir.Node]bool{n: true}) {
		return "", 0 // nobody reads it, so it is not written
	}
	if !v.Type.Batch {
		return b.memory(v) + "...", 0
	}
	size = v.Type.Shape.Size()
	return fmt.Sprintf("%s[:%s]...", b.memory(v), times(size, b.name("n"))), size
}

// traceAPI writes the method that looks at a whole step.
func (f *file) traceAPI() {
	if f.plan.Program(plan.Steps) == nil {
		return
	}
	var lines []string
	see := func(what string, values []*ir.Value) {
		for _, v := range values {
			if v.Type.Kind == ir.F32 {
				lines = append(lines, fmt.Sprintf("t.See(%q, \"\", \"\", %d, m.given.%s...)", what+oneLine(v.Port()), v.Type.Shape.Size(), f.field(v)))
			}
		}
	}
	see("the input ", f.graph.Inputs)
	see("the target ", slices.DeleteFunc(slices.Clone(f.graph.Targets), func(v *ir.Value) bool { return v == f.graph.Weights() }))
	f.text(`
// trace computes the step at hand again as far as Backward, after a Loss that is not finite or a Backward with such a
// gradient, and returns the first value that is not finite; nil if there is none.
func (m *$Model) trace() *nnrt.NotFinite {
	t, n := &nnrt.Trace{}, m.n
	$Given
	t.SeeParams(m.list)
	m.traceForward(t, n)
	m.traceLoss(t, n)
	m.traceBackward(t, n)
	return t.First()
}
`, args{"Model": f.model, "Given": strings.Join(lines, "\n")})
}
