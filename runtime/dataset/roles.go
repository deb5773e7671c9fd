package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// roles are the fields of a table's columns by what they are.
type roles struct {
	features [][]int                   // by the model's input
	measures map[int]data.InputColumns // inputs that no column feeds, since they measure the text of another
	targets  [][]int                   // by the model's target
	group    int                       // −1: none
	weight   int                       // −1: none
	kinds    map[int]string
	signed   map[int]bool
}

// header is the names of a table's columns, and what each is taken for.
type header struct {
	file  string
	names []string
	at    []format.Place // of the names; nil where they do not stand in the file
	taken map[int]string // the flag that named the column
	problems
}

// roles finds what each column is. All mistakes are told at once.
func (s Select) roles(t *format.Table, inputs, targets []data.Port) (roles, error) {
	h := &header{file: t.Name, names: t.Header, at: t.At, taken: map[int]string{}}
	r := roles{group: -1, weight: -1, kinds: map[int]string{}, signed: map[int]bool{}}
	names, err := targetColumns(s.Target, inputs, targets)
	if err != nil {
		return r, err
	}
	for _, part := range names {
		r.targets = append(r.targets, h.take("--target", part))
	}
	if s.window > 0 {
		clear(h.taken)
	}
	h.take("--drop", s.Drop)
	h.take("--id", s.ID)
	for _, extra := range []struct {
		flag, name string
		field      *int
	}{{"--group", s.Group, &r.group}, {"--weight", s.Weight, &r.weight}} {
		if fields := h.take(extra.flag, one(extra.name)); len(fields) > 0 {
			*extra.field = fields[0]
		}
	}
	if r.features, r.measures, err = s.assign(h, inputs); err != nil {
		h.add(err)
	}
	if err := h.err(); err != nil {
		return r, err
	}
	s.setKinds(h, &r)
	h.checkNames(r.features)
	return r, h.err()
}

// setKinds marks the features whose kind a flag says.
func (s Select) setKinds(h *header, r *roles) {
	features := slices.Concat(r.features...)
	for _, f := range []struct {
		flag, kind string
		columns    []string
	}{{"--number", data.KindNumber, s.Number}, {"--text", data.KindClass, s.Text}, {"--index", data.KindIndex, s.Index}} {
		for _, name := range f.columns {
			i, err := h.find(f.flag, name)
			target := slices.Contains(slices.Concat(r.targets...), i)
			switch {
			case err != nil:
				h.add(err)
			case r.kinds[i] != "":
				h.add(fmt.Errorf("%s: %s: another flag says that it is a column of kind %s", h.file, phrase.Option(f.flag, name), r.kinds[i]))
			case f.flag == "--number" && target:
				r.signed[i] = true
			case !slices.Contains(features, i):
				h.add(fmt.Errorf("%s: %s: the column is no feature", h.file, phrase.Option(f.flag, name)))
			default:
				r.kinds[i], r.signed[i] = f.kind, f.kind == data.KindNumber
			}
		}
	}
}

// checkNames finds features whose names do not tell them apart. One without a name may turn out to be none.
func (h *header) checkNames(features [][]int) {
	first := map[string]int{}
	for _, i := range slices.Concat(features...) {
		name := h.names[i]
		if j, again := first[name]; again && name != "" {
			h.add(fmt.Errorf("%s: columns %d and %d are both named %q: rename one, or choose the features with --features%s", h.place(i), j+1, i+1, name, noHeader(h.names, h.at)))
		}
		first[name] = i
	}
}

// take finds columns and marks them as named by the flag.
func (h *header) take(flag string, names []string) []int {
	var fields []int
	for _, name := range names {
		i, err := h.find(flag, name)
		if flag == "--drop" && err != nil && slices.Contains(h.names, name) {
			for i, n := range h.names { // all of that name
				if n == name {
					h.taken[i] = flag
				}
			}
			continue
		}
		switch {
		case err != nil:
		case h.taken[i] == flag:
			err = fmt.Errorf("%s: %s names %q twice", h.file, flag, name)
		case h.taken[i] != "":
			err = fmt.Errorf("%s: column %q is both in %s and in %s", h.file, name, h.taken[i], flag)
		}
		if err != nil {
			h.add(err)
			continue
		}
		h.taken[i] = flag
		fields = append(fields, i)
	}
	return fields
}

