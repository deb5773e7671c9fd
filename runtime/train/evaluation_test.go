package train

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// The loss of an evaluation is the model's own, whatever it computes: parts of the rows count by the weights that the
// model gives them, and not by their rows. 1,500 rows are 1,024 and 476; with the weights 1 and 3 of the means 2 and 10
// the loss is 8, and the outputs are the model's too.
func TestLossOfAnEvaluationIsTheModels(t *testing.T) {
	const rows = 1500
	table := write(t, "t.csv", "x,y\n"+strings.Repeat("1,4\n", rows))
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	m := steady(
		[]data.Port{{Name: "x", Shape: []int{1}}}, []data.Port{{Name: "y", Shape: []int{1}}},
		[]Loss{by(&data.Judged{Loss: "joy"}, Loss{Weight: 0.5})}, []float32{0})
	m.Targets = []data.Port{{Name: "y", Shape: []int{1}, Judged: &data.Judged{Loss: "joy"}}}
	m.Evaluate = func(b *Batch, out [][]float32, losses []nnrt.Mean) error {
		if b.N != len(b.Targets[0].Float) || b.N != len(out[0]) || len(losses) != 1 {
			return fmt.Errorf("%d rows, %d targets, %d outputs, %d losses", b.N, len(b.Targets[0].Float), len(out[0]), len(losses))
		}
		for i := range out[0] {
			out[0][i] = 1
		}
		if b.N == chunkRows {
			losses[0].Add(2, 1)
		} else {
			losses[0].Add(10, 3)
		}
		return nil
	}
	stdout, _ := mustRun(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Scale: "none", ValidData: []string{table}, Save: saved})
	assert.Contains(t, stdout, "held out 1500 rows: loss 4  mae 3  r2 0\n")
	stdout, _ = mustRun(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved})
	assert.Equal(t, "rows  1500\nloss  4\nmae   3\nrmse  3\nr2    0\n", stdout)

	m.Evaluate = func(*Batch, [][]float32, []nnrt.Mean) error { return fmt.Errorf("no memory for this") }
	code, _, stderr := runJob(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, ValidData: []string{table}})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "the held-out rows: no memory for this")
}

// A report by class of a training is for few classes, that of an evaluation for more; the accuracy is for any number.
func TestTooManyClassesHaveNoReport(t *testing.T) {
	for classes, want := range map[int][2]int{maxReported: {1, 1}, maxReported + 1: {0, 1}, maxEvaluated + 1: {0, 0}} {
		m := steady(nil, []data.Port{{Name: "y", Shape: []int{classes}}}, []Loss{by(byCrossEntropy, Loss{Weight: 1})})
		e := newEvaluation(&m, []data.Target{{Name: "y", Judged: *byCrossEntropy, Count: classes}}, m.usualMetrics(func(k metric) bool { return k.inEvaluation }))
		assert.Empty(t, e.reports())
		e.reportClasses(maxReported)
		assert.Len(t, e.reports(), want[0])
		e.reportClasses(maxEvaluated)
		assert.Len(t, e.reports(), want[1])
		assert.Equal(t, "accuracy –", spelled(e.measures()), "of no row")
	}
}
