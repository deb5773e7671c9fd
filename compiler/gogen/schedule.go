package gogen

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// scheduleAPI writes the methods by which a schedule of the learning rate is told what it needs to know.
func (f *file) scheduleAPI(a args) {
	if f.scheduled(ir.TotalSteps) {
		f.text(`
// SetTotalSteps says how many steps the whole training will take, which the schedule needs to know before the first.
func (m *$Model) SetTotalSteps(n uint64) { m.total = n }
`, a)
	}
	if f.scheduled(ir.EpochSteps) {
		f.text(`
// SetEpochSteps says how many steps an epoch takes, which the schedule needs to know before the first.
func (m *$Model) SetEpochSteps(n uint64) { m.perEpoch = n }
`, a)
	}
	if p := f.plateau(); p != nil {
		a["Factor"], a["Threshold"], a["Least"] = numeral(p.Factor), numeral(p.Threshold), numeral(p.Min)
		a["Patience"], a["Cooldown"] = p.Patience, p.Cooldown
		f.text(`
// EpochDone tells the schedule the loss of an epoch, best that of rows which do not train. After more than $Patience epochs
// in a row that were not better than the best by $Threshold of it, the learning rate is multiplied by $Factor, but not below
// $Least; then $Cooldown epochs do not count.
func (m *$Model) EpochDone(loss float64) {
	m.rate = m.plateau.Next(m.rate, loss, $Factor, $Patience, $Threshold, $Cooldown, $Least)
}
`, a)
	}
}

// scheduleDoor returns from a call that does a step, if its schedule has not been told what it needs to know.
func (f *file) scheduleDoor(call, zero string) string {
	call = f.model + "." + call
	switch {
	case f.scheduled(ir.EpochSteps):
		return f.checked(zero, fmt.Sprintf("nnrt.NeedEpoch(%q, %s.perEpoch)", call, f.own("m")))
	case !f.scheduled(ir.TotalSteps):
		return ""
	}
	text := f.checked(zero, fmt.Sprintf("nnrt.NeedTotal(%q, %s.total)", call, f.own("m")))
	if warmup := f.graph.Recipe.Schedule.Warmup(); warmup > 0 {
		text += "\n" + f.checked(zero, fmt.Sprintf("nnrt.BeyondWarmup(%q, %s.total, %d)", call, f.own("m"), warmup))
	}
	return text
}
