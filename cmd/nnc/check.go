package main

import "github.com/nnc-lang/nnc/compiler"

type checkCommand struct {
	Specs []string `arg:"" name:"model.nn" help:"The specs; - is standard input."`
}

func (checkCommand) Help() string {
	return "All mistakes are shown, with their place and what to do. Nothing is written. " +
		"nnc explain NN021 tells more about a code.\n\n" +
		"    nnc check house.nn"
}

func (c *checkCommand) Run(s *session) error {
	specs, worst := s.openAll("check", c.Specs)
	for _, sp := range specs {
		list, err := compiler.Check(sp.name, sp.text, s.options(compiler.Options{Model: sp.model, Verify: true}))
		worst = worse(worst, s.judge(sp, list, err))
	}
	return worst
}
