package main

import (
	"io"

	"github.com/nnc-lang/nnc/compiler"
)

type dumpCommand struct {
	After string `required:"" enum:"parse,check,autodiff,simplify,plan" placeholder:"STAGE" help:"The stage: ${enum}."`
	Batch *int   `help:"Rows of a training step, instead of the spec's."`
	Spec  string `arg:"" name:"model.nn" help:"The spec; - is standard input."`
}

func (dumpCommand) Help() string {
	return "The text is the compiler's own form of the model after the stage.\n\n" +
		"    nnc dump --after autodiff house.nn"
}

func (c *dumpCommand) Run(s *session) error {
	batch, err := batchOf(c.Batch)
	if err != nil {
		return err
	}
	sp, err := s.open(c.Spec)
	if err != nil {
		return err
	}
	text, list, err := compiler.Dump(sp.name, sp.text, c.After, s.options(compiler.Options{Model: sp.model, Batch: batch, Verify: true}))
	if err := s.judge(sp, list, err); err != nil {
		return err
	}
	_, err = io.WriteString(s.stdout, text)
	return err
}
