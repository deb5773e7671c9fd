package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// embedded returns how a go:embed directive in a file of that folder names a weight file, "" for none. Go embeds regular
// files of the folder and those below, as far as they belong to the folder's module.
func embedded(file, folder string) (string, error) {
	if file == "" {
		return "", nil
	}
	st, err := os.Lstat(file)
	if err != nil {
		return "", meant(plain(err), file, isWeightsName)
	}
	if !st.Mode().IsRegular() {
		return "", fmt.Errorf("--embed %s: Go embeds regular files only: name the file itself, or copy it to the code", file)
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
	if err := embeddable(from, name); err != nil {
		return "", fmt.Errorf("--embed %s: %w", file, err)
	}
	return name, nil
}

// embeddable is an error where Go does not embed the file of that name, with slashes, of a folder and those below.
// Brackets it would allow, but they mean something else in a directive.
//
// Source: resolveEmbed of cmd/go.
func embeddable(folder, name string) error {
	parts := strings.Split(name, "/")
	for _, part := range parts {
		why := refusedInModule(part)
		if why == "" && strings.ContainsAny(part, "[]") {
			why = "brackets in a name stand for one of several characters"
		}
		if why != "" {
			return fmt.Errorf("%s; rename %s", why, shellWord(part))
		}
	}
	for i, part := range parts[:len(parts)-1] {
		if versioned[part] || part == "vendor" {
			return fmt.Errorf("files of a folder named %s are not embedded by Go: put the file elsewhere", part)
		}
		within := strings.Join(parts[:i+1], "/")
		if _, err := os.Stat(filepath.Join(folder, filepath.FromSlash(within), "go.mod")); err == nil {
			return fmt.Errorf("files of another module are not embedded by Go, and %s is one, for it has a go.mod: put the file elsewhere", within)
		}
	}
	return nil
}

// versioned are the folders of version control systems.
var versioned = map[string]bool{".bzr": true, ".git": true, ".hg": true, ".svn": true}

// realPath is a folder's absolute path without links.
func realPath(folder string) (string, error) {
	full, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(full)
}

// wanted is what a model consists of, as package weights asks for it.
func wanted(out *compiler.Output) []weights.Want {
	var want []weights.Want
	for _, t := range out.Tensors {
		w := weights.Want{Name: t.Name, Shape: t.Shape, DType: weights.F32, Also: t.Shared, Packed: t.Packed, Counter: t.Integers}
		if t.Integers {
			w.DType = weights.I64
		}
		want = append(want, w)
	}
	return want
}
