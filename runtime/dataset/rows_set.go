package dataset

import (
	"io"

	"github.com/nnc-lang/nnc/runtime/data"
)

// setRows are rows that are in memory: those of arrays, of images beside other inputs, or the windows of a running text.
type setRows struct {
	lastRows
	set   *Set
	names []string // of the images, by row; nil: the rows have none
	at    int
}

func (r *setRows) read(inputs, targets []data.Block, most int) (int, error) {
	n := min(most, r.set.Rows()-r.at)
	if n <= 0 {
		return 0, io.EOF
	}
	r.forget()
	rows := make([]int, n)
	for i := range rows {
		rows[i] = r.at + i
		if r.names != nil {
			r.kept = append(r.kept, []string{r.names[r.at+i]})
		}
	}
	r.at += n
	r.set.Gather(rows, inputs, targets)
	return n, nil
}

// readAll is rowSource's, before any row was read.
func (r *setRows) readAll([]data.Port, []data.Port) (*Set, error) { return r.set, nil }

func (r *setRows) remarks() []string { return nil }
