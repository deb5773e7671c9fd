package pytorch

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

func TestLinesOfPartsStayWhereTheModelHasTheirFeature(t *testing.T) {
	text := "a\n    #+ average\n    b\n    #- average\n    #+ !average\n    c\n    #- !average\nd # + e\n"
	assert.Equal(t, "a\n    b\nd # + e\n", kept(text, map[string]bool{"average": true}))
	assert.Equal(t, "a\n    c\nd # + e\n", kept(text, nil))
	nested := "#+ stop\na\n#+ average\nb\n#- average\n#- stop\nc"
	assert.Equal(t, "c", kept(nested, map[string]bool{"average": true}))
	assert.Equal(t, "a\nc", kept(nested, map[string]bool{"stop": true}))
}

// What the schedules' texts compute is compared with nnc's rates by training with both; here stands how they read.
func TestRatesReadAsTheirSchedules(t *testing.T) {
	for _, c := range []struct {
		op    *ir.Op
		reads string
		want  string
	}{
		{op.LinearSchedule(0, 0), ir.TotalSteps, "    return lr * (1 - step / steps)\n"},
		{op.LinearSchedule(7, 0.001), ir.TotalSteps,
			"    if step < 7:\n        return lr * (step + 1) / 7  # the warm-up\n    return 0.001 + (lr - 0.001) * (1 - (step - 7) / (steps - 7))\n"},
		{op.CosineSchedule(0, 0), ir.TotalSteps, "    return wave(lr, 0.0, step / steps)\n"},
		{op.StepSchedule(0, 3, 0.5, true), ir.EpochSteps, "    return lr * 0.5 ** (step // per_epoch // 3)\n"},
		{op.MultistepSchedule(2, []int{5, 9}, 0.1, false), "",
			"    if step < 2:\n        return lr * (step + 1) / 2  # the warm-up\n    return lr * 0.1 ** sum(n <= (step - 2) for n in [5, 9])\n"},
	} {
		text, _ := rate(&ir.Schedule{Op: c.op, Reads: c.reads})
		assert.Contains(t, text, c.want)
	}
}

func TestDecaySparesParametersOfOneAxis(t *testing.T) {
	o := op.AdamWOptimiser(0.001, 0.9, 0.999, 1e-8, 0.01, false)
	text, _ := optimiser(o)
	assert.Contains(t, text, "    return optim.AdamW(learnt, lr=lr, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)\n")
	o.Spared = op.AdamWOptimiser(0.001, 0.9, 0.999, 1e-8, 0, false).Update
	text, _ = optimiser(o)
	assert.Contains(t, text, "dict(params=decaying, weight_decay=0.01), dict(params=spared, weight_decay=0.0)")
	text, part := optimiser(op.LionOptimiser(0.001, 0.9, 0.99, 0.5))
	assert.Contains(t, text, "Lion(learnt, lr=lr, betas=(0.9, 0.99), weight_decay=0.5)")
	assert.Equal(t, "lion", part)
}
