package train

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// wandering makes the model's only weight take these values, one per step, whatever the data. On the table ones, of
// rows 1 → 0, the held-out mse is the weight's square.
func wandering(values ...float32) (*linear, Model) {
	l := newLinear(1, 1, byMSE)
	m := l.model(1000, len(values))
	m.Train = func(b *Batch) (float32, error) {
		l.w[0] = values[l.steps]
		l.steps++
		return l.w[0] * l.w[0], nil
	}
	m.Reset = func(uint64) { l.w[0], l.steps = 0, 0 }
	return l, m
}

const ones = "x,y\n1,0\n1,0\n1,0\n1,0\n1,0\n"

func wanderingJob(t *testing.T) Job {
	return Job{
		Command: "train", Data: []string{write(t, "ones.csv", ones)}, Tables: Tables{Target: []string{"y"}}, Scale: "none", Valid: "last:2",
		Save: filepath.Join(t.TempDir(), "w.safetensors"), JSON: true,
	}
}

// resultOf is the last line that a training wrote.
func resultOf(t *testing.T, stdout string) resultRecord {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	var rec resultRecord
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &rec))
	require.Equal(t, "result", rec.Event)
	return rec
}

func savedWeight(t *testing.T, path string) float32 {
	t.Helper()
	f, err := weights.Read(path)
	require.NoError(t, err)
	w, ok := f.Tensor("linear1.weight")
	require.True(t, ok)
	return w.F32[0]
}

func TestTheBestWeightsAreKept(t *testing.T) {
	job := wanderingJob(t)
	l, m := wandering(3, -2, 4, 2, 5) // the second 4 is not strictly smaller than the first
	stdout, _ := mustRun(t, m, job)
	rec := resultOf(t, stdout)
	assert.Equal(t, []any{"best", 2, 2, 5, 5}, []any{rec.Kept, rec.KeptEpoch, rec.KeptStep, rec.Epochs, rec.Steps})
	assert.Equal(t, 4.0, *rec.ValidLoss)
	assert.EqualValues(t, 2, rec.Metrics["mae"])
	assert.EqualValues(t, -2, savedWeight(t, job.Save))
	assert.EqualValues(t, -2, l.w[0], "the model itself holds what was saved")

	job.JSON = false
	_, m = wandering(3, -2, 4, 2, 5)
	stdout, _ = mustRun(t, m, job)
	assert.Contains(t, stdout, "held out 2 rows: loss 4  mae 2")
	assert.Contains(t, stdout, "kept the weights of epoch 2 of 5, whose held-out loss was the smallest: these rows chose it\n")

	job.Last = true
	_, m = wandering(3, -2, 4, 2, 5)
	stdout, _ = mustRun(t, m, job)
	assert.Contains(t, stdout, "held out 2 rows: loss 25  mae 5")
	assert.Contains(t, stdout, "kept the weights of epoch 5, the last\n")
	assert.EqualValues(t, 5, savedWeight(t, job.Save))

	// Without held-out rows there is no choice.
	job.Last, job.Valid = false, "0"
	_, m = wandering(3, -2, 4, 2, 5)
	stdout, _ = mustRun(t, m, job)
	assert.NotContains(t, stdout, "kept the weights")
	assert.EqualValues(t, 5, savedWeight(t, job.Save))
}

