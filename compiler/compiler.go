// Package compiler is the façade of the compiler: the whole pipeline on one screen.
//
// What comes in is the text of a spec; what goes out is Go source, or diagnostics. Commands and editors reach
// every stage through it.
package compiler

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/gogen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/layout"
	"github.com/nnc-lang/nnc/compiler/plan"
	"github.com/nnc-lang/nnc/compiler/simplify"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Options are what the caller decides about a compilation.
type Options struct {
	Package string // of the generated code
	Model   string // the model's name where the spec has no `model`; see ModelName
	Batch   int    // overrides the spec's `batch` unless 0
	Verify  bool   // check the graph and the plan between stages

	// Embed is a weight file that the code shall embed, as go:embed names it from the code's folder; "" embeds none. That
	// it holds Output.Tensors is the caller's to check.
	Embed string

	// Program says that the code is for the program behind `nnc train`, in package main, which can give rows the weights that
	// a spec with balanced classes asks for, and find the first value of a step that is not finite.
	Program bool
	// RowWeights lets every loss be a mean weighted by a number for each row, which Train and Evaluate take behind the
	// targets. Balanced classes imply it.
	RowWeights bool

	// Elements is the most float32s that one array, the parameters together, and the arena may have; 0 is what
	// fits 4 GiB.
	Elements int

	written int // instead of plan.MostWritten, to compare the forms of layers
}

// Output is a compiled spec.
type Output struct {
	Model   string   // the model's name: the Go type
	Code    []byte   // model_nn.go
	Test    []byte   // model_nn_test.go; nil where the spec has no loss, or rows have weights, and of a Program
	Trains  bool     // whether the spec has a loss: whether there is a training half
	Batch   int      // rows that a training step takes at most
	Tensors []Tensor // what a weight file holds
	Driver  []byte   // main.go of a Program, for the same package main; else nil

	// Limits are the constants of the spec that decide how many integers an input takes, or how many classes a target has, by
	// the name of the input or target. Of a Program only.
	Limits map[string]string

	Obstacle *Obstacle // to computing one position of a sequence after the other; nil: the model does
}

// Tensor is one of the tensors of a weight file.
type Tensor struct {
	Name     string
	Shape    []int
	Integers bool
	Shared   []string // other names that a file may have it by: of layers that share it
	Packed   string   // PyTorch's tensor whose rows hold it, with those of others; "" if it is a tensor there too
}

// Stages are the stages whose text form Dump gives, in order.
var Stages = []string{"parse", "check", "autodiff", "simplify", "layout", "plan"}

// stages is what the pipeline has made so far.
type stages struct {
	file    *grammar.File
	forward *ir.Graph
	graphs  plan.Graphs
	plan    *plan.Plan

	obstacle *autodiff.Obstacle // to computing one position after the other
}

// run takes a spec through the stages, up to and including the last. An error is a mistake of the compiler.
func run(name string, src []byte, o Options, last string) (s stages, list diag.List, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: internal error: %v; please report it with the spec", name, r)
		}
	}()
	verified := func() {
		s.graphs.Each(func(g *ir.Graph) {
			if o.Verify && err == nil {
				err = ir.Verify(g)
			}
		})
	}
	s.file, list = grammar.Parse(name, src)
	check.Qualified(src, list)
	if last == "parse" {
		return s, list, nil
	}
	var unparsed []diag.Span
	for _, d := range list {
		unparsed = append(unparsed, d.Span)
	}
	if o.Model == "" {
		o.Model = ModelName(name)
	}
	forward, found := check.File(s.file, check.Options{Model: o.Model, Batch: o.Batch, RowWeights: o.RowWeights, Elements: o.Elements, Unparsed: unparsed})
	s.forward, list = forward, append(list, found...)
	list.Sort()
	if list.HasErrors() {
		return s, list, nil
	}
	if o.Verify {
		err = ir.Verify(s.forward)
	}
	if last == "check" {
		return s, list, err
	}
	s.graphs = plan.Graphs{Step: autodiff.Step(s.forward), Predict: autodiff.Predict(s.forward), Evaluate: autodiff.Evaluate(s.forward)}
	s.graphs.Next, s.obstacle = autodiff.Next(s.forward, simplify.Dead(s.graphs.Predict))
	verified()
	if last == "autodiff" {
		return s, list, err
	}
	written := plan.Written(s.graphs, cmp.Or(o.written, plan.MostWritten))
	layers := plan.Layers(simplify.Dead(cmp.Or(s.graphs.Step, s.graphs.Predict)))
	s.graphs = plan.Graphs{Step: simplify.Graph(s.graphs.Step, written), Predict: simplify.Graph(s.graphs.Predict, written),
		Evaluate: simplify.Graph(s.graphs.Evaluate, written), Next: simplify.Graph(s.graphs.Next, written)}
	verified()
	if last == "simplify" {
		return s, list, err
	}
	laid := layout.Assign(s.graphs.Step, s.graphs.Predict, s.graphs.Evaluate, s.graphs.Next)
	s.graphs = plan.Graphs{Step: laid[0], Train: simplify.Scattered(laid[0]), Predict: laid[1], Evaluate: laid[2], Next: laid[3]}
	verified()
	if last == "layout" {
		return s, list, err
	}
	s.plan = plan.Memory(s.graphs, written)
	s.plan.Layers = layers
	for _, p := range s.plan.Programs {
		if most := cmp.Or(o.Elements, check.DefaultElements); p.Arena > most {
			at, by, help := batchOf(s.file), "", "make `batch` smaller"
			if o.Batch > 0 && p.Rows == o.Batch {
				at, by, help = diag.Span{}, fmt.Sprintf("--batch %d: ", o.Batch), "give a smaller --batch"
			}
			list = append(list, diag.New(diag.TooLarge, name, at, "%s%d rows work in %d elements, more than %d", by, p.Rows, p.Arena, most).
				WithHelp("%s, or raise --max-memory", help))
			return s, list, err
		}
	}
	if o.Verify && err == nil {
		err = plan.Verify(s.plan)
	}
	return s, list, err
}

