package train

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"text/tabwriter"
)

// maxListed is how many classes, and how many mistakes, stand for all where there are too many classes to read.
const maxListed = 10

// shown are the classes of a table: all, or of too many those of the lowest F1, the lowest first, of equals those of
// more rows.
func (r *classReport) shown() []classScore {
	if len(r.Classes) <= maxReported {
		return r.Classes
	}
	var occur []classScore
	for _, c := range r.Classes {
		if !math.IsNaN(float64(c.F1)) {
			occur = append(occur, c)
		}
	}
	slices.SortStableFunc(occur, func(a, b classScore) int {
		return cmp.Or(cmp.Compare(a.F1, b.F1), cmp.Compare(b.Rows, a.Rows))
	})
	return occur[:min(maxListed, len(occur))]
}

// writeMistakes writes the most frequent mistakes, in place of a confusion matrix that nobody could read.
func (r *classReport) writeMistakes(b *bytes.Buffer) {
	type mistake struct{ actual, predicted, rows int }
	var all []mistake
	for actual, row := range r.Confusion {
		for predicted, rows := range row {
			if rows > 0 && actual != predicted {
				all = append(all, mistake{actual, predicted, rows})
			}
		}
	}
	if all == nil {
		return
	}
	slices.SortStableFunc(all, func(a, b mistake) int { return cmp.Compare(b.rows, a.rows) })
	fmt.Fprintf(b, "\nmost frequent mistakes:\n")
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "class\ttaken for\trows\t\n")
	for _, m := range all[:min(maxListed, len(all))] {
		fmt.Fprintf(w, "%s\t%s\t%d\t\n", cell(r.Classes[m.actual].Name), cell(r.Classes[m.predicted].Name), m.rows)
	}
	w.Flush() // to memory, where nothing fails
}
