package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// mostNames bounds the files of a folder among which the one that may be meant is sought.
const mostNames = 1000

// The files that may be meant: a spec, weights, or data.
func isSpecName(name string) bool { return strings.HasSuffix(name, ".nn") }
func isWeightsName(name string) bool {
	return slices.Contains([]string{".safetensors", ".pt", ".pth", ".ckpt"}, filepath.Ext(name))
}
func isONNXName(name string) bool { return strings.HasSuffix(name, ".onnx") }
func isDataName(name string) bool {
	return !isSpecName(name) && !isWeightsName(name) && !strings.HasSuffix(name, ".go")
}

// meant adds to the error of a path that leads nowhere the file in its folder that may be meant: that of the name with an
// ending, or one that is spelt nearly so. It must be of the kind that is sought.
func meant(err error, path string, kind func(name string) bool) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	dir, base := filepath.Split(path)
	folder, failed := os.Open(filepath.Join(dir, "."))
	if failed != nil {
		return err
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(mostNames) // those that can be read
	names = slices.DeleteFunc(names, func(name string) bool { return !kind(name) || name[0] == '.' || !exists(filepath.Join(dir, name)) })
	slices.Sort(names)
	i := slices.IndexFunc(names, func(name string) bool { return stem(name) == stem(base) })
	if i < 0 {
		stems := make([]string, len(names))
		for k, name := range names {
			stems[k] = stem(name)
		}
		near, _ := diag.Nearest(stem(base), stems)
		i = slices.Index(stems, near)
	}
	if i < 0 || base == "" {
		return err
	}
	return fmt.Errorf("%w, did you mean %s?", err, shellWord(dir+names[i]))
}

// stem is a file's name up to its first dot.
func stem(name string) string {
	name, _, _ = strings.Cut(name, ".")
	return name
}
