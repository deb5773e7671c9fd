package dataset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// rawCodec takes all features of a table as they stand: each input as many as it has elements, in their order. Columns
// without a name are none.
func rawCodec(in *format.Table, q Rows) (*data.Codec, error) {
	target := q.Target
	if !q.Judge {
		// To predict, the target may be there or not.
		target = slices.DeleteFunc(slices.Clone(target), func(name string) bool { return !slices.Contains(in.Header, name) })
	}
	h := &header{file: in.Name, names: in.Header, at: in.At, taken: map[int]string{}}
	named := map[string]bool{}
	for _, f := range []flagged{{"--target", target}, {"--drop", q.Drop}, {"--id", q.ID}, {"--weight", one(q.Weight)}, {"--group", one(q.Group)}} {
		h.take(f.flag, f.columns)
		for _, name := range f.columns {
			named[name] = true
		}
	}
	if len(q.Features) == 0 { // else they say themselves what is one
		h.take("--keep", slices.DeleteFunc(slices.Clone(q.Keep), func(name string) bool { return named[name] }))
	}
	for i, name := range in.Header {
		if name == "" {
			h.taken[i] = "nothing"
		}
	}
	fed := q.Inputs[:1] // the first names all columns, whosever they are
	if q.inPieces() {
		fed = q.Inputs
	}
	features, measures, err := q.assign(h, fed)
	h.add(err)
	h.checkNames(features)
	if err := h.err(); err != nil {
		return nil, err
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
	var columns []data.Column
	var inputs []data.InputColumns
	if q.inPieces() {
		columns, inputs, err = rawPieces(in, features, measures, q)
	} else if columns, inputs, err = rawColumns(fieldNames(in.Header, features[0]), q); err != nil {
		err = fmt.Errorf("%s: %w", in.Name, err)
	}
	if err != nil {
		return nil, err
	}
	return data.NewCodec(data.ScaleNone, q.writing(), columns, inputs, nil, targets), nil
}

// fieldNames are the names of fields.
func fieldNames(header []string, fields []int) []string {
	var names []string
	for _, f := range fields {
		names = append(names, header[f])
	}
	return names
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
			columns = append(columns, rawColumn(names[len(columns)], p))
		}
		if len(q.Inputs) > 1 {
			inputs = append(inputs, data.InputColumns{Name: p.Name, Columns: p.Size()})
		}
	}
	return columns, inputs, nil
}

// rawColumn is a column of an input whose cells are taken as they stand.
func rawColumn(name string, p data.Port) data.Column {
	if p.Int {
		return data.Column{Name: name, Kind: data.KindIndex, Limit: p.Limit}
	}
	return data.Column{Name: name, Kind: data.KindNumber, Deviation: 1, Required: true}
}

// findColumns finds the codec's columns in the header, those of the targets if they are to be read, and those to keep.
// All that is missing is told at once.
func (r *tableRows) findColumns(q Rows) error {
	if len(q.Targets) == 0 && len(q.Target) > 0 {
		return noTarget(q.Target, q.Inputs)
	}
	names, file := r.table.Header, r.table.Name
	used := map[string]bool{}
	var wrong problems
	find := func(name, why string) int {
		used[name] = true
		i := slices.Index(names, name)
		switch {
		case i < 0:
			wrong.add(fmt.Errorf("%s: there is no column %q%s (%s; the columns are %s)%s",
				file, name, phrase.Suggest(name, names), why, phrase.Listed(names), noHeader(names, r.table.At)))
		case slices.Contains(names[i+1:], name):
			wrong.add(fmt.Errorf("%s: two columns are named %q (%s): rename one", file, name, why))
		}
		return i
	}
	for _, name := range r.codec.Columns() {
		r.features = append(r.features, find(name, "the weights were trained with it"))
	}
	var targets []string
	for _, t := range r.judged[:len(q.Targets)] { // the others are inputs
		var fields []int
		for _, name := range t.Sources() {
			targets = append(targets, name)
			used[name] = true
			if q.Judge {
				fields = append(fields, find(name, "it is the target"))
			}
		}
		if !q.Judge {
			continue
		}
		if len(fields) == 0 {
			return fmt.Errorf("%s: the weights do not say which column is the target %q", file, t.Name)
		}
		r.targetFields = append(r.targetFields, fields)
	}
	if len(q.Target) > 0 && len(targets) > 0 && !slices.Equal(sorted(q.Target), sorted(targets)) {
		return fmt.Errorf("%s: --target names %s, but the weights were trained on the target %s", file, phrase.Listed(q.Target), phrase.Listed(targets))
	}
	wrong.add(q.contradicts(file, names, r.codec.Columns()))
	for _, name := range q.Keep {
		why := "--keep names it"
		if slices.Contains(q.ID, name) {
			why = "--id names it"
		}
		r.keep = append(r.keep, find(name, why))
	}
	if group := r.codec.Series().Group; group != "" {
		r.windows.group = find(group, "it says which series a row is of")
	}
	if q.Judge && q.Weight != "" {
		r.weight = find(q.Weight, "--weight names it")
	}
	if err := wrong.err(); err != nil {
		return err
	}
	var extra []string
	for i, name := range names {
		index := i == 0 && name == pandasIndex
		if name != "" && !index && !used[name] && !slices.Contains(slices.Concat(q.Target, q.Drop, q.ID), name) {
			extra = append(extra, name)
		}
	}
	if len(extra) > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: the model does not use %s: %s", file, phrase.Counted(len(extra), "column"), phrase.Listed(extra)))
	}
	return nil
}

// contradicts is an error where --drop or --features want other columns of a file than those that the weights were
// trained with.
func (q Rows) contradicts(file string, header, trained []string) error {
	for _, name := range q.Drop {
		if slices.Contains(trained, name) {
			return fmt.Errorf("%s: --drop names %s, but the weights were trained with it: leave it out of --drop, or train without it", file, phrase.Visible(name))
		}
	}
	if q.Features == nil {
		return nil
	}
	var named []string
	for _, item := range q.Features {
		if _, column, ok := strings.Cut(item, "="); ok && !slices.Contains(header, item) {
			item = column
		}
		named = append(named, item)
	}
	if !slices.Equal(sorted(named), sorted(trained)) {
		return fmt.Errorf("%s: --features names %s, but the weights were trained with %s: leave --features out", file, phrase.Listed(named), phrase.Listed(trained))
	}
	return nil
}
