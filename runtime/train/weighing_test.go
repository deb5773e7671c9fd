package train

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// Each class is drawn equally often, to one row; all rows of a class come before any comes again.
func TestBalanced(t *testing.T) {
	class := slices.Concat(slices.Repeat([]int32{0}, 17), slices.Repeat([]int32{1}, 4), slices.Repeat([]int32{5}, 2))
	more := map[int32]bool{}
	for epoch := range 3 {
		order := balanced(class, 7, epoch)
		require.Len(t, order, 23)
		times, perClass := map[int]int{}, map[int32]int{}
		for _, r := range order {
			times[r]++
			perClass[class[r]]++
		}
		for k, n := range perClass {
			assert.Contains(t, []int{7, 8}, n)
			if n == 7 {
				more[k] = true
			}
		}
		assert.Len(t, perClass, 3)
		for r, n := range times {
			switch class[r] {
			case 0:
				assert.Equal(t, 1, n)
			case 1:
				assert.Contains(t, []int{1, 2}, n)
			case 5:
				assert.Contains(t, []int{3, 4}, n)
			}
		}
		assert.Equal(t, order, balanced(class, 7, epoch))
		assert.NotEqual(t, order, balanced(class, 8, epoch))
		assert.False(t, slices.IsSortedFunc(order, func(a, b int) int { return int(class[a]) - int(class[b]) }))
	}
	assert.Len(t, more, 3, "which class is drawn less changes with the epochs")
}

// scikit-learn 1.7: compute_class_weight("balanced", classes=[0, 1, 2], y=[0]*6 + [1]*3 + [2]) gives
// 0.55555556, 1.11111111, 3.33333333.
func TestBalancedWeights(t *testing.T) {
	class := append(classesOf(6, 3, 1), kernel.Ignored)
	got := balancedWeights(class, 3)
	for k, want := range []float64{0.55555556, 1.11111111, 3.33333333} {
		assert.InDelta(t, want, got[k], 1e-6)
	}
	assert.Equal(t, []float32{0.5, 1}, balancedWeights([]int32{0, 0}, 2), "an absent class weighs as one of one row")
}

func classesOf(counts ...int) []int32 {
	var class []int32
	for k, n := range counts {
		class = append(class, slices.Repeat([]int32{int32(k)}, n)...)
	}
	return class
}

// weighted is a model that goes by weights: their sum is its loss in training, and what its evaluation means by.
func weighted(classes int) (Model, *[][]float32) {
	l := newLinear(1, classes, byCrossEntropy)
	m := l.model(8, 1)
	var seen [][]float32
	m.Weighted = true
	m.Train = func(b *Batch) (float32, error) {
		seen = append(seen, slices.Clone(b.RowWeights()[:b.N]))
		return 1, nil
	}
	m.Evaluate = func(b *Batch, out [][]float32, losses []nnrt.Mean) error {
		for i, w := range b.RowWeights()[:b.N] {
			losses[0].Add(float32(b.Targets[0].Int[i]), w)
		}
		return nil
	}
	return m, &seen
}

