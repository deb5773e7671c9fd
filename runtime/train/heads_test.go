package train

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// twoHeads is a model of two inputs, two outputs in another order than their losses, and an output that nothing
// judges. It learns nothing: its outputs are its inputs.
func twoHeads() Model {
	return Model{
		Name:   "Heads",
		Inputs: []data.Port{{Name: "a", Shape: []int{1}}, {Name: "b", Shape: []int{2}}},
		Targets: []data.Port{
			{Name: "kind", Int: true, Limit: 2, Judged: byCrossEntropy},
			{Name: "price", Shape: []int{1}, Judged: byMSE},
		},
		Outputs: []data.Port{{Name: "price", Shape: []int{1}}, {Name: "kind", Shape: []int{2}}, {Name: "trunk", Shape: []int{2}}},
		Losses:  []Loss{by(byCrossEntropy, Loss{Target: 0, Output: 1, Weight: 0.5}), by(byMSE, Loss{Target: 1, Output: 0, Weight: 2})},
		Metrics: []Metric{{Name: "accuracy", Output: 1}, {Name: "mae", Output: 0}},
		Batch:   2,
		Train:   func(*Batch) (float32, error) { return 1, nil },
		Predict: func(b *Batch, out [][]float32) error {
			copy(out[0], b.Inputs[0].Float)
			copy(out[1], b.Inputs[1].Float)
			copy(out[2], b.Inputs[1].Float)
			return nil
		},
		Export: func() []weights.Tensor { return nil },
		Import: func(*weights.File) error { return nil },
	}
}

func TestSeveralInputsAndOutputs(t *testing.T) {
	file := func(name string, a *format.Array) string {
		path := filepath.Join(t.TempDir(), name+".npy")
		f, err := os.Create(path)
		require.NoError(t, err)
		require.NoError(t, format.WriteNPY(f, a))
		require.NoError(t, f.Close())
		return name + "=" + path
	}
	list := []string{
		file("a", &format.Array{Shape: []int{3}, Float: []float32{1, 2, 3}}),
		file("b", &format.Array{Shape: []int{3, 2}, Float: []float32{0, 9, 9, 0, 0, 0}}),
		file("kind", &format.Array{Shape: []int{3}, Int: []int32{1, 1, 0}}),
		file("price", &format.Array{Shape: []int{3, 1}, Float: []float32{1, 3, 5}}),
	}
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	// mse 5/3; cross entropy (9 + ln 2 + 2 ln(1 + e⁻⁹))/3
	stdout, _ := mustRun(t, twoHeads(), Job{Command: "train", Data: list, ValidData: list, Save: saved})
	assert.Contains(t, stdout, "held out 3 rows: loss 4.949  kind.accuracy 0.6667  price.mae 1\n")

	stdout, _ = mustRun(t, twoHeads(), Job{Command: "predict", Data: list[:2], Weights: saved})
	assert.Equal(t, "price,kind,kind.probability,trunk.0,trunk.1\n"+
		"1,1,0.9998766,0,9\n2,0,0.9998766,9,0\n3,0,0.5,0,0\n", stdout)

	stdout, _ = mustRun(t, twoHeads(), Job{Command: "eval", Data: list, Weights: saved})
	assert.Regexp(t, `(?m)^price\.rmse +1\.291$`, stdout)
	assert.Contains(t, stdout, "kind  precision")
}

// What stands in the header and in a row of each kind of output.
func TestPredictionColumns(t *testing.T) {
	port := func(name string, shape ...int) data.Port { return data.Port{Name: name, Shape: shape} }
	for name, tt := range map[string]struct {
		output, target data.Port
		loss           *data.Judged
		classes        int
		out            []float32
		want           string
	}{
		"a number":   {port("y", 1), port("target", 1), byMSE, 0, []float32{2.5}, "target|2.5"},
		"numbers":    {port("y", 2), port("target", 2), byMAE, 0, []float32{1e7, 0.1}, "target.0,target.1|10000000,0.1"},
		"a class":    {port("y", 2), port("target"), byCrossEntropy, 2, []float32{0, 0}, "target,probability|0,0.5"},
		"a sequence": {port("y", 2, 2), port("target", 2), byCrossEntropy, 2, []float32{0, 0, -99, 99}, "target.0,target.0.probability,target.1,target.1.probability|0,0.5,1,1"},
		"a flag":     {port("y", 1), port("target", 1), byBCELogits, 2, []float32{-99}, "target,probability|0,1"},
		"flags":      {port("y", 2), port("target", 2), byBCELogits, 2, []float32{99, 0}, "target.0,target.0.probability,target.1,target.1.probability|1,1,0,0.5"},
	} {
		m := Model{Outputs: []data.Port{tt.output}, Targets: []data.Port{tt.target}, Losses: []Loss{by(tt.loss, Loss{})}}
		ps := m.predictions([]data.Target{{Name: tt.target.Name, Judged: *tt.loss, Count: tt.classes}}, make(thresholds, 1), false)
		require.Len(t, ps, 1)
		row, err := ps[0].append(nil, tt.out)
		require.NoError(t, err)
		var cells []string
		for _, v := range row {
			cells = append(cells, v.text)
		}
		assert.Equal(t, tt.want, strings.Join(ps[0].header(nil), ",")+"|"+strings.Join(cells, ","), name)
	}
}

