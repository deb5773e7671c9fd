package train

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// steady is a model that learns nothing: it makes the same row of every input.
func steady(inputs []data.Port, outputs []data.Port, losses []Loss, row ...[]float32) Model {
	return Model{
		Name: "Steady", Inputs: inputs, Outputs: outputs, Losses: losses, Batch: 4,
		Train: func(*Batch) (float32, error) { return 1, nil },
		Predict: func(b *Batch, out [][]float32) error {
			for i, values := range row {
				copy(out[i], slices.Repeat(values, b.N))
			}
			return nil
		},
		Export: func() []weights.Tensor { return nil },
		Import: func(*weights.File) error { return nil },
	}
}

// itself is a loss of the first output that compares with the first input.
func itself(j *data.Judged) []Loss { return []Loss{by(j, Loss{Target: -1, Weight: 1})} }

func arrayFile(t *testing.T, name string, a *format.Array) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name+".npy")
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, format.WriteNPY(f, a))
	require.NoError(t, f.Close())
	return name + "=" + path
}

// The means are 5 and 2, the deviations 5 and 1, so that the zeros that the model makes miss by 1, or by 5 and 1 in
// own units: mse 1, mae 3, rmse √13.
func TestAutoencoderOfATable(t *testing.T) {
	table := write(t, "t.csv", "a,b\n0,1\n10,3\n")
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	m := steady([]data.Port{{Name: "x", Shape: []int{2}, Judged: byMSE}}, []data.Port{{Name: "y", Shape: []int{2}}}, itself(byMSE), []float32{0, 0})
	stdout, stderr := mustRun(t, m, Job{Command: "train", Data: []string{table}, ValidData: []string{table}, Save: saved})
	assert.Contains(t, stdout, "held out 2 rows: loss 1  mae 3  r2 0\n")
	assert.Contains(t, stderr, "target: the input x itself\n")
	assert.Contains(t, stderr, "epoch 1/1  loss 1  valid loss 1  mae 3  r2 0\n")

	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved})
	assert.Equal(t, "a,b\n5,2\n5,2\n", stdout)
	stdout, _ = mustRun(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved})
	assert.Equal(t, "rows  2\nloss  1\nmae   3\nrmse  3.606\nr2    0\n", stdout)

	for _, command := range []string{"train", "eval"} {
		code, _, stderr := runJob(t, m, Job{Command: command, Data: []string{table}, Tables: Tables{Target: []string{"b"}}, Weights: saved})
		assert.Equal(t, 2, code)
		assert.Contains(t, stderr, "--target names 1 column, but the model has no target: what it makes is compared with its own input (x[2])")
	}
}

// A linear layer learns to give its input back.
func TestAutoencoderLearns(t *testing.T) {
	table := write(t, "t.csv", "a,b\n0,1\n0,3\n10,1\n10,3\n")
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	l := newLinear(2, 2, byMSE)
	l.lr = 0.5
	m := l.model(4, 60)
	m.Targets, m.Losses = nil, itself(byMSE)
	m.Inputs[0].Judged = byMSE
	m.Train = func(b *Batch) (float32, error) {
		return l.train(&Batch{N: b.N, Inputs: b.Inputs, Targets: b.Inputs})
	}
	mustRun(t, m, Job{Command: "train", Data: []string{table}, Save: saved})
	assert.InDeltaSlice(t, []float32{1, 0, 0, 1}, l.w, 1e-6)
	stdout, _ := mustRun(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved})
	assert.Regexp(t, `(?m)^r2 +1$`, stdout)
}

