// Answer finds in a passage what answers a question, by a model that `nnc train` has trained on questions.
//
// What comes in are a question, a passage and the one weight file, which holds the vocabulary too; what goes out are
// answers: pieces of the passage, with their place and score. `answer serve` does the same over HTTP, `answer trace` shows
// the way from the question to the answer.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/nnc-lang/nnc/runtime/answer"
)

//go:generate go run ./makedata .
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test small.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build bert-qa.nn

func main() {
	log.SetFlags(0)
	log.SetPrefix("answer: ")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		log.Fatal(err)
	}
}

const usage = `answer [flags] QUESTION        finds the answer in a passage
answer trace [flags] QUESTION  shows the way to it: tokens, scores, the best answers
answer serve [flags]           answers over HTTP

`

// run does what the command line says.
func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	command := ""
	if len(args) > 0 && (args[0] == "serve" || args[0] == "trace") {
		command, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet("answer", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usage)
		flags.PrintDefaults()
	}
	weights := flags.String("weights", "small.safetensors", "what nnc train saved")
	passage := flags.String("passage", "-", "the file of the passage; - is standard input")
	best := flags.Int("n", 1, "how many answers, the best first")
	address := flags.String("addr", "localhost:8080", "where to listen")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if command == "serve" {
		if flags.NArg() > 0 {
			return fmt.Errorf("what is %q? the questions come over HTTP", flags.Arg(0))
		}
		r, err := newReader(*weights)
		if err != nil {
			return err
		}
		listener, err := net.Listen("tcp", *address)
		if err != nil {
			return err
		}
		log.Printf("listening on http://%s", listener.Addr())
		return serve(ctx, listener, handler(r))
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return errors.New("a question is missing")
	}
	r, err := newReader(*weights)
	if err != nil {
		return err
	}
	text, err := readPassage(*passage, stdin)
	if err != nil {
		return err
	}
	reading, err := r.read(ctx, strings.Join(flags.Args(), " "), text, *best)
	if err != nil {
		return err
	}
	if command == "trace" {
		return trace(stdout, r.windows, reading)
	}
	for _, a := range reading.answers {
		fmt.Fprintf(stdout, "%s\n  score %.2f, characters %d to %d: %s\n", inLine(a.Text), a.Score, a.RuneStart, a.RuneEnd, marked(text, a))
	}
	return nil
}

// readPassage reads a file, or standard input, up to the most that can be asked about.
func readPassage(path string, stdin io.Reader) (string, error) {
	source := stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer file.Close()
		source = file
	}
	text, err := io.ReadAll(io.LimitReader(source, answer.MaxPassage+1))
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(text)), nil
}
