package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/data"
)

// What shakespeare.nn says.
const (
	vocab   = 65
	context = 64
	batch   = 16
)

// text is a text as integers, one for each character.
type text []int32

// readText reads a text that the model can learn, whose characters are numbered in the order of code points, as nnc train
// does.
func readText(path string) (text, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(content) {
		return nil, fmt.Errorf("%s is no UTF-8", path)
	}
	different := map[string]bool{}
	for _, symbol := range data.Chars.Of(string(content)) {
		different[symbol] = true
	}
	symbols := slices.Sorted(maps.Keys(different)) // UTF-8 sorts as code points do
	if len(symbols) > vocab {
		return nil, fmt.Errorf("%s has %d different characters, and the model knows %d", path, len(symbols), vocab)
	}
	v, err := data.NewVocabulary(data.Chars, false, symbols)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t, err := v.Encode(nil, string(content))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(t) <= context {
		return nil, fmt.Errorf("%s has %d characters: a window of the model needs %d, and one behind them", path, len(t), context)
	}
	return t, nil
}

// batch fills rows of tokens and targets, [16, 64] each, with windows from anywhere: the target of each character is the one
// behind it.
func (t text) batch(random *rand.Rand, tokens, targets []int32) {
	for from := 0; from < len(tokens); from += context {
		at := random.IntN(len(t) - context)
		copy(tokens[from:from+context], t[at:])
		copy(targets[from:from+context], t[at+1:])
	}
}
