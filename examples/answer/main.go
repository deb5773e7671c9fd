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
	"syscall"
)

//go:generate go run ./makedata .
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test small.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build bert-qa.nn

func main() {
	log.SetFlags(0)
	log.SetPrefix("answer: ")
	if err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		log.Fatal(err)
	}
}

// run does what the command line says.
func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	if o.command == "serve" {
		return listen(ctx, o)
	}
	r, err := newReader(o.weights)
	if err != nil {
		return err
	}
	text, err := readPassage(o.passage, stdin)
	if err != nil {
		return err
	}
	asked, err := r.windows.Encode(o.question, text)
	if err != nil {
		return err
	}
	reading, err := r.read(ctx, asked, o.best)
	if err != nil {
		return err
	}
	if o.command == "trace" {
		return trace(stdout, r.windows, reading)
	}
	for _, a := range reading.answers {
		fmt.Fprintf(stdout, "%s\n  score %.2f, characters %d to %d: %s\n", inLine(a.Text), a.Score, a.RuneStart, a.RuneEnd, marked(text, a))
	}
	return nil
}

// listen serves until a signal asks for the end; a second one ends it at once.
func listen(ctx context.Context, o *options) error {
	r, err := newReader(o.weights)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.address)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	log.Printf("listening on http://%s", listener.Addr())
	return serve(ctx, listener, handler(r))
}
