package gogen

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// typeModel writes the model's type and the constant of its batch.
func (f *file) typeModel() {
	var doc []string
	for _, line := range strings.Split(f.typeDoc(), "\n") {
		space := " "
		if strings.HasPrefix(line, "\t") { // as gofmt has it
			space = ""
		}
		doc = append(doc, strings.TrimRight("//"+space+line, " "))
	}
	fields := []string{"params *" + f.prefix + "Params"}
	if f.averaged() {
		fields = append(fields, "averages *"+f.prefix+"Params // what predictions use in their place", "saved []nnrt.Param // of averages")
	}
	fields = append(fields, "list []nnrt.Param", "predictor *"+f.model+"Predictor", "metadata map[string]string")
	add := func(format string, args ...any) { fields = append(fields, fmt.Sprintf(format, args...)) }
	if steps := f.plan.Program(plan.Steps); steps != nil {
		if len(f.graph.Slots) > 0 {
			add("slots %sSlots", f.prefix)
		}
		add("acts %sActs", f.prefix)
		add("grads %sGrads", f.prefix)
		if f.interleaved() {
			add("trainGrads %sGrads // for Train", f.prefix)
		}
		add("pool *kernel.Pool")
		add("step uint64 // steps done")
		add("rate float64 // the learning rate%s", map[bool]string{true: ", before its schedule"}[f.graph.Recipe.Schedule != nil])
		if f.scheduled(ir.TotalSteps) {
			add("total uint64 // steps of the whole training")
		}
		if f.scheduled(ir.EpochSteps) {
			add("perEpoch uint64 // steps of an epoch")
		}
		if f.plateau() != nil {
			add("plateau kernel.Plateau // what the schedule remembers of the epochs")
		}
		add("stage nnrt.Stage // how far the four calls have come")
		if f.accumulated() {
			add("batches uint64 // of the running step, so far")
			add("rows uint64 // of those")
			add("n int // rows of the running batch")
		} else {
			add("n int // rows of the running step")
		}
		var given []string
		for _, list := range [][]*ir.Value{f.graph.Inputs, f.graph.Targets} {
			for _, v := range list {
				given = append(given, fmt.Sprintf("%s %s // %s", f.field(v), goType(v), shapeOf(v)))
			}
		}
		add("given struct { // the rows of the running step\n%s\n}", strings.Join(given, "\n"))
		if now := f.now(); now != nil {
			add("now struct { // what is computed once per step\n%s\n}", strings.Join(now, "\n"))
		}
		if f.random != nil {
			add("random %sRandom", f.prefix)
		}
	}
	f.text("$Doc\ntype $Model struct {\n$Fields\n}\n", args{"Doc": strings.Join(doc, "\n"), "Model": f.model, "Fields": strings.Join(fields, "\n")})
	if f.random != nil {
		f.randomType()
	}
	if steps := f.plan.Program(plan.Steps); steps != nil {
		f.text("// ${Model}Batch is the largest number of rows in one training step.\nconst ${Model}Batch = $Rows\n", args{"Model": f.model, "Rows": steps.Rows})
	}
}

// scheduled reports whether the learning rate follows a schedule that must be told that number of steps.
func (f *file) scheduled(reads string) bool {
	return f.graph.Recipe.Schedule != nil && f.graph.Recipe.Schedule.Reads == reads
}

// plateau is the rule by which epochs change the learning rate; nil if there is none.
func (f *file) plateau() *ir.Plateau {
	if f.graph.Recipe.Schedule == nil {
		return nil
	}
	return f.graph.Recipe.Schedule.Plateau
}

// now lists the fields of the scalars that are computed once per step.
func (f *file) now() []string {
	var fields []string
	for _, n := range f.graph.Nodes {
		for _, v := range n.Out {
			if v.Scalar() && f.crosses(v) && len(f.readers[v]) > 0 {
				fields = append(fields, f.field(v)+" "+goKind(v.Type.Kind))
			}
		}
	}
	return fields
}