// Rows to test on say nothing until the weights are chosen, and judge those.
func TestTestRowsJudgeTheKeptWeights(t *testing.T) {
	job := wanderingJob(t)
	job.Test = []string{write(t, "test.csv", "x,y\n2,0\n2,1\n")}
	_, m := wandering(3, -2, 4)
	stdout, _ := mustRun(t, m, job)
	rec := resultOf(t, stdout)
	assert.Equal(t, 2, rec.TestRows)
	assert.Equal(t, (16.0+25)/2, *rec.TestLoss)
	assert.EqualValues(t, 4.5, rec.TestMetrics["mae"])
	job.JSON = false
	_, m = wandering(3, -2, 4)
	stdout, _ = mustRun(t, m, job)
	assert.Contains(t, stdout, "tested on 2 rows: loss 20.5  mae 4.5")

	job.Test, job.Valid, job.JSON = []string{"0.4"}, "0", true
	_, m = wandering(3, -2, 4)
	stdout, _ = mustRun(t, m, job)
	rec = resultOf(t, stdout)
	assert.Equal(t, []int{3, 0, 2}, []int{rec.Rows, rec.ValidRows, rec.TestRows})
	assert.Equal(t, 16.0, *rec.TestLoss, "nothing chose: the last")
}

// A loss that is not a number loses nothing good.
func TestDivergenceKeepsTheBest(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, values := range map[string][]float32{"loss": {3, 2, nan, 5}, "weight": {3, 2, 7, inf}} {
		for _, last := range []bool{false, true} {
			job := wanderingJob(t)
			job.Last, job.JSON = last, false
			l, m := wandering(values...)
			train := m.Train
			m.Train = func(b *Batch) (float32, error) {
				loss, err := train(b)
				if name == "weight" {
					loss = 1
				}
				return loss, err
			}
			code, stdout, stderr := runJob(t, m, job)
			assert.Equal(t, 1, code, name)
			assert.Contains(t, stdout, "held out 2 rows: loss 4  mae 2", name)
			assert.Contains(t, stderr, "the weights of epoch 2 are kept, the best before", name)
			assert.Contains(t, stderr, "try --scale standard first, then a lower learning rate", name)
			assert.EqualValues(t, 2, savedWeight(t, job.Save), name)
			assert.EqualValues(t, 2, l.w[0], name)
		}
	}
	// Where no epoch was judged, nothing is.
	job := wanderingJob(t)
	_, m := wandering(nan)
	code, stdout, stderr := runJob(t, m, job)
	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.NotContains(t, stderr, "kept")
	assert.NoFileExists(t, job.Save)
}

func TestPatience(t *testing.T) {
	for name, tt := range map[string]struct {
		values   []float32 // the held-out losses' roots
		flag     int
		stop     *Stop
		last     int // epoch
		kept     int
		explains string
	}{
		"by the flag":        {[]float32{5, 4, 6, 5, 3, 2}, 2, nil, 4, 2, "2 epochs in a row did not better the best held-out loss, 16"},
		"at once":            {[]float32{5, 4, 6, 5, 3, 2}, 1, nil, 3, 2, "it did not better the best held-out loss, 16"},
		"never":              {[]float32{5, 4, 6, 3, 4, 2}, 2, nil, 6, 6, ""},
		"the flag wins":      {[]float32{5, 4, 6, 5, 3, 2}, 1, &Stop{Patience: 3}, 3, 2, "it did not better"},
		"by the spec":        {[]float32{5, 4, 6, 5, 3, 2}, 0, &Stop{Patience: 2, Monitor: "loss"}, 4, 2, "2 epochs in a row"},
		"too little":         {[]float32{5, 4.95, 4.9, 3, 4}, 0, &Stop{Patience: 2, Monitor: "loss", MinDelta: 1}, 3, 3, "did not better the best held-out loss, 25 by more than 1"},
		"little by little":   {[]float32{5, 4.95, 4.89, 4.8, 4.7}, 0, &Stop{Patience: 2, Monitor: "loss", MinDelta: 1}, 5, 5, ""},
		"by a metric":        {[]float32{5, 4, 6, 5, 3, 2}, 0, &Stop{Patience: 2, Monitor: "mae", Metric: &Metric{Name: "mae"}}, 4, 2, "the best held-out mae, 4"},
		"of numbers at last": {[]float32{float32(math.Inf(1)), 4, 3}, 1, nil, 3, 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			job := wanderingJob(t)
			if tt.flag > 0 {
				job.Patience = &tt.flag
			}
			_, m := wandering(tt.values...)
			train := m.Train
			m.Train = func(b *Batch) (float32, error) { train(b); return 1, nil }
			m.Stop, m.Metrics = tt.stop, []Metric{{Name: "mae"}}
			stdout, stderr := mustRun(t, m, job)
			rec := resultOf(t, stdout)
			assert.Equal(t, []int{tt.last, tt.kept}, []int{rec.Epochs, rec.KeptEpoch})
			if tt.explains == "" {
				assert.NotContains(t, stderr, "stopped")
			} else {
				assert.Contains(t, stderr, fmt.Sprintf("stopped after epoch %d: ", tt.last))
				assert.Contains(t, stderr, tt.explains)
			}
		})
	}
	// A metric that the job does not show is watched all the same.
	job := wanderingJob(t)
	job.Metrics = []string{"rmse"}
	_, m := wandering(5, 4, 6, 5, 3, 2)
	m.Stop, m.Metrics = &Stop{Patience: 2, Monitor: "r2", Metric: &Metric{Name: "mae"}}, []Metric{{Name: "mae"}}
	stdout, _ := mustRun(t, m, job)
	rec := resultOf(t, stdout)
	assert.Equal(t, 4, rec.Epochs)
	assert.Len(t, rec.Metrics, 1)

	job.Valid = "0"
	code, _, stderr := runJob(t, m, job)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "`stop` in the spec watches held-out rows, and no rows are held out: hold some out, as with --valid 0.1")
	job.Patience = ptr(0)
	code, _, stderr = runJob(t, m, job)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "--patience 0: must be at least 1")
}

