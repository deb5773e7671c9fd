// Package gogen writes a planned model as Go source.
//
// What comes in is a plan: programs in execution order with a place in memory for every value. What goes out is
// one Go file, and on request a test and the program behind `nnc train`. The package decides how the code
// reads: names, comments, functions. It knows no operation by name, only what cards say, and nothing of the language.
// It alone imports jennifer.
package gogen

import (
	"bytes"
	"fmt"
	"maps"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// The packages of the runtime that generated code imports.
const (
	module       = "github.com/nnc-lang/nnc/"
	kernelPkg    = module + "runtime/kernel"
	nnrtPkg      = module + "runtime/nnrt"
	rngPkg       = module + "runtime/rng"
	modeltestPkg = module + "runtime/modeltest"
	trainPkg     = module + "runtime/train"
	generatePkg  = module + "runtime/generate"
	dataPkg      = module + "runtime/data"
	weightsPkg   = module + "runtime/weights"
)

// file is what is known while one file is written.
type file struct {
	*jen.File
	*namer
	plan         *plan.Plan
	graph        *ir.Graph // of the step; of the prediction where there is none
	predict      *ir.Graph
	model        string          // the Go type: House
	prefix       string          // of unexported identifiers: house
	interfaces   map[string]bool // the names of inputs, targets and outputs
	outputs      []string        // the parameters of a prediction that its outputs go to
	evaluated    []string        // the same of an evaluation, where targets may have these names
	fields       map[*ir.Value]string
	counterparts map[string]string // the fields of results by their names, which are the same in all programs
	repetitions  map[string]*repetition
	labels       map[*ir.Value]string     // what results are called within their rounds
	rounds       map[string]roundParams   // the functions of rounds that have been written
	methods      map[string]*namer        // the names of such functions, by their receivers
	readers      map[*ir.Value][]*ir.Node // of a value or its views
	beside       map[string]string        // the fields that nodes have beside their results
	fieldsInUse  map[string]bool          // those that code reaches
	geometries   map[string]string        // the variables of geometries, by their contents
	later        []*jen.Statement         // package-level declarations to come
	random       []*ir.Node               // the nodes that draw random numbers
}

// File returns the Go source of a model, for a package of that name. Where a weight file is named, from the folder of
// the code, the source embeds it.
func File(p *plan.Plan, pkg, weights string) ([]byte, error) {
	return newFile(p, pkg).source(weights, false)
}

// Program returns what File does for the program behind `nnc train`, to which Driver belongs: in package main, and with a
// method that finds the first value of a step that is not finite.
func Program(p *plan.Plan) ([]byte, error) { return newFile(p, "main").source("", true) }

func (f *file) source(weights string, traced bool) ([]byte, error) {
	f.header()
	functions := f.programs() // first, because they name the fields
	if traced {
		functions = append(functions, f.tracePrograms()...)
	}
	f.typeModel()
	f.constructor()
	f.api()
	if traced {
		f.traceAPI()
	}
	for _, function := range functions {
		f.Line().Add(function)
	}
	f.predictor()
	f.generator()
	if weights != "" {
		f.embed(weights)
	}
	f.memory()
	for _, declaration := range f.later {
		f.Line().Add(declaration)
	}
	return f.render()
}

func newFile(p *plan.Plan, pkg string) *file {
	f := &file{File: jen.NewFile(pkg), namer: newNamer(), plan: p, predict: p.Program(plan.Predict).Graph, graph: p.Model,
		fields: map[*ir.Value]string{}, counterparts: map[string]string{}, labels: map[*ir.Value]string{}, interfaces: map[string]bool{}, rounds: map[string]roundParams{}, methods: map[string]*namer{}, geometries: map[string]string{}, beside: map[string]string{}, fieldsInUse: map[string]bool{}}
	f.model, f.prefix = f.graph.Model, lower(f.graph.Model)
	// The names of the interface go first: they stay what the spec says, whatever else is named.
	for _, list := range [][]*ir.Value{f.graph.Inputs, f.graph.Targets} {
		for _, v := range list {
			f.interfaces[f.field(v)] = true
		}
	}
	f.outputs = f.outputNames()
	evaluated := maps.Clone(f.interfaces)
	for _, name := range f.outputs {
		for evaluated[name] {
			name += "Out"
		}
		evaluated[name] = true
		f.evaluated = append(f.evaluated, name)
	}
	for _, name := range append(f.outputs, f.evaluated...) {
		f.interfaces[name] = true
	}
	graphs := []*ir.Graph{}
	for _, program := range p.Programs {
		graphs = append(graphs, program.Graph)
	}
	f.repetitions = findRepetitions(graphs...)
	var kept []*ir.Value
	if next := p.Program(plan.Next); next != nil {
		kept = next.Graph.Kept
	}
	for _, list := range [][]*ir.Value{f.graph.Params, f.graph.States, f.graph.Slots, kept} {
		for _, v := range list {
			f.nameRepetition(v.Scope)
			f.field(v)
		}
	}
	f.readers = readers(graphs...)
	for _, n := range f.graph.Nodes {
		if n.Op.Random {
			f.random = append(f.random, n)
		}
	}
	return f
}

// nameRepetition gives a repetition its identifier when something of it is met first.
func (f *file) nameRepetition(scope string) {
	if r, _ := f.round(scope); r != nil && r.ident == "" {
		r.ident = f.fresh(identifier(roundOf.FindStringSubmatch(scope)[1]))
	}
}

// port is the name of an output at the interface.
func (f *file) port(i int) string {
	if i < len(f.graph.Ports) {
		return f.graph.Ports[i]
	}
	return f.graph.Outputs[i].Name
}

// outputNames names the parameters that a prediction's outputs go to: out, or where there are several, as themselves;
// a target that is named after its output leaves it that name with Out behind.
func (f *file) outputNames() []string {
	names := make([]string, len(f.predict.Outputs))
	local := newNamer()
	inputs := map[string]bool{}
	for _, v := range f.graph.Inputs {
		inputs[f.field(v)] = true
	}
	for i := range names {
		name := "out"
		if len(names) > 1 {
			name = identifier(f.port(i))
		}
		for inputs[name] {
			name += "Out"
		}
		names[i] = local.fresh(name)
	}
	return names
}

// header writes what every file begins with.
func (f *file) header() {
	f.HeaderComment(fmt.Sprintf("Code generated by nnc from %s. DO NOT EDIT.", oneLine(f.graph.File)))
	for name, path := range packages {
		if strings.HasPrefix(path, module) {
			f.ImportName(path, name)
		}
	}
}

func (f *file) render() ([]byte, error) {
	var b bytes.Buffer
	if err := f.Render(&b); err != nil {
		return nil, fmt.Errorf("gogen: %w", err)
	}
	return b.Bytes(), nil
}

// comment adds lines of comment to a block of statements.
func comment(format string, args ...any) jen.Code {
	return jen.Comment(oneLine(fmt.Sprintf(format, args...)))
}

// oneLine keeps text from leaving its line of comment.
func oneLine(s string) string {
	clean := []rune(s)
	for i, c := range clean {
		if c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029 {
			clean[i] = ' '
		}
	}
	return string(clean)
}

// goKind is the Go type of elements of a kind.
func goKind(k ir.Kind) string { return [...]string{"float32", "int32", "int64", "float64"}[k] }

// goType is the type of a slice of a value's elements.
func goType(v *ir.Value) string { return "[]" + goKind(v.Type.Kind) }

// shapeOf writes a value's shape for a comment: [n, 10].
func shapeOf(v *ir.Value) string {
	return strings.TrimPrefix(v.Type.String(), v.Type.Kind.String())
}
