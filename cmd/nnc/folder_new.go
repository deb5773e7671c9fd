package main

import (
	"bytes"
	_ "embed" // the texts below
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"unicode"

	"github.com/nnc-lang/nnc/compiler"
)

// newFolder makes a folder with a spec, a program that trains it, and a go.mod where no module is around it.
func (c *initCommand) newFolder(s *session, folder string) error {
	name := filepath.Base(folder)
	if why := unfitFolder(name); why != "" {
		return fmt.Errorf("%s: no such file, and no name for a new folder: %s", folder, why)
	}
	if c.Out != "" {
		return errors.New("-o is for the spec of a table: a new folder has the name that is given")
	}
	full, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	around, err := moduleAround(filepath.Dir(full))
	if err != nil {
		return err
	}
	found := builtFrom()
	model := compiler.ModelName(name + ".nn")
	files := []file{
		{path: name + ".nn", text: []byte(strings.ReplaceAll(firstSpec, "Model", model))},
		{path: "main.go", text: []byte(strings.NewReplacer("Model", model, "NAME", name).Replace(firstProgram))},
	}
	if around == "" {
		files = append(files, file{path: "go.mod", text: []byte("module " + name + "\n\ngo " + goLine + "\n" + found.lines())})
	}
	if err := os.Mkdir(folder, 0o777); err != nil {
		return plain(err)
	}
	for _, f := range files {
		if err := writeNew(filepath.Join(folder, f.path), f.text); err != nil {
			os.RemoveAll(folder) // which was made above
			return err
		}
	}
	next := []string{"wrote " + shellWord(filepath.Join(folder, name+".nn")) + " and " + shellWord(filepath.Join(folder, "main.go")), "next:"}
	next = append(next, "  cd "+shellWord(folder))
	lacks := ""
	if around != "" {
		lacks = found.lackedBy(around)
	} else if found.lines() == "" {
		lacks = found.command()
	}
	if lacks != "" {
		next = append(next, "  "+lacks)
	}
	next = append(next, "  go generate", "  go run .")
	if _, err := exec.LookPath("nnc"); err != nil {
		next = append(next, "go generate runs nnc, which is not on the PATH: install it, as with go install ./cmd/nnc in a clone")
	}
	_, err = fmt.Fprintln(s.stdout, strings.Join(next, "\n"))
	return err
}

// unfitFolder says why a name is none for a new folder, whose spec, module and model have it too; nothing if it is.
func unfitFolder(name string) string {
	first := name[0]
	bad := strings.IndexFunc(name, func(r rune) bool {
		return r >= unicode.MaxASCII || r != '-' && r != '_' && !letterOrDigit(r)
	})
	switch {
	case bad >= 0 || !letterOrDigit(rune(first)) || '0' <= first && first <= '9':
		return "such a name has a letter first, and letters, digits, - and _ after it"
	case refusedByGo(name+".nn") != "":
		return refusedByGo(name + ".nn")
	}
	return ""
}

// moduleAround is the path of the go.mod of the module that a folder is in, empty if there is none.
func moduleAround(dir string) (string, error) {
	for {
		path := filepath.Join(dir, "go.mod")
		switch info, err := os.Stat(path); {
		case err == nil && info.Mode().IsRegular():
			return path, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return "", plain(err)
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil
		}
		dir = up
	}
}

// origin is where the runtime that models need comes from.
type origin struct {
	clone   string // the folder of the clone that this command was built in; empty: unknown
	version string // else the released version; empty: unknown
}

// builtFrom finds out where this command was built.
func builtFrom() origin {
	_, path, _, ok := runtime.Caller(0)
	root := filepath.Dir(filepath.Dir(filepath.Dir(filepath.FromSlash(path))))
	if text, err := os.ReadFile(filepath.Join(root, "go.mod")); ok && err == nil && filepath.IsAbs(root) &&
		!strings.Contains(filepath.Base(root), "@") && bytes.HasPrefix(text, []byte("module "+modulePath+"\n")) {
		return origin{clone: root}
	}
	if v := version(); strings.HasPrefix(v, "v") && !strings.Contains(v, "+") {
		return origin{version: v}
	}
	return origin{}
}

// lines are those of a go.mod for a clone, so that nothing need be done by hand; empty without one.
func (o origin) lines() string {
	if o.clone == "" {
		return ""
	}
	path := filepath.ToSlash(o.clone)
	if shellWord(path) != path {
		path = strconv.Quote(path)
	}
	return "\nrequire " + modulePath + " " + unreleased + "\n\nreplace " + modulePath + " => " + path + "\n"
}

// command lets a module find the runtime.
func (o origin) command() string {
	switch {
	case o.clone != "":
		return "go mod edit -require " + modulePath + "@" + unreleased + " -replace " + shellWord(modulePath+"="+o.clone)
	case o.version != "":
		return "go get " + modulePath + "@" + o.version
	}
	return "go mod edit -require " + modulePath + "@" + unreleased + " -replace " + modulePath + "=../nnc   # where your clone of nnc is"
}

// What a new folder begins with: NAME and Model stand for its name and its model's.
var (
	//go:embed first/model.nn.txt
	firstSpec string
	//go:embed first/main.go.txt
	firstProgram string
)
