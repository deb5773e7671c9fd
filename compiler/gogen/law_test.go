package gogen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// law is one generated function: a card with operands of some types, in one form, and what it must give.
type law struct {
	name     string
	node     *ir.Node
	operands []ir.Tensor
	want     []ir.Tensor
	rows     int
	written  bool
	laidOut  bool // in another way than the first that the card accepts
}

// values is what goes to the generated program and comes back.
type values struct {
	Float [][]float32
	Int   [][]int32
	Long  [][]int64
	Real  [][]float64
}

// TestKernelsAgreeWithEval generates one program that runs every card's samples, as calls of kernels and written
// out, and compares what it computes with Eval.
func TestKernelsAgreeWithEval(t *testing.T) {
	laws := makeLaws(t)
	input := make([]values, len(laws))
	law := &ir.Graph{Model: "Law", File: "law.nn"}
	f := newFile(&plan.Plan{Model: law, Programs: []*plan.Program{{Name: plan.Predict, Graph: law}}}, "main")
	f.header()
	f.text("type values struct {\n\tFloat [][]float32\n\tInt [][]int32\n\tLong [][]int64\n\tReal [][]float64\n}\n", nil)
	f.text("type machine struct {\n\tpool *kernel.Pool\n\tstep, total uint64\n\trate float64\n}\n", nil)
	var calls []string
	for i, l := range laws {
		input[i] = l.emit(f, i)
		calls = append(calls, fmt.Sprintf("law%d(%d, &v[%d])", i, l.rows, i))
	}
	for _, declaration := range f.later {
		f.Line().Add(declaration)
	}
	f.Func().Id("main").Params().Block(
		jen.Var().Id("v").Index().Id("values"),
		jen.If(jen.Err().Op(":=").Qual("encoding/json", "NewDecoder").Call(jen.Qual("os", "Stdin")).Dot("Decode").Call(jen.Op("&").Id("v")), jen.Err().Op("!=").Nil()).Block(jen.Panic(jen.Err())),
		raw(strings.Join(calls, "\n")),
		jen.Qual("encoding/json", "NewEncoder").Call(jen.Qual("os", "Stdout")).Dot("Encode").Call(jen.Id("v")))
	source, err := f.render()
	require.NoError(t, err)

	var output []values
	require.NoError(t, json.Unmarshal(runProgram(t, source, input), &output))
	require.Len(t, output, len(laws))
	for i, l := range laws {
		t.Run(l.name, func(t *testing.T) { l.compare(t, output[i]) })
	}
}

// makeLaws draws the operands of every sample and evaluates them, in every combination of layouts that the card
// accepts.
func makeLaws(t *testing.T) []law {
	var laws []law
	for _, entry := range op.Catalogue() {
		for _, sample := range entry.Samples {
			seed := fnv.New64a() // of its own, so that another card does not change what this one is tried on
			fmt.Fprint(seed, entry.Make().Name, sample.Types)
			r := rand.New(rand.NewPCG(5, seed.Sum64()))
			for _, rows := range []int{1, 5, 300} { // one, some, more than a block of a product's sum
				for choice := range 2 {
					card := entry.Make()
					if card.View || card.Random {
						continue
					}
					l := law{rows: rows}
					l.draw(r, card, sample, choice)
					if choice > 0 && !l.laidOut {
						continue // as before
					}
					l.name = fmt.Sprintf("%s%v%v/%d rows, layout %d", card.Name, card.Attrs, sample.Types, rows, choice)
					laws = append(laws, l)
					written := plan.Written(plan.Graphs{Predict: &ir.Graph{Nodes: []*ir.Node{l.node}}}, plan.MostWritten)
					if written[l.node.Layer] {
						l.written, l.name = true, l.name+" written out"
						laws = append(laws, l)
					}
				}
			}
		}
	}
	require.NotEmpty(t, laws)
	return laws
}

