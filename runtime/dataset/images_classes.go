package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// labels are the values of a target of one class or flag, by the folders that the images lie in, and its column, nil
// where the folders' names are indices. known is the target whose classes they must be; nil: they make the classes.
func (f *imageFiles) labels(p data.Port, known *data.Target) (*data.Column, *format.Array, error) {
	names, err := f.folders(p)
	if err != nil {
		return nil, nil, err
	}
	var column *data.Column
	var index map[string]int32
	if known != nil {
		column, index, err = f.knownClasses(names, known)
	} else {
		column, index, err = f.newClasses(names, data.TargetsOf(nil, []data.Port{p})[0])
	}
	if err != nil {
		return nil, nil, err
	}
	a := &format.Array{Shape: []int{len(f.list)}, Int: make([]int32, len(f.list))}
	for i, m := range f.list {
		a.Int[i] = index[m.class]
	}
	return column, a, nil
}

// folders are the names of the folders in byte order. Every image must lie in one.
func (f *imageFiles) folders(p data.Port) ([]string, error) {
	var names []string
	seen := map[string]bool{}
	for _, m := range f.list {
		switch {
		case m.class == "":
			return nil, fmt.Errorf("%s: this image lies in no class's folder: put the images of each class into a folder of its name, as %s, or give the target with --data %s=file",
				m.path, "photos/cat/1.png for --data photos", p.Name)
		case !utf8.ValidString(m.class):
			return nil, fmt.Errorf("%s: the folder's name is a class's name and must be UTF-8: rename it", m.path)
		case !seen[m.class]:
			seen[m.class] = true
			names = append(names, m.class)
		}
	}
	return sorted(names), nil
}

// knownClasses finds the classes of folders among those of a target.
func (f *imageFiles) knownClasses(names []string, t *data.Target) (*data.Column, map[string]int32, error) {
	index := map[string]int32{}
	var unknown []string
	classes := t.Classes()
	for _, name := range names {
		k := slices.Index(classes, name)
		if k < 0 {
			unknown = append(unknown, name)
		}
		index[name] = int32(k)
	}
	var column *data.Column
	if len(t.Columns) > 0 && t.Columns[0].Kind == data.KindClass {
		column = &t.Columns[0]
	}
	switch {
	case len(unknown) == 0:
		return column, index, nil
	case column == nil && len(f.indices(names, t.Count)) == len(names):
		return nil, f.indices(names, t.Count), nil // 03 for 3
	}
	return nil, nil, fmt.Errorf("%s: the weights know no class %s (they know %s)%s", f.path, phrase.Listed(unknown), phrase.Listed(classes), parts(names))
}

// newClasses makes the classes of a target: where all names are integers in [0, Count) they are indices, else names in
// byte order, which must be Count in number.
func (f *imageFiles) newClasses(names []string, t data.Target) (*data.Column, map[string]int32, error) {
	if index := f.indices(names, t.Count); len(index) == len(names) {
		return nil, index, nil
	}
	if len(names) != t.Count {
		folders := fmt.Sprintf("%s: %s of images (%s), each a class", f.path, phrase.Counted(len(names), "folder"), phrase.Listed(names))
		switch {
		case t.Kind == data.Flag && len(names) > t.Count:
			return nil, nil, fmt.Errorf("%s, but %s judges two: the loss of %d classes is `cross_entropy`, after `linear %d`%s", folders, t.Loss, len(names), len(names), parts(names))
		case t.Kind == data.Flag:
			return nil, nil, fmt.Errorf("%s, but %s judges two%s", folders, t.Loss, parts(names))
		}
		return nil, nil, fmt.Errorf("%s, but the model gives %d outputs: write `linear %d`%s", folders, t.Count, len(names), parts(names))
	}
	index := map[string]int32{}
	for i, name := range names {
		index[name] = int32(i)
	}
	return &data.Column{Name: t.Name, Kind: data.KindClass, Classes: names}, index, nil
}

// indices are the integers in [0, count) that the names are; names that are none are left out.
func (f *imageFiles) indices(names []string, count int) map[string]int32 {
	index := map[string]int32{}
	for _, name := range names {
		if k, err := strconv.ParseInt(name, 10, 32); err == nil && k >= 0 && int(k) < count {
			index[name] = int32(k)
		}
	}
	return index
}

// parts says what to do where the folders look like parts of the data rather than classes; "" where they do not.
func parts(names []string) string {
	usual := []string{"test", "train", "training", "val", "valid", "validation"}
	if len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(usual, name) }) {
		return ""
	}
	return "; if these are parts of the data, name each by itself: --data, --valid-data and --test take folders of classes"
}
