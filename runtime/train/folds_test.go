package train

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// resettable is a linear model that can begin anew.
func resettable(in, out int, loss *data.Judged, batch, epochs int) (*linear, Model) {
	l := newLinear(in, out, loss)
	m := l.model(batch, epochs)
	m.Reset = func(uint64) { clear(l.w); clear(l.b) }
	return l, m
}

// Each fold is what a training on files with the same rows makes of them.
func TestFoldsAreTrainingsByHand(t *testing.T) {
	text := plane(61)
	lines := strings.SplitAfter(text, "\n")
	table := write(t, "plane.csv", text)
	job := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, JSON: true, Folds: 3, SplitSeed: ptr(uint64(5)), Shuffle: ptr(false)}
	_, m := resettable(4, 1, byMSE, 8, 4)
	stdout, stderr := mustRun(t, m, job)
	records := strings.Split(strings.TrimSpace(stdout), "\n")
	require.Len(t, records, 4)
	assert.Equal(t, 3, strings.Count(stderr, "\nfold "))
	assert.NotContains(t, stderr, "epoch")

	parts, err := dataset.LoadFolds(dataset.Training{
		Data: job.Data, Select: dataset.Select{Target: job.Target}, Seed: 5, Inputs: m.Inputs, Targets: m.Targets,
	}, 3)
	require.NoError(t, err)
	var losses, maes []float64
	for i := range 3 {
		var fold foldRecord
		require.NoError(t, json.Unmarshal([]byte(records[i]), &fold))
		assert.Equal(t, i+1, fold.Fold)
		held := parts.Held(i)
		files := [2]string{lines[0], lines[0]}
		for r := range 61 {
			side := 0
			for _, h := range held {
				if h == r {
					side = 1
				}
			}
			files[side] += lines[r+1]
		}
		_, m := resettable(4, 1, byMSE, 8, 4)
		out, _ := mustRun(t, m, Job{
			Command: "train", Data: []string{write(t, "train.csv", files[0])}, ValidData: []string{write(t, "valid.csv", files[1])},
			Tables: job.Tables, JSON: true, Shuffle: job.Shuffle, Last: true,
		})
		rec := resultOf(t, out)
		assert.Equal(t, []int{rec.Rows, rec.ValidRows}, []int{fold.Rows, fold.ValidRows})
		assert.Equal(t, *rec.ValidLoss, *fold.ValidLoss)
		assert.Equal(t, rec.Metrics, fold.Metrics)
		losses, maes = append(losses, *fold.ValidLoss), append(maes, float64(fold.Metrics["mae"]))
	}
	var all foldsRecord
	require.NoError(t, json.Unmarshal([]byte(records[3]), &all))
	assert.Equal(t, "folds", all.Event)
	check := func(got spread, v []float64) {
		m := (v[0] + v[1] + v[2]) / 3
		assert.InDelta(t, m, float64(got.Mean), 1e-12)
		d := math.Sqrt(((v[0]-m)*(v[0]-m) + (v[1]-m)*(v[1]-m) + (v[2]-m)*(v[2]-m)) / 2)
		assert.InDelta(t, d, float64(got.Deviation), 1e-12)
	}
	check(all.ValidLoss, losses)
	check(all.Metrics["mae"], maes)
}

