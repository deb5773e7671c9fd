package train

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scheduled is a linear model that keeps what its schedule is told.
func scheduled(epochs int) (m Model, told *[]float64, epochSteps *uint64) {
	_, m = resettable(4, 1, byMSE, 8, epochs)
	told, epochSteps = new([]float64), new(uint64)
	m.EpochDone = func(loss float64) { *told = append(*told, loss) }
	m.SetEpochSteps = func(n uint64) { *epochSteps = n }
	return m, told, epochSteps
}

// A schedule that goes by the loss of epochs is told that of the rows held out, else that of the training.
func TestEpochsAreToldTheirLoss(t *testing.T) {
	table := write(t, "plane.csv", plane(61))
	job := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, JSON: true}
	const remark = "the `schedule` goes by the training loss, since no rows are held out"
	for valid, held := range map[string]bool{"0.2": true, "0": false} {
		m, told, steps := scheduled(3)
		job.Valid = valid
		stdout, stderr := mustRun(t, m, job)
		assert.Equal(t, held, !strings.Contains(stderr, remark), stderr)
		var want []float64
		for _, line := range strings.Split(strings.TrimSpace(stdout), "\n")[:3] {
			var rec epochRecord
			require.NoError(t, json.Unmarshal([]byte(line), &rec))
			loss := rec.Loss
			if held {
				loss = rec.ValidLoss
			}
			want = append(want, float64(*loss))
		}
		assert.Equal(t, want, *told, valid)
		assert.Equal(t, map[bool]uint64{true: 7, false: 8}[held], *steps, "49 or 61 rows, 8 in a step")
	}

	m, told, _ := scheduled(3)
	job.Valid, job.Folds, job.SplitSeed = "", 2, ptr(uint64(1))
	_, stderr := mustRun(t, m, job)
	assert.Contains(t, stderr, "the `schedule` goes by the training loss, since the rows that are held out judge the folds")
	assert.NotContains(t, stderr, remark)
	assert.Len(t, *told, 6)
}

// A training that is all warm-up is refused before its first step.
func TestWarmupIsShorterThanTheTraining(t *testing.T) {
	table := write(t, "plane.csv", plane(61))
	l, m := resettable(4, 1, byMSE, 8, 2)
	m.Warmup = 16
	job := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Valid: "0"}
	code, _, stderr := runJob(t, m, job)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "16 steps in all, but the warm-up of the `schedule` alone takes 16: train for more steps")
	assert.Zero(t, l.steps)
	m.Warmup = 15
	mustRun(t, m, job)
}
