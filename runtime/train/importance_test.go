package train

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/rng"
)

type meanAndDeviation struct {
	Mean      float64
	Deviation *float64
}

// importances is the record of an evaluation with them.
type importances struct {
	Rows       int
	Loss       float64
	Importance struct {
		Repeats int
		Seed    uint64
		Metric  string
		Columns []struct {
			Column string
			Loss   meanAndDeviation `json:"loss_rise"`
			Metric meanAndDeviation `json:"metric_worse"`
		}
	}
}

func measureImportances(t *testing.T, m Model, job Job) importances {
	t.Helper()
	job.Command, job.JSON = "eval", true
	stdout, _ := mustRun(t, m, job)
	var got importances
	require.NoError(t, json.Unmarshal([]byte(stdout), &got))
	return got
}

// depending is a model that makes 2·a and the colour's number of the features a, b and three colours, which its truth
// is, and a table of so many rows for it.
func depending(t *testing.T, rows int) (m Model, table, saved string, a []float64, colour []int) {
	t.Helper()
	m = steady([]data.Port{{Name: "x", Shape: []int{5}}}, []data.Port{{Name: "y", Shape: []int{1}}}, []Loss{by(byMSE, Loss{Weight: 1})})
	m.Targets = []data.Port{{Name: "target", Shape: []int{1}, Judged: byMSE}}
	m.Seed = 3
	m.Predict = func(b *Batch, out [][]float32) error {
		for i := range b.N {
			x := b.Inputs[0].Float[5*i:]
			out[0][i] = 2*x[0] + 1*x[2] + 2*x[3] + 3*x[4]
		}
		return nil
	}
	var text strings.Builder
	text.WriteString("a,b,colour,y\n")
	for i := range rows {
		a, colour = append(a, float64(i%7)), append(colour, 1+i%3)
		fmt.Fprintf(&text, "%d,%d,%s,%g\n", i%7, i%5, []string{"", "amber", "blue", "red"}[colour[i]], 2*a[i]+float64(colour[i]))
	}
	table = write(t, "t.csv", text.String())
	return m, table, echoed(t, m, table, "y"), a, colour
}

// The loss of a model that is right rises by the mean square of what the permutation changes. Rows are more than a chunk.
func TestImportance(t *testing.T) {
	const rows, repeats = 1500, 3
	m, table, saved, a, colour := depending(t, rows)
	got := measureImportances(t, m, Job{Data: []string{table}, Weights: saved, Importance: repeats})
	assert.Equal(t, rows, got.Rows)
	assert.Zero(t, got.Loss)
	assert.Equal(t, "mae", got.Importance.Metric)
	assert.Equal(t, repeats, got.Importance.Repeats)
	assert.EqualValues(t, 3, got.Importance.Seed, "the model's")
	require.Len(t, got.Importance.Columns, 3)

	change := map[string]func(i, from int) float64{
		"a":      func(i, from int) float64 { return 2 * (a[from] - a[i]) },
		"colour": func(i, from int) float64 { return float64(colour[from] - colour[i]) }, // its three indicators together
		"b":      func(int, int) float64 { return 0 },
	}
	for place, name := range []string{"a", "colour", "b"} {
		var squares, sizes [repeats]float64
		for k := range repeats {
			for i, from := range rng.New(3, "importance."+name+"."+strconv.Itoa(k)).Perm(rows) {
				d := change[name](i, from)
				squares[k] += d * d / rows
				sizes[k] += math.Abs(d) / rows
			}
		}
		column := got.Importance.Columns[place]
		assert.Equal(t, name, column.Column)
		mean, deviation := ofThree(squares)
		assert.InDelta(t, mean, column.Loss.Mean, 1e-4) // the loss of a chunk is a float32
		assert.InDelta(t, deviation, *column.Loss.Deviation, 1e-4)
		mean, deviation = ofThree(sizes)
		assert.InDelta(t, mean, column.Metric.Mean, 1e-9)
		assert.InDelta(t, deviation, *column.Metric.Deviation, 1e-9)
	}

	again := measureImportances(t, m, Job{Data: []string{table}, Weights: saved, Importance: repeats})
	assert.Equal(t, got, again)
	seed := uint64(4)
	other := measureImportances(t, m, Job{Data: []string{table}, Weights: saved, Importance: repeats, Seed: &seed})
	assert.NotEqual(t, got.Importance.Columns[0].Loss.Mean, other.Importance.Columns[0].Loss.Mean)

	// Without repeats there is no deviation. Of a metric of which more is better, less is worse.
	once := measureImportances(t, m, Job{Data: []string{table}, Weights: saved, Importance: 1, Metrics: []string{"r2"}})
	assert.Nil(t, once.Importance.Columns[0].Loss.Deviation)
	assert.Greater(t, once.Importance.Columns[0].Metric.Mean, 0.5)
	assert.Zero(t, once.Importance.Columns[2].Metric.Mean)
	stdout, _ := mustRun(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved, Importance: 1, Metrics: []string{"r2"}})
	assert.Regexp(t, `(?m)^ *column +loss rises by +± +r2 falls by +±\n +a +\d\S* +– +\d\S* +–\n +colour +\d\S* +– +\d\S* +–\n +b +0 +– +0 +–\n`, stdout)
	stdout, _ = mustRun(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved, Importance: 2})
	assert.Contains(t, stdout, "mae rises by")
}

