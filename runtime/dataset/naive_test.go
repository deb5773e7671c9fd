package dataset

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// What a naive forecast says is the target of the window's last row, as often as rows are forecast; of a row without one
// that of the row before it in its series.
func TestNaive(t *testing.T) {
	const holes = "z,y\na,1\na,2\nb,10\na,3\nb,20\na,\nb,30\na,5\nb,40\na,6\nb,50\na,7\nb,60\n"
	for name, c := range map[string]struct {
		table           string
		window, horizon int
		ahead           int
		group           string
		want            []float32
	}{
		"of each row":       {"z,y\n9,1\n9,2\n9,4\n9,8\n9,16\n", 2, 1, 1, "", []float32{2, 4, 8}},
		"far ahead":         {"z,y\n9,1\n9,2\n9,4\n9,8\n9,16\n", 2, 2, 2, "", []float32{2, 2}},
		"again and again":   {"z,y\n9,1\n9,2\n9,4\n9,8\n9,16\n", 1, 1, 3, "", []float32{1, 1, 1, 2, 2, 2}},
		"holes and series":  {holes, 2, 1, 1, "z", []float32{2, 3, 5, 6, 20, 30, 40, 50}},
		"nothing to go by":  {"z,y\n9,\n9,2\n9,4\n9,8\n", 1, 1, 1, "", nil},
		"a hole not needed": {"z,y\n9,\n9,2\n9,4\n9,8\n", 2, 1, 1, "", []float32{2, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			q := ofWindows(t, c.table, c.window, c.horizon, c.ahead)
			q.Valid, q.SkipMissingTarget, q.Group = "0", true, c.group
			if c.group != "" {
				q.Inputs[0].Shape[1] = 1
			}
			l, err := Load(q)
			require.NoError(t, err)
			_, targets := blocksOf(q, l.Train.Rows())
			require.Equal(t, c.want != nil, l.Train.Naive(allRows(l.Train.Rows()), targets))
			if c.want != nil {
				assert.Equal(t, c.want, targets[0].Float)
			}
		})
	}
	q := Training{Data: []string{writeFile(t, "s.csv", counting(9))}, Select: Select{Target: []string{"y"}}, Inputs: []data.Port{{Name: "x", Shape: []int{1}}}, Targets: regression(1)}
	l, err := Load(q)
	require.NoError(t, err)
	assert.False(t, l.Train.Naive([]int{0}, []data.Block{data.NewBlock(q.Targets[0], 1)}), "these rows are no series")
}

// A model that gives something at each position is taken to forecast as many rows, which is told.
func TestPositionsThatAreForecast(t *testing.T) {
	q := ofWindows(t, counting(20), 3, 1, 3)
	l, err := Load(q)
	require.NoError(t, err)
	assert.NotContains(t, strings.Join(l.Notes, "\n"), "positions")
	q.Targets[0].Shape = []int{3, 1}
	l, err = Load(q)
	require.NoError(t, err)
	assert.Contains(t, strings.Join(l.Notes, "\n"), "warning: what the model gives at the 3 positions of a window is taken for 3 rows to come: to forecast one row, leave one position, as with the flag `last`")
}
