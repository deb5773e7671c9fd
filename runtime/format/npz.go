package format

import (
	"archive/zip"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// ReadNPZ reads the arrays of an .npz file, by the names that they have in
// numpy.savez: all of them, or only those asked for. Arrays that are not asked
// for may be of any type.
func ReadNPZ(path string, names ...string) (map[string]*Array, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		if errors.Is(err, zip.ErrFormat) {
			return nil, fmt.Errorf("%s: this is not a whole .npz file (a zip archive of NumPy arrays)", path)
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer archive.Close()

	members := map[string]*zip.File{}
	for _, m := range archive.File {
		name, ok := strings.CutSuffix(m.Name, ".npy")
		if !ok {
			continue
		}
		if members[name] != nil {
			return nil, fmt.Errorf("%s: the array %q occurs twice", path, name)
		}
		members[name] = m
	}
	have := slices.Sorted(maps.Keys(members))
	if len(names) == 0 {
		names = have
	}
	// Bounded in sum, since the members of an archive may share their bytes.
	room := uint64(maxExpansion(info.Size()))
	wanted := map[string]*zip.File{}
	for _, name := range names {
		m := members[name]
		if m == nil {
			return nil, fmt.Errorf("%s: there is no array %q; there are %q", path, name, have)
		}
		if wanted[name] != nil {
			continue
		}
		wanted[name] = m
		if m.UncompressedSize64 > room {
			return nil, fmt.Errorf("%s: the arrays would expand to more than a hundred times the file; store them with numpy.savez, uncompressed", path)
		}
		room -= m.UncompressedSize64
	}
	arrays := map[string]*Array{}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if arrays[name], err = readMember(wanted[name], path+": "+name); err != nil {
			return nil, err
		}
	}
	return arrays, nil
}

func readMember(m *zip.File, name string) (*Array, error) {
	r, err := m.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer r.Close()
	// Reading up to the end makes the archive compare its size and checksum.
	return ReadNPY(r, name)
}

// NPZNames are the names of the arrays in an archive, sorted.
func NPZNames(path string) ([]string, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer archive.Close()
	var names []string
	for _, f := range archive.File {
		if f.Name == "xl/workbook.xml" {
			return nil, fmt.Errorf("%s: this is an Excel workbook (.xlsx), which is not read: save the sheet as CSV", path)
		}
		if name, ok := strings.CutSuffix(f.Name, ".npy"); ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: this is a ZIP archive without NumPy arrays: unpack it, and name the file in it", path)
	}
	slices.Sort(names)
	return names, nil
}
