package main

import (
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// packageFor finds the package of a Go file to be written into a folder: that of the folder's other Go files; if
// these have several or none, $GOPACKAGE if this is the folder that `go generate` runs in; else the folder's name
// made valid, which named reports. The files in replaced do not count: what was generated once must not decide what is
// generated again.
func packageFor(dir string, replaced map[string]bool) (pkg string, named bool, err error) {
	names, err := packagesIn(dir, replaced)
	if err != nil {
		return "", false, err
	}
	if len(names) == 1 {
		return names[0], false, nil
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return "", false, err
	}
	if here, err := os.Getwd(); err == nil && here == full {
		name := strings.TrimSuffix(os.Getenv("GOPACKAGE"), "_test")
		if validPackage(name) && (len(names) == 0 || slices.Contains(names, name)) {
			return name, false, nil
		}
	}
	if len(names) > 1 {
		return "", false, fmt.Errorf("%s has Go files of several packages (%s): choose one with -p", dir, strings.Join(names, ", "))
	}
	return packageName(filepath.Base(full)), true, nil
}

// platforms are systems that a folder may be for if no file of it is for this one.
var platforms = [][2]string{{"linux", "amd64"}, {"windows", "amd64"}, {"darwin", "arm64"}, {"js", "wasm"}, {"freebsd", "amd64"}}

// packagesIn lists the packages of a folder's Go files, tests and those in replaced left out. Files whose build
// constraints are not met are not the package's; only a folder whose files are all for other systems is one of theirs.
func packagesIn(dir string, replaced map[string]bool) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, plain(err)
	}
	var files []string
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !replaced[filepath.Join(dir, name)] {
			files = append(files, name)
		}
	}
	system := build.Default
	names := packagesOf(&system, dir, files)
	for _, p := range platforms {
		if len(names) > 0 {
			break
		}
		system.GOOS, system.GOARCH = p[0], p[1]
		names = packagesOf(&system, dir, files)
	}
	return names, nil
}

// packagesOf lists the packages of those files that a system takes. A file that cannot be read as Go is for the Go
// compiler to complain of.
func packagesOf(system *build.Context, dir string, files []string) (names []string) {
	for _, file := range files {
		if taken, err := system.MatchFile(dir, file); err != nil || !taken {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, file), nil, parser.PackageClauseOnly)
		if err != nil {
			continue
		}
		if name := f.Name.Name; name != "documentation" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
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
