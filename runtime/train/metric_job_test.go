package train

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// threeHeads always takes class 1 of 3 for the likeliest and class 0 for the second, makes the size 2, and thinks rain
// as likely as not.
func threeHeads() Model {
	m := steady(
		[]data.Port{{Name: "x", Shape: []int{1}}},
		[]data.Port{{Name: "kind", Shape: []int{3}}, {Name: "size", Shape: []int{1}}, {Name: "wet", Shape: []int{1}}},
		[]Loss{by(byCrossEntropy, Loss{Target: 0, Output: 0, Weight: 1}), by(byMSE, Loss{Target: 1, Output: 1, Weight: 1}), by(byBCELogits, Loss{Target: 2, Output: 2, Weight: 1})},
		[]float32{1, 2, 0}, []float32{2}, []float32{0})
	m.Targets = []data.Port{{Name: "kind", Int: true, Limit: 3, Judged: byCrossEntropy}, {Name: "size", Shape: []int{1}, Judged: byMSE}, {Name: "wet", Shape: []int{1}, Judged: byBCELogits}}
	m.Weighted = true
	return m
}

// A metric that the job names is measured of each output that it suits, under its name, and counts rows alike whatever
// they weigh.
func TestMetricsOfSeveralOutputs(t *testing.T) {
	table := write(t, "t.csv", "x,kind,size,wet,w\n1,0,1,0,9\n2,1,2,1,0\n3,2,3,1,1\n4,1,4,0,1\n")
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	target := Tables{Target: []string{"kind", "size", "wet"}}
	mustRun(t, threeHeads(), Job{Command: "train", Data: []string{table}, Tables: target, Scale: "none", Valid: "0", Weight: "w", Save: saved})
	for _, weight := range []string{"", "w"} {
		job := Job{Command: "eval", Data: []string{table}, Weights: saved, Weight: weight, Metrics: []string{"top:2", "f1", "auc", "mae", "top:2"}}
		stdout, _ := mustRun(t, threeHeads(), job)
		// Class 1 has F1 2·2/(2 + 4), the others 0; class 1 of the flag is never predicted.
		assert.Contains(t, stdout, "kind.top:2  0.75\nkind.f1     0.2222\nwet.f1      0\nwet.auc     0.5\nsize.mae    1\n\n")
	}
}

// What a metric's number may be depends on the classes; the usual one is left out where it is too large.
func TestTheNumberOfAMetricFits(t *testing.T) {
	m := threeHeads()
	_, err := m.chooseMetrics([]string{"top:4"})
	assert.ErrorContains(t, err, "--metric top:4 looks for more scores than there are classes, 3")
	_, err = m.chooseMetrics([]string{"perplexity:4"})
	assert.ErrorContains(t, err, "--metric perplexity:4: perplexity takes no number")
	chosen, err := m.chooseMetrics([]string{"top:3"})
	require.NoError(t, err)
	assert.Equal(t, []Metric{{Name: "top", Output: 0, Number: 3}}, chosen)
	for _, wrong := range []Metric{{Name: "top", Number: 4}, {Name: "top"}, {Name: "f1", Number: 1}, {Name: "auc"}, {Name: "luck"}} {
		assert.Error(t, m.verifyMetric(wrong), "%v", wrong)
	}
	assert.NoError(t, m.verifyMetric(Metric{Name: "top", Number: 3}))
}