// unbalanced reports losses that only the program behind `nnc train` can balance.
func unbalanced(name string, s *stages) diag.List {
	var list diag.List
	for _, j := range s.forward.Recipe.Losses {
		if at := statementAt(s.file.Stmts, j.Loss.Def.Pos); j.Balanced && at != nil {
			list = append(list, diag.New(diag.UnexpectedArgument, name, at.Span,
				"balanced weights come from the rows that `nnc train` trains on, so `nnc build` cannot know them").
				WithHelp("train it with `nnc train`; for code of your own leave `class_weights` out"))
		}
	}
	return list
}

// batchOf is where a spec says its batch, or its last statement.
func batchOf(file *grammar.File) diag.Span {
	var at diag.Span
	for _, s := range file.Stmts {
		if at = s.Word.Span; s.Word.Name == "batch" {
			break
		}
	}
	return at
}

// Compile turns a spec into Go source. name is the spec's file name, which diagnostics show. The output is nil
// if the list holds an error; the error is for mistakes of the compiler itself.
func Compile(name string, src []byte, o Options) (out *Output, list diag.List, err error) {
	s, list, err := run(name, src, o, "plan")
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	if !o.Program {
		if list = append(list, unbalanced(name, &s)...); list.HasErrors() {
			return nil, list, nil
		}
	}
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("%s: internal error: %v; please report it with the spec", name, r)
		}
	}()
	out = &Output{Model: s.forward.Model, Trains: s.graphs.Step != nil, Batch: s.forward.Recipe.Batch}
	out.Obstacle = obstacleIn(name, s.obstacle)
	for _, v := range slices.Concat(s.plan.Model.Params, s.plan.Model.States) {
		out.Tensors = append(out.Tensors, Tensor{Name: v.Name, Shape: v.Type.Shape, Integers: v.Type.Kind == ir.I64, Shared: v.Shared, Packed: v.Packed})
	}
	if o.Program {
		out.Limits = limits(name, src, o, &s)
		if out.Code, err = gogen.Program(s.plan); err == nil {
			out.Driver, err = gogen.Driver(s.plan)
		}
		return out, list, err
	}
	if out.Code, err = gogen.File(s.plan, o.Package, o.Embed); err != nil {
		return nil, list, err
	}
	if out.Trains && s.plan.Model.Weights() == nil {
		if out.Test, err = gogen.Test(s.plan, o.Package); err != nil {
			return nil, list, err
		}
	}
	return out, list, nil
}

// Check returns what is wrong with a spec.
func Check(name string, src []byte, o Options) (diag.List, error) {
	_, list, err := run(name, src, o, "check")
	return list, err
}

// Dump returns the text form of a spec after one of the Stages.
func Dump(name string, src []byte, stage string, o Options) (string, diag.List, error) {
	if !slices.Contains(Stages, stage) {
		return "", nil, fmt.Errorf("unknown stage %q: there are %s", stage, strings.Join(Stages, ", "))
	}
	s, list, err := run(name, src, o, stage)
	if err != nil || list.HasErrors() {
		return "", list, err
	}
	switch stage {
	case "parse":
		return s.file.String(), list, nil
	case "check":
		return s.forward.String(), list, nil
	case "plan":
		return s.plan.String(), list, nil
	}
	var text strings.Builder
	s.graphs.Each(func(g *ir.Graph) {
		fmt.Fprintf(&text, "# %s\n%v", map[*ir.Graph]string{s.graphs.Step: "step", s.graphs.Train: "train", s.graphs.Predict: "predict", s.graphs.Evaluate: "evaluate", s.graphs.Next: "next"}[g], g)
	})
	return text.String(), list, nil
}

// ModelName makes a model's name of a spec's file name: digits-mlp.nn becomes DigitsMlp; what leaves no letter
// to begin with becomes Model.
func ModelName(file string) string {
	base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	var name strings.Builder
	upper := true
	for _, c := range base {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		digit := '0' <= c && c <= '9'
		switch {
		case !letter && !digit || digit && name.Len() == 0:
			upper = true
		case upper && letter:
			name.WriteString(strings.ToUpper(string(c)))
			upper = false
		default:
			name.WriteRune(c)
		}
	}
	if name.Len() == 0 {
		return "Model"
	}
	return name.String()
}
