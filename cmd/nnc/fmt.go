package main

import (
	"bytes"
	"errors"
	"io"

	"github.com/nnc-lang/nnc/grammar"
)

type fmtCommand struct {
	List  bool     `short:"l" help:"Write nothing; list the files whose form differs."`
	Diff  bool     `short:"d" help:"Write nothing; print what would change."`
	Check bool     `help:"Write nothing; exit with 1 if a file would change."`
	Specs []string `arg:"" optional:"" name:"model.nn" help:"The specs, or folders of them; - or nothing is standard input, whose form is printed."`
}

func (fmtCommand) Help() string {
	return "Files get their canonical form in place; a file is touched only if its text changes. Comments stay, and so does\n" +
		"what shares a line. A file with mistakes of syntax is left as it is.\n\n" + inFolders + "\n\n" +
		"    nnc fmt house.nn\n" +
		"    nnc fmt -d ."
}

func (c *fmtCommand) Run(s *session) error {
	args := c.Specs
	if len(args) == 0 {
		args = []string{standardInput}
	}
	paths, worst := s.specFiles("fmt", args)
	specs, failed := s.openAll("fmt", paths)
	worst = worse(worst, failed)
	for _, sp := range specs {
		worst = worse(worst, c.format(s, sp))
	}
	return worst
}

// format gives one spec its form, or says what that would change.
func (c *fmtCommand) format(s *session, sp spec) error {
	text, list := grammar.Format(sp.name, sp.text)
	if list.HasErrors() {
		s.report(sp, list)
		return reported
	}
	before := unixLines(sp.text) // git has others in its working trees where it is told so
	changes := !bytes.Equal(text, before)
	if sp.file == "" && !c.List && !c.Diff && !c.Check {
		_, err := s.stdout.Write(text)
		return err
	}
	if !changes {
		return nil
	}
	var err error
	if c.List {
		_, err = io.WriteString(s.stdout, sp.name+"\n")
	}
	if c.Diff {
		err = errors.Join(err, writeDiff(s.stdout, sp.name, before, text))
	}
	switch {
	case err != nil:
		return err
	case c.Check:
		s.complain("%s: would change", sp.name)
		return reported
	case c.List || c.Diff:
		return nil
	}
	_, err = writeAll([]file{{path: sp.file, text: text, own: true}})
	return err
}
