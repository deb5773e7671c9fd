package train

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// scikitCase is a case of testdata/metrics, whose make.py says how scikit-learn came by the values.
type scikitCase struct {
	Name          string
	Kind          data.TargetKind
	Link          data.Link
	Classes, Size int
	Out           []float32 // [rows, Size]
	Truth         []float64 // integers for classes
	Want          map[string]*float64
}

// compared are the rows in parts of at most so many.
func (s *scikitCase) compared(t *testing.T, rows int) []*comparison {
	by := &data.Judged{Loss: "joy", Kind: s.Kind, Link: s.Link}
	width := s.Size
	if s.Kind == data.Class {
		width /= s.Classes
	}
	var parts []*comparison
	for at := 0; at < len(s.Out)/s.Size; at += rows {
		to := min(at+rows, len(s.Out)/s.Size)
		var truth data.Block
		for _, v := range s.Truth[at*width : to*width] {
			if s.Kind == data.Class {
				truth.Int = append(truth.Int, int32(v))
			} else {
				truth.Float = append(truth.Float, float32(v))
			}
		}
		parts = append(parts, compared(t, by, s.Classes, s.Size, s.Out[at*s.Size:to*s.Size], truth))
	}
	return parts
}

func scikitCases(t *testing.T) []scikitCase {
	t.Helper()
	text, err := os.ReadFile("testdata/metrics/metrics.json")
	require.NoError(t, err)
	var cases []scikitCase
	require.NoError(t, json.Unmarshal(text, &cases))
	return cases
}

// Every metric is scikit-learn's, however the rows come in parts.
func TestMetricsAreScikitLearns(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range scikitCases(t) {
		for _, rows := range []int{len(s.Out), 7} {
			parts := s.compared(t, rows)
			for text, want := range s.Want {
				k, m, err := readMetric(text)
				require.NoError(t, err)
				seen[k.name] = true
				gathers := k.start(m)
				for _, c := range parts {
					gathers.add(c)
				}
				if want == nil {
					assert.Equal(t, undefined, number(gathers.value()), "%s: %s", s.Name, text)
					continue
				}
				assert.InEpsilon(t, 1+*want, 1+gathers.value(), 1e-12, "%s: %s", s.Name, text)
			}
		}
	}
	for _, k := range metrics {
		assert.True(t, seen[k.name], "%s is not compared", k.name)
	}
}

// The means of the reports are scikit-learn's macro averages, and the scores of class 1 those of a flag.
func TestReportsAreScikitLearns(t *testing.T) {
	for _, s := range scikitCases(t) {
		if s.Kind == data.Quantity {
			continue
		}
		c := s.compared(t, len(s.Out))[0]
		o := judgedOutput{comparison: *c, confusions: newConfusions(c.target, maxEvaluated)}
		o.count()
		r := reportsOf(c.target, o.confusions, nil)[0]
		got := averageScore{figure(r.Classes[1].Precision), r.Classes[1].Recall, r.Classes[1].F1}
		if s.Kind == data.Class {
			got = r.Mean
		}
		for name, v := range map[string]figure{"precision": got.Precision, "recall": got.Recall, "f1": got.F1} {
			if v.defined() { // a flag of one class only has no scores of class 1
				assert.InDelta(t, *s.Want[name], float64(v), 1e-12, "%s: %s", s.Name, name)
			}
		}
	}
}

func TestNamesOfMetrics(t *testing.T) {
	for text, want := range map[string]Metric{
		"top": {Name: "top", Number: 5}, "top:3": {Name: "top", Number: 3}, "r2": {Name: "r2"},
	} {
		_, m, err := readMetric(text)
		assert.NoError(t, err)
		assert.Equal(t, want, m)
	}
	assert.Equal(t, "top:5", Metric{Name: "top", Number: 5}.String())
	for text, want := range map[string]string{
		"r2:3": "r2 takes no number", "top:0": "at least 1 after it, as top:5", "top:": "a whole number", "top:x": "a whole number", "r3": "the metrics are accuracy, top,",
	} {
		_, _, err := readMetric(text)
		assert.ErrorContains(t, err, want)
	}
}

// Scores that are not numbers have no rank; so many that memory would not hold them have none either.
func TestAUCIsUndefined(t *testing.T) {
	nan := []float32{1, 2, float32(math.NaN()), 0}
	c := compared(t, byBCELogits, 2, 1, nan, data.Block{Float: []float32{1, 0, 0, 1}})
	assert.Equal(t, undefined, number(measured(auc, c)))

	r := ranking{n: maxScores - 3}
	r.add(compared(t, byBCELogits, 2, 1, []float32{1, 0}, data.Block{Float: []float32{1, 0}}))
	assert.Equal(t, 1.0, r.value())
	r.add(c)
	assert.Equal(t, undefined, number(r.value()))
	assert.Empty(t, r.flags[0][0], "they are not kept")
}