func TestClassWeights(t *testing.T) {
	table := write(t, "t.csv", "x,k\n"+strings.Repeat("1,0\n", 6)+strings.Repeat("1,1\n", 2)+"1,0\n1,1\n1,1\n")
	job := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"k"}}, Shuffle: ptr(false), Valid: "last:3", ClassWeights: "balanced", JSON: true}
	m, seen := weighted(2)
	stdout, _ := mustRun(t, m, job)
	two3 := float32(2.0 / 3)
	assert.Equal(t, [][]float32{{two3, two3, two3, two3, two3, two3, 2, 2}}, *seen)
	rec := resultOf(t, stdout)
	assert.InDelta(t, 4/(4+2.0/3), *rec.ValidLoss, 1e-6, "held-out rows weigh as those that trained")

	// By the spec.
	job.ClassWeights = ""
	m, seen = weighted(2)
	m.Losses[0].Balanced = true
	job.Save = filepath.Join(t.TempDir(), "w.safetensors")
	mustRun(t, m, job)
	assert.EqualValues(t, 2, (*seen)[0][7])

	// An evaluation goes by the weights of the training, not by how often classes occur in its own rows.
	eval := Job{Command: "eval", Data: job.Data, Weights: job.Save, JSON: true}
	stdout, _ = mustRun(t, m, eval)
	assert.Contains(t, stdout, `"loss":0.63157`) // 4·2/(4·2 + 7·⅔): 4 rows of class 1, whose loss is 1, and 7 of class 0, whose loss is 0
	f, err := weights.Read(job.Save)
	require.NoError(t, err)
	for text, want := range map[string]string{"[1]": "2 numbers above 0 are wanted", "[1,-1]": "2 numbers above 0", "x": "invalid character"} {
		f.Meta[classWeightsKey] = text
		require.NoError(t, weights.Write(job.Save, f))
		code, _, stderr := runJob(t, m, eval)
		assert.Equal(t, 1, code)
		assert.Contains(t, stderr, job.Save+": nnc.class_weights: ")
		assert.Contains(t, stderr, want)
	}
	delete(f.Meta, classWeightsKey)
	require.NoError(t, weights.Write(job.Save, f))
	stdout, _ = mustRun(t, m, eval)
	assert.Contains(t, stdout, `"loss":0.36363636`)
	job.Save = ""

	// Nothing is weighed where nothing says so.
	m, seen = weighted(2)
	job.ClassWeights = ""
	mustRun(t, m, job)
	assert.EqualValues(t, 1, (*seen)[0][7])

	for want, change := range map[string]func(*Job, *Model){
		"--class-weights odd: write balanced":  func(j *Job, m *Model) { j.ClassWeights = "odd" },
		"would balance them twice":             func(j *Job, m *Model) { j.ClassWeights, j.Balance = "balanced", true },
		"--balance draws classes equally":      func(j *Job, m *Model) { m.Losses[0].Balanced, j.Balance = true, true },
		"leave out --shuffle=false":            func(j *Job, m *Model) { j.Balance = true },
		"was not built for weights of rows":    func(j *Job, m *Model) { j.ClassWeights, m.Weighted = "balanced", false },
		"--balance is for models with one":     func(j *Job, m *Model) { j.Balance, j.Shuffle = true, nil; *m = newLinear(1, 1, byMSE).model(8, 1) },
		"--class-weights is for models with o": func(j *Job, m *Model) { j.ClassWeights = "balanced"; *m = newLinear(1, 1, byMSE).model(8, 1) },
	} {
		m, _ := weighted(2)
		j := job
		change(&j, &m)
		code, stdout, stderr := runJob(t, m, j)
		assert.Equal(t, 2, code, want)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, want)
	}
}