func ofThree(v [3]float64) (mean, deviation float64) {
	mean = (v[0] + v[1] + v[2]) / 3
	for _, x := range v {
		deviation += (x - mean) * (x - mean) / 2
	}
	return mean, math.Sqrt(deviation)
}

// Of arrays each input is one, integers among them.
func TestImportanceOfArrays(t *testing.T) {
	m := twoHeads()
	m.Inputs = append(m.Inputs, data.Port{Name: "n", Shape: []int{1}, Int: true, Limit: 3})
	m.Predict = func(b *Batch, out [][]float32) error {
		for i, n := range b.Inputs[2].Int {
			out[0][i] = float32(n)
			out[1][2*i], out[1][2*i+1] = 0, 0
		}
		return nil
	}
	list := []string{
		arrayFile(t, "a", &format.Array{Shape: []int{3}, Float: []float32{1, 2, 3}}),
		arrayFile(t, "b", &format.Array{Shape: []int{3, 2}, Float: []float32{0, 9, 9, 0, 0, 0}}),
		arrayFile(t, "n", &format.Array{Shape: []int{3}, Int: []int32{0, 1, 2}}),
		arrayFile(t, "kind", &format.Array{Shape: []int{3}, Int: []int32{1, 1, 0}}),
		arrayFile(t, "price", &format.Array{Shape: []int{3, 1}, Float: []float32{0, 1, 2}}),
	}
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	mustRun(t, m, Job{Command: "train", Data: list, Save: saved})
	got := measureImportances(t, m, Job{Data: list, Weights: saved, Importance: 20})
	require.Len(t, got.Importance.Columns, 3)
	assert.Equal(t, "n", got.Importance.Columns[0].Column)
	assert.Greater(t, got.Importance.Columns[0].Loss.Mean, 0.1)
	assert.Equal(t, "a", got.Importance.Columns[1].Column, "the model ignores it, as the next")
	assert.Zero(t, got.Importance.Columns[1].Loss.Mean)
	assert.Equal(t, "kind.accuracy", got.Importance.Metric, "the first of the spec's")
}

// What there is to say of the rows is said here too.
func TestImportanceRemarksOnTheRows(t *testing.T) {
	m, _, saved, _, _ := depending(t, 30)
	table := write(t, "new.csv", "a,b,colour,y\n1,2,red,5\n1,2,green,2\n")
	for _, repeats := range []int{0, 2} {
		_, stderr := mustRun(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved, Importance: repeats})
		assert.Equal(t, 1, strings.Count(stderr, "that training never saw (green)"), stderr)
	}
}

func TestImportanceThatCannotBe(t *testing.T) {
	m, table, saved, _, _ := depending(t, 30)
	one := write(t, "one.csv", "a,b,colour,y\n1,2,red,5\n")
	code, _, stderr := runJob(t, m, Job{Command: "eval", Data: []string{one}, Weights: saved, Importance: 5})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "one.csv: --importance permutes rows, and there is only one")
	none := write(t, "none.csv", "a,b,colour,y\n")
	code, _, stderr = runJob(t, m, Job{Command: "eval", Data: []string{none}, Weights: saved, Importance: 5})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "none.csv: there is")
	for _, n := range []int{-1, maxRepeats + 1} {
		code, _, stderr = runJob(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved, Importance: n})
		assert.Equal(t, 2, code)
		assert.Contains(t, stderr, "--repeats must be between 1 and 10000")
	}

	auto := steady([]data.Port{{Name: "x", Shape: []int{2}, Judged: byMSE}}, []data.Port{{Name: "y", Shape: []int{2}}}, itself(byMSE), []float32{0, 0})
	table = write(t, "auto.csv", "a,b\n0,1\n10,3\n")
	code, _, stderr = runJob(t, auto, Job{Command: "eval", Data: []string{table}, Weights: echoed(t, auto, table), Importance: 5})
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "--importance: the loss mse compares with the input x itself, which would be permuted with it")
}
