package gogen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
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
}

// values is what goes to the generated program and comes back.
type values struct {
	Float [][]float32
	Int   [][]int32
}

// TestKernelsAgreeWithEval generates one program that runs every card's samples, as calls of kernels and written
// out, and compares what it computes with Eval.
func TestKernelsAgreeWithEval(t *testing.T) {
	laws := makeLaws(t)
	input := make([]values, len(laws))
	f := newFile(&plan.Plan{Predict: &plan.Program{Graph: &ir.Graph{Model: "Law", File: "law.nn"}}}, "main")
	f.ImportName(kernelPkg, "kernel")
	f.Type().Id("values").Struct(jen.Id("Float").Index().Index().Float32(), jen.Id("Int").Index().Index().Int32())
	f.Type().Id("machine").Struct(jen.Id("pool").Op("*").Add(kernelFunc("Pool")), jen.Id("step").Uint64())
	var calls []jen.Code
	for i, l := range laws {
		input[i] = l.emit(f, i)
		calls = append(calls, jen.Id(fmt.Sprintf("law%d", i)).Call(jen.Lit(l.rows), jen.Op("&").Id("v").Index(jen.Lit(i))))
	}
	body := append([]jen.Code{
		jen.Var().Id("v").Index().Id("values"),
		jen.If(jen.Err().Op(":=").Qual("encoding/json", "NewDecoder").Call(jen.Qual("os", "Stdin")).Dot("Decode").Call(jen.Op("&").Id("v")), jen.Err().Op("!=").Nil()).Block(jen.Panic(jen.Err()))},
		append(calls, jen.Qual("encoding/json", "NewEncoder").Call(jen.Qual("os", "Stdout")).Dot("Encode").Call(jen.Id("v")))...)
	f.Func().Id("main").Params().Block(body...)
	source, err := f.render()
	require.NoError(t, err)

	var output []values
	require.NoError(t, json.Unmarshal(runProgram(t, source, input), &output))
	require.Len(t, output, len(laws))
	for i, l := range laws {
		t.Run(l.name, func(t *testing.T) { l.compare(t, output[i]) })
	}
}

// makeLaws draws the operands of every sample and evaluates them.
func makeLaws(t *testing.T) []law {
	r := rand.New(rand.NewPCG(5, 6))
	var laws []law
	for _, entry := range op.Catalogue() {
		for _, types := range entry.Samples {
			for _, rows := range []int{1, 5, 300} { // one, some, more than a block of a product's sum
				card := entry.Make()
				if card.View || card.Random {
					continue
				}
				g := &ir.Graph{}
				b := ir.NewBuilder(g)
				l := law{rows: rows}
				var operands []*ir.Value
				for i, typ := range types {
					x := ir.NewTensor(typ, rows)
					for k := range x.Data {
						x.Data[k] = float64(float32(r.NormFloat64()))
						if typ.Kind == ir.I32 {
							x.Data[k] = float64(r.IntN(max(typ.Limit, 1)))
						}
						if (card.Name == "adam" || card.Name == "adamw") && i == 3 {
							x.Data[k] = math.Abs(x.Data[k])
						}
					}
					l.operands = append(l.operands, x)
					switch {
					case typ.Scalar() && typ.Kind == ir.I32:
						x.Data[0] = 3
						operands = append(operands, b.Counter())
					case typ.Scalar():
						x.Data[0] = 0.75
						operands = append(operands, b.Const(0.75))
					default:
						v := b.Value(ir.Input, fmt.Sprintf("x%d", i), typ)
						if !typ.Batch && len(typ.Shape) == 2 {
							v.Layout = ir.Transposed
						}
						operands = append(operands, v)
					}
				}
				results := b.Node("y", card, operands...)
				l.node = results[0].Def
				for _, y := range results {
					l.want = append(l.want, ir.NewTensor(y.Type, rows))
				}
				card.Eval(l.want, l.operands)
				l.name = fmt.Sprintf("%s%v%v/%d rows", card.Name, card.Attrs, types, rows)
				laws = append(laws, l)
				if small(l.node) != nil {
					l.written, l.name = true, l.name+" written out"
					laws = append(laws, l)
				}
			}
		}
	}
	return laws
}

// emit adds the law's function to the program and returns the values that it works on: operands, then results.
func (l *law) emit(f *file, index int) values {
	n := l.node
	g := &ir.Graph{Model: "Law", File: "law.nn", Nodes: []*ir.Node{n}, Outputs: n.Out}
	saved := *f
	defer func() { *f = saved }()
	f.namer, f.graph, f.predict, f.written = newNamer(), g, g, nil
	if l.written {
		f.written = forms(g)
	}
	slot := map[*ir.Value]jen.Code{}
	var v values
	at := func(i int, kind ir.Kind) *jen.Statement {
		if kind == ir.I32 {
			return jen.Id("v").Dot("Int").Index(jen.Lit(i))
		}
		return jen.Id("v").Dot("Float").Index(jen.Lit(i))
	}
	for i, x := range n.In {
		slot[x] = at(i, x.Type.Kind)
		v.Float, v.Int = append(v.Float, inMemory(x, l.operands[i])), append(v.Int, integers(l.operands[i]))
	}
	for k, y := range n.Out {
		slot[y] = at(len(n.In)+k, ir.F32)
		v.Float, v.Int = append(v.Float, make([]float32, len(l.want[k].Data))), append(v.Int, nil)
	}
	b := &body{program: &plan.Program{Graph: g, Rows: l.rows}, receiver: "m",
		outside: func(x *ir.Value) *jen.Statement { return jen.Add(slot[x]) }}
	stmts := f.function(b, []*ir.Node{n})
	for _, y := range n.Out {
		if y.Type.Scalar() {
			stmts = append(stmts, jen.Add(slot[y]).Index(jen.Lit(0)).Op("=").Float32().Parens(jen.Add(b.scalars[y]))) // constants have no type yet
		}
	}
	prologue := []jen.Code{jen.Id("m").Op(":=").Id("machine").Values(jen.Dict{jen.Id("step"): jen.Lit(3)}), jen.Id("_").Op("=").Id("m")}
	f.Func().Id(fmt.Sprintf("law%d", index)).Params(jen.Id("n").Int(), jen.Id("v").Op("*").Id("values")).Block(append(prologue, stmts...)...)
	return v
}

// inMemory orders a tensor as its value lies in memory.
func inMemory(v *ir.Value, x ir.Tensor) []float32 {
	data := make([]float32, len(x.Data))
	for i, value := range x.Data {
		data[memoryIndex(v, i)] = float32(value)
	}
	return data
}

func memoryIndex(v *ir.Value, i int) int {
	if v.Layout == ir.Transposed {
		out, in := v.Type.Shape[0], v.Type.Shape[1]
		return i%in*out + i/in
	}
	return i
}

func integers(x ir.Tensor) []int32 {
	data := make([]int32, len(x.Data))
	for i, v := range x.Data {
		data[i] = int32(v)
	}
	return data
}

// compare checks the program's results against Eval: each result in its own memory, or in that of the operand
// that it overwrites.
func (l *law) compare(t *testing.T, got values) {
	for k, y := range l.node.Out {
		data := got.Float[len(l.node.In)+k]
		if k < len(l.node.Op.Overwrites) {
			data = got.Float[l.node.Op.Overwrites[k]]
		}
		largest := 0.0
		for _, v := range l.want[k].Data {
			largest = max(largest, math.Abs(v))
		}
		for i, want := range l.want[k].Data {
			if !assert.InDelta(t, want, float64(data[memoryIndex(y, i)]), 2e-6*(1+largest), "element %d of %s", i, y.Name) {
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