// An evaluation goes by the weights of rows of the training, by the command's class weights as by the spec's, and by a
// column of them, of flags too: what was held out has the same loss again.
func TestEvaluationByWeights(t *testing.T) {
	table := write(t, "t.csv", "x,k,w\n1,0,1\n1,0,2\n1,0,1\n1,1,5\n")
	other := write(t, "o.csv", "x,k,w\n1,1,3\n1,0,1\n1,1,0\n")
	loss := func(stdout string) float64 {
		var rec evalRecord
		require.NoError(t, json.Unmarshal([]byte(stdout), &rec))
		return *rec.Loss
	}
	for name, start := range map[string]func() Model{
		"classes": func() Model { m, _ := weighted(2); return m },
		"flags": func() Model {
			m, _ := weighted(2)
			flag := newLinear(1, 1, byBCELogits).model(8, 1)
			flag.Weighted, flag.Train = true, m.Train
			flag.Evaluate = func(b *Batch, out [][]float32, losses []nnrt.Mean) error {
				for i, w := range b.RowWeights()[:b.N] {
					losses[0].Add(b.Targets[0].Float[i], w)
				}
				return nil
			}
			return flag
		},
	} {
		t.Run(name, func(t *testing.T) {
			job := Job{
				Command: "train", Data: []string{table}, ValidData: []string{other}, Tables: Tables{Target: []string{"k"}}, Shuffle: ptr(false),
				Weight: "w", ClassWeights: "balanced", Save: filepath.Join(t.TempDir(), "w.safetensors"), JSON: true,
			}
			// 4/(2·3) of class 0 and 4/(2·1) of class 1: 3·2·1/(3·2 + 2/3)
			stdout, _ := mustRun(t, start(), job)
			assert.InDelta(t, 0.9, *resultOf(t, stdout).ValidLoss, 1e-6)
			eval := Job{Command: "eval", Data: []string{other}, Weights: job.Save, Weight: "w", JSON: true}
			stdout, _ = mustRun(t, start(), eval)
			assert.InDelta(t, 0.9, loss(stdout), 1e-6)
			eval.Importance = 1
			stdout, _ = mustRun(t, start(), eval)
			assert.InDelta(t, 0.9, loss(stdout), 1e-6)
			eval.Importance, eval.Weight = 0, ""
			stdout, _ = mustRun(t, start(), eval)
			assert.InDelta(t, 4/(4+2.0/3), loss(stdout), 1e-6)

			job.ClassWeights, eval.Weight = "", "w"
			mustRun(t, start(), job)
			stdout, _ = mustRun(t, start(), eval)
			assert.InDelta(t, 3.0/4, loss(stdout), 1e-6)
			for repeats := range 2 {
				eval.Importance = repeats
				eval.Data = []string{write(t, "none.csv", "x,k,w\n1,1,0\n1,0,0\n")}
				code, stdout, stderr := runJob(t, start(), eval)
				assert.Equal(t, 1, code)
				assert.Empty(t, stdout)
				assert.Contains(t, stderr, `none.csv: every row has the weight 0 in the column "w"`)
			}
			eval.Weight = "v"
			code, _, stderr := runJob(t, start(), eval)
			assert.Equal(t, 1, code)
			assert.Contains(t, stderr, `there is no column "v" (--weight names it`)
		})
	}

	// Weights of another kind of model, and a program that does not go by weights.
	m := newLinear(1, 1, byMSE).model(8, 1)
	m.Weighted = true
	_, err := m.storedClassWeights(map[string]string{classWeightsKey: "[1,2]"})
	assert.ErrorContains(t, err, "one target, a class in each row")
	code, _, stderr := runJob(t, newLinear(1, 2, byCrossEntropy).model(8, 1), Job{Command: "eval", Data: []string{other}, Weights: "w", Weight: "w"})
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "was not built for weights of rows")
}

// Balance draws in training only: held-out rows are as they are, and the account says what it does.
func TestBalanceInTraining(t *testing.T) {
	table := write(t, "t.csv", "x,k\n"+strings.Repeat("1,0\n", 18)+strings.Repeat("2,1\n", 2)+strings.Repeat("1,0\n", 9)+"2,1\n")
	m := newLinear(1, 2, byCrossEntropy).model(4, 3)
	count := map[int32]int{}
	m.Train = func(b *Batch) (float32, error) {
		for _, k := range b.Targets[0].Int[:b.N] {
			count[k]++
		}
		return 1, nil
	}
	stdout, stderr := mustRun(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"k"}}, Valid: "last:10", Balance: true})
	assert.Equal(t, map[int32]int{0: 30, 1: 30}, count)
	assert.Contains(t, stderr, "the probabilities shift")
	assert.Contains(t, stdout, "trained on 20 rows, 15 steps")
	assert.Regexp(t, `(?m)^ +1 .* 1 *$`, stdout)
}

// A column's weights go with their rows into every batch, and multiply those of the classes.
func TestWeightColumn(t *testing.T) {
	table := write(t, "t.csv", "x,k,w\n1,0,2\n1,1,3\n1,0,0\n1,0,5\n1,1,7\n1,0,1\n")
	job := Job{
		Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"k"}}, Shuffle: ptr(false), Valid: "last:2", Weight: "w", JSON: true,
	}
	m, seen := weighted(2)
	stdout, _ := mustRun(t, m, job)
	assert.Equal(t, [][]float32{{2, 3, 0, 5}}, *seen)
	assert.InDelta(t, 7.0/8, *resultOf(t, stdout).ValidLoss, 1e-6)

	job.ClassWeights = "balanced" // 4/(2·3) and 4/(2·1)
	m, seen = weighted(2)
	mustRun(t, m, job)
	assert.InDeltaSlice(t, []float32{4.0 / 3, 6, 0, 10.0 / 3}, (*seen)[0], 1e-6)

	job.Data = []string{write(t, "t.csv", "x,k,w\n1,0,1\n1,1,1\n1,0,0\n1,0,0\n")}
	code, stdout, stderr := runJob(t, m, job)
	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, `every row held out has the weight 0 in the column "w"`)
}