// Whenever a training is interrupted, in a step or while it judges, the file holds the best weights so far, or the
// last where none was judged, and the figures are theirs: an evaluation of the file on the held-out rows says so.
func TestInterruptedAtAnyMoment(t *testing.T) {
	table := write(t, "plane.csv", plane(60))
	held := write(t, "held.csv", plane(83)[len(plane(60)):])
	rows, err := os.ReadFile(held)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(held, append([]byte("a,b,kind,y\n"), rows...), 0o600))
	for range 10 {
		seed := rand.Uint64()
		random := rand.New(rand.NewPCG(seed, 0))
		moment, last := random.IntN(60), random.IntN(3) == 0
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			saved := filepath.Join(t.TempDir(), "w.safetensors")
			l := newLinear(4, 1, byMSE)
			l.lr = []float32{0.05, 0.35, 0.9}[random.IntN(3)] // it settles, it swings, it grows
			m := evaluating(l.model(16, 12))
			ctx, cancel := context.WithCancelCause(context.Background())
			calls := 0
			count := func() {
				if calls == moment {
					cancel(Interrupted{syscall.SIGTERM})
				}
				calls++
			}
			step, evaluate := m.Train, m.Evaluate
			m.Train = func(b *Batch) (float32, error) { count(); return step(b) }
			m.Evaluate = func(b *Batch, out [][]float32, losses []nnrt.Mean) error { count(); return evaluate(b, out, losses) }
			var stdout, stderr bytes.Buffer
			code := Run(ctx, m, Job{
				Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, ValidData: []string{held}, Save: saved, JSON: true, Last: last,
			}, &stdout, &stderr)
			if code != 143 { // the last judgement was under way: nothing was left to interrupt
				assert.GreaterOrEqual(t, moment, 59)
				assert.Equal(t, 0, code)
			}
			rec := resultOf(t, stdout.String())
			best, bestEpoch := math.Inf(1), 0
			for _, line := range strings.Split(strings.TrimSpace(stdout.String()), "\n") {
				var epoch epochRecord
				require.NoError(t, json.Unmarshal([]byte(line), &epoch))
				if epoch.Event == "epoch" && *epoch.ValidLoss < best {
					best, bestEpoch = *epoch.ValidLoss, epoch.Epoch
				}
			}
			if bestEpoch > 0 && !last {
				assert.Equal(t, []any{"best", bestEpoch, best}, []any{rec.Kept, rec.KeptEpoch, *rec.ValidLoss})
			} else {
				assert.Equal(t, "last", rec.Kept)
				assert.Equal(t, rec.Steps, rec.KeptStep)
			}

			out, errs := mustRun(t, newLinear(4, 1, byMSE).model(16, 1), Job{Command: "eval", Data: []string{held}, Weights: saved, JSON: true, Metrics: []string{"mae", "r2"}})
			assert.Empty(t, errs)
			var eval evalRecord
			require.NoError(t, json.Unmarshal([]byte(out), &eval))
			assert.Equal(t, 23, eval.Rows)
			assert.Equal(t, *rec.ValidLoss, *eval.Loss)
			assert.Equal(t, rec.Metrics, eval.Metrics)
			w, err := weights.Read(saved)
			require.NoError(t, err)
			tensor, _ := w.Tensor("linear1.weight")
			assert.Equal(t, tensor.F32, l.w, "the model itself holds what was saved")
		})
	}
}

