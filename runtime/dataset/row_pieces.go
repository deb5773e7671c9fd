package dataset

import (
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// rawPieces are the columns of the inputs where texts are the tokens of a vocabulary, and all else is taken as it stands.
func rawPieces(in *format.Table, features [][]int, measures map[int]data.InputColumns, q Rows) ([]data.Column, []data.InputColumns, error) {
	t := table{name: in.Name}
	var err error
	if t.texts, err = q.texts(); err != nil {
		return nil, nil, err
	}
	r, texts := roles{features: features}, false
	var columns []data.Column
	var inputs []data.InputColumns
	for i, p := range q.Inputs {
		if m, is := measures[i]; is {
			inputs = append(inputs, m)
			continue
		}
		names := fieldNames(in.Header, features[i])
		asText := r.isText(i, p, in.Header, true)
		texts = texts || asText
		if asText {
			if err := q.fitsVocabulary(t.texts.tokenizer, p); err != nil {
				return nil, nil, err
			}
		}
		made := make([]data.Column, len(names))
		for k, name := range names {
			made[k] = rawColumn(name, p)
		}
		if !asText && len(names) != p.Size() {
			return nil, nil, t.widthError(made, len(names), p, len(q.Inputs) > 1)
		}
		for k, c := range made {
			if asText {
				c.Kind, c.Tokens = data.KindTokens, t.texts.pieces(p.Size(), k > 0)
			}
			columns = append(columns, c)
		}
		if len(q.Inputs) > 1 {
			inputs = append(inputs, data.InputColumns{Name: p.Name, Columns: len(names)})
		}
	}
	if !texts {
		return nil, nil, q.withoutTexts(in.Name, "has no column for an input of several integers")
	}
	return columns, inputs, nil
}
