package train

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// noteRare says after a training of one class in each row where it came to less than it seems to: a class that is never
// recognised, or no more rows that are right than always naming the most frequent class would give. It does not where
// rare classes were helped, as that may be the price.
func (t *training) noteRare(end *ending) {
	j, of := end.valid, "held-out"
	if end.test != nil {
		j, of = end.test, "test"
	}
	if j == nil || len(j.reports) != 1 || t.set.Train.Classes() == nil || t.weighing.byClass != nil || t.job.Balance {
		return
	}
	r := &j.reports[0]
	var missed []string
	most, right, rows := 0, 0, 0
	for i, c := range r.Classes {
		if c.Rows > 0 && c.Recall == 0 {
			missed = append(missed, fmt.Sprintf("%s (%s)", phrase.Visible(c.Name), phrase.Counted(c.Rows, "row")))
		}
		if c.Rows > r.Classes[most].Rows {
			most = i
		}
		right += r.Confusion[i][i]
		rows += c.Rows
	}
	frequent := r.Classes[most].Rows
	if rows == 0 || right == rows || len(missed) == 0 && right > frequent {
		return
	}
	share := func(n int) float64 { return 100 * float64(n) / float64(rows) }
	text := fmt.Sprintf("of the %s rows %.4g%% are right, and always %s would be in %.4g%%", of, share(right), phrase.Visible(r.Classes[most].Name), share(frequent))
	if len(missed) > 0 {
		text = fmt.Sprintf("no %s row of %s is recognised; %s", of, phrase.Listed(missed), text)
	}
	advice := "more epochs or another --lr may help"
	if slices.ContainsFunc(r.Classes, func(c classScore) bool { return 0 < c.Rows && 2*c.Rows <= frequent }) {
		advice = "--class-weights balanced or --balance lets rare classes count for more"
	}
	t.note("%s: %s", text, advice)
}