// Two tokens of three kinds, of which the model tells nothing: ln 3, and the first kind is right once in four.
func TestTokensAreTheirOwnTarget(t *testing.T) {
	table := write(t, "t.csv", "p,q\n0,2\n1,1\n")
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	tokens := data.Port{Name: "tokens", Shape: []int{2}, Int: true, Limit: 3, Judged: byCrossEntropy}
	m := steady([]data.Port{tokens}, []data.Port{{Name: "y", Shape: []int{2, 3}}}, itself(byCrossEntropy), make([]float32, 6))
	stdout, stderr := mustRun(t, m, Job{Command: "train", Data: []string{table}, ValidData: []string{table}, Save: saved})
	assert.Contains(t, stdout, "held out 2 rows: loss 1.099  accuracy 0.25  perplexity 3\n")
	assert.Contains(t, stderr, "integers as they stand: p, q\n")
	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved})
	assert.Equal(t, "p,p.probability,q,q.probability\n0,0.33333334,0,0.33333334\n0,0.33333334,0,0.33333334\n", stdout)
	stdout, _ = mustRun(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved})
	assert.Regexp(t, `(?m)^loss +1\.099\naccuracy +0\.25$`, stdout)

	array := arrayFile(t, "tokens", &format.Array{Shape: []int{2, 2}, Int: []int32{0, 2, 1, 1}})
	mustRun(t, m, Job{Command: "train", Data: []string{array}, Save: saved})
	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{array}, Weights: saved})
	assert.Equal(t, "tokens.0,tokens.0.probability,tokens.1,tokens.1.probability\n0,0.33333334,0,0.33333334\n0,0.33333334,0,0.33333334\n", stdout)
}

// Pixels are given in bytes, whichever loss compares with them. The model makes 0.2, or ½ of the logit 0.
func TestAutoencoderOfBytes(t *testing.T) {
	image := arrayFile(t, "image", &format.Array{Shape: []int{1, 2}, Uint8: []uint8{0, 255}})
	for loss, tt := range map[*data.Judged]struct {
		out           float32
		held, predict string
	}{
		byMSE:       {0.2, "loss 0.34  mae 127.5  r2 0", "51,51"}, // (0.04 + 0.64)/2, (51 + 204)/2
		byBCELogits: {0, "loss 0.6931  accuracy 0.5", "127.5,127.5"},
	} {
		saved := filepath.Join(t.TempDir(), "w.safetensors")
		m := steady([]data.Port{{Name: "image", Shape: []int{2}, Judged: loss}}, []data.Port{{Name: "y", Shape: []int{2}}}, itself(loss), []float32{tt.out, tt.out})
		stdout, _ := mustRun(t, m, Job{Command: "train", Data: []string{image}, ValidData: []string{image}, Save: saved})
		assert.Contains(t, stdout, "trained on 1 row, 1 step: loss ")
		assert.Contains(t, stdout, "held out 1 row: "+tt.held)
		stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{image}, Weights: saved})
		assert.Equal(t, "image.0,image.1\n"+tt.predict+"\n", stdout)
	}
}

// A target beside it, and two outputs that give one input back: the columns must not be mixed up.
func TestOutputsOfOneInput(t *testing.T) {
	table := write(t, "t.csv", "a,b,price\n0,1,100\n10,3,300\n")
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	m := steady(
		[]data.Port{{Name: "z", Shape: []int{1}}, {Name: "x", Shape: []int{1}, Judged: byMSE}},
		[]data.Port{{Name: "coarse", Shape: []int{1}}, {Name: "price", Shape: []int{1}}, {Name: "fine", Shape: []int{1}}},
		[]Loss{
			by(byMSE, Loss{Target: -1, Input: 1, Output: 0, Weight: 1}),
			by(byMAE, Loss{Target: 0, Output: 1, Weight: 3}),
			by(byMAE, Loss{Target: -1, Input: 1, Output: 2, Weight: 0.5}),
		},
		[]float32{0}, []float32{1}, []float32{2})
	m.Targets = []data.Port{{Name: "price", Shape: []int{1}, Judged: byMAE}}
	// In units of the deviation the truth is ±1: mse 1 of 0, mae 1 of 1, mae 2 of 2.
	stdout, stderr := mustRun(t, m, Job{
		Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"price"}, Features: []string{"x=b"}}, ValidData: []string{table}, Save: saved,
		Metrics: []string{"mae"},
	})
	assert.Contains(t, stderr, "valid loss 5 (coarse.mse 1, price.mae 1, fine.mae 2)  coarse.mae 1  price.mae 100  fine.mae 2\n")
	assert.Contains(t, stdout, "held out 2 rows: loss 5  coarse.mae 1  price.mae 100  fine.mae 2\n")
	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved})
	assert.Equal(t, "coarse.b,price,fine.b\n2,300,4\n2,300,4\n", stdout)
}
