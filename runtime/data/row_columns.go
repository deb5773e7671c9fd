package data

import (
	"fmt"
	"slices"
)

// rawCodec takes all features of a table as they stand.
func rawCodec(path string, header []string, q Rows) (*Codec, error) {
	sel := q.Select
	if !q.Judge {
		// To predict, the target may be there or not.
		sel.Target = slices.DeleteFunc(slices.Clone(sel.Target), func(name string) bool { return !slices.Contains(header, name) })
	}
	features, _, err := sel.roles(path, header)
	if err != nil {
		return nil, err
	}
	columns := make([]column, len(features))
	for i, f := range features {
		columns[i] = column{Name: header[f], Kind: kindNumber, Deviation: 1, required: true}
	}
	targets := targetsOf(q.Targets)
	if q.Judge || len(q.Target) > 0 {
		parts, err := targetColumns(q.Target, q.Targets)
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
	codec := newCodec(ScaleNone, columns, nil, targets)
	if codec.Width() != q.Inputs[0].Size() {
		others := ""
		if len(q.Target) > 0 {
			others = " but the target"
		}
		return nil, fmt.Errorf("%s: there are %s (%s), but the model's input %s takes %d: the weights do not say which columns they want, so every column%s is a feature; take the others out of the file",
			path, counted(codec.Width(), "feature column"), listed(codec.Columns()), q.Inputs[0].Name, q.Inputs[0].Size(), others)
	}
	return codec, nil
}

// findColumns finds the codec's columns in the header, and those of the targets if they are to be read.
func (r *RowReader) findColumns(q Rows) error {
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
	for _, t := range r.codec.targets {
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
