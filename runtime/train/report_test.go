package train

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// The figures are those of scikit-learn's classification_report for the truths 0 0 0 1 1 2 and the predictions
// 0 0 2 1 0 0, its macro and its weighted average among them. A class that neither has is left out of both.
func TestReportByClass(t *testing.T) {
	var out []float32
	for _, predicted := range []int{0, 0, 2, 1, 0, 0} {
		row := make([]float32, 4)
		row[predicted] = 1
		out = append(out, row...)
	}
	c := compared(t, byCrossEntropy, 4, 4, out, data.Block{Int: []int32{0, 0, 0, 1, 1, 2}})
	reports := reportsOf(c.target, counted(c), nil)
	var b bytes.Buffer
	writeReports(&b, reports, false)
	assert.Equal(t, `
           class  precision  recall      f1  rows
               0     0.5000  0.6667  0.5714     3
               1     1.0000  0.5000  0.6667     2
               2     0.0000  0.0000  0.0000     1
               3          –       –       –     0
          (mean)     0.5000  0.3889  0.4127     6
  (mean by rows)     0.5833  0.5000  0.5079     6

confusion matrix: a line per true class, a column per predicted one
     0  1  2  3
  0  2  0  1  0
  1  1  1  0  0
  2  1  0  0  0
  3  0  0  0  0
`, b.String())
	text, err := json.Marshal(reports[0].Classes[3])
	require.NoError(t, err)
	assert.JSONEq(t, `{"class":"3","precision":null,"recall":null,"f1":null,"rows":0}`, string(text))
	assert.InDelta(t, 0.41269841269841273, float64(reports[0].Mean.F1), 1e-15)
	assert.InDelta(t, 0.5079365079365079, float64(reports[0].Weighted.F1), 1e-15)
}

// Flags of several columns are classes of their own: a report for each, under its name. Of an array there is one.
func TestReportOfEachFlag(t *testing.T) {
	c := compared(t, byBCELogits, 2, 2, []float32{-1, 1, 1, 1, 1, -1}, data.Block{Float: []float32{0, 1, 0, 0, 1, 0}})
	areas := []float64{0.25, 1}
	one := reportsOf(c.target, counted(c), areas)
	require.Len(t, one, 1)
	assert.Nil(t, one[0].AUC, "it stands with the metrics")
	c.target.Columns = []data.Column{
		{Name: "wet", Kind: data.KindIndex}, {Name: "warm", Kind: data.KindClass, Classes: []string{"no", "yes"}},
	}
	reports := reportsOf(c.target, counted(c), areas)
	require.Len(t, reports, 2)
	assert.Equal(t, figure(0.25), *reports[0].AUC)
	assert.Equal(t, figure(1), *reports[1].AUC)
	var b bytes.Buffer
	reports[0].write(&b, "wet")
	assert.Contains(t, b.String(), "\nauc 0.2500\n\nconfusion matrix")
	assert.Equal(t, "wet", reports[0].Target)
	assert.Equal(t, [][]int{{1, 1}, {0, 1}}, reports[0].Confusion)
	assert.Equal(t, classScore{"1", 0.5, 1, figure(2) / 3, 1}, reports[0].Classes[1])
	assert.Equal(t, "warm", reports[1].Target)
	assert.Equal(t, [][]int{{1, 1}, {0, 1}}, reports[1].Confusion)
	assert.Equal(t, "yes", reports[1].Classes[1].Name)
}

// Of many classes the worst stand for all: the lowest F1 first, of equals the one of more rows, and the most frequent
// mistakes. Class 59 neither occurs nor is predicted; each other one has 3 rows, of which one of class 7 is taken for 8,
// two of class 5 for 6, and all four of class 30 for 0.
func TestReportOfManyClasses(t *testing.T) {
	const classes = 60
	var out []float32
	var truth []int32
	add := func(actual, predicted int) {
		row := make([]float32, classes)
		row[predicted] = 1
		out, truth = append(out, row...), append(truth, int32(actual))
	}
	for k := range classes - 1 {
		for i := range 3 {
			switch {
			case k == 7 && i == 0, k == 5 && i < 2:
				add(k, k+1)
			case k == 30:
				add(k, 0)
			default:
				add(k, k)
			}
		}
	}
	add(30, 0)
	c := compared(t, byCrossEntropy, classes, classes, out, data.Block{Int: truth})
	o := judgedOutput{comparison: *c, confusions: newConfusions(c.target, maxEvaluated)}
	o.count()
	var b bytes.Buffer
	reports := reportsOf(c.target, o.confusions, nil)
	writeReports(&b, reports, false)
	assert.Equal(t, `
           class  precision  recall      f1  rows
              30     0.0000  0.0000  0.0000     4
               5     1.0000  0.3333  0.5000     3
               0     0.4286  1.0000  0.6000     3
               6     0.6000  1.0000  0.7500     3
               7     1.0000  0.6667  0.8000     3
               8     0.7500  1.0000  0.8571     3
               1     1.0000  1.0000  1.0000     3
               2     1.0000  1.0000  1.0000     3
               3     1.0000  1.0000  1.0000     3
               4     1.0000  1.0000  1.0000     3
          (mean)     0.9623  0.9661  0.9577   178
  (mean by rows)     0.9569  0.9607  0.9524   178
the lowest f1 of 60 classes; --json has all

most frequent mistakes:
  class  taken for  rows
     30          0     4
      5          6     2
      7          8     1
`, b.String())
	text, err := json.Marshal(reports[0])
	require.NoError(t, err)
	var all struct {
		Classes   []any
		Confusion [][]int
	}
	require.NoError(t, json.Unmarshal(text, &all))
	assert.Len(t, all.Classes, classes)
	assert.Equal(t, 4, all.Confusion[30][0])
}
