package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// embedded returns how a go:embed directive in a file of that folder names a weight file, "" for none. Go embeds regular
// files of the folder and those below.
func embedded(file, folder string) (string, error) {
	if file == "" {
		return "", nil
	}
	st, err := os.Lstat(file)
	if err != nil {
		return "", plain(err)
	}
	if !st.Mode().IsRegular() {
		return "", fmt.Errorf("--embed %s: Go embeds regular files only", file)
	}
	from, err := realPath(folder)
	if err != nil {
		return "", plain(err)
	}
	dir, err := realPath(filepath.Dir(file))
	if err != nil {
		return "", plain(err)
	}
	name, err := filepath.Rel(from, filepath.Join(dir, filepath.Base(file)))
	if name = filepath.ToSlash(name); err != nil || name == ".." || strings.HasPrefix(name, "../") {
		return "", fmt.Errorf("--embed %s: Go embeds files of the folder of the code, %s, and those below it: put the file there", file, folder)
	}
	if strings.ContainsAny(name, "\"'*<>?`|\\:[]") || !utf8.ValidString(name) || strings.IndexFunc(name, unicode.IsControl) >= 0 {
		return "", fmt.Errorf("--embed %s: Go does not embed files with such names", file)
	}
	return name, nil
}

// realPath is a folder's absolute path without links.
func realPath(folder string) (string, error) {
	full, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(full)
}

// fitting checks that a weight file holds what a model consists of.
func fitting(file string, out *compiler.Output) error {
	f, err := weights.Read(file)
	if path := new(os.PathError); errors.As(err, &path) {
		return plain(err)
	}
	if err != nil {
		return problem("--embed %w", err)
	}
	var want []weights.Want
	for _, t := range out.Tensors {
		w := weights.Want{Name: t.Name, Shape: t.Shape, DType: weights.F32}
		if t.Integers {
			w.DType = weights.I64
		}
		want = append(want, w)
	}
	if err := f.Match(want); err != nil {
		return problem("--embed %s: %w", file, err)
	}
	return nil
}
