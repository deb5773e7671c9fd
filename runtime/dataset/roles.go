package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Select says which columns of a table are targets and features.
type Select struct {
	Target []string // in the order of the model's targets
	// Features are the columns of the inputs; none: every column but Target and Drop, in file order. Of a model with
	// several inputs, "input=column" begins the columns of one (see assign).
	Features []string
	Drop     []string
}

// withoutTable returns an error if columns are chosen though the data, of which one item is given, are arrays.
func (s Select) withoutTable(item string) error {
	for _, chosen := range []struct {
		flag    string
		columns []string
	}{{"--target", s.Target}, {"--features", s.Features}, {"--drop", s.Drop}} {
		if len(chosen.columns) > 0 {
			return usageError("%s %s chooses columns of a table, but %s is no table: arrays are bound to inputs and targets with --data name=file",
				chosen.flag, phrase.Listed(chosen.columns), item)
		}
	}
	return nil
}

// header is the names of a table's columns, and what each is taken for.
type header struct {
	file  string
	names []string
	taken map[int]string // the flag that named the column
}

// roles finds the fields of the columns of each input and of the targets in a header.
func (s Select) roles(file string, names []string, inputs []data.Port) (features [][]int, targets []int, err error) {
	h := header{file, names, map[int]string{}}
	for _, name := range s.Target {
		i, err := h.find("--target", name)
		if err != nil {
			return nil, nil, err
		}
		if h.taken[i] != "" {
			return nil, nil, fmt.Errorf("%s: --target names %q twice", file, name)
		}
		h.taken[i] = "--target"
		targets = append(targets, i)
	}
	for _, name := range s.Drop {
		i, err := h.find("--drop", name)
		if err != nil {
			return nil, nil, err
		}
		if h.taken[i] == "--target" {
			return nil, nil, fmt.Errorf("%s: column %q is both in --target and in --drop", file, name)
		}
		h.taken[i] = "--drop"
	}
	features, err = s.assign(h, inputs)
	return features, targets, err
}

func (h header) find(flag, name string) (int, error) {
	if i := slices.Index(h.names, name); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("%s: %s: there is no column %q%s (the columns are %s)", h.file, flag, name, phrase.Suggest(name, h.names), phrase.Listed(h.names))
}

// free are the columns that nothing has taken.
func (h header) free() []int {
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
		case t.Judged.Kind != data.Class && t.Int:
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
		return nil, usageError("--target names %s, but the model is judged by %d (%s)", phrase.Counted(len(columns), "column"), need, portList(targets))
	}
	if named := byName(columns, targets); named != nil {
		return named, nil
	}
	return parts, nil
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
		why = fmt.Sprintf(": what it makes is compared with its own input (%s), so leave --target out", portList(own))
	}
	return usageError("--target names %s, but the model has no target%s", phrase.Counted(len(columns), "column"), why)
}

func portList(ports []data.Port) string {
	s := ""
	for i, p := range ports {
		if i > 0 {
			s += ", "
		}
		s += p.Name + phrase.Shape(p.Shape)
	}
	return s
}
