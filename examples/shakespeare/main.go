// Shakespeare trains a small GPT on the characters of a text, in Go, and writes down where it began and what it saw, so
// that compare.py can go the same way with PyTorch.
//
// What comes in is a text of at most 65 different characters; what goes out is a line for every 20 steps, and with --out
// a file. To train the model for its own sake, and to let it write, takes no Go: README.md shows how.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
)

//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test shakespeare.nn

func main() {
	log.SetFlags(0)
	log.SetPrefix("shakespeare: ")
	text := flag.String("data", "rhyme.txt", "the text")
	steps := flag.Int("steps", 200, "how many to take")
	total := flag.Uint64("total", 2000, "how many the schedule of the learning rate is made for")
	out := flag.String("out", "", "a file for the start, the batches and the losses, as safetensors")
	flag.Parse()
	if err := run(os.Stdout, *text, *steps, *total, *out); err != nil {
		log.Fatal(err)
	}
}

// run trains a new model, tells its losses, and writes the file if there shall be one.
func run(w io.Writer, text string, steps int, total uint64, out string) error {
	if steps < 1 || uint64(steps) > total {
		return fmt.Errorf("%d steps: must be from 1 to the schedule's %d", steps, total)
	}
	t, err := readText(text)
	if err != nil {
		return err
	}
	c := newCourse(t, steps, total)
	for step := range steps {
		if err := c.step(step); err != nil {
			return err
		}
		if n := step + 1; n%20 == 0 || n == 1 || n == steps {
			fmt.Fprintf(w, "step %d: loss %.4f\n", n, c.losses[step])
		}
	}
	if out == "" {
		return nil
	}
	return c.write(out)
}