// The last epoch of each fold is what counts; the table has a line for each, the mean and the deviation.
func TestFoldsTable(t *testing.T) {
	job := wanderingJob(t)
	job.Valid, job.Folds, job.JSON, job.Save = "", 5, false, ""
	_, m := wandering(1, 3)
	m.Stop = &Stop{Patience: 1, Monitor: "loss"}
	stdout, stderr := mustRun(t, m, job)
	lines := strings.Split(stdout, "\n")
	require.Len(t, lines, 9)
	assert.Equal(t, []string{"fold", "rows", "held", "out", "loss", "mae", "r2"}, strings.Fields(lines[0]))
	for i := range 5 {
		assert.Equal(t, []string{string(rune('1' + i)), "4", "1", "9", "3", "0"}, strings.Fields(lines[i+1]))
	}
	assert.Equal(t, []string{"mean", "9", "3", "0"}, strings.Fields(lines[6]))
	assert.Equal(t, []string{"deviation", "0", "0", "0"}, strings.Fields(lines[7]))
	assert.Contains(t, stderr, "the `stop` of the spec is left out")

	// With a file to save, a model of all rows follows, which the rows apart may test.
	job.Save, job.Test, job.JSON, job.Folds = filepath.Join(t.TempDir(), "w.safetensors"), []string{"last:1"}, true, 2
	_, m = wandering(1, 3)
	stdout, _ = mustRun(t, m, job)
	rec := resultOf(t, stdout)
	assert.Equal(t, []int{4, 0, 1}, []int{rec.Rows, rec.ValidRows, rec.TestRows})
	assert.Equal(t, 9.0, *rec.TestLoss)
	assert.Equal(t, 2, strings.Count(stdout, `"event":"fold"`))
	assert.EqualValues(t, 3, savedWeight(t, job.Save))
}

func TestFoldsExclude(t *testing.T) {
	for want, change := range map[string]func(*Job){
		"--folds 1: must be at least 2":                  func(j *Job) { j.Folds = 1 },
		"--folds -1: must be at least 2":                 func(j *Job) { j.Folds = -1 },
		"--folds 6: there are 5 rows":                    func(j *Job) { j.Folds = 6 },
		"--valid and --folds exclude each other":         func(j *Job) { j.Valid = "0.1" },
		"--valid-data and --folds exclude each other":    func(j *Job) { j.ValidData = j.Data },
		"--patience and --folds exclude each other":      func(j *Job) { j.Patience = ptr(3) },
		"--init and --folds exclude each other":          func(j *Job) { j.Init = "w" },
		"--test with --folds judges the model of all ro": func(j *Job) { j.Test, j.Save = []string{"last:1"}, "" },
		"a batch of 2000 rows: this program takes 1 to ": func(j *Job) { j.Batch = ptr(2000) },
	} {
		job := wanderingJob(t)
		job.Valid, job.Folds = "", 2
		change(&job)
		_, m := wandering(1)
		code, stdout, stderr := runJob(t, m, job)
		assert.Equal(t, 2, code, want)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, want)
		assert.NoFileExists(t, job.Save)
	}
}

func TestFoldsInterrupted(t *testing.T) {
	job := wanderingJob(t)
	job.Valid, job.Folds = "", 5
	_, m := wandering(1, 3)
	ctx, cancel := context.WithCancelCause(context.Background())
	train, n := m.Train, 0
	m.Train = func(b *Batch) (float32, error) {
		if n++; n == 3 {
			cancel(context.Canceled)
		}
		return train(b)
	}
	var stdout, stderr bytes.Buffer
	assert.Equal(t, 130, Run(ctx, evaluating(m), job, &stdout, &stderr))
	assert.Contains(t, stderr.String(), "interrupted in fold 2 of 5: nothing was saved")
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	require.Len(t, lines, 2)
	assert.JSONEq(t, `{"event":"folds","folds":1,"valid_loss":{"mean":9,"deviation":null},"metrics":{"mae":{"mean":3,"deviation":null},"r2":{"mean":0,"deviation":null}},"stopped":true}`, lines[1])
	assert.NoFileExists(t, job.Save)

	// For people a table of the folds that are done; of none there is nothing to say.
	job.JSON = false
	for at, want := range map[int]int{1: 0, 3: 4, 9: 7} {
		_, m := wandering(1, 3)
		ctx, cancel := context.WithCancelCause(context.Background())
		train, n := m.Train, 0
		m.Train = func(b *Batch) (float32, error) {
			if n++; n == at {
				cancel(Interrupted{syscall.SIGTERM})
			}
			return train(b)
		}
		stdout.Reset()
		assert.Equal(t, 143, Run(ctx, evaluating(m), job, &stdout, &stderr))
		assert.Equal(t, want, strings.Count(stdout.String(), "\n"), at)
	}
}

