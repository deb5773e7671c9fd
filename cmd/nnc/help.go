package main

import "github.com/alecthomas/kong"

type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command to explain; without one, all are listed."`
}

func (helpCommand) Help() string {
	return "The same as --help after the command.\n\n" +
		"    nnc help train"
}

func (c *helpCommand) Run(line *kong.Kong) error {
	_, err := line.Parse(append(c.Command, "--help"))
	return err
}

// everyCommand is the title of the flags that do not belong to one command.
const everyCommand = "Flags of every command"

// printHelp writes the help of what is selected. The flags of every command come last, where kong has them first.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	if command := ctx.Selected(); command != nil {
		command.Flags = append(command.Flags, ctx.Model.Flags...)
		ctx.Model.Flags = nil
	}
	return kong.DefaultHelpPrinter(options, ctx)
}
