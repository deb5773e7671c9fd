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
	reports := reportsOf(c.target, counted(c))
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
	assert.Len(t, reportsOf(c.target, counted(c)), 1)
	c.target.Columns = []data.Column{
		{Name: "wet", Kind: data.KindIndex}, {Name: "warm", Kind: data.KindClass, Classes: []string{"no", "yes"}},
	}
	reports := reportsOf(c.target, counted(c))
	require.Len(t, reports, 2)
	assert.Equal(t, "wet", reports[0].Target)
	assert.Equal(t, [][]int{{1, 1}, {0, 1}}, reports[0].Confusion)
	assert.Equal(t, classScore{"1", 0.5, 1, figure(2) / 3, 1}, reports[0].Classes[1])
	assert.Equal(t, "warm", reports[1].Target)
	assert.Equal(t, [][]int{{1, 1}, {0, 1}}, reports[1].Confusion)
	assert.Equal(t, "yes", reports[1].Classes[1].Name)
}
