package train

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// twoLosses is a model that makes 2 of everything, judged by mse + 0.1·mae.
func twoLosses() Model {
	m := steady(
		[]data.Port{{Name: "x", Shape: []int{1}}}, []data.Port{{Name: "y", Shape: []int{1}}},
		[]Loss{by(byMSE, Loss{Weight: 1}), by(byMAE, Loss{Weight: 0.1})}, []float32{2})
	m.Targets = []data.Port{{Name: "y", Shape: []int{1}, Judged: byMSE}}
	return m
}

// The truth is 0 and 10: mse (4 + 64)/2, mae (2 + 8)/2, together 34.5; r2 1 − 68/50.
func TestLossesShareATarget(t *testing.T) {
	table := write(t, "t.csv", "x,y\n1,0\n2,10\n")
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	job := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Scale: "none", ValidData: []string{table}, Save: saved}
	stdout, stderr := mustRun(t, twoLosses(), job)
	assert.Contains(t, stderr, "epoch 1/1  loss 1  valid loss 34.5 (y.mse 34, y.mae 5)  y.mae 5  y.r2 -0.36\n")
	assert.Contains(t, stdout, "held out 2 rows: loss 34.5  y.mae 5  y.r2 -0.36\n")

	job.JSON, job.Metrics = true, []string{"rmse"}
	stdout, _ = mustRun(t, twoLosses(), job)
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	require.Len(t, lines, 2)
	for _, line := range lines {
		var record struct {
			Loss   float64            `json:"valid_loss"`
			Losses map[string]float64 `json:"valid_losses"`
			M      map[string]float64 `json:"metrics"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		assert.InDelta(t, 34.5, record.Loss, 1e-12)
		assert.Equal(t, map[string]float64{"y.mse": 34, "y.mae": 5}, record.Losses)
		assert.Equal(t, map[string]float64{"y.rmse": math.Sqrt(34)}, record.M)
	}

	stdout, _ = mustRun(t, twoLosses(), Job{Command: "eval", Data: []string{table}, Weights: saved})
	assert.Equal(t, "rows    2\nloss    34.5 (y.mse 34, y.mae 5)\ny.mae   5\ny.rmse  5.831\ny.r2    -0.36\n", stdout)
	stdout, _ = mustRun(t, twoLosses(), Job{Command: "eval", Data: []string{table}, Weights: saved, JSON: true, Metrics: []string{"mae"}})
	assert.JSONEq(t, `{"event":"eval","rows":2,"loss":34.5,"losses":{"y.mse":34,"y.mae":5},"metrics":{"y.mae":5}}`, stdout)
	stdout, _ = mustRun(t, twoLosses(), Job{Command: "predict", Data: []string{table}, Weights: saved})
	assert.Equal(t, "y\n2\n2\n", stdout)
}

// A model with one loss is reported as ever.
func TestOneLossHasNoParts(t *testing.T) {
	table := write(t, "t.csv", "x,y\n1,0\n2,10\n")
	m := twoLosses()
	m.Losses = m.Losses[:1]
	stdout, stderr := mustRun(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Scale: "none", ValidData: []string{table}, JSON: true})
	assert.Contains(t, stderr, "valid loss 34  mae 5  r2 -0.36\n")
	assert.NotContains(t, stdout, "losses")
}

// Two losses of classes make one report, and one accuracy.
func TestClassLossesShareATarget(t *testing.T) {
	table := write(t, "t.csv", "x,k\n1,red\n2,blue\n")
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	byOther := &data.Judged{Loss: "other", Kind: data.Class, Link: data.Softmax}
	m := steady(
		[]data.Port{{Name: "x", Shape: []int{1}}}, []data.Port{{Name: "y", Shape: []int{2}}},
		[]Loss{by(byCrossEntropy, Loss{Weight: 1}), by(byOther, Loss{Weight: 2})}, []float32{0, 0})
	m.Targets = []data.Port{{Name: "y", Int: true, Limit: 2, Judged: byCrossEntropy}}
	mustRun(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"k"}}, Save: saved})
	stdout, _ := mustRun(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved})
	assert.Contains(t, stdout, "loss        2.079 (y.cross_entropy 0.6931, y.other 0.6931)\ny.accuracy  0.5\n") // 3·ln 2
	assert.Equal(t, 1, strings.Count(stdout, "precision"))
	assert.Equal(t, 1, strings.Count(stdout, "y.accuracy"))
}

// Numbers and integers from one table: what is assigned is saved, and prediction and evaluation apply it. The model's
// output is the sum of facts, which are standardised, and 10 for each room.
func TestTableOfSeveralInputs(t *testing.T) {
	m := steady(
		[]data.Port{{Name: "facts", Shape: []int{2}}, {Name: "rooms", Int: true, Limit: 4}}, []data.Port{{Name: "y", Shape: []int{1}}},
		[]Loss{by(byMSE, Loss{Weight: 1})}, []float32{0})
	m.Targets = []data.Port{{Name: "y", Shape: []int{1}, Judged: byMSE}}
	m.Predict = func(b *Batch, out [][]float32) error {
		for i, rooms := range b.Inputs[1].Int {
			out[0][i] = b.Inputs[0].Float[2*i] + b.Inputs[0].Float[2*i+1] + 10*float32(rooms)
		}
		return nil
	}
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	table := write(t, "t.csv", "n,a,price,b\n3,0,0,1\n0,10,2,3\n") // price: mean 1, deviation 1
	stdout, stderr := mustRun(t, m, Job{
		Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"price"}, Features: []string{"rooms=n"}}, ValidData: []string{table}, Save: saved,
	})
	assert.Contains(t, stderr, "facts from a, b\nrooms from n\nnumbers standardised: a, b\nintegers as they stand: n\n")
	assert.Contains(t, stdout, "held out 2 rows: loss 421  mae 15  r2 -420") // 28 for −1 and 2 for 1: (29² + 1)/2, (29 + 1)/2, 1 − 842/2
	rows := write(t, "rows.csv", "b,a,n\n3,0,1\n")
	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{rows}, Weights: saved})
	assert.Equal(t, "price\n11\n", stdout) // (−1 + 1 + 10)·1 + 1

	rows = write(t, "bad.csv", "b,a,n\n3,0,4\n")
	code, _, stderr := runJob(t, m, Job{Command: "predict", Data: []string{rows}, Weights: saved})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, rows+`:2:5: column "n": 4 is out of range [0, 4)`)
}

// The spec's steps are the length of a training, unless the job says otherwise.
func TestStepsOfTheSpec(t *testing.T) {
	table := write(t, "t.csv", "x,y\n0,0\n1,0\n2,0\n3,0\n4,0\n") // 3 steps an epoch
	for name, tt := range map[string]struct {
		epochs, steps int
		job           Job
		want          int
	}{
		"steps":            {0, 7, Job{}, 7},
		"within an epoch":  {0, 2, Job{}, 2},
		"over epochs":      {4, 7, Job{}, 7},
		"a job's epochs":   {0, 7, Job{Epochs: ptr(2)}, 6},
		"a job's steps":    {0, 7, Job{Steps: ptr(4)}, 4},
		"both of a job":    {0, 7, Job{Epochs: ptr(2), Steps: ptr(5)}, 5},
		"neither is given": {0, 0, Job{}, 3},
	} {
		l := newLinear(1, 1, byMSE)
		m := l.model(2, tt.epochs)
		m.Steps = tt.steps
		told := []uint64{}
		m.SetTotalSteps = func(n uint64) {
			assert.Zero(t, l.steps, "a schedule knows the total before the first step")
			told = append(told, n)
		}
		tt.job.Command, tt.job.Data, tt.job.Target = "train", []string{table}, []string{"y"}
		mustRun(t, m, tt.job)
		assert.Equal(t, tt.want, l.steps, name)
		assert.Equal(t, []uint64{uint64(tt.want)}, told, name)
	}
}

func TestBadLosses(t *testing.T) {
	class := data.Port{Name: "y", Shape: []int{1}, Int: true, Limit: 1, Judged: byCrossEntropy}
	own := func(m *Model) {
		m.Targets, m.Losses = nil, itself(byMSE)
		m.Inputs[0].Judged = byMSE
	}
	for name, spoil := range map[string]func(*Model){
		"numbers and flags":       func(m *Model) { m.Losses[1] = by(byBCELogits, Loss{}) },
		"numbers and classes":     func(m *Model) { m.Losses[1] = by(byCrossEntropy, Loss{}) },
		"port names the second":   func(m *Model) { m.Targets[0].Judged = byMAE },
		"another target":          func(m *Model) { m.Targets = append(m.Targets, m.Targets[0]); m.Losses[1].Target = 1 },
		"another kind of target":  func(m *Model) { m.Targets = append(m.Targets, class); m.Losses[1] = by(class.Judged, Loss{Target: 1}) },
		"a target and an input":   func(m *Model) { m.Inputs[0].Judged = byMAE; m.Losses[1].Target = -1 },
		"no such input":           func(m *Model) { own(m); m.Losses[0].Input = 1 },
		"one loss twice":          func(m *Model) { m.Losses[1] = m.Losses[0] },
		"two links":               func(m *Model) { m.Losses[1].Link = data.Exp },
		"span":                    func(m *Model) { m.Losses[0].Kind, m.Losses[1].Kind = data.Span, data.Span },
		"negative input":          func(m *Model) { own(m); m.Losses[0].Input = -1 },
		"negative target":         func(m *Model) { own(m); m.Losses[0].Target = -2 },
		"input without a loss":    func(m *Model) { own(m); m.Inputs[0].Judged = nil },
		"input with another loss": func(m *Model) { own(m); m.Inputs[0].Judged = byMAE },
		"loss of no use":          func(m *Model) { m.Inputs[0].Judged = byMSE },
		"size of the input":       func(m *Model) { own(m); m.Inputs[0].Shape = []int{2} },
		"integers":                func(m *Model) { own(m); m.Inputs[0].Int = true },
		"limit of the input":      func(m *Model) { own(m); m.Losses, m.Inputs[0] = itself(class.Judged), class; m.Inputs[0].Limit = 2 },
		"numbers as classes":      func(m *Model) { own(m); m.Losses = itself(class.Judged); m.Inputs[0].Judged = class.Judged },
		"metric":                  func(m *Model) { own(m); m.Metrics = []Metric{{Name: "accuracy"}} },
	} {
		m := twoLosses()
		spoil(&m)
		code, _, stderr := runJob(t, m, Job{Command: "train"})
		assert.Equal(t, 2, code, name)
		assert.Contains(t, stderr, "internal error: model Steady", name)
	}
	for name, change := range map[string]func(*Model){
		"as it is":     func(*Model) {},
		"itself":       own,
		"itself twice": func(m *Model) { own(m); m.Losses = append(m.Losses, by(byMAE, Loss{Target: -1})) },
		"integers":     func(m *Model) { own(m); m.Losses, m.Inputs[0] = itself(class.Judged), class },
		"one loss of each": func(m *Model) {
			m.Inputs[0].Judged = byMSE
			m.Outputs = append(m.Outputs, m.Outputs[0])
			m.Losses = append(m.Losses, by(byMSE, Loss{Target: -1, Output: 1}))
		},
	} {
		m := twoLosses()
		change(&m)
		m = evaluating(m)
		assert.NoError(t, m.verify(), name)
	}
}