// find is the field of the column of a name.
func (h *header) find(flag, name string) (int, error) {
	i := slices.Index(h.names, name)
	if i < 0 {
		return 0, fmt.Errorf("%s: %s: there is no column %q%s (the columns are %s)%s",
			h.file, flag, name, phrase.Suggest(name, h.names), phrase.Listed(h.names), noHeader(h.names, h.at))
	}
	if j := slices.Index(h.names[i+1:], name); j >= 0 {
		return 0, fmt.Errorf("%s: %s: columns %d and %d are both named %q: rename one%s", h.place(i+1+j), flag, i+1, i+j+2, name, noHeader(h.names, h.at))
	}
	return i, nil
}

// place is where a column's name stands.
func (h *header) place(field int) string { return namePlace(h.at, h.file, field) }

// namePlace is where a column's name stands, the file where that is not known.
func namePlace(at []format.Place, file string, field int) string {
	if field >= len(at) {
		return file
	}
	return at[field].String()
}

// free are the columns that nothing has taken.
func (h *header) free() []int {
	var free []int
	for i := range h.names {
		if h.taken[i] == "" {
			free = append(free, i)
		}
	}
	return free
}

// targetColumns divides the target columns among the model's targets: by name where each target is named as one of
// them, else in order, one for a class, else as many as a row has elements.
func targetColumns(columns []string, inputs, targets []data.Port) ([][]string, error) {
	need, parts := 0, make([][]string, len(targets))
	for i, t := range targets {
		switch {
		case t.Judged.Kind == data.Class && t.Size() != 1:
			return nil, fmt.Errorf("target %q has a class at each of %d positions, which a table cannot give: use --data %s=file.npy", t.Name, t.Size(), t.Name)
		case t.Judged.Kind != data.Class && t.Judged.Kind != data.Span && t.Int:
			return nil, fmt.Errorf("target %q of the loss %s cannot come from a table: use --data %s=file.npy", t.Name, t.Judged.Loss, t.Name)
		}
		if need+t.Size() <= len(columns) {
			parts[i] = columns[need : need+t.Size()]
		}
		need += t.Size()
	}
	switch {
	case len(targets) == 0 && len(columns) > 0:
		return nil, noTarget(columns, inputs)
	case need > 0 && len(columns) == 0:
		return nil, usageError("which column is the target? Name it with --target")
	case need != len(columns):
		return nil, numberOfTargets(columns, targets, need)
	}
	if named := byName(columns, targets); named != nil {
		return named, nil
	}
	return parts, nil
}

// numberOfTargets is the error for target columns that are not as many as the model's targets need.
func numberOfTargets(columns []string, targets []data.Port, need int) error {
	var takes []string
	for _, t := range targets {
		what := t.Name
		if t.Size() > 1 {
			what += " (" + phrase.Counted(t.Size(), "column") + ")"
		}
		takes = append(takes, what)
	}
	advice := fmt.Sprintf("name %s", phrase.Counted(need, "column"))
	if len(targets) == 1 && !targets[0].Int {
		advice += fmt.Sprintf(", or let the model end with `linear %d`", len(columns))
	}
	return usageError("--target names %s (%s), but what the model learns takes %d: %s; %s",
		phrase.Counted(len(columns), "column"), phrase.Listed(columns), need, strings.Join(takes, ", "), advice)
}

// byName gives each target the column of its name, nil unless every one has one.
func byName(columns []string, targets []data.Port) [][]string {
	if len(columns) != len(targets) {
		return nil
	}
	var parts [][]string
	for _, t := range targets {
		if !slices.Contains(columns, t.Name) {
			return nil
		}
		parts = append(parts, []string{t.Name})
	}
	return parts
}

// noTarget is the error for target columns of a model without a target.
func noTarget(columns []string, inputs []data.Port) error {
	why := ""
	if own := data.JudgedPorts(inputs, nil); len(own) > 0 {
		why = fmt.Sprintf(": what it makes is compared with its own input (%s), so leave --target out", shapes(own))
	}
	return usageError("--target names %s, but the model has no target%s", phrase.Counted(len(columns), "column"), why)
}

// shapes are the ports' names and shapes.
func shapes(ports []data.Port) string {
	s := ""
	for i, p := range ports {
		if i > 0 {
			s += ", "
		}
		s += p.Name + phrase.Shape(p.Shape)
	}
	return s
}

// columnName is how a message names a column: quoted, or by its number where it has no name.
func columnName(name string, field int) string {
	if name == "" {
		return strconv.Itoa(field + 1)
	}
	return strconv.Quote(name)
}
