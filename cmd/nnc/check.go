package main

import "github.com/nnc-lang/nnc/compiler"

type checkCommand struct {
	constFlags
	Specs []string `arg:"" name:"model.nn" help:"The specs, or folders of them; - is standard input."`
}

func (checkCommand) Help() string {
	return "All mistakes are shown, with their place and what to do. Nothing is written. `nnc explain NN021` says more\n" +
		"about a code.\n\n" + inFolders + "\n\n" +
		"    nnc check house.nn\n" +
		"    nnc check ."
}

func (c *checkCommand) Run(s *session) error {
	paths, worst := s.specFiles("check", c.Specs)
	specs, failed := s.openAll("check", paths)
	worst = worse(worst, failed)
	for _, sp := range specs {
		if err := c.apply(s, &sp); err != nil {
			worst = worse(worst, err)
			continue
		}
		list, err := compiler.Check(sp.name, sp.text, s.options(compiler.Options{Model: sp.model, Verify: true}))
		worst = worse(worst, s.judge(sp, list, err))
	}
	return worst
}
