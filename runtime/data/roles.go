package data

import (
	"fmt"
	"slices"
)

// Select says which columns of a table are targets and features.
type Select struct {
	Target   []string // in the order of the model's targets
	Features []string // none: every column but Target and Drop, in file order
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
				chosen.flag, listed(chosen.columns), item)
		}
	}
	return nil
}

// roles finds the fields of the feature and target columns in a header.
func (s Select) roles(file string, header []string) (features, targets []int, err error) {
	find := func(flag, name string) (int, error) {
		if i := slices.Index(header, name); i >= 0 {
			return i, nil
		}
		return 0, fmt.Errorf("%s: %s: there is no column %q%s (the columns are %s)", file, flag, name, suggest(name, header), listed(header))
	}
	taken := map[int]string{}
	for _, name := range s.Target {
		i, err := find("--target", name)
		if err != nil {
			return nil, nil, err
		}
		if taken[i] != "" {
			return nil, nil, fmt.Errorf("%s: --target names %q twice", file, name)
		}
		taken[i] = "--target"
		targets = append(targets, i)
	}
	for _, name := range s.Drop {
		i, err := find("--drop", name)
		if err != nil {
			return nil, nil, err
		}
		if taken[i] == "--target" {
			return nil, nil, fmt.Errorf("%s: column %q is both in --target and in --drop", file, name)
		}
		taken[i] = "--drop"
	}
	for _, name := range s.Features {
		i, err := find("--features", name)
		if err != nil {
			return nil, nil, err
		}
		if taken[i] != "" {
			return nil, nil, fmt.Errorf("%s: column %q is both in %s and in --features", file, name, taken[i])
		}
		taken[i] = "--features"
		features = append(features, i)
	}
	if len(s.Features) == 0 {
		for i := range header {
			if taken[i] == "" {
				features = append(features, i)
			}
		}
	}
	if len(features) == 0 {
		return nil, nil, fmt.Errorf("%s: no column is left as a feature (the columns are %s)", file, listed(header))
	}
	return features, targets, nil
}

// targetColumns divides the target columns among the model's targets, in order: one for cross_entropy, else as
// many as a row has elements.
func targetColumns(columns []string, targets []Port) ([][]string, error) {
	need, parts := 0, make([][]string, len(targets))
	for i, t := range targets {
		switch {
		case t.Loss == LossCrossEntropy && t.Size() != 1:
			return nil, fmt.Errorf("target %q has a class at each of %d positions, which a table cannot give: use --data %s=file.npy", t.Name, t.Size(), t.Name)
		case t.Loss != LossCrossEntropy && t.Int:
			return nil, fmt.Errorf("target %q of the loss %s cannot come from a table: use --data %s=file.npy", t.Name, t.Loss, t.Name)
		}
		if need+t.Size() <= len(columns) {
			parts[i] = columns[need : need+t.Size()]
		}
		need += t.Size()
	}
	switch {
	case len(targets) == 0 && len(columns) > 0:
		return nil, usageError("--target names %s, but the model has no target", counted(len(columns), "column"))
	case need > 0 && len(columns) == 0:
		return nil, usageError("which column is the target? Name it with --target")
	case need != len(columns):
		return nil, usageError("--target names %s, but the model is judged by %d (%s)", counted(len(columns), "column"), need, portList(targets))
	}
	return parts, nil
}

// tableInput checks that the model's inputs can come from a table and returns the one there is.
func tableInput(inputs []Port) (Port, error) {
	switch {
	case len(inputs) != 1:
		return Port{}, fmt.Errorf("a table feeds a model with one input; this one has %d (%s): bind arrays with --data name=file.npy", len(inputs), portList(inputs))
	case inputs[0].Int:
		return Port{}, fmt.Errorf("input %q takes integers, which a table does not give: use --data %s=file.npy", inputs[0].Name, inputs[0].Name)
	}
	return inputs[0], nil
}
