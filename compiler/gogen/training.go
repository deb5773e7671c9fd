package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// trainingAPI writes the methods of a model that is trained.
func (f *file) trainingAPI(a args, inputs, targets, all []*ir.Value) {
	rows := f.plan.Program(plan.Steps).Rows
	var results, nils, views, ports []string
	for i, v := range f.graph.Outputs {
		ports = append(ports, identifier(f.port(i)))
		results, nils = append(results, "[]float32"), append(nils, "nil")
		home := v.Home()
		view := f.own("m") + ".given." + f.field(home)
		if home.Role == ir.Result {
			view = f.own("m") + ".acts." + f.path(home)
			f.use("Acts", home)
		}
		views = append(views, fmt.Sprintf("%s[:%s]", view, times(v.Type.Shape.Size(), f.own("n"))))
	}
	zero := strings.Join(nils, ", ") + ", "
	var lossChecks []string
	for _, v := range targets {
		lossChecks = append(lossChecks, f.length(f.model+".Loss", "0, ", v.Port(), f.field(v), f.own("m")+".n", v))
		lossChecks = append(lossChecks, f.within(f.model+".Loss", "0, ", v)...)
		lossChecks = append(lossChecks, f.unmasked(f.model+".Loss", "0, ", v, func(mask *ir.Value) string {
			return fmt.Sprintf("%s.given.%s", f.own("m"), f.field(mask))
		})...)
	}
	told := "" // what the schedule is told
	if f.scheduled(ir.TotalSteps) {
		told = ", Total: &m.total"
	}
	if f.scheduled(ir.EpochSteps) {
		told = ", EpochSteps: &m.perEpoch"
	}
	if f.plateau() != nil {
		told = ", Plateau: &m.plateau"
	}
	moves := ""
	if len(f.graph.States) > 0 {
		moves = " Running statistics move."
	}
	judged := "what it was given"
	if len(targets) > 0 {
		judged = f.describe(targets...)
	}
	params := "m.list"
	if f.averaged() { // to set one, as from a checkpoint, leaves its average alone, which is a slot
		params = "m.params.list(&m.grads)"
	}
	if f.accumulated() {
		told += ", Batches: &m.batches, Rows: &m.rows"
	}
	for name, value := range f.stepDoes() {
		a[name] = value
	}
	slots := "nil"
	if len(f.graph.Slots) > 0 {
		slots = "m.slots.list()"
	}
	for name, value := range map[string]any{
		"Rows": rows, "TrainParams": signature(typed(f, all)), "InputParams": signature(typed(f, inputs)), "TargetParams": signature(typed(f, targets)),
		"TrainDoor": f.door(f.model+".Train", "0, ", rows, all...), "ForwardDoor": f.door(f.model+".Forward", zero, rows, inputs...),
		"TrainSchedule": f.scheduleDoor("Train", "0, "),
		"MadeTrain":     f.made("Train", "0, "), "MadeForward": f.made("Forward", zero), "MadeLoss": f.made("Loss", "0, "),
		"StepBody":   f.trainBody(all),
		"Results":    strings.Join(append(results, "error"), ", "),
		"Views":      strings.Join(append(views, "nil"), ", "),
		"TakeInputs": f.assign(inputs, false), "TakeTargets": f.assign(targets, false),
		"Told": told, "StateParams": params, "Moves": moves, "LossChecks": strings.Join(lossChecks, "\n"), "Judged": judged, "Slots": slots,
		"ForwardOutputs": described(ports, f.graph.Outputs),
		"EvaluateParams": signature(append(typed(f, all), typedOutputs(f.evaluated)...), typedName{f.own("losses"), "[]nnrt.Mean"}),
		"EvaluateArgs":   strings.Join(append(append(f.ids(all), f.evaluated...), f.own("losses")), ", "),
		"Evaluated":      described(f.evaluated, f.predict.Outputs),
		"Losses":         f.lossNames(),
	} {
		a[name] = value
	}
	f.interfaceText(`
// Train $TrainDoes $All, 1 ≤ n ≤ $Rows, and returns the loss before it.
// It is Forward, Loss, Backward and Step in one, with the same bits.
func (m *$Model) Train($TrainParams) (float32, error) {
	$MadeTrain
	$TrainDoor
	$TrainSchedule
	$StepBody
	$Done
	m.stage = nnrt.Ready
	return loss, nil
}

// Forward computes $ForwardOutputs from $Inputs, 1 ≤ n ≤ $Rows, in training mode.$Moves What it
// is given must not change before Backward; what it returns is valid until the next Forward or Train.
func (m *$Model) Forward($InputParams) ($Results) {
	$MadeForward
	$ForwardDoor
	m.n = n
	$TakeInputs
	m.forward(n)
	m.stage = nnrt.ForwardDone
	return $Views
}

// Loss compares what Forward returned with $Judged.
func (m *$Model) Loss($TargetParams) (float32, error) {
	$MadeLoss
	if err := m.stage.Expect(nnrt.ForwardDone, "$Model.Loss"); err != nil {
		return 0, err
	}
	$LossChecks
	$TakeTargets
	m.stage = nnrt.LossDone
	return m.loss(m.n), nil
}
`, a)
	interfaces := f.interfaces
	f.interfaces = nil // Backward and Step take nothing
	a["MadeBackward"], a["MadeStep"] = f.made("Backward", ""), f.made("Step", "")
	a["Forget"], a["StepSchedule"] = f.assign(all, true), f.scheduleDoor("Step", "")
	f.interfaces = interfaces
	f.text(`
// Backward computes the gradient of every parameter. It replaces what was there: there is nothing to zero.
func (m *$Model) Backward() error {
	$MadeBackward
	if err := m.stage.Expect(nnrt.LossDone, "$Model.Backward"); err != nil {
		return err
	}
	m.backward(m.n)
	m.stage = nnrt.BackwardDone
	return nil
}

// Step $StepDoes.
func (m *$Model) Step() error {
	$MadeStep
	if err := m.stage.Expect(nnrt.BackwardDone, "$Model.Step"); err != nil {
		return err
	}
	$StepSchedule
	$Update
	m.stage = nnrt.Ready
	$Forget
	return nil
}

// Steps returns the number of steps done.
func (m *$Model) Steps() uint64 { return m.step }

// SetLR changes the learning rate from the next step on; a schedule goes on from the new one. It must be a finite number
// of at least 0.
func (m *$Model) SetLR(lr float64) error {
	if err := nnrt.LearningRate("$Model.SetLR", lr); err != nil {
		return err
	}
	m.rate = lr
	return nil
}
`, a)
	f.accumulateAPI(a)
	f.scheduleAPI(a)
	a["Rate"] = numeral(f.graph.Recipe.Optimiser.Rate)
	f.text(`
// Reset makes the model what New$Model with this seed returns: parameters, optimiser, running statistics, learning
// rate, steps and metadata begin anew. Its predictors predict with the new parameters.
func (m *$Model) Reset(seed uint64) {
	if m.params == nil {
		return
	}
	m.$Predicting.version++
	m.State().Clear()
	m.rate, m.stage, m.metadata = $Rate, nnrt.Ready, nil
	m.start(seed)
}

// State lists what a checkpoint of training must hold, nothing of a model that New$Model has not made.
func (m *$Model) State() nnrt.State {
	if m.params == nil {
		return nnrt.State{}
	}
	return nnrt.State{Params: $StateParams, Slots: $Slots, Buffers: $Buffers, Step: &m.step, Rate: &m.rate$Told}
}
`, a)
	f.interfaceText(`
// Evaluate fills $Evaluated as Predict does and adds each loss over the rows to losses: $Losses.
func (m *$Model) Evaluate($EvaluateParams) error {
	$MadeEvaluate
	return m.predictor.Evaluate($EvaluateArgs)
}
`, a)
}