// draw makes the node and its operands, which lie as the choice says, and evaluates it.
func (l *law) draw(r *rand.Rand, card *ir.Op, sample op.Sample, choice int) {
	b := ir.NewBuilder(&ir.Graph{})
	b.Layer = "law"
	var operands []*ir.Value
	for i, typ := range sample.Types {
		x := ir.NewTensor(typ, l.rows)
		sample.Domain(i).Fill(r, x)
		for k, v := range x.Data {
			if typ.Kind == ir.F32 {
				x.Data[k] = float64(float32(v))
			}
		}
		l.operands = append(l.operands, x)
		switch {
		case typ.Scalar() && slices.ContainsFunc(card.Overwrites, func(p ir.Pair) bool { return p.Operand == i }):
			operands = append(operands, b.Value(ir.State, fmt.Sprintf("x%d", i), typ)) // it lies in memory
		case typ.Scalar() && typ.Kind == ir.I64 && len(operands) > 0 && operands[len(operands)-1].Name == ir.StepNumber:
			operands = append(operands, b.Scalar(ir.TotalSteps))
		case typ.Scalar() && typ.Kind == ir.I64:
			operands = append(operands, b.Scalar(ir.StepNumber))
		case typ.Scalar() && typ.Kind == ir.F64:
			operands = append(operands, b.Scalar(ir.LearningRate))
		case typ.Scalar():
			operands = append(operands, b.Const(x.Data[0]))
		default:
			operands = append(operands, b.Value(ir.Input, fmt.Sprintf("x%d", i), typ))
		}
	}
	results := b.Node("y", card, operands...)
	l.node = results[0].Def
	lay := func(v *ir.Value, may []ir.Layout) {
		v.Layout = may[choice%len(may)]
		l.laidOut = l.laidOut || v.Layout != may[0]
	}
	switch card.Order {
	case ir.Fixed:
		for i, v := range operands {
			lay(v, l.node.May(i, false))
		}
		for i, v := range results {
			lay(v, l.node.May(i, true))
		}
	case ir.Alike:
		for _, v := range l.node.Alike() {
			if len(v.Type.Shape) > 1 && !v.Type.Batch {
				lay(v, []ir.Layout{ir.RowMajor, ir.Panels})
			}
		}
	case ir.Planes:
		for _, v := range l.node.Alike() {
			lay(v, []ir.Layout{ir.RowMajor, ir.ChannelsLast.Of(v.Type.Shape)})
		}
	}
	for _, y := range results {
		l.want = append(l.want, ir.NewTensor(y.Type, l.rows))
	}
	card.Eval(l.want, l.operands)
}

// emit adds the law's function to the program and returns the values that it works on: operands, then results.
func (l *law) emit(f *file, index int) values {
	n := l.node
	g := &ir.Graph{Model: "Law", File: "law.nn", Nodes: []*ir.Node{n}, Outputs: n.Out}
	f.namer, f.graph, f.predict = newNamer(), g, g
	f.prefix = fmt.Sprintf("law%d", index) // of what stands beside the functions
	f.fields, f.counterparts = map[*ir.Value]string{}, map[string]string{}
	f.plan = &plan.Plan{Model: g, Written: map[string]bool{"law": l.written}}
	f.readers = map[*ir.Value][]*ir.Node{}
	slot, kept := map[*ir.Value]string{}, map[*ir.Value]string{}
	var v values
	at := func(i int, kind ir.Kind) string {
		return fmt.Sprintf("v.%s[%d]", [...]string{"Float", "Int", "Long", "Real"}[kind], i)
	}
	machine := "pool: nil"
	for i, x := range n.In {
		slot[x] = at(i, x.Type.Kind)
		if x.Role == ir.State {
			kept[x] = slot[x]
		}
		v.add(x, l.operands[i])
		if x.Role == ir.Scalar {
			machine += fmt.Sprintf(", %s: %v", scalarFields[x.Name], l.operands[i].Data[0])
		}
	}
	outside := map[*ir.Value]bool{}
	for k, y := range n.Out {
		slot[y] = at(len(n.In)+k, y.Type.Kind)
		v.add(y, ir.NewTensor(y.Type, l.rows))
		outside[y] = true
	}
	b := &body{file: f, program: &plan.Program{Graph: g, Rows: l.rows, Outside: outside}, receiver: "m",
		structs: [4]string{inGrads: "m.grads", inActs: "m.acts"}, outside: func(x *ir.Value) string { return slot[x] }, given: kept}
	b.start([]*ir.Node{n})
	for _, y := range n.Out {
		if y.Scalar() { // which nothing reads here
			b.scalars[y] = "s" + f.field(y)
		}
	}
	beside := ""
	if list := n.Op.Emit(n).List; list != nil {
		var paths []string
		for _, x := range list {
			paths = append(paths, slot[x])
		}
		name := f.besideName(n, "List")
		beside = fmt.Sprintf("var a struct { %s [][]float32 }\na.%s = [][]float32{%s}", name, name, strings.Join(paths, ", "))
	}
	if n.Op.Scratch != nil {
		b.program.Scratch = map[*ir.Node]plan.Place{n: {}}
		name := f.besideName(n, "Scratch")
		beside = fmt.Sprintf("var a struct { %s []float32 }\na.%s = make([]float32, %d)", name, name, n.Op.Scratch(n, l.rows))
	}
	b.write([]*ir.Node{n})
	stmts := []jen.Code{raw("m := machine{" + machine + "}\n_ = m"), raw(beside)}
	stmts = append(stmts, b.stmts...)
	for _, y := range n.Out {
		if y.Scalar() {
			stmts = append(stmts, raw(fmt.Sprintf("%s[0] = %s(%s)", slot[y], goKind(y.Type.Kind), b.scalars[y]))) // constants have no type yet
		}
	}
	f.Func().Id(fmt.Sprintf("law%d", index)).Params(jen.Id("n").Int(), jen.Id("v").Op("*").Id("values")).Block(stmts...)
	return v
}

