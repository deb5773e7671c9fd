package main

import "github.com/alecthomas/kong"

type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command to explain; without one, all are listed."`
}

func (helpCommand) Help() string {
	return "The same as --help behind the command.\n\n" +
		"    nnc help train"
}

func (c *helpCommand) Run(line *kong.Kong) error {
	_, err := line.Parse(append(c.Command, "--help"))
	return err
}
