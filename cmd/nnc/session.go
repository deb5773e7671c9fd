package main

import (
	"fmt"
	"io"
	"os"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// session is one run of the command: where it reads and writes.
type session struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	format         string // of --error-format
	color          bool   // of diagnostics
	elements       int    // float32s that a model may have
	quiet          bool   // remarks are not shown
	shown          bool   // a diagnostic was shown: the next spec's are set off by an empty line
}

// standardInput is how the command line names it.
const standardInput = "-"

// maxRead bounds how much of a spec is read. It is far above what the language allows, so that the compiler can
// say how long the file is.
const maxRead = 16 << 20

// spec is a model's text.
type spec struct {
	name  string // as diagnostics show it
	file  string // empty where the text is no file's
	model string // the model's name where nothing else gives one; empty: the file's name does
	text  []byte
}

// open reads the spec of an argument: a file, or "-" for standard input.
func (s *session) open(arg string) (spec, error) {
	if arg == standardInput {
		text, err := io.ReadAll(io.LimitReader(s.stdin, maxRead))
		if err != nil {
			return spec{}, fmt.Errorf("standard input: %w", err)
		}
		return spec{name: "stdin", model: "Model", text: text}, nil
	}
	f, err := os.Open(arg)
	if err != nil {
		return spec{}, meant(plain(err), arg, isSpecName)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxRead))
	if err != nil {
		return spec{}, plain(err)
	}
	return spec{name: arg, file: arg, text: text}, noSpec(arg, text)
}

// options adds what the whole command line decides about a compilation.
func (s *session) options(o compiler.Options) compiler.Options {
	o.Elements = s.elements
	return o
}

// openAll reads the specs of all arguments. Each that cannot be read is reported, and the error stands for all.
func (s *session) openAll(command string, args []string) ([]spec, error) {
	var specs []spec
	var failed error
	for _, arg := range args {
		sp, err := s.open(arg)
		if err != nil {
			s.complain("nnc %s: %v", command, err)
			failed = exit{code: exitUsage}
			continue
		}
		specs = append(specs, sp)
	}
	return specs, failed
}

// report shows what was found in a spec.
func (s *session) report(sp spec, list diag.List) {
	if len(list) > 0 {
		s.render(sp.text, list)
	}
}

// judge reports the outcome of a stage of the compiler and turns it into an error.
func (s *session) judge(sp spec, list diag.List, internal error) error {
	s.report(sp, list)
	switch {
	case internal != nil:
		return internal
	case list.HasErrors():
		return reported
	}
	return nil
}

// compile turns a spec into Go source and reports what was found.
func (s *session) compile(sp spec, o compiler.Options) (*compiler.Output, error) {
	o = s.options(o)
	o.Model = sp.model
	out, list, err := compiler.Compile(sp.name, sp.text, o)
	return out, s.judge(sp, list, err)
}

// openTrained reads the spec of a command that runs a trained model's program, and compiles it for that program. What
// training has warned of is not said again.
func (s *session) openTrained(model string, set constFlags, rowWeights bool) (spec, *compiler.Output, error) {
	sp, err := s.openModel(model, set)
	if err != nil {
		return sp, nil, err
	}
	out, list, err := compiler.Compile(sp.name, sp.text, s.options(compiler.Options{Model: sp.model, Package: "main", Program: true, RowWeights: rowWeights}))
	if !list.HasErrors() {
		list = nil
	}
	return sp, out, s.judge(sp, list, err)
}

// worse is the error that decides the exit code of two: the one with the higher code, the first if they agree.
func worse(a, b error) error {
	if a == nil || b != nil && code(b) > code(a) {
		return b
	}
	return a
}

func code(err error) int {
	if e, ok := err.(exit); ok {
		return e.code
	}
	return exitUsage
}