// randomType writes the struct of the streams of random numbers, one for each node that draws.
func (f *file) randomType() {
	var lines []string
	rounds := map[*repetition][]string{}
	seen := map[string]bool{}
	var order []*repetition
	for _, n := range f.random {
		r, _ := f.round(n.Scope)
		line := f.field(n.Out[0]) + " rng.Stream"
		switch {
		case r == nil:
			lines = append(lines, line)
			continue
		case rounds[r] == nil:
			order = append(order, r)
			lines = append(lines, fmt.Sprintf("%s [%d]%sRandom%s", r.ident, r.rounds, f.prefix, upper(r.ident)))
		}
		if !seen[r.ident+"."+line] {
			seen[r.ident+"."+line] = true
			rounds[r] = append(rounds[r], line)
		}
	}
	f.text("// $Name is the random numbers of each layer that draws some.\ntype $Name struct {\n$Lines\n}\n",
		args{"Name": f.prefix + "Random", "Lines": strings.Join(lines, "\n")})
	for _, r := range order {
		f.text("// $Name is what a round of $Round has of them.\ntype $Name struct {\n$Lines\n}\n",
			args{"Name": f.prefix + "Random" + upper(r.ident), "Round": r.ident, "Lines": strings.Join(rounds[r], "\n")})
	}
}

// constructor writes NewHouse.
func (f *file) constructor() {
	values := []string{"params: w,", "predictor: new" + f.model + "Predictor(w),"}
	var slab, grads string
	if steps := f.plan.Program(plan.Steps); steps != nil {
		arena := steps.Arena
		if f.interleaved() {
			arena = max(arena, f.plan.Program(plan.Train).Arena)
			values = append(values, fmt.Sprintf("trainGrads: new%sGradsTrain(slab),", f.model))
		}
		slab = fmt.Sprintf("slab := nnrt.Slab(%d)", arena)
		slots, of := fmt.Sprintf("new%sSlots()", f.model), "slab"
		if f.listsOfSlots() {
			slab += "\nslots := " + slots
			slots, of = "slots", "slab, &slots"
		}
		values = append(values, fmt.Sprintf("acts: new%sActs(slab),\ngrads: new%[1]sGrads(%s),\nrate: %s,", f.model, of, numeral(f.graph.Recipe.Optimiser.Rate)))
		if len(f.graph.Slots) > 0 {
			values = append(values, fmt.Sprintf("slots: %s,", slots))
		}
		grads = "&m.grads"
	}
	starts := append(f.draws(), f.streams()...)
	made := "m.list = w.list(" + grads + ")"
	if f.averaged() {
		values = slices.DeleteFunc(values, func(v string) bool { return strings.HasPrefix(v, "predictor:") })
		made += fmt.Sprintf("\nm.averages = w.averaged(&m.slots)\nm.saved = m.averages.list(&m.grads)\nnnrt.Averaged(m.list, m.saved)\nm.predictor = new%sPredictor(m.averages)", f.model)
		starts = append(starts, "nnrt.Follow(m.list)")
	}
	trains, draws := slab != "", f.random != nil || slices.ContainsFunc(slices.Concat(f.graph.Params, f.graph.States), drawn)
	configure := fmt.Sprintf("config := nnrt.Configure(nnrt.Config{Seed: %d}, options)", f.graph.Recipe.Seed)
	if trains {
		configure += "\nm.pool = kernel.NewPool(config.Workers)\nm.predictor.pool = m.pool"
	} else {
		configure += "\nm.predictor.pool = kernel.NewPool(config.Workers)"
	}
	seed := "_"
	if draws {
		seed = "seed"
		if !trains {
			configure += "\nseed := config.Seed"
		}
	}
	a := args{"Model": f.model, "Seed": f.graph.Recipe.Seed, "Slab": slab, "Values": strings.Join(values, "\n"), "Made": made,
		"Configure": configure, "Starts": strings.Join(starts, "\n"), "SeedName": seed}
	a["Begin"] = a["Starts"]
	if trains {
		a["Begin"] = "m.start(config.Seed)"
	}
	f.text(`
// New$Model returns the model with its parameters initialised as the spec says: from the seed $Seed, unless an
// option names another.
func New$Model(options ...nnrt.Option) *$Model {
	w := new${Model}Params()
	$Slab
	m := &$Model{
		$Values
	}
	$Made
	$Configure
	$Begin
	return m
}
`, a)
	if trains {
		f.text(`
// start gives parameters, running statistics and random numbers their beginning.
func (m *$Model) start($SeedName uint64) {
	$Starts
}
`, a)
	}
}

// streams gives every node that draws random numbers a stream of its own. Where all rounds of a repetition have one, a loop
// does it.
func (f *file) streams() []string {
	var lines []string
	names, done := ir.Streams(f.random), map[string]bool{}
	for _, n := range f.random {
		name := names[n]
		r, _ := f.round(n.Scope)
		path := numberOfRound.ReplaceAllString(f.path(n.Out[0]), "[i]")
		in := 0
		for _, m := range f.random {
			if other, _ := f.round(m.Scope); other == r && f.field(m.Out[0]) == f.field(n.Out[0]) {
				in++
			}
		}
		switch {
		case r == nil || in != r.rounds:
			lines = append(lines, fmt.Sprintf("m.random.%s = rng.New(seed, %q)", f.path(n.Out[0]), name))
		case !done[path]:
			done[path] = true
			scope := strings.TrimSuffix(n.Scope, "0")
			lines = append(lines, fmt.Sprintf("for i := range m.random.%s {\nm.random.%s = rng.New(seed, %q+strconv.Itoa(i)+%q)\n}",
				r.ident, path, scope, strings.TrimPrefix(name, n.Scope)))
		}
	}
	return lines
}

