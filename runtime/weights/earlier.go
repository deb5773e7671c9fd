package weights

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// KeepEarlier gives the file at path a second name, the first free one of NAME.1.safetensors, NAME.2.safetensors …, so
// that it stays when another takes its place; under its own name it stays until then. It returns that name, "" where
// there is no file.
func KeepEarlier(path string) (name string, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return "", nil
	}
	file := path
	if err == nil {
		file, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", fmt.Errorf("cannot keep the earlier %s: %w", path, err)
	}
	ext := filepath.Ext(path)
	for i := 1; ; i++ {
		name = strings.TrimSuffix(path, ext) + "." + strconv.Itoa(i) + ext
		if _, err := os.Lstat(name); err == nil {
			continue
		}
		err := os.Link(file, name)
		if errors.Is(err, fs.ErrExist) {
			continue // another run was faster
		}
		if err != nil { // not every file system has second names
			err = copyFile(file, name)
		}
		if err != nil {
			return "", fmt.Errorf("cannot keep the earlier %s: %w", path, err)
		}
		return name, nil
	}
}

// copyFile writes a whole copy or none.
func copyFile(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return WriteAtomic(to, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}
