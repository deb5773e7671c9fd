package train

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// setAside gives the file at path a second name, the first free one of NAME.1.safetensors, NAME.2.safetensors …, so
// that it stays when another takes its place; under its own name it stays until then. It returns that name, "" where
// there is no file, and what takes it away again.
func setAside(path string) (name string, undo func(), err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return "", nil, nil
	}
	file := path
	if err == nil {
		file, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", nil, fmt.Errorf("cannot keep the earlier %s: %w", path, err)
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
			return "", nil, fmt.Errorf("cannot keep the earlier %s: %w", path, err)
		}
		return name, func() { os.Remove(name) }, nil
	}
}

// copyFile writes a whole copy or none.
func copyFile(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return weights.WriteAtomic(to, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}
