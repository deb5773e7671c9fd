// Makedata makes up the reviews that this example learns from: go run ./makedata reviews.csv.
//
// What comes in is the name of a file; what goes out is a table in it of sentences and what they mean, the same bytes
// each time. A sentence judges a thing or two, with words that strengthen, deny and set one thing against the other, so that
// the same words mean one thing in one order and the opposite in another.
package main

import (
	"bufio"
	"encoding/csv"
	"io"
	"log"
	"math/rand/v2"
	"os"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: makedata FILE")
	}
	file, err := os.Create(os.Args[1])
	if err != nil {
		log.Fatal("makedata: ", err)
	}
	if err := write(file); err != nil {
		log.Fatal("makedata: ", err)
	}
	if err := file.Close(); err != nil {
		log.Fatal("makedata: ", err)
	}
}

const (
	reviews = 4000
	seed    = 1
)

// write makes the table, in which no sentence stands twice.
func write(w io.Writer) error {
	buffer := bufio.NewWriter(w)
	table := csv.NewWriter(buffer)
	if err := table.Write([]string{"text", "label"}); err != nil {
		return err
	}
	r := reviewer{rand.New(rand.NewPCG(seed, 0))}
	written := map[string]bool{}
	for len(written) < reviews {
		good := r.IntN(2) == 0
		text := r.review(good)
		if written[text] {
			continue
		}
		written[text] = true
		label := "negative"
		if good {
			label = "positive"
		}
		if err := table.Write([]string{text, label}); err != nil {
			return err
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return err
	}
	return buffer.Flush()
}
