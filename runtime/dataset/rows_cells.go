package dataset

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// judgeRow encodes the targets of a row of cells as row n of the blocks. It reports whether it has one, where a row need
// not.
func (r *tableRows) judgeRow(targets []data.Block, n int, cells []string) (bool, error) {
	writing := r.codec.Writing()
	for i, fields := range r.targetFields {
		t, size := &r.judged[i], r.targets[i].Size()
		for j, f := range fields {
			y, err := t.Cell(&writing, j, cells[f])
			if r.how.SkipMissingTarget && errors.Is(err, data.ErrNoTarget) {
				r.without++
				return false, nil
			}
			if err != nil {
				return false, r.table.ErrorAt(f, "column %q: %v", t.Columns[j].Name, err)
			}
			if err := r.targets[i].CheckJudged(y); err != nil {
				return false, r.table.ErrorAt(f, "column %q: %v", t.Columns[j].Name, err)
			}
			if r.targets[i].Int {
				targets[i].Int[n*size+j] = int32(y)
				continue
			}
			targets[i].Float[n*size+j] = y
		}
		if targets[i].Float == nil {
			continue
		}
		if at, err := r.targets[i].CheckJudgedRow(targets[i].Float[n*size:][:size]); err != nil {
			return false, r.table.ErrorAt(fields[at], "column %q and those after it: %v", t.Columns[at].Name, err)
		}
	}
	return true, nil
}

// checkSpans returns an error if a target of row n of the blocks is a span that ends before it starts, or stands at a position
// that its mask leaves out.
func (r *tableRows) checkSpans(inputs, targets []data.Block, n int) error {
	for i, fields := range r.targetFields {
		if r.judged[i].Kind != data.Span {
			continue // of windows none is
		}
		var mask data.Block
		if of := maskOf(&r.targets[i], r.inputs); of >= 0 {
			mask = inputs[of].Rows(n, n+1, r.inputs[of].Size())
		}
		if at, err := r.targets[i].CheckSpan(targets[i].Int[n*2:][:2], mask); err != nil {
			return r.table.ErrorAt(fields[at], "column %q: %v", r.judged[i].Columns[at].Name, err)
		}
	}
	return nil
}

// encodeRow encodes the features of a row of cells as row n of the blocks.
func (r *tableRows) encodeRow(inputs []data.Block, n int, cells []string) error {
	for i, f := range r.features {
		if err := r.encodeCell(inputs, n, i, cells[f]); err != nil {
			return r.table.ErrorAt(f, "column %q: %v", r.codec.Column(i).Name, err)
		}
	}
	for i, p := range r.inputs {
		if inputs[i].Float == nil {
			continue
		}
		if _, err := p.CheckJudgedRow(inputs[i].Float[n*p.Size():][:p.Size()]); err != nil {
			return r.table.ErrorAt(r.features[0], "the input %s: %v", p.Name, err)
		}
	}
	return nil
}

// encodeCell is the codec's, with the check of what outputs are compared with.
func (r *tableRows) encodeCell(inputs []data.Block, row, i int, cell string) error {
	col := r.codec.Column(i)
	if col.Kind == data.KindTokens {
		r.codec.EncodeText(inputs, row, i, cell, &r.counts[i].tokens)
		return nil
	}
	if err := r.codec.EncodeCell(inputs, row, i, cell); err != nil {
		return err
	}
	if writing := r.codec.Writing(); col.Lacks(&writing, cell) {
		r.counts[i].missing++
	}
	if col.Unseen(cell) {
		if r.how.RefuseUnseen {
			return fmt.Errorf("%s is a text that training never saw (it saw %s)", phrase.Quoted(cell), phrase.Listed(col.Classes))
		}
		r.counts[i].see(cell)
	}
	if col.Kind != data.KindNumber {
		return nil // an indicator, or an integer in its range
	}
	input, at := r.codec.Slot(i)
	p := &r.inputs[input]
	return p.CheckJudged(inputs[input].Float[row*p.Size()+at])
}

// cellCount counts what there is to say of a column's cells.
type cellCount struct {
	missing int            // without a value
	unseen  int            // texts that training never saw
	names   []string       // the first few of them
	tokens  data.TextCount // of a column whose texts become the integers of their symbols
}

// namedUnseen bounds the texts that a remark names.
const namedUnseen = 3

// see counts a text that training never saw.
func (n *cellCount) see(text string) {
	n.unseen++
	if len(n.names) < namedUnseen && !slices.Contains(n.names, text) {
		n.names = append(n.names, text)
	}
}

func (r *tableRows) remarks() []string {
	var missing, unseen, texts []string
	for i := range r.counts {
		n, col := &r.counts[i], r.codec.Column(i)
		if n.missing > 0 {
			missing = append(missing, missingNote(col, n.missing))
		}
		if n.unseen > 0 {
			becomes := "all indicators 0"
			if col.Kind == data.KindIndex {
				becomes = fmt.Sprintf("the integer %d", len(col.Classes))
			}
			unseen = append(unseen, fmt.Sprintf("%s: %s of a text that training never saw (%s): %s",
				phrase.Visible(col.Name), phrase.Counted(n.unseen, "cell"), phrase.Listed(n.names), becomes))
		}
		if n.tokens.Texts > 0 {
			texts = append(texts, fmt.Sprintf("%s: %s", r.codec.TextName(i), n.tokens.Said(col.Tokens)))
		}
	}
	remarks := slices.Concat(missing, unseen, texts)
	if r.without == 0 {
		return remarks
	}
	left := " left out"
	if r.windows != nil {
		left = ": windows that forecast them are left out"
	}
	return append(remarks, fmt.Sprintf("%s without a target%s", phrase.Counted(r.without, "row"), left))
}

// missingNote says how many cells of a feature hold no value, and what stands for them.
func missingNote(col *data.Column, n int) string {
	stands := "all indicators 0"
	switch col.Kind {
	case data.KindNumber:
		stands = fmt.Sprintf("the mean, %.6g, stands for them", col.Mean)
	case data.KindIndex:
		stands = fmt.Sprintf("the integer %d stands for them", len(col.Classes))
	}
	return fmt.Sprintf("%s: %s missing: %s", phrase.Visible(col.Name), phrase.Counted(n, "value"), stands)
}
