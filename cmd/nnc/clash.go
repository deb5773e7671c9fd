package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// owner is who declares an identifier.
type owner struct{ model, file string }

// namespace is the identifiers of one package, in the form of fold.
type namespace map[string]owner

// fold lets names that differ in the case of their first letter meet: House and house are too close to live side
// by side.
func fold(name string) string {
	_, size := utf8.DecodeRuneInString(name)
	return strings.ToLower(name[:size]) + name[size:]
}

// claim enters the package-level identifiers of a Go file. If one is another file's already, it returns that one.
func (n namespace) claim(by owner, code []byte) (name string, before owner, clash bool) {
	names, _ := declared(code)
	for _, name := range names {
		if before, taken := n[fold(name)]; taken && before.file != by.file {
			return name, before, true
		}
		n[fold(name)] = by
	}
	return "", owner{}, false
}

// declared lists a Go file's package and its package-level identifiers, in order. Of a text that is no Go it
// gives what could be read.
func declared(code []byte) (names []string, pkg string) {
	f, _ := parser.ParseFile(token.NewFileSet(), "", code, parser.SkipObjectResolution)
	if f == nil {
		return nil, ""
	}
	add := func(id *ast.Ident) {
		if id.Name != "_" && id.Name != "init" {
			names = append(names, id.Name)
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add(d.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					add(s.Name)
				case *ast.ValueSpec:
					for _, id := range s.Names {
						add(id)
					}
				}
			}
		}
	}
	return names, f.Name.Name
}

// maxGenerated bounds the generated files of a folder that are read for their identifiers.
const maxGenerated = 16 << 20

// checkNames finds two models of one package that declare the same name: among the targets, and between these
// and what was generated into their folders before.
func checkNames(targets []*target) error {
	type place struct{ dir, pkg string }
	spaces := map[place]namespace{}
	var places []place
	var replaced []os.FileInfo // by what is about to be written
	for _, t := range targets {
		at := place{filepath.Dir(t.path), t.pkg}
		if spaces[at] == nil {
			spaces[at] = namespace{}
			places = append(places, at)
		}
		for _, code := range [][]byte{t.out.Code, t.testCode()} {
			if name, before, clash := spaces[at].claim(owner{t.out.Model, t.spec.name}, code); clash {
				return problem("%s: model %s would declare %s, which model %s of %s declares too: give one of them another name with `model Name`",
					t.spec.name, t.out.Model, name, before.model, before.file)
			}
		}
		for _, path := range []string{t.path, t.testPath()} {
			if info, err := os.Stat(path); err == nil {
				replaced = append(replaced, info)
			}
		}
	}
	for _, at := range places {
		if err := spaces[at].checkFolder(at.dir, at.pkg, replaced); err != nil {
			return err
		}
	}
	return nil
}

// checkFolder finds an identifier of the namespace in the folder's generated files of that package, those that
// will be replaced left out.
func (n namespace) checkFolder(dir, pkg string, replaced []os.FileInfo) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return plain(err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() || !strings.HasSuffix(path, ".go") {
			continue
		}
		info, err := os.Stat(path)
		if err != nil || info.Size() > maxGenerated || !info.Mode().IsRegular() ||
			slices.ContainsFunc(replaced, func(r os.FileInfo) bool { return os.SameFile(r, info) }) {
			continue
		}
		code, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if _, ours := generated(code); !ours {
			continue
		}
		names, its := declared(code)
		if its != pkg {
			continue
		}
		for _, name := range names {
			if mine, taken := n[fold(name)]; taken {
				return problem("%s: model %s would declare %s, which %s declares already: give the model another name with `model Name`, or remove that file if its spec is gone",
					mine.file, mine.model, name, path)
			}
		}
	}
	return nil
}