func TestInterruptedBeforeTheFirstStep(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(Interrupted{syscall.SIGINT})
	job := wanderingJob(t)
	_, m := wandering(1)
	var stdout, stderr bytes.Buffer
	assert.Equal(t, 130, Run(ctx, evaluating(m), job, &stdout, &stderr))
	assert.Empty(t, stdout.String())
	assert.NoFileExists(t, job.Save)
}

// What an earlier run saved stays, under the first free name.
func TestEarlierFileIsKept(t *testing.T) {
	job := wanderingJob(t)
	job.KeepEarlier = true
	name := func(i string) string { return strings.TrimSuffix(job.Save, ".safetensors") + i + ".safetensors" }
	run := func(value float32) resultRecord {
		_, m := wandering(value)
		stdout, _ := mustRun(t, m, job)
		return resultOf(t, stdout)
	}
	assert.Empty(t, run(1).Earlier)
	assert.Equal(t, name(".1"), run(2).Earlier)
	require.NoError(t, os.WriteFile(name(".2"), []byte("something else"), 0o600))
	assert.Equal(t, name(".3"), run(3).Earlier)
	assert.EqualValues(t, 1, savedWeight(t, name(".1")))
	assert.EqualValues(t, 2, savedWeight(t, name(".3")))
	assert.EqualValues(t, 3, savedWeight(t, job.Save))

	// Where there is nothing to save, nothing changes.
	_, m := wandering(float32(math.NaN()))
	code, _, _ := runJob(t, m, job)
	assert.Equal(t, 1, code)
	assert.NoFileExists(t, name(".4"))

	job.KeepEarlier, job.JSON = false, false
	_, m = wandering(4)
	stdout, _ := mustRun(t, m, job)
	assert.NotContains(t, stdout, "earlier")
	assert.NoFileExists(t, name(".4"))
	assert.EqualValues(t, 4, savedWeight(t, job.Save))
	job.KeepEarlier = true
	_, m = wandering(5)
	stdout, _ = mustRun(t, m, job)
	assert.Contains(t, stdout, fmt.Sprintf("the earlier %s is kept as %s\n", job.Save, name(".4")))

	// A link leads to the weights, which are what is kept.
	real := filepath.Join(t.TempDir(), "real.safetensors")
	require.NoError(t, os.Rename(job.Save, real))
	if err := os.Symlink(real, job.Save); err != nil {
		t.Skip("this platform makes no links")
	}
	_, m = wandering(6)
	stdout, _ = mustRun(t, m, job)
	assert.Contains(t, stdout, name(".5"))
	assert.EqualValues(t, 5, savedWeight(t, name(".5")))
	assert.EqualValues(t, 6, savedWeight(t, real))
}
