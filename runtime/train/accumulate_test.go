package train

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// accumulating is a linear model whose calls of Train make steps; held are those since the last step, steps are the
// calls of each.
func accumulating(each, epochs int) (m Model, held *int, steps *[]int) {
	_, m = resettable(4, 1, byMSE, 8, epochs)
	held, steps = new(int), new([]int)
	done := func() {
		*steps = append(*steps, *held)
		*held = 0
	}
	train := m.Train
	m.Accumulate = each
	m.Train = func(b *Batch) (float32, error) {
		if *held++; *held == each {
			done()
		}
		return train(b)
	}
	m.Flush = func() error {
		if *held > 0 {
			done()
		}
		return nil
	}
	return m, held, steps
}

// What is left at the end of an epoch makes a step of its own; steps are what is counted.
func TestBatchesOfAStep(t *testing.T) {
	table := write(t, "plane.csv", plane(61)) // 8 batches an epoch
	for name, tt := range map[string]struct {
		each   int
		job    Job
		want   []int
		epochs string
	}{
		"of three":            {3, Job{}, []int{3, 3, 2, 3, 3, 2}, "epoch 2/2"},
		"of two":              {2, Job{}, []int{2, 2, 2, 2, 2, 2, 2, 2}, "epoch 2/2"},
		"more than there are": {100, Job{}, []int{8, 8}, "epoch 2/2"},
		"a number of steps":   {3, Job{Steps: ptr(5)}, []int{3, 3, 2, 3, 3}, "epoch 2/2"},
		"smaller batches":     {3, Job{Batch: ptr(4), Steps: ptr(7)}, []int{3, 3, 3, 3, 3, 1, 3}, "epoch 2/2"},
	} {
		m, held, steps := accumulating(tt.each, 2)
		var total, perEpoch uint64
		m.SetTotalSteps, m.SetEpochSteps = func(n uint64) { total = n }, func(n uint64) { perEpoch = n }
		tt.job.Command, tt.job.Data, tt.job.Target, tt.job.Valid = "train", []string{table}, []string{"y"}, "0"
		stdout, stderr := mustRun(t, m, tt.job)
		assert.Equal(t, tt.want, *steps, name)
		assert.Zero(t, *held, name)
		assert.Contains(t, stderr, tt.epochs, name)
		assert.Contains(t, stdout, map[int]string{2: "2 steps", 5: "5 steps", 6: "6 steps", 7: "7 steps", 8: "8 steps"}[len(tt.want)], name)
		assert.EqualValues(t, len(tt.want), total, name)
		if tt.job.Steps == nil {
			assert.EqualValues(t, len(tt.want)/2, perEpoch, name)
		}
	}
}

// An interrupt ends the training after the step at hand, not within it.
func TestAnInterruptWaitsForTheStep(t *testing.T) {
	table := write(t, "plane.csv", plane(61))
	m, held, steps := accumulating(3, 2)
	ctx, cancel := context.WithCancel(context.Background())
	train := m.Train
	calls := 0
	m.Train = func(b *Batch) (float32, error) {
		if calls++; calls == 4 {
			cancel()
		}
		return train(b)
	}
	var stdout, stderr strings.Builder
	Run(ctx, evaluating(m), Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Valid: "0"}, &stdout, &stderr)
	assert.Equal(t, []int{3, 3}, *steps)
	assert.Zero(t, *held)
	assert.Contains(t, stderr.String(), "interrupted after step 2")
}
