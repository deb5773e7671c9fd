package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// paramsStruct describes the parameters and states.
func (f *file) paramsStruct() *structure {
	values := slices.Concat(f.graph.Params, f.graph.States)
	s := f.newStructure("Params", "is the parameters, and what else training changes for good, which the model shares with its predictors.",
		values, func(i int) plan.Place {
			if i < len(f.graph.Params) {
				return f.plan.Params[i]
			}
			place := f.plan.States[i-len(f.graph.Params)]
			if values[i].Type.Kind == ir.F32 {
				place.Offset += f.paramsEnd()
			}
			return place
		})
	s.more = []string{"version uint64 // grows with every change"}
	return s
}

// paramsEnd is where the slab's part for states begins.
func (f *file) paramsEnd() int {
	if n := len(f.plan.Params); n > 0 {
		return (f.plan.Params[n-1].End() + 15) &^ 15
	}
	return 0
}

// resultsStruct describes what the nodes of programs make in an arena that they share, if it belongs into that one of
// the structs, their scratch, and the lists that are made of them.
func (f *file) resultsStruct(name, doc string, which int, programs ...*plan.Program) *structure {
	var values []*ir.Value
	var lists []listField
	place := map[*ir.Value]plan.Place{}
	for _, p := range programs {
		for _, n := range p.Graph.Nodes {
			if structOf(n) != which {
				continue
			}
			for i, v := range n.Out {
				if at, ok := p.Places[v]; ok && n.Overwrites(i) == nil && f.inUse(name, v) {
					values, place[v] = append(values, v), at
				}
			}
			if at, ok := p.Scratch[n]; ok {
				v := &ir.Value{Name: n.Out[0].Name + " scratch", Scope: n.Scope, Type: ir.Whole(at.Size)}
				f.fields[v] = f.besideName(n, "Scratch")
				values, place[v] = append(values, v), at
			}
			if n.Op.Emit != nil {
				if list := n.Op.Emit(n).List; list != nil {
					lists = append(lists, listField{f.besideName(n, "List"), list})
				}
			}
		}
	}
	slices.SortStableFunc(values, func(v, w *ir.Value) int { // the order in memory; rounds keep that of their nodes
		a, _ := f.round(v.Scope)
		b, _ := f.round(w.Scope)
		if a != nil || b != nil {
			return 0
		}
		return place[v].Offset - place[w].Offset
	})
	s := f.newStructure(name, doc, values, func(i int) plan.Place { return place[values[i]] })
	s.lists = lists
	return s
}

// use notes that code reads or writes the field of a value in one of the structs: what small layers hand on in variables
// alone needs none.
func (f *file) use(of string, v *ir.Value) { f.fieldsInUse[f.fieldOf(of, v)] = true }

// inUse reports whether it does.
func (f *file) inUse(of string, v *ir.Value) bool { return f.fieldsInUse[f.fieldOf(of, v)] }

// fieldOf identifies the field of a value in a struct, which the rounds of a repetition share.
func (f *file) fieldOf(of string, v *ir.Value) string {
	if r, _ := f.round(v.Scope); r != nil {
		return of + "." + r.ident + "." + f.field(v)
	}
	return of + "." + f.field(v)
}

// besideName names a field that a node has beside its results.
func (f *file) besideName(n *ir.Node, suffix string) string {
	space, base := f.namer, f.field(n.Out[0])+suffix
	key := "." + base
	if r, _ := f.round(n.Scope); r != nil {
		space, key = r.space(suffix), r.ident+key
	}
	if f.beside[key] == "" {
		f.beside[key] = space.fresh(base)
	}
	return f.beside[key]
}

// memory writes the types of the model's memory, and the functions that lay it out.
func (f *file) memory() {
	params := f.paramsStruct()
	f.declare(params)
	counters := ""
	if n := params.length(ir.I64); n > 0 {
		counters = fmt.Sprintf("counters := make([]int64, %d)", n)
	}
	slab := ""
	if n := params.length(ir.F32); n > 0 {
		slab = fmt.Sprintf("slab := nnrt.Slab(%d)", n)
	}
	f.text(`
func new${Type}() *$Name {
	$Slab
	$Counters
	w := &$Name{}
	$Fill
	return w
}
`, args{"Type": upper(params.name), "Name": params.name, "Slab": slab, "Counters": counters, "Fill": params.fill("w")})
	f.tensors()
	for _, v := range f.graph.Params {
		if g := f.gradient(v); g != nil {
			f.use("Grads", g)
		}
	}
	if steps := f.plan.Program(plan.Steps); steps != nil {
		if len(f.graph.Slots) > 0 {
			slots := f.newStructure("Slots", "is the optimiser's memory.", f.graph.Slots, func(i int) plan.Place { return f.plan.Slots[i] })
			f.declare(slots)
			f.layOut(slots, "", "", fmt.Sprintf("slab := nnrt.Slab(%d)", slots.length(ir.F32)))
		}
		acts := f.resultsStruct("Acts", "is what the forward pass and the loss make: values whose lives do not overlap share memory.", inActs, steps)
		f.declare(acts)
		f.layOut(acts, "", "slab []float32", "")
		grads := f.resultsStruct("Grads", "is what the backward pass makes, likewise.", inGrads, steps)
		all := *grads
		var again *structure
		if f.interleaved() {
			again = f.resultsStruct("Grads", "", inGrads, f.plan.Program(plan.Train))
			all.fields = grads.and(again)
		}
		f.declare(&all)
		given := "slab []float32"
		if f.listsOfSlots() {
			given += fmt.Sprintf(", s *%sSlots", f.prefix)
		}
		f.layOut(grads, "", given, "")
		if again != nil {
			f.layOut(again, "Train", "slab []float32", "")
		}
	}
	if predict := f.predictorStruct(); len(predict.fields) > 0 {
		f.declare(predict)
		f.layOut(predict, "", "", fmt.Sprintf("slab := nnrt.Slab(%d)", predict.length(ir.F32)))
	}
}

// predictorStruct describes what a prediction makes, and the evaluation of its losses behind it.
func (f *file) predictorStruct() *structure {
	programs := []*plan.Program{f.plan.Program(plan.Predict)}
	if evaluate := f.plan.Program(plan.Evaluate); evaluate != nil {
		programs = append(programs, evaluate)
	}
	return f.resultsStruct("PredictorActs", "is what a prediction makes on its way: values whose lives do not overlap share memory.", inActs, programs...)
}

// layOut writes the function that lays a struct out in a slab, which it makes or is given; suffix tells it from
// another for the same struct.
func (f *file) layOut(s *structure, suffix, param, slab string) {
	fill := s.fill("v")
	if fill == "" {
		param = strings.Replace(param, "slab", "_", 1)
	}
	for _, l := range s.lists {
		paths := make([]string, len(l.values))
		for i, v := range l.values {
			paths[i] = "v." + f.path(v.Home())
			if v.Home().Role == ir.Slot {
				paths[i] = "s." + f.path(v.Home())
			}
		}
		fill += fmt.Sprintf("\nv.%s = [][]float32{%s}", l.name, strings.Join(paths, ", "))
	}
	f.text(`
func new${Type}($Param) (v $Name) {
	$Slab
	$Fill
	return v
}
`, args{"Type": upper(s.name) + suffix, "Name": s.name, "Param": param, "Slab": slab, "Fill": fill})
}
