package random

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// exported is how many random models are written as ONNX models. By hand it is as many as NNC_MODELS says, from the seed on
// that NNC_SEED says, and where NNC_PYTHON names a Python with onnx and onnxruntime, what ONNX Runtime predicts by them is
// compared:
//
//	NNC_PYTHON=python NNC_MODELS=500 NNC_SEED=1 go test ./compiler/random -run ONNX -v -timeout 0
const exported = 20

// opsets are those of the files: the lowest that suffices, and the highest.
var opsets = []int{0, onnx.Highest}

// batches are the numbers of rows of what is predicted.
var batches = []int{1, 3, 8}

// newPrediction is a trial of nothing but predictions.
func newPrediction(name, spec string) (*course, error) {
	file, list := grammar.Parse(name+".nn", []byte(spec))
	if list.HasErrors() {
		return nil, list.Err()
	}
	forward, list := check.File(file, check.Options{Model: name})
	if list.HasErrors() {
		return nil, fmt.Errorf("%v\n%s", list.Err(), spec)
	}
	hash := fnv.New64a()
	hash.Write([]byte(spec))
	t := &trial{name: name, spec: spec, Rand: rand.New(rand.NewPCG(hash.Sum64(), 1)), scale: 1, forward: forward, predict: autodiff.Predict(forward)}
	c := &course{trial: t, env: interp.Env{}}
	for _, p := range t.predict.Params {
		c.env[p] = t.parameter(p)
	}
	for _, v := range t.predict.States {
		x := ir.NewTensor(v.Type, 1)
		for i := range x.Data {
			switch {
			case v.Type.Kind == ir.I64:
				x.Data[i] = 7
			case v.Init.Fill == 1: // what is divided by
				x.Data[i] = float64(float32(0.5 + t.Float64()))
			default:
				x.Data[i] = float64(float32(t.NormFloat64() / 2))
			}
		}
		c.env[v] = x
	}
	return c, nil
}

// predictsRows draws so many rows, none of which is near a place where two pieces of a definition meet, and predicts.
func (c *course) predictsRows(rows int) {
	all := make([]int, rows)
	for r := range all {
		all[r] = r
	}
	for again := all; ; c.scale /= 2 {
		c.sizes, c.data = []int{rows}, []map[*ir.Value]ir.Tensor{{}}
		for try := 0; len(again) > 0 && try < 40; try++ {
			c.draw(0, again)
			c.give(c.data[0])
			c.graph(c.predict, rows)
			again = c.nearAt(c.predict.Nodes, rows, margin)
		}
		if c.outputs().finite() || c.scale < 1e-3 {
			return
		}
		again = all
	}
}

// outputs are what is predicted.
func (c *course) outputs() seen {
	s := seen{}
	for i, y := range c.predict.Outputs {
		s[c.predict.Ports[i]] = slices.Clone(c.env[y].Data)
	}
	return s
}

// bounds are how far each output may be off, as in what is trained: some more where noise in all that is computed moves it.
func (c *course) bounds(rows, noisy int) map[string]float64 {
	want, bounds := c.outputs(), map[string]float64{}
	for name, y := range want {
		bounds[name] = 1e-4*largest(y) + 1e-12
	}
	moved := map[string]float64{}
	for seed := range noisy {
		other := &course{trial: c.trial, env: maps.Clone(c.env), noise: rand.New(rand.NewPCG(uint64(seed), 77))}
		other.graph(c.predict, rows)
		for name, y := range other.outputs() {
			for i, v := range y {
				moved[name] = max(moved[name], math.Abs(v-want[name][i]))
			}
		}
	}
	for name, far := range moved {
		bounds[name] += 16 * far
	}
	return bounds
}

