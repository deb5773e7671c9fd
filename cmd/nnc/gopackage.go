package main

import (
	"fmt"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// packageFor finds the package of a Go file to be written into a folder: that of the folder's other Go files,
// else $GOPACKAGE if this is the folder that `go generate` runs in, else the folder's name made valid. The files
// in replaced do not count: what was generated once must not decide what is generated again.
func packageFor(dir string, replaced map[string]bool) (string, error) {
	names, err := packagesIn(dir, replaced)
	if err != nil {
		return "", err
	}
	switch {
	case len(names) == 1:
		return names[0], nil
	case len(names) > 1:
		return "", fmt.Errorf("%s has Go files of several packages (%s): choose one with -p", dir, strings.Join(names, ", "))
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if here, err := os.Getwd(); err == nil && here == full {
		if name := strings.TrimSuffix(os.Getenv("GOPACKAGE"), "_test"); validPackage(name) {
			return name, nil
		}
	}
	return packageName(filepath.Base(full)), nil
}

// packagesIn lists the packages of a folder's Go files, tests, ignored files and those in replaced left out.
func packagesIn(dir string, replaced map[string]bool) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, plain(err)
	}
	var names []string
	for _, e := range entries {
		file := e.Name()
		path := filepath.Join(dir, file)
		if e.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") ||
			strings.HasPrefix(file, "_") || strings.HasPrefix(file, ".") || replaced[path] {
			continue
		}
		// A file that cannot be read as Go is for the Go compiler to complain of.
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			continue
		}
		ignored := false
		for _, group := range f.Comments {
			for _, c := range group.List {
				ignored = ignored || c.Pos() < f.Package && ignores(c.Text)
			}
		}
		if name := f.Name.Name; !ignored && name != "documentation" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// ignores says whether a comment is a build constraint that only the tag ignore, which nobody sets, could meet.
func ignores(comment string) bool {
	if !constraint.IsGoBuild(comment) {
		return false
	}
	expr, err := constraint.Parse(comment)
	if err != nil {
		return false
	}
	return expr.Eval(func(string) bool { return true }) && !expr.Eval(func(tag string) bool { return tag != "ignore" })
}

// packageName makes a package's name of a folder's: its ASCII letters and digits, in lower case.
func packageName(folder string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return -1
	}, folder)
	switch {
	case name == "":
		return "model"
	case !validPackage(name), name == "main", name == "documentation":
		return "nn" + name // a digit first, a keyword, or a name with a meaning of its own
	}
	return name
}

// validPackage says whether a name may stand behind `package`.
func validPackage(name string) bool {
	return token.IsIdentifier(name) && name != "_" && name != "init"
}