// draws initialises the parameters and the states.
func (f *file) draws() []string {
	lines := f.drawsOf(f.graph.Params, "m.list", "p")
	if states := f.drawsOf(f.graph.States, "buffers", "b"); states != nil {
		lines = append(append(lines, "buffers := m.params.buffers()"), states...)
	}
	return lines
}

// drawsOf initialises what is in a list. What is of the rounds of a repetition is done in a loop where they start alike,
// round for round in a variable.
func (f *file) drawsOf(values []*ir.Value, list, round string) []string {
	var lines []string
	for _, run := range f.runs(values, func(v *ir.Value) string { return fmt.Sprint(v.Init) }) {
		var draws []string
		for k, v := range run.values {
			of := fmt.Sprintf("%s[%d]", list, run.first)
			if run.rounds > 1 {
				of = fmt.Sprintf("%s[%d]", round, k)
			}
			if draw := drawOf(v, of); draw != "" {
				draws = append(draws, draw)
			}
		}
		if run.rounds > 1 && draws != nil {
			head := fmt.Sprintf("for i := range %d {\n%s := %s[%d+%d*i:]", run.rounds, round, list, run.first, len(run.values))
			draws = append(append([]string{head}, draws...), "}")
		}
		lines = append(lines, draws...)
	}
	return lines
}

// drawn tells whether a parameter or state begins with random numbers.
func drawn(v *ir.Value) bool { return v.Init.Uniform != 0 || v.Init.Normal != 0 }

// drawOf initialises one parameter or state, which the expression list is.
func drawOf(v *ir.Value, list string) string {
	switch {
	case v.Init.Uniform != 0:
		return fmt.Sprintf("%s.Uniform(seed, %s) // %s, %s", list, numeral32(v.Init.Uniform), oneLine(v.Name), interval(v.Init.Uniform))
	case v.Init.Normal != 0:
		return fmt.Sprintf("%s.Normal(seed, %s) // %s", list, numeral32(v.Init.Normal), oneLine(v.Name))
	case v.Init.Fill != 0:
		return fmt.Sprintf("%s.Fill(%s) // %s", list, numeral32(v.Init.Fill), oneLine(v.Name))
	}
	return ""
}

// interval writes a bound as ±1/√16 where it is that, else in digits.
func interval(bound float64) string {
	if fan := math.Round(1 / (bound * bound)); fan > 0 && bound == 1/math.Sqrt(fan) {
		return fmt.Sprintf("±1/√%.0f", fan)
	}
	return fmt.Sprintf("±%.4g", bound)
}

// run is values that follow one another in a list: of rounds that are alike, those of the first, else one.
type run struct {
	first, rounds int
	values        []*ir.Value
}

// runs cuts a list of parameters or slots into runs. Rounds are alike if they have the same fields of the same types,
// and if also is the same of them.
func (f *file) runs(values []*ir.Value, also func(*ir.Value) string) []run {
	var list []run
	alike := func(v, w *ir.Value) bool {
		return f.field(v) == f.field(w) && v.Type.Equal(w.Type) && v.Layout == w.Layout && also(v) == also(w)
	}
	for i := 0; i < len(values); {
		r, round := f.round(values[i].Scope)
		size := 1
		for r != nil && i+size < len(values) && values[i+size].Scope == values[i].Scope {
			size++
		}
		rounds := 1
		for r != nil && round == 0 && i+(rounds+1)*size <= len(values) &&
			slices.EqualFunc(values[i:i+size], values[i+rounds*size:i+(rounds+1)*size], alike) &&
			isRound(f, values[i+rounds*size], r, rounds) {
			rounds++
		}
		if rounds > 1 {
			list = append(list, run{i, rounds, values[i : i+size]})
			i += rounds * size
			continue
		}
		list = append(list, run{i, 1, values[i : i+1]})
		i++
	}
	return list
}

// isRound reports whether a value belongs to that round of the repetition.
func isRound(f *file, v *ir.Value, r *repetition, round int) bool {
	of, at := f.round(v.Scope)
	return of == r && at == round
}
