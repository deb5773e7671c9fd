package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// inFolders says in a command's help what it makes of a folder.
const inFolders = "A folder stands for every file in it whose name ends in .nn, folders within it included. Files and " +
	"folders whose names begin with a dot are left out; ./... leaves out what Go does too: testdata, vendor, other " +
	"modules, and what begins with _."

// specFiles is the arguments with every folder replaced by the specs in it, in the order of their names. No file
// is there twice. What cannot be read is reported, and the error stands for all of it; arguments that are no
// folders are not looked at.
func (s *session) specFiles(command string, args []string) (paths []string, failed error) {
	taken := map[string]bool{}
	add := func(path string) {
		if clean := filepath.Clean(path); !taken[clean] {
			taken[clean] = true
			paths = append(paths, path)
		}
	}
	for _, arg := range args {
		folder, asGo := pattern(arg)
		if info, err := os.Stat(folder); !asGo && (err != nil || !info.IsDir()) {
			add(arg)
			continue
		}
		found, errs := specsIn(folder, asGo)
		for _, err := range errs {
			s.complain("nnc %s: %v", command, err)
			failed = exit{code: exitUsage}
		}
		if len(found) == 0 && len(errs) == 0 {
			none := fmt.Sprintf("nnc %s: %s: there is no .nn file in this folder", command, arg)
			if asGo || command == "fmt" { // in all that there is nothing is to do
				s.note("%s", none)
			} else {
				s.complain("%s", none)
				failed = exit{code: exitUsage}
			}
		}
		for _, path := range found {
			add(path)
		}
	}
	return paths, failed
}

// pattern is the folder of an argument such as ./..., which means what Go lets it mean; other arguments stay.
func pattern(arg string) (folder string, asGo bool) {
	folder, asGo = strings.CutSuffix(filepath.ToSlash(arg), "...")
	if !asGo || folder != "" && !strings.HasSuffix(folder, "/") {
		return arg, false
	}
	return filepath.Clean(folder), true
}

// skippedByGo says whether Go leaves a folder within another one out of a pattern, though its name does not hide it.
func skippedByGo(folder string) bool {
	name := filepath.Base(folder)
	return name == "testdata" || name == "vendor" || isFile(filepath.Join(folder, "go.mod"))
}

// specsIn finds the specs of a folder, only in folders that Go looks into if asGo.
func specsIn(folder string, asGo bool) (paths []string, errs []error) {
	// The walk's own error is always nil: visit returns none.
	_ = fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
		full := filepath.Join(folder, filepath.FromSlash(path))
		hidden := path != "." && (strings.HasPrefix(d.Name(), ".") || asGo && strings.HasPrefix(d.Name(), "_"))
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("%s: %w", full, cause(err)))
		case d.IsDir() && (hidden || asGo && path != "." && skippedByGo(full)):
			return fs.SkipDir
		case !hidden && strings.HasSuffix(path, ".nn") && isFile(full):
			paths = append(paths, full)
		}
		return nil
	})
	return paths, errs
}

// isFile says whether a path leads to a file, through a link or not.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