// write writes the models, and for batches of so many rows what flows in and what is to come out, once these are predicted.
func (c *course) write(folder string, sizes []int, noisy int, predict func(rows int)) error {
	var params []onnx.Tensor
	for _, v := range slices.Concat(c.predict.Params, c.predict.States) {
		params = append(params, fileTensor(v, c.env[v]))
	}
	for _, opset := range opsets {
		m, _, err := onnx.New(c.predict, params, opset)
		if err != nil {
			return fmt.Errorf("opset %d: %w", opset, err)
		}
		var text bytes.Buffer
		if _, err := m.WriteTo(&text); err != nil {
			return err
		}
		for what, again := range map[string]func() (*onnx.Model, error){
			"made again": func() (*onnx.Model, error) { m, _, err := onnx.New(c.predict, params, opset); return m, err },
			"read":       func() (*onnx.Model, error) { return onnx.Read(text.Bytes()) },
		} {
			var same bytes.Buffer
			if m, err = again(); err == nil {
				_, err = m.WriteTo(&same)
			}
			if err != nil || !bytes.Equal(text.Bytes(), same.Bytes()) {
				return fmt.Errorf("opset %d: a model that is %s is another: %v", opset, what, err)
			}
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s.%d.onnx", c.name, opset)), text.Bytes(), 0o666); err != nil {
			return err
		}
	}
	out := &weights.File{}
	for i, rows := range sizes {
		predict(rows)
		add := func(kind, name string, v *ir.Value, x ir.Tensor) {
			tensor := weights.Tensor{Name: fmt.Sprintf("%d/%s/%s", i, kind, name), DType: weights.F32, Shape: v.Type.Shape}
			if v.Type.Batch {
				tensor.Shape = append([]int{rows}, v.Type.Shape...)
			}
			for _, n := range x.Data {
				if v.Type.Kind == ir.F32 {
					tensor.F32 = append(tensor.F32, float32(n))
				} else {
					tensor.DType, tensor.I64 = weights.I64, append(tensor.I64, int64(n))
				}
			}
			out.Tensors = append(out.Tensors, tensor)
		}
		for _, v := range c.predict.Inputs {
			add("x", v.Name, v, c.env[v])
		}
		bounds := c.bounds(rows, noisy)
		for k, v := range c.predict.Outputs {
			name := c.predict.Ports[k]
			add("y", name, v, c.env[v])
			out.Tensors = append(out.Tensors, weights.Tensor{Name: fmt.Sprintf("%d/bound/%s", i, name), DType: weights.F32, Shape: []int{1}, F32: []float32{float32(bounds[name])}})
		}
	}
	return weights.Write(filepath.Join(folder, c.name+".safetensors"), out)
}

// fileTensor is a parameter or a state as the file has it.
func fileTensor(v *ir.Value, x ir.Tensor) onnx.Tensor {
	shape := make([]int64, len(v.Type.Shape))
	for i, d := range v.Type.Shape {
		shape[i] = int64(d)
	}
	if v.Type.Kind == ir.I64 {
		return onnx.Ints(v.Name, shape, int64(x.Data[0]))
	}
	list := make([]float32, len(x.Data))
	for i, n := range x.Data {
		list[i] = float32(n)
	}
	return onnx.Floats(v.Name, shape, list...)
}

// runs lets ONNX Runtime predict by all models of a folder, if there is a Python to do so, and reports what it says.
func runs(t *testing.T, folder string) {
	python := os.Getenv("NNC_PYTHON")
	if python == "" {
		t.Log("NNC_PYTHON names no Python: nothing is compared with ONNX Runtime")
		return
	}
	said, err := exec.Command(python, filepath.Join("testdata", "onnx", "check.py"), folder).CombinedOutput()
	t.Logf("%s", said)
	require.NoError(t, err)
}

// kept reads specs, by their names.
func kept(t *testing.T, pattern string) map[string]string {
	names, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, names)
	specs := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		specs[strings.TrimSuffix(filepath.Base(name), ".nn")] = string(text)
	}
	return specs
}

