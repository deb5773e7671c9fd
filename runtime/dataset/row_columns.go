package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// rawCodec takes all features of a table as they stand: each input as many as it has elements, in their order.
func rawCodec(path string, header []string, q Rows) (*data.Codec, error) {
	sel := q.Select
	if !q.Judge {
		// To predict, the target may be there or not.
		sel.Target = slices.DeleteFunc(slices.Clone(sel.Target), func(name string) bool { return !slices.Contains(header, name) })
	}
	features, _, err := sel.roles(path, header, q.Inputs[:1])
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range features[0] {
		names = append(names, header[f])
	}
	targets := data.TargetsOf(q.Inputs, q.Targets)
	if q.Judge || len(q.Target) > 0 {
		parts, err := targetColumns(q.Target, q.Inputs, q.Targets)
		if err != nil {
			return nil, err
		}
		for i, names := range parts {
			for _, name := range names {
				c := data.Column{Name: name, Kind: data.KindIndex}
				if !targets[i].IsClass() {
					c.Kind, c.Deviation = data.KindNumber, 1
				}
				targets[i].Columns = append(targets[i].Columns, c)
			}
		}
	}
	columns, inputs, err := rawColumns(names, q)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data.NewCodec(data.ScaleNone, columns, inputs, nil, targets), nil
}

// rawColumns divides columns among the inputs.
func rawColumns(names []string, q Rows) ([]data.Column, []data.InputColumns, error) {
	need := 0
	for _, p := range q.Inputs {
		need += p.Size()
	}
	if len(names) != need {
		others, takes := "", fmt.Sprintf("input %s takes", q.Inputs[0].Name)
		if len(q.Target) > 0 {
			others = " but the target"
		}
		if len(q.Inputs) > 1 {
			takes = fmt.Sprintf("inputs %s take", data.PortList(q.Inputs))
		}
		return nil, nil, fmt.Errorf("there are %s (%s), but the model's %s %d: the weights do not say which columns they want, so every column%s is a feature; take the others out of the file",
			phrase.Counted(len(names), "feature column"), phrase.Listed(names), takes, need, others)
	}
	var columns []data.Column
	var inputs []data.InputColumns
	for _, p := range q.Inputs {
		for range p.Size() {
			c := data.Column{Name: names[len(columns)], Kind: data.KindNumber, Deviation: 1, Required: true}
			if p.Int {
				c = data.Column{Name: c.Name, Kind: data.KindIndex, Limit: p.Limit}
			}
			columns = append(columns, c)
		}
		if len(q.Inputs) > 1 {
			inputs = append(inputs, data.InputColumns{Name: p.Name, Columns: p.Size()})
		}
	}
	return columns, inputs, nil
}

// findColumns finds the codec's columns in the header, and those of the targets if they are to be read.
func (r *RowReader) findColumns(q Rows) error {
	if len(q.Targets) == 0 && len(q.Target) > 0 {
		return noTarget(q.Target, q.Inputs)
	}
	header := r.csv.Header
	position := make(map[string]int, len(header))
	for i, name := range header {
		position[name] = i
	}
	used := map[string]bool{}
	find := func(name, why string) (int, error) {
		used[name] = true
		if i, ok := position[name]; ok {
			return i, nil
		}
		return 0, fmt.Errorf("%s: there is no column %q%s (%s; the columns are %s)", r.csv.Name, name, phrase.Suggest(name, header), why, phrase.Listed(header))
	}
	for _, name := range r.codec.Columns() {
		i, err := find(name, "the weights were trained with it")
		if err != nil {
			return err
		}
		r.features = append(r.features, i)
	}
	var names []string
	for _, t := range r.judged[:len(q.Targets)] { // the others are inputs
		var fields []int
		for _, c := range t.Columns {
			names = append(names, c.Name)
			used[c.Name] = true
			if !q.Judge {
				continue
			}
			i, err := find(c.Name, "it is the target")
			if err != nil {
				return err
			}
			fields = append(fields, i)
		}
		if q.Judge && len(fields) == 0 {
			return fmt.Errorf("%s: the weights do not say which column is the target %q", r.csv.Name, t.Name)
		}
		if q.Judge {
			r.targetFields = append(r.targetFields, fields)
		}
	}
	if len(q.Target) > 0 && len(names) > 0 && !slices.Equal(q.Target, names) {
		return fmt.Errorf("%s: --target names %s, but the weights were trained on the target %s", r.csv.Name, phrase.Listed(q.Target), phrase.Listed(names))
	}
	var extra []string
	for _, name := range header {
		if !used[name] && !slices.Contains(q.Target, name) && !slices.Contains(q.Drop, name) {
			extra = append(extra, name)
		}
	}
	if len(extra) > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: the model does not use %s: %s", r.csv.Name, phrase.Counted(len(extra), "column"), phrase.Listed(extra)))
	}
	return nil
}