// lossNames lists the losses for a comment.
func (f *file) lossNames() string {
	var list []string
	for i, j := range f.graph.Recipe.Losses {
		of := slices.Index(f.graph.Outputs, j.Output)
		list = append(list, fmt.Sprintf("%d is %s of %s", i, j.Name, f.evaluated[max(of, 0)]))
	}
	return strings.Join(list, ", ")
}

// trainBody returns the statements of a whole step: everything in one loop where every operation is written out, else
// the model's methods in turn. They leave the loss in a variable.
func (f *file) trainBody(all []*ir.Value) string {
	if fused := f.fusedStep(); fused != nil {
		return f.fusedText(fused)
	}
	m, n := f.own("m"), f.own("n")
	back := fmt.Sprintf("%s.backward(%s)\n%[1]s.update()", m, n)
	if f.accumulated() {
		back = fmt.Sprintf("%s.backward(%s)", m, n)
	}
	if f.interleaved() {
		back = fmt.Sprintf("%s.backwardUpdate(%s)", m, n)
	}
	return strings.Join([]string{
		fmt.Sprintf("%s.n = %s", m, n), f.assign(all, false),
		fmt.Sprintf("%s.forward(%s)", m, n),
		fmt.Sprintf("%s := %s.loss(%s)", f.own("loss"), m, n), back, f.assign(all, true)}, "\n")
}

// fusedStep returns the nodes of the whole step in an order in which one function does it all in variables: one loop
// over the rows, followed by what needs whole sums. It is nil unless every operation is written out.
func (f *file) fusedStep() []*ir.Node {
	nodes := f.plan.Program(plan.Steps).Graph.Nodes
	if len(nodes) > mostNodes || f.accumulated() {
		return nil
	}
	sums := map[*ir.Value]bool{}
	var rows, after []*ir.Node // what works row by row, and what needs the whole sums
	for _, n := range nodes {
		if n.Batched() {
			rows = append(rows, n)
		} else {
			after = append(after, n)
		}
		if !n.Op.View && f.written(n) == nil {
			return nil
		}
		for _, v := range n.In {
			if sums[v] && n.Batched() {
				return nil
			}
		}
		for _, v := range n.Out {
			sums[v] = !v.Type.Batch
		}
	}
	return append(rows, after...)
}

// fusedText writes the nodes of a fused step.
func (f *file) fusedText(nodes []*ir.Node) string {
	b := &body{file: f, program: f.plan.Program(plan.Steps), receiver: "m", fused: true, params: f.interfaces,
		structs: [4]string{f.own("m") + ".params", "&" + f.own("m") + ".slots", "&" + f.own("m") + ".acts", "&" + f.own("m") + ".grads"},
		outside: func(v *ir.Value) string { return f.field(v) }}
	b.start(nodes)
	b.scalars[f.graph.Loss] = f.own("loss")
	b.locals.taken[f.own("loss")] = true
	b.write(nodes)
	var text strings.Builder
	for _, stmt := range append(b.prologue(), b.stmts...) {
		text.WriteString(fragment(stmt) + "\n")
	}
	for _, line := range b.last {
		text.WriteString(line + "\n")
	}
	return text.String()
}

// fragment is the source of a statement.
func fragment(code jen.Code) string {
	return fmt.Sprintf("%#v", code)
}
