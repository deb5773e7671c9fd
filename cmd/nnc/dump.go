package main

import (
	"io"

	"github.com/nnc-lang/nnc/compiler"
)

type dumpCommand struct {
	After string `required:"" enum:"parse, check, autodiff, simplify, layout, plan" placeholder:"STAGE" help:"The stage: ${enum}."`
	inspected
}

func (dumpCommand) Help() string {
	return "The text is the compiler's own form of the model after the stage.\n\n" +
		"    nnc dump --after autodiff house.nn"
}

func (c *dumpCommand) Run(s *session) error {
	sp, o, err := c.open(s)
	if err != nil {
		return err
	}
	text, list, err := compiler.Dump(sp.name, sp.text, c.After, o)
	if err := s.judge(sp, list, err); err != nil {
		return err
	}
	_, err = io.WriteString(s.stdout, text)
	return err
}