func TestBadModels(t *testing.T) {
	for name, spoil := range map[string]func(*Model){
		"no batch":       func(m *Model) { m.Batch = 0 },
		"no predict":     func(m *Model) { m.Predict = nil },
		"target":         func(m *Model) { m.Losses[0].Target = 2 },
		"limit":          func(m *Model) { m.Targets[0].Limit = 3 },
		"size":           func(m *Model) { m.Targets[1].Shape = []int{2} },
		"kind":           func(m *Model) { m.Losses[1].Kind = 9 },
		"link":           func(m *Model) { m.Losses[1].Link = data.Exp },
		"not declared":   func(m *Model) { m.Targets[1].Judged = nil },
		"port's loss":    func(m *Model) { m.Targets[1].Judged = byMAE },
		"integer target": func(m *Model) { m.Targets[1].Int = true },
		"metric":         func(m *Model) { m.Metrics[0].Name = "mae" },
		"metric's value": func(m *Model) { m.Metrics[0].Output = 2 },
	} {
		m := twoHeads()
		spoil(&m)
		code, _, stderr := runJob(t, m, Job{Command: "train"})
		assert.Equal(t, 2, code, name)
		assert.Contains(t, stderr, "internal error: model Heads", name)
	}
	m := twoHeads()
	assert.ErrorContains(t, m.verify(), "incomplete", "losses and nothing to evaluate them")
	m.Losses = nil
	m.Metrics = nil
	for _, command := range []string{"train", "eval"} {
		code, _, stderr := runJob(t, m, Job{Command: command, Data: []string{"x"}})
		assert.Equal(t, 2, code)
		assert.Contains(t, stderr, "has no loss")
	}
}

// A regression without hidden layers explains 64 to 65 % of the prices (ordinary least squares on all rows: 0.645).
func TestCaliforniaHousing(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "california-housing.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the California housing table is not here")
	}
	m := newLinear(13, 1, byMSE)
	m.lr = 0.01
	stdout, stderr := mustRun(t, m.model(64, 10), Job{
		Command: "train", Data: []string{path}, Tables: Tables{Target: []string{"median_house_value"}}, Metrics: []string{"mae", "rmse", "r2"},
	})
	assert.Contains(t, stdout, "trained on 18576 rows, 2910 steps")
	assert.Regexp(t, `r2 0\.6[3-6]`, stdout)
	assert.Equal(t, 10, strings.Count(stderr, "epoch "))
}

// Handwritten digits, straight from MNIST's files: one layer and one epoch tell most of them apart.
func TestDigits(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data")
	images, labels := filepath.Join(dir, "mnist-10k-images-idx3-ubyte.gz"), filepath.Join(dir, "mnist-10k-labels-idx1-ubyte.gz")
	if _, err := os.Stat(images); err != nil {
		t.Skip("the digits are not here")
	}
	l := newLinear(784, 10, byCrossEntropy)
	m := l.model(64, 1)
	m.Inputs[0] = data.Port{Name: "image", Shape: []int{28, 28}}
	stdout, stderr := mustRun(t, m, Job{Command: "train", Data: []string{images, "target=" + labels}, Valid: "last:2000"})
	assert.Contains(t, stderr, "image: bytes divided by 255")
	assert.Contains(t, stdout, "trained on 8000 rows, 125 steps")
	assert.Regexp(t, `held out 2000 rows: loss \S+  accuracy 0\.(8[5-9]|9)`, stdout)
}