// add appends what a value holds, as it lies in memory.
func (v *values) add(x *ir.Value, data ir.Tensor) {
	var floats []float32
	var ints []int32
	var longs []int64
	var reals []float64
	for i := range data.Data {
		value := data.Data[i]
		switch x.Type.Kind {
		case ir.F32:
			floats = append(floats, 0)
		case ir.I32:
			ints = append(ints, 0)
		case ir.I64:
			longs = append(longs, int64(value))
		case ir.F64:
			reals = append(reals, value)
		}
	}
	for i, value := range data.Data {
		switch x.Type.Kind {
		case ir.F32:
			floats[memoryIndex(x, i)] = float32(value)
		case ir.I32:
			ints[memoryIndex(x, i)] = int32(value)
		}
	}
	v.Float, v.Int, v.Long, v.Real = append(v.Float, floats), append(v.Int, ints), append(v.Long, longs), append(v.Real, reals)
}

func memoryIndex(v *ir.Value, i int) int { return v.Layout.Index(v.Type.Shape, i) }

// at returns element i of a value.
func (v *values) at(kind ir.Kind, list, i int) float64 {
	switch kind {
	case ir.I32:
		return float64(v.Int[list][i])
	case ir.I64:
		return float64(v.Long[list][i])
	case ir.F64:
		return v.Real[list][i]
	}
	return float64(v.Float[list][i])
}

// compare checks the program's results against Eval: each result in its own memory, or in that of the operand
// that it overwrites.
func (l *law) compare(t *testing.T, got values) {
	for k, y := range l.node.Out {
		list := len(l.node.In) + k
		if old := l.node.Overwrites(k); old != nil {
			list = slices.Index(l.node.In, old)
		}
		largest := 0.0
		for _, v := range l.want[k].Data {
			largest = max(largest, math.Abs(v))
		}
		for i, want := range l.want[k].Data {
			if !assert.InDelta(t, want, got.at(y.Type.Kind, list, memoryIndex(y, i)), 2e-6*(1+largest), "element %d of %s", i, y.Name) {
				return
			}
		}
	}
}

// runProgram builds a main package that imports the runtime, and runs it on a JSON input.
func runProgram(t *testing.T, source []byte, input any) []byte {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	// Reading the runtime here makes go test's cache depend on it: only the child process compiles it.
	kernels, err := filepath.Glob(filepath.Join(root, "runtime", "*", "*.go"))
	require.NoError(t, err)
	for _, path := range kernels {
		_, err := os.ReadFile(path)
		require.NoError(t, err)
	}
	dir := t.TempDir()
	mod := "module program\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => " + root + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), source, 0o644))
	text, err := json.Marshal(input)
	require.NoError(t, err)
	cmd := exec.Command("go", "run", "-mod=mod", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off")
	cmd.Stdin = bytes.NewReader(text)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", stderr.String())
	return out
}
