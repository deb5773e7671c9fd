package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"
)

const usage = `answer [flags] QUESTION        finds the answer in a passage
answer trace [flags] QUESTION  shows the way to it: tokens, scores, the best answers
answer serve [flags]           answers over HTTP

`

// options are what the command line says.
type options struct {
	command  string // trace, serve or none
	weights  string
	passage  string
	best     int
	address  string
	question string
}

// parse reads the command line. What a command does not use is an error.
func parse(args []string) (*options, error) {
	o := &options{}
	if len(args) > 0 && (args[0] == "serve" || args[0] == "trace") {
		o.command, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet("answer", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&o.weights, "weights", "small.safetensors", "what nnc train saved")
	flags.StringVar(&o.passage, "passage", "-", "the file of the passage, UTF-8; - is standard input")
	flags.IntVar(&o.best, "n", 1, fmt.Sprintf("how many answers, up to %d, the best first", maxAnswers))
	flags.StringVar(&o.address, "addr", "localhost:8080", "where serve listens")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if o.command == "serve" {
		switch {
		case flags.NArg() > 0:
			return nil, fmt.Errorf("what is %q? the questions come over HTTP", flags.Arg(0))
		case given["passage"]:
			return nil, errors.New("-passage is not for serve: the passages come over HTTP")
		case given["n"]:
			return nil, errors.New("-n is not for serve: each request says how many answers it wants")
		}
		return o, nil
	}
	if given["addr"] {
		return nil, errors.New("-addr is for serve alone: answer serve -addr " + o.address)
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return nil, errors.New("a question is missing")
	}
	for _, word := range flags.Args()[1:] {
		if strings.HasPrefix(word, "-") {
			return nil, fmt.Errorf("%s: flags stand before the question, and a question with such a word in quotation marks", word)
		}
	}
	o.question = strings.Join(flags.Args(), " ")
	if err := checkCount(o.best); err != nil {
		return nil, fmt.Errorf("-%w", err)
	}
	return o, nil
}

// maxAnswers bounds how many answers there are to a question.
const maxAnswers = 20

// checkCount reports whether so many answers can be asked for.
func checkCount(n int) error {
	if n < 1 || n > maxAnswers {
		return fmt.Errorf("n is %d: how many answers, from 1 to %d", n, maxAnswers)
	}
	return nil
}
