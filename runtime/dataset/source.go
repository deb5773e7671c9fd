package dataset

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// source is the files of one --data list: a table, or an array for each of some ports.
type source struct {
	table  *format.File // at its first byte; whoever asked for the source closes it
	arrays map[string]boundArray
}

type boundArray struct {
	*format.Array
	path string
}

// openSource reads the arrays that the list names, each "file" or "port=file". A file without a name is a table,
// holds arrays named like ports, or belongs to the only input.
func openSource(list []string, inputs, targets []data.Port) (*source, error) {
	if len(list) == 0 {
		return nil, usageError("no data: name a file with --data")
	}
	s := &source{arrays: map[string]boundArray{}}
	ports := slices.Concat(inputs, targets)
	for _, item := range list {
		port, path, err := splitBinding(item, ports)
		if err != nil {
			return nil, err
		}
		f, err := format.Open(path)
		if err != nil {
			return nil, err
		}
		if f.Kind == format.KindCSV {
			if len(list) > 1 || port != "" && (len(inputs) != 1 || port != inputs[0].Name) {
				f.Close()
				return nil, fmt.Errorf("%s is a table: a table gives features and targets at once and stands alone in --data", path)
			}
			s.table = f
			return s, nil
		}
		err = s.readArrays(port, f, inputs, ports)
		f.Close()
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// splitBinding divides "port=file". A file whose own name has an equals sign is taken as it stands, unless its name
// begins with a port's and there is a file behind the equals sign too.
func splitBinding(item string, ports []data.Port) (port, path string, err error) {
	name, path, ok := strings.Cut(item, "=")
	if !ok {
		return "", item, nil
	}
	names := portNames(ports)
	isPort := slices.Contains(names, name)
	switch {
	case exists(item) && !(isPort && exists(path)):
		return "", item, nil
	case isPort:
		return name, path, nil
	}
	return "", "", fmt.Errorf("--data %s: the model has no input or target %q%s (it has %s)", item, name, phrase.Suggest(name, names), phrase.Listed(names))
}

// exists says whether a path leads to something that is no folder.
func exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

func portNames(ports []data.Port) []string {
	names := make([]string, len(ports))
	for i, p := range ports {
		names[i] = p.Name
	}
	return names
}

func (s *source) readArrays(port string, f *format.File, inputs, ports []data.Port) error {
	path := f.Path
	if f.Kind == format.KindNPZ {
		return s.readNPZ(port, path, ports)
	}
	if port == "" {
		if len(inputs) != 1 {
			return fmt.Errorf("%s: which input is this? Write --data name=%s; the model has %s", path, path, phrase.Listed(portNames(ports)))
		}
		port = inputs[0].Name
	}
	a, err := f.Array()
	if err != nil {
		return err
	}
	return s.bind(port, a, path)
}

// readNPZ binds the arrays of the archive that are named like ports, or the one for port. Others may be of types
// that are not read.
func (s *source) readNPZ(port, path string, ports []data.Port) error {
	names, err := format.NPZNames(path)
	if err != nil {
		return err
	}
	bound := map[string]string{} // port by array
	switch {
	case port == "":
		for _, name := range portNames(ports) {
			if slices.Contains(names, name) {
				bound[name] = name
			}
		}
	case len(names) == 1:
		bound[names[0]] = port
	case slices.Contains(names, port):
		bound[port] = port
	default:
		return fmt.Errorf("%s: it has no array %q%s (it has %s)", path, port, phrase.Suggest(port, names), phrase.Listed(names))
	}
	if len(bound) == 0 {
		return fmt.Errorf("%s: none of its arrays (%s) is named like an input or a target of the model (%s)", path, phrase.Listed(names), phrase.Listed(portNames(ports)))
	}
	arrays, err := format.ReadNPZ(path, slices.Sorted(maps.Keys(bound))...)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(bound)) {
		if err := s.bind(bound[name], arrays[name], path); err != nil {
			return err
		}
	}
	return nil
}

func (s *source) bind(port string, a *format.Array, path string) error {
	if old, ok := s.arrays[port]; ok {
		return fmt.Errorf("%s and %s both give %q", old.path, path, port)
	}
	s.arrays[port] = boundArray{a, path}
	return nil
}
