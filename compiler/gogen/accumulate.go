package gogen

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// accumulated reports whether several batches make a step.
func (f *file) accumulated() bool { return f.graph.Recipe.Accumulate != nil }

// stepDoes is what differs in Train and Step where batches accumulate.
func (f *file) stepDoes() args {
	m := f.own("m") // in Train; nothing else of Step's has a name
	if !f.accumulated() {
		const counted = "%s.step++\n%[1]s.%s.version++"
		return args{"TrainDoes": "does one step on", "StepDoes": "lets the optimiser update the parameters",
			"Done": fmt.Sprintf(counted, m, f.predicting()), "Update": "m.update()\n" + fmt.Sprintf(counted, "m", f.predicting())}
	}
	n := f.graph.Recipe.Accumulate.Batches
	return args{"TrainDoes": fmt.Sprintf("takes a batch, one of %d that make a step, of", n),
		"StepDoes": fmt.Sprintf("makes the batch's gradients part of those of its step; with the last of %d batches the optimiser\n// updates the parameters", n),
		"Done":     m + ".take()", "Update": "m.take()"}
}

// accumulateAPI writes how batches become steps.
func (f *file) accumulateAPI(a args) {
	if !f.accumulated() {
		return
	}
	a["Batches"] = f.graph.Recipe.Accumulate.Batches
	a["MadeFlush"], a["FlushSchedule"] = f.made("Flush", ""), f.scheduleDoor("Flush", "")
	f.text(`
// Flush does the step that the batches since the last one make, if there are any, as at the end of an epoch. A batch between
// Forward and Step is forgotten.
func (m *$Model) Flush() error {
	$MadeFlush
	$FlushSchedule
	m.stage = nnrt.Ready
	if m.batches > 0 {
		m.flush()
	}
	return nil
}

// take counts a batch, and does the step if it is the last one of it.
func (m *$Model) take() {
	m.gather()
	m.batches++
	m.rows += uint64(m.n)
	m.$Predicting.version++
	if m.batches == $Batches {
		m.flush()
	}
}

// flush does the step.
func (m *$Model) flush() {
	m.update()
	m.step++
	m.batches, m.rows = 0, 0
	m.$Predicting.version++
}
`, a)
}

// listsOfSlots reports whether a kernel takes a list of the optimiser's memory.
func (f *file) listsOfSlots() bool {
	steps := f.plan.Program(plan.Steps)
	return steps != nil && slices.ContainsFunc(steps.Graph.Nodes, func(n *ir.Node) bool {
		return n.Op.Emit != nil && slices.ContainsFunc(n.Op.Emit(n).List, func(v *ir.Value) bool { return v.Home().Role == ir.Slot })
	})
}
