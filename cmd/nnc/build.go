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
)

type buildCommand struct {
	Output  string   `short:"o" placeholder:"FILE" help:"Where to write; - prints. Otherwise house.nn becomes house_nn.go beside it."`
	Package string   `short:"p" placeholder:"NAME" help:"The package, if not that of the folder's Go files, of go generate, or the folder's name."`
	Spec    *string  `short:"e" name:"spec" placeholder:"SPEC" help:"Take the spec from the command line, and print unless -o."`
	Batch   *int     `help:"Rows of a training step, instead of the spec's."`
	Check   bool     `help:"Write nothing; exit with 1 if a file would change."`
	Test    bool     `help:"Write a test of the model too: house_nn_test.go."`
	Specs   []string `arg:"" optional:"" name:"model.nn" help:"The specs; - is standard input, which prints unless -o."`
}

func (buildCommand) Help() string {
	return "All specs are compiled before anything is written, and a file is touched only if its text changes.\n\n" +
		"    nnc build house.nn\n" +
		"    nnc build -e 'linear 10->1; loss mse; sgd 0.01'"
}

func (c *buildCommand) Run(s *session) error {
	batch, err := c.verify()
	if err != nil {
		return err
	}
	var specs []spec
	if c.Spec != nil {
		specs = []spec{{name: "-e", model: "Model", text: []byte(*c.Spec)}}
	} else if specs, err = s.openAll("build", c.Specs); err != nil {
		return err
	}
	targets, err := c.place(specs)
	if err != nil {
		return err
	}
	for _, t := range targets {
		var failed error
		t.out, failed = s.compile(t.spec, compiler.Options{Package: t.pkg, Batch: batch})
		err = worse(err, failed)
	}
	if err != nil {
		return err
	}
	if t := targets[0]; t.path == "" {
		_, err := s.stdout.Write(t.out.Code)
		return err
	}
	if err := checkNames(targets); err != nil {
		return err
	}
	var files []file
	for _, t := range targets {
		files = append(files, file{path: t.path, text: t.out.Code})
		switch {
		case t.testCode() != nil:
			files = append(files, file{path: t.testPath(), text: t.testCode()})
		case t.test:
			s.note("nnc build: %s: no test is written: without a loss there is no gradient to check", t.spec.name)
		}
	}
	if c.Check {
		return s.compare(files)
	}
	return writeAll(files)
}

// compare says which files would change.
func (s *session) compare(files []file) error {
	var changed error
	for _, f := range files {
		switch st, err := f.look(); {
		case err != nil:
			return err
		case st == missing:
			s.complain("%s: missing", f.path)
			changed = reported
		case st != same:
			s.complain("%s: would change", f.path)
			changed = reported
		}
	}
	return changed
}

// verify checks the flags among one another and returns the batch, 0 for the spec's own.
func (c *buildCommand) verify() (batch int, err error) {
	switch {
	case c.Spec == nil && len(c.Specs) == 0:
		return 0, errors.New("which spec? Name a file, or give the text with -e")
	case c.Spec != nil && len(c.Specs) > 0:
		return 0, errors.New("-e and files exclude each other")
	case c.Output != "" && len(c.Specs) > 1:
		return 0, errors.New("-o takes one spec")
	case c.Package != "" && !validPackage(c.Package):
		return 0, fmt.Errorf("-p %s: not the name of a Go package", c.Package)
	case c.prints() && c.Check:
		return 0, errors.New("--check needs a file: name it with -o")
	case c.prints() && c.Test:
		return 0, errors.New("--test needs a file: name it with -o")
	case c.Test && !c.prints() && c.Output != "" && !strings.HasSuffix(c.Output, ".go"):
		return 0, fmt.Errorf("-o %s: with --test the file must end in .go", c.Output)
	}
	return batchOf(c.Batch)
}

// prints says whether the code goes to standard output.
func (c *buildCommand) prints() bool {
	if c.Output != "" {
		return c.Output == standardOutput
	}
	return c.Spec != nil || len(c.Specs) == 1 && c.Specs[0] == standardInput
}

// standardOutput is how -o names it.
const standardOutput = "-"

// batchOf is a --batch flag's value, 0 where it is not given.
func batchOf(flag *int) (int, error) {
	if flag == nil {
		return 0, nil
	}
	if *flag < 1 {
		return 0, fmt.Errorf("--batch %d: a step takes one row or more", *flag)
	}
	return *flag, nil
}

// target is a spec, what it becomes and where that goes.
type target struct {
	spec spec
	path string // empty: standard output
	pkg  string
	test bool // --test
	out  *compiler.Output
}

// testPath is where the target's test goes.
func (t *target) testPath() string { return strings.TrimSuffix(t.path, ".go") + "_test.go" }

// testCode is the target's test, nil if none is wanted or there is none.
func (t *target) testCode() []byte {
	if !t.test {
		return nil
	}
	return t.out.Test
}

// place finds out for each spec where its code goes and to which package it belongs there.
func (c *buildCommand) place(specs []spec) ([]*target, error) {
	var targets []*target
	taken := map[string]string{}
	for _, sp := range specs {
		t := &target{spec: sp, test: c.Test}
		switch {
		case c.prints():
		case c.Output != "":
			t.path = filepath.Clean(c.Output)
			if sameFile(t.path, sp.file) {
				return nil, fmt.Errorf("-o %s: this is the spec itself", c.Output)
			}
		default:
			path, err := besides(sp)
			if err != nil {
				return nil, err
			}
			if before, again := taken[path]; again {
				return nil, fmt.Errorf("%s and %s would both become %s", before, sp.name, path)
			}
			t.path, taken[path] = path, sp.name
		}
		targets = append(targets, t)
	}
	replaced := map[string]bool{}
	for _, t := range targets {
		if t.path != "" {
			replaced[t.path] = true
		}
	}
	for _, t := range targets {
		if t.pkg = c.Package; t.pkg != "" {
			continue
		}
		dir := "."
		switch {
		case t.path != "":
			dir = filepath.Dir(t.path)
		case t.spec.file != "":
			dir = filepath.Dir(t.spec.file)
		}
		pkg, err := packageFor(dir, replaced)
		if err != nil {
			return nil, err
		}
		t.pkg = pkg
	}
	return targets, nil
}

// besides is the file that a spec becomes where nothing else is said: house_nn.go beside house.nn.
func besides(sp spec) (string, error) {
	if sp.file == "" {
		return "", fmt.Errorf("%s among other specs: where shall its code go? Build it alone, with -o", sp.name)
	}
	path := filepath.Clean(sp.file)
	base, ok := strings.CutSuffix(filepath.Base(path), ".nn")
	switch {
	case !ok:
		return "", fmt.Errorf("%s: a spec's name ends in .nn; for another one, say with -o where its code shall go", sp.file)
	case base == "" || base[0] == '_' || base[0] == '.':
		return "", fmt.Errorf("%s: Go ignores files whose names begin with _ or a dot; say with -o where the code shall go", sp.file)
	case !utf8.ValidString(base) || strings.IndexFunc(base, unicode.IsControl) >= 0:
		return "", fmt.Errorf("%q: the name has characters that a Go file's may not have; say with -o where the code shall go", sp.file)
	}
	return filepath.Join(filepath.Dir(path), base+"_nn.go"), nil
}

// sameFile says whether two paths lead to one file. A path that leads nowhere leads to no file.
func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}