// Every operation that has operators of ONNX is the same there, as far as its results are not for the backward pass alone.
func TestONNXOfOperations(t *testing.T) {
	folder := t.TempDir()
	for i, entry := range op.Catalogue() {
		for k, sample := range entry.Samples {
			card := entry.Make()
			if card.ONNX == nil {
				continue
			}
			g := &ir.Graph{Model: "Card", File: "card.nn"}
			b := ir.NewBuilder(g)
			b.Layer = card.Name
			c := &course{trial: &trial{name: fmt.Sprintf("%s-%d-%d", card.Name, i, k), Rand: rand.New(rand.NewPCG(uint64(i), uint64(k))), predict: g}, env: interp.Env{}}
			var operands []*ir.Value
			for o, kind := range sample.Types {
				role := ir.Param
				if kind.Batch {
					role = ir.Input
				}
				v := b.Value(role, fmt.Sprintf("x%d", o), kind)
				operands = append(operands, v)
				if !kind.Batch {
					c.env[v] = ir.NewTensor(kind, 1)
					c.domain(sample, o, c.env[v])
				}
			}
			for _, y := range b.Node("y", card, operands...)[0].Def.Out[:len(card.Results)+1-card.Saved] {
				g.Outputs, g.Ports = append(g.Outputs, y), append(g.Ports, "out."+y.Name)
			}
			require.NoError(t, c.write(folder, batches, 3, func(rows int) {
				for o, v := range operands {
					if v.Type.Batch {
						c.env[v] = ir.NewTensor(v.Type, rows)
						c.domain(sample, o, c.env[v])
					}
				}
				c.graph(g, rows)
			}), c.name)
		}
	}
	runs(t, folder)
}

// domain draws an operand of a sample, of float32 numbers.
func (c *course) domain(sample op.Sample, operand int, x ir.Tensor) {
	sample.Domain(operand).Fill(c.Rand, x)
	for i, v := range x.Data {
		x.Data[i] = float64(float32(v))
	}
}

// Every layer, with each of its arguments, is the same in ONNX: in ONNX Runtime, where there is one.
func TestONNXOfLayers(t *testing.T) {
	folder := t.TempDir()
	specs := kept(t, "testdata/onnx/*.nn")
	maps.Copy(specs, kept(t, "testdata/kept/*.nn"))
	for _, name := range slices.Sorted(maps.Keys(specs)) {
		c, err := newPrediction(name, specs[name])
		require.NoError(t, err, name)
		require.NoError(t, c.write(folder, batches, 3, c.predictsRows), name)
	}
	runs(t, folder)
}

// All uses of layers stand in the specs that are compared.
func TestONNXSpecsHaveAllLayers(t *testing.T) {
	used := map[string]int{}
	for name, spec := range kept(t, "testdata/onnx/*.nn") {
		file, list := grammar.Parse(name+".nn", []byte(spec))
		require.False(t, list.HasErrors(), name)
		count(file.Stmts, used)
	}
	for _, word := range vocab.Words() {
		if word.Kind == vocab.Layer {
			for _, use := range uses(word) {
				assert.NotZero(t, used[use], "no spec has %s", use)
			}
		}
	}
}

// The ten specs, too.
func TestONNXOfSpecs(t *testing.T) {
	if os.Getenv("NNC_PYTHON") == "" {
		t.Skip("NNC_PYTHON names no Python with onnxruntime")
	}
	folder := t.TempDir()
	for _, name := range []string{"bert-qa", "digits-cnn", "digits-mlp", "house", "resnet", "restaurant", "seed", "sentiment", "shakespeare", "two-heads"} {
		golden, err := txtar.ParseFile(filepath.Join("..", "testdata", name+".txtar"))
		require.NoError(t, err)
		c, err := newPrediction(name, string(golden.Files[0].Data))
		require.NoError(t, err, name)
		require.NoError(t, c.write(folder, []int{1, 2}, 1, c.predictsRows), name)
	}
	runs(t, folder)
}

// Random models are the same in ONNX.
func TestONNXOfRandomModels(t *testing.T) {
	count, first := setting(t, "NNC_MODELS", exported), setting(t, "NNC_SEED", 1)
	folder := t.TempDir()
	for seed := first; seed < first+count; seed++ {
		spec := specs(setting(t, "NNC_STATEMENTS", most)).Example(seed)
		c, err := newPrediction(fmt.Sprintf("R%d", seed), spec)
		require.NoError(t, err, "seed %d", seed)
		require.NoError(t, c.write(folder, batches, 3, c.predictsRows), "seed %d", seed)
	}
	runs(t, folder)
}

// Whatever layers a model has, there is an operator of ONNX for each operation of a prediction.
func TestEveryPredictionHasONNX(t *testing.T) {
	for i, spec := range many() {
		c, err := newPrediction("Model", spec)
		require.NoError(t, err, "seed %d", i+1)
		for _, n := range onnx.Missing(c.predict) {
			assert.Fail(t, "no rule", "seed %d: %s has no ONNX", i+1, n.Op.Name)
		}
	}
}
