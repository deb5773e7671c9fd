// Command nnc compiles neural networks to Go source, trains them and runs them.
//
// What comes in are specs, data and weight files named on the command line; what goes out are Go files, weight
// files and predictions. The command knows files, terminals and processes; what a spec means is the compiler's
// business, and what happens to data that of the program that it builds of the generated code.
package main

import (
	"errors"
	"io"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nnc-lang/nnc/runtime/rawtext"
)

//go:generate go test -run TestCommandsPageIsCurrent -update .

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// commands is the command line.
type commands struct {
	Build      buildCommand      `cmd:"" help:"Compile specs to Go source."`
	Init       initCommand       `cmd:"" help:"Write a first spec of a table, or a folder to begin with."`
	Train      trainCommand      `cmd:"" help:"Train a model on data and save its weights."`
	Sweep      sweepCommand      `cmd:"" help:"Train once for each of several settings, and keep the best."`
	Predict    predictCommand    `cmd:"" help:"Predict every row of a data file."`
	Eval       evalCommand       `cmd:"" help:"Measure a trained model on data with targets."`
	Generate   generateCommand   `cmd:"" help:"Continue a text with a model that was trained on one."`
	Weights    weightsCommand    `cmd:"" help:"List a weight file, compare it with a model, rename its tensors."`
	Export     exportCommand     `cmd:"" help:"Write a model for another engine."`
	Import     importCommand     `cmd:"" help:"Take an ONNX file of nnc apart: the spec and the weights."`
	Check      checkCommand      `cmd:"" help:"Say what is wrong with specs."`
	Fmt        fmtCommand        `cmd:"" help:"Format specs."`
	Words      wordsCommand      `cmd:"" help:"Explain the words of the language."`
	Explain    explainCommand    `cmd:"" help:"Explain the codes of mistakes, such as NN021."`
	Stats      statsCommand      `cmd:"" help:"Show what a model costs: parameters, operations, memory."`
	Dump       dumpCommand       `cmd:"" help:"Show what the compiler makes of a spec, stage by stage."`
	Completion completionCommand `cmd:"" help:"Write a script that completes nnc for a shell."`
	Help       helpCommand       `cmd:"" help:"Explain a command."`
	Version    versionCommand    `cmd:"" help:"Print the version, and the commit that it was built of."`

	ErrorFormat string      `enum:"text, json, github" default:"text" placeholder:"FORM" help:"How mistakes and failures are told on standard error: ${enum}."`
	ShowVersion versionFlag `name:"version" help:"Print the version."`
	MaxMemory   memory      `default:"4GiB" placeholder:"SIZE" help:"What a model may need, such as 16GiB; ${default} where nothing is said."`
}

const description = "nnc compiles neural networks to plain Go source, and trains and runs them.\n\n" +
	"Exit codes: 0 fine; 1 a problem in the model or the data, or a difference under --check; " +
	"2 wrong usage, files that cannot be read or written, internal faults."

// parser reads the command line into c. Help, the shells' completions and docs/commands.md are made of its model.
func (c *commands) parser(options ...kong.Option) *kong.Kong {
	parser, err := kong.New(c, append(append(options, numbers()...),
		kong.Name("nnc"),
		kong.Description(description),
		kong.Help(printHelp),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.NamedMapper("columns", kong.MapperFunc(columnNames)),
		kong.NamedMapper("metrics", kong.MapperFunc(metricsOf)),
		kong.Vars{"metrics": strings.Join(metricNames(), ", ")},
	)...)
	if err != nil {
		panic(err) // the tags above and in the commands are wrong
	}
	parser.Model.HelpFlag.Help = "Show this."
	for _, f := range parser.Model.Flags {
		f.Group = &kong.Group{Key: everyCommand, Title: everyCommand + ":"}
	}
	return parser
}

// run does what the arguments say and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	// The parser ends the process after --help, from anywhere: here that unwinds to this function.
	type exited int
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(exited)
			if !ok {
				panic(r)
			}
			code = int(e)
		}
	}()
	var c commands
	parser := c.parser(kong.Writers(stdout, stderr), kong.Exit(func(code int) { panic(exited(code)) }))
	escaped := make([]string, len(args))
	for i, arg := range args {
		escaped[i] = rawtext.Escape(arg)
	}
	err := misplaced(parser.Model, escaped)
	var ctx *kong.Context
	if err == nil {
		ctx, err = parser.Parse(escaped)
	}
	if err != nil {
		io.WriteString(stderr, rawtext.Unescape(usageText(err)))
		return exitUsage
	}
	rawtext.Each(reflect.ValueOf(&c).Elem(), rawtext.Unescape)
	s := &session{stdin: stdin, stdout: stdout, stderr: stderr, format: c.ErrorFormat, elements: c.MaxMemory.elements(), color: colored(stderr)}
	err = ctx.Run(s, parser)
	if err == nil {
		return 0
	}
	var end exit
	if !errors.As(err, &end) {
		end = exit{exitUsage, err}
	}
	if end.err != nil {
		s.complain("nnc %s: %v", ctx.Selected().Name, plain(end.err))
	}
	return end.code
}
