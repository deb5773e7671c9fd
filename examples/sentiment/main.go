// Sentiment says of each line that is typed in whether it praises or blames, by a model that `nnc train` has trained on
// sentences.
//
// What comes in are lines of text and the weight file, which holds the words too; what goes out is a judgement a line, that
// of `nnc predict`.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
)

//go:generate go run ./makedata reviews.csv
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test sentiment.nn

func main() {
	log.SetFlags(0)
	log.SetPrefix("sentiment: ")
	weights := flag.String("weights", "sentiment.safetensors", "what nnc train saved")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *weights); err != nil {
		log.Fatal(err)
	}
}

// run judges lines as they come.
func run(r io.Reader, w io.Writer, weights string) error {
	j, err := newJudge(weights)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		if text == "" {
			continue
		}
		label, probability, err := j.judge(text)
		if err != nil {
			return err
		}
		remark := ""
		if unknown := j.unknown(text); len(unknown) > 0 {
			remark = fmt.Sprintf("  (never seen: %s)", strings.Join(unknown, ", "))
		}
		fmt.Fprintf(w, "%s %5.1f %%  %s%s\n", label, 100*probability, text, remark)
	}
	return lines.Err()
}
