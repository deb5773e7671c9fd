package dataset

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// source is the files of one --data list: tables of the same columns as one, or an array or images for each of some
// ports.
type source struct {
	table     *format.Table
	files     []*format.File // of the table, open; whoever asked for the source closes it
	arrays    map[string]boundArray
	images    map[string]*imageFiles
	classes   map[string]data.Column // of targets that images' folders name
	texts     []*format.File         // to be read as such, open; likewise
	questions []*format.File         // files of questions, open; likewise
	remarks   []string               // about the files, for the user
}

type boundArray struct {
	*format.Array
	path string
}

// openSource reads the arrays that the list names, each "file" or "port=file", or the header of a table, and finds the
// images of its folders. A file without a name is a table, holds arrays named like ports, or belongs to the only input;
// images belong to the only input that takes any. open opens a file, as opener says. Several tables are read one after the
// other, several folders too.
func openSource(list []string, open func(path string) (*format.File, error), how format.Layout, inputs, targets []data.Port) (*source, error) {
	if len(list) == 0 {
		return nil, usageError("no data: name a file with --data")
	}
	s := &source{arrays: map[string]boundArray{}, images: map[string]*imageFiles{}, classes: map[string]data.Column{}}
	ports := slices.Concat(inputs, targets)
	for i, item := range list {
		port, path, err := splitBinding(item, ports)
		if err != nil {
			return nil, err
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			if err := s.addImages(port, path, how, inputs, ports); err != nil {
				return nil, err
			}
			continue
		}
		f, err := open(path)
		if err != nil {
			s.Close()
			return nil, err
		}
		if f.Kind == format.KindText {
			if s.texts = append(s.texts, f); port != "" && port != inputs[0].Name || how != (format.Layout{}) {
				s.Close()
				return nil, usageError("%s is a text, which gives the input and what follows it at once: write --data %s, without --sep and --no-header", f.Path, phrase.Shell(path))
			}
			continue
		}
		if f.Kind == format.KindQuestions {
			if s.questions = append(s.questions, f); port != "" || how != (format.Layout{}) {
				s.Close()
				return nil, usageError("%s holds questions about passages, which give all inputs and the target at once: write --data %s, without --sep and --no-header", f.Path, phrase.Shell(path))
			}
			continue
		}
		if f.Kind.IsTable() && len(s.questions) > 0 {
			f.Close()
			break
		}
		if f.Kind.IsTable() {
			s.files = append(s.files, f)
			if bound := i > 0 || len(list) > 1 && slices.ContainsFunc(list, func(item string) bool { return isBound(item, ports) }); bound ||
				port != "" && (len(inputs) != 1 || port != inputs[0].Name) {
				s.Close()
				return nil, fmt.Errorf("%s is a table: a table gives features and targets at once, and no array stands beside it in --data", f.Path)
			}
			return s, s.openTables(append([]string{path}, list[1:]...), how)
		}
		switch {
		case f.Kind == format.KindImage:
			err = s.addImages(port, path, how, inputs, ports)
		case how != (format.Layout{}):
			err = usageError("--sep and --no-header are for CSV, but %s holds arrays", f.Path)
		default:
			err = s.readArrays(port, f, inputs, ports)
		}
		f.Close()
		if err != nil {
			s.Close()
			return nil, err
		}
	}
	if len(s.texts) > 0 && len(s.texts) < len(list) {
		s.Close()
		return nil, fmt.Errorf("%s is a text: it gives the input and what follows it at once, and only other texts stand beside it in --data", s.texts[0].Path)
	}
	if len(s.questions) > 0 && len(s.questions) < len(list) {
		s.Close()
		return nil, fmt.Errorf("%s holds questions about passages: they give all inputs and the target at once, and only other files of questions stand beside it in --data", s.questions[0].Path)
	}
	return s, nil
}

// openTables reads the header of the first table, which is open, and takes the others to follow.
func (s *source) openTables(list []string, how format.Layout) error {
	first, err := s.files[0].Table(how)
	if err != nil {
		s.Close()
		return err
	}
	s.table = format.Join(first, len(list), func(i int) (*format.Table, error) {
		f, err := format.Open(list[i])
		if err != nil {
			return nil, err
		}
		s.files = append(s.files, f)
		if !f.Kind.IsTable() {
			return nil, fmt.Errorf("%s is no table, but the file before it is: all of --data must be tables of the same columns", f.Path)
		}
		return f.Table(how)
	})
	return nil
}

// Close closes the tables, texts and questions.
func (s *source) Close() error {
	var err error
	for _, f := range slices.Concat(s.files, s.texts, s.questions) {
		err = errors.Join(err, f.Close())
	}
	s.files = nil
	return err
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

// isBound reports whether an item of --data names the port that it is for.
func isBound(item string, ports []data.Port) bool {
	port, _, err := splitBinding(item, ports)
	return err == nil && port != ""
}

// exists says whether a path leads to something.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
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
	if images, ok := s.images[port]; ok {
		return fmt.Errorf("%s and %s both give %q", images.path, path, port)
	}
	s.arrays[port] = boundArray{a, path}
	return nil
}