// Each fold's data go when the fold is over.
func TestFoldsLetGo(t *testing.T) {
	const rows = 1 << 14
	table := write(t, "t.csv", "x,y\n"+strings.Repeat("1,0\n", rows))
	_, m := wandering(1)
	m.Batch = 1 << 14
	var heap []uint64
	m.Reset = func(uint64) {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		heap = append(heap, s.HeapAlloc)
	}
	m.Train = func(*Batch) (float32, error) { return 1, nil }
	mustRun(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Scale: "none", Folds: 20})
	require.Len(t, heap, 20)
	// A fold has at least 4 bytes of each row's feature and of its target.
	assert.Less(t, float64(heap[19])-float64(heap[1]), float64(9*rows*8), "18 folds later there are not the data of 9 more")
}

// Of a class with fewer rows than folds some folds hold none out, which is said with its count.
func TestFoldsOfRareClasses(t *testing.T) {
	table := write(t, "t.csv", "x,k\n"+strings.Repeat("1,oak\n", 4)+strings.Repeat("1,elm\n", 2)+"1,yew\n"+strings.Repeat("1,ash\n", 3))
	_, m := resettable(1, 4, byCrossEntropy, 8, 1)
	job := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"k"}}, Folds: 3}
	_, stderr := mustRun(t, m, job)
	assert.Equal(t, 1, strings.Count(stderr, "not every fold is judged by each class, since there are 3 folds and fewer rows of elm (2 rows), yew (1 row)\n"), stderr)
	job.Data = []string{write(t, "t.csv", "x,k\n"+strings.Repeat("1,oak\n1,elm\n1,yew\n1,ash\n", 3))}
	_, stderr = mustRun(t, m, job)
	assert.NotContains(t, stderr, "not every fold")
}

// A rate, a batch and a seed need no other program.
func TestKnobs(t *testing.T) {
	table := write(t, "t.csv", "x,y\n0,0\n1,0\n2,0\n3,0\n4,0\n")
	job := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Scale: "none", Shuffle: ptr(false), Batch: ptr(3)}
	l, m := resettable(1, 1, byMSE, 4, 1)
	var rates []float64
	m.SetLR = func(lr float64) error { rates = append(rates, lr); return nil }
	var seeds []uint64
	m.Reset = func(seed uint64) { seeds = append(seeds, seed) }
	mustRun(t, m, job)
	assert.Equal(t, [][]float32{{0, 1, 2}, {3, 4}}, l.seen)
	assert.Empty(t, rates)
	assert.Empty(t, seeds)
	job.LR, job.Seed = ptr(0.5), ptr(uint64(7))
	mustRun(t, m, job)
	assert.Equal(t, []float64{0.5}, rates)
	assert.Equal(t, []uint64{7}, seeds)

	for _, bad := range []float64{-1, math.Inf(1), math.NaN()} {
		job.LR = &bad
		code, _, stderr := runJob(t, m, job)
		assert.Equal(t, 2, code)
		assert.Contains(t, stderr, "it must be a number of at least 0")
	}
	job.LR, job.Batch = nil, ptr(0)
	code, _, _ := runJob(t, m, job)
	assert.Equal(t, 2, code)
}

// Runs over seeds share the rows that are held out; the split has a seed of its own.
func TestSeedsShareTheSplit(t *testing.T) {
	held := func(seed, split *uint64) string {
		_, m := resettable(4, 1, byMSE, 60, 1)
		stdout, _ := mustRun(t, m, Job{Command: "train", Data: []string{write(t, "plane.csv", plane(60))}, Tables: Tables{Target: []string{"y"}}, JSON: true, Seed: seed, SplitSeed: split})
		rec := resultOf(t, stdout)
		return rec.Metrics["mae"].String() // one step of all rows: the order of rows does not matter, which rows does
	}
	assert.Equal(t, held(nil, nil), held(ptr(uint64(3)), nil))
	assert.NotEqual(t, held(nil, nil), held(nil, ptr(uint64(3))))
}
