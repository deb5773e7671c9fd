package data

import (
	"fmt"
	"slices"
)

// rawCodec takes all features of a table as they stand: each input as many as it has elements, in their order.
func rawCodec(path string, header []string, q Rows) (*Codec, error) {
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
	targets := targetsOf(q.Inputs, q.Targets)
	if q.Judge || len(q.Target) > 0 {
		parts, err := targetColumns(q.Target, q.Inputs, q.Targets)
		if err != nil {
			return nil, err
		}
		for i, names := range parts {
			for _, name := range names {
				c := column{Name: name, Kind: kindIndex}
				if !targets[i].IsClass() {
					c.Kind, c.Deviation = kindNumber, 1
				}
				targets[i].Columns = append(targets[i].Columns, c)
			}
		}
	}
	columns, inputs, err := rawColumns(names, q)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return newCodec(ScaleNone, columns, inputs, nil, targets), nil
}

// rawColumns divides columns among the inputs.
func rawColumns(names []string, q Rows) ([]column, []inputColumns, error) {
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
			takes = fmt.Sprintf("inputs %s take", inputList(q.Inputs))
		}
		return nil, nil, fmt.Errorf("there are %s (%s), but the model's %s %d: the weights do not say which columns they want, so every column%s is a feature; take the others out of the file",
			counted(len(names), "feature column"), listed(names), takes, need, others)
	}
	var columns []column
	var inputs []inputColumns
	for _, p := range q.Inputs {
		for range p.Size() {
			c := column{Name: names[len(columns)], Kind: kindNumber, Deviation: 1, required: true}
			if p.Int {
				c = column{Name: c.Name, Kind: kindIndex, Limit: p.Limit}
			}
			columns = append(columns, c)
		}
		if len(q.Inputs) > 1 {
			inputs = append(inputs, inputColumns{Name: p.Name, Columns: p.Size()})
		}
	}
	return columns, inputs, nil
}

// findColumns finds the codec's columns in the header, and those of the targets if they are to be read.
func (r *RowReader) findColumns(q Rows) error {
	if len(q.Targets) == 0 && len(q.Target) > 0 {
		return noTarget(q.Target, q.Inputs)
	}
	header := r.csv.header
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
		return 0, fmt.Errorf("%s: there is no column %q%s (%s; the columns are %s)", r.csv.name, name, suggest(name, header), why, listed(header))
	}
	for _, name := range r.codec.Columns() {
		i, err := find(name, "the weights were trained with it")
		if err != nil {
			return err
		}
		r.features = append(r.features, i)
	}
	var names []string
	for _, t := range r.codec.targets[:len(q.Targets)] { // the others are inputs
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
			return fmt.Errorf("%s: the weights do not say which column is the target %q", r.csv.name, t.Name)
		}
		if q.Judge {
			r.targetFields = append(r.targetFields, fields)
		}
	}
	if len(q.Target) > 0 && len(names) > 0 && !slices.Equal(q.Target, names) {
		return fmt.Errorf("%s: --target names %s, but the weights were trained on the target %s", r.csv.name, listed(q.Target), listed(names))
	}
	var extra []string
	for _, name := range header {
		if !used[name] && !slices.Contains(q.Target, name) && !slices.Contains(q.Drop, name) {
			extra = append(extra, name)
		}
	}
	if len(extra) > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: the model does not use %s: %s", r.csv.name, counted(len(extra), "column"), listed(extra)))
	}
	return nil
}
