// Makedata makes up what this example learns from: go run ./makedata DIRECTORY.
//
// What comes in is the name of a folder; what goes out are three files in it, the same bytes each time: facts.json to
// train on and unseen.json to judge on, both in the format of SQuAD 1.1, and vocab.txt, the tokens that their words are made
// of. No name of a person, a town, a river or a ship in unseen.json stands in facts.json.
package main

import (
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("makedata: ")
	if len(os.Args) != 2 {
		log.Fatal("usage: makedata DIRECTORY")
	}
	for _, file := range files() {
		if err := os.WriteFile(filepath.Join(os.Args[1], file.name), file.text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

const (
	trainArticles  = 60
	unseenArticles = 12
	seed           = 1
)

type file struct {
	name string
	text []byte
}

// files are what makedata writes.
func files() []file {
	names := newNames(rand.New(rand.NewPCG(seed, 0)))
	return []file{
		{"facts.json", squad("facts", articles(rand.New(rand.NewPCG(seed, 1)), names.familiar, trainArticles))},
		{"unseen.json", squad("unseen", articles(rand.New(rand.NewPCG(seed, 2)), names.strange, unseenArticles))},
		{"vocab.txt", vocabulary()},
	}
}
