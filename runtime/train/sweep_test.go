package train

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A training of a sweep says when it begins, on standard output only, and is otherwise the same.
func TestTrainingsOfASweep(t *testing.T) {
	table := write(t, "plane.csv", plane(200))
	fresh := func() Model {
		_, m := resettable(4, 1, byMSE, 16, 3)
		return m
	}
	job := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, JSON: true}
	const begin = `{"event":"begin","metrics":[{"name":"mae","higher":false},{"name":"r2","higher":true}]}` + "\n"
	alone, _ := mustRun(t, fresh(), job)
	job.Sweep = true
	stdout, stderr := mustRun(t, fresh(), job)
	assert.Equal(t, begin+alone, stdout)
	assert.Contains(t, stderr, "target y: standardised")
	assert.NotContains(t, stderr, "epoch")

	job.Sweep, job.Folds = false, 3
	alone, _ = mustRun(t, fresh(), job)
	job.Sweep = true
	stdout, stderr = mustRun(t, fresh(), job)
	assert.Equal(t, begin+alone, stdout)
	assert.NotContains(t, stderr, "fold")
}

func TestASweepNeedsHeldOutRows(t *testing.T) {
	table := write(t, "plane.csv", plane(200))
	code, stdout, stderr := runJob(t, newLinear(4, 1, byMSE).model(16, 3), Job{
		Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, JSON: true, Sweep: true, Valid: "0",
	})
	assert.Equal(t, 2, code)
	assert.Empty(t, stdout)
	assert.True(t, strings.HasPrefix(stderr, "nnc train: no rows are held out"), stderr)
}

// What a training that diverged has saved is not kept by a sweep, so nothing is said of it.
func TestDivergenceInASweep(t *testing.T) {
	job := wanderingJob(t)
	job.Sweep = true
	_, m := wandering(3, 2, float32(math.NaN()), 5)
	code, _, stderr := runJob(t, m, job)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "the loss is NaN")
	assert.NotContains(t, stderr, "kept")
}