// Rows whose class is ignored are never drawn: the others take their places.
func TestBalancedLeavesIgnoredRowsOut(t *testing.T) {
	class := slices.Concat(slices.Repeat([]int32{kernel.Ignored}, 8), slices.Repeat([]int32{0}, 3), []int32{1})
	for epoch := range 2 {
		count := map[int32]int{}
		for _, r := range balanced(class, 7, epoch) {
			count[class[r]]++
		}
		assert.Equal(t, map[int32]int{0: 6, 1: 6}, count)
	}
}

// The loss of an epoch is Σ w·loss / Σ w over its rows, as that of held-out rows is: a batch whose rows weigh nothing
// says nothing, and rows of an ignored class do not count.
func TestWeightedEpochLoss(t *testing.T) {
	rows := "x,k,w\n1,0,0\n1,1,0\n1,1,3\n1,0,1\n1,1,4\n"
	job := Job{
		Command: "train", Data: []string{write(t, "t.csv", rows)}, ValidData: []string{write(t, "v.csv", rows)}, Tables: Tables{Target: []string{"k"}},
		Shuffle: ptr(false), Weight: "w", JSON: true,
	}
	lossOf := func(b *Batch) float32 {
		var mean nnrt.Mean
		for i, w := range b.RowWeights()[:b.N] {
			mean.Add(float32(b.Targets[0].Int[i]), w)
		}
		return float32(mean.Value())
	}
	m, _ := weighted(2)
	m.Batch = 2
	m.Train = func(b *Batch) (float32, error) { return lossOf(b), nil }
	stdout, _ := mustRun(t, m, job)
	rec := resultOf(t, stdout)
	assert.InDelta(t, 7.0/8, *rec.Loss, 1e-6)
	assert.InDelta(t, 7.0/8, *rec.ValidLoss, 1e-6)

	// Without weights a batch counts by its rows.
	job.Weight, job.Drop = "", []string{"w"}
	stdout, _ = mustRun(t, m, job)
	assert.InDelta(t, 3.0/5, *resultOf(t, stdout).Loss, 1e-6)

	w := weighing{byClass: []float32{2, 3}}
	set := setOfClasses(t, 0, 1, kernel.Ignored, 1)
	assert.Equal(t, []float32{2, 3, 0, 3}, w.of(set))
	assert.EqualValues(t, 5, w.total(set, []int{0, 1, 2}))
	assert.EqualValues(t, 3, new(weighing).total(set, []int{0, 1, 2}))
}

// arraysOfClasses are the arrays of a model of one feature, whose rows are of these classes.
func arraysOfClasses(t *testing.T, class ...int32) []string {
	t.Helper()
	return []string{
		arrayFile(t, "features", &format.Array{Shape: []int{len(class), 1}, Float: make([]float32, len(class))}),
		arrayFile(t, "target", &format.Array{Shape: []int{len(class)}, Int: class}),
	}
}

func setOfClasses(t *testing.T, class ...int32) *dataset.Set {
	t.Helper()
	m, _ := weighted(2)
	l, err := dataset.Load(dataset.Training{Data: arraysOfClasses(t, class...), Valid: "0", Inputs: m.Inputs, Targets: m.Targets})
	require.NoError(t, err)
	return l.Train
}

func TestNothingToBalance(t *testing.T) {
	m, _ := weighted(2)
	code, _, stderr := runJob(t, m, Job{Command: "train", Data: arraysOfClasses(t, kernel.Ignored, kernel.Ignored), Balance: true})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "every row to train on is ignored, its class being -100")
}
