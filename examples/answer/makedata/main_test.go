package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

func TestFilesAreTheCommittedOnes(t *testing.T) {
	for _, f := range files() {
		committed, err := os.ReadFile(filepath.Join("..", f.name))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(committed, f.text), "%s is not what makedata writes: go generate ./examples/answer", f.name)
	}
}

// written are the articles of a file of questions.
func written(t *testing.T, f file) []article {
	var content struct{ Data []article }
	require.NoError(t, json.Unmarshal(f.text, &content))
	return content.Data
}

func TestAnswersStandWhereTheyAreSaidTo(t *testing.T) {
	ids := map[string]bool{}
	list := files()
	for _, a := range slices.Concat(written(t, list[0]), written(t, list[1])) {
		for _, p := range a.Paragraphs {
			characters := []rune(p.Context)
			require.NotEmpty(t, p.Questions)
			for _, q := range p.Questions {
				require.Len(t, q.Answers, 1)
				at := q.Answers[0].Start
				assert.Equal(t, q.Answers[0].Text, string(characters[at:at+len([]rune(q.Answers[0].Text))]), q.ID)
				assert.False(t, ids[q.ID], q.ID)
				ids[q.ID] = true
			}
		}
	}
}

// Whoever and whatever has a name in unseen.json is a stranger.
func TestNamesAreUnseen(t *testing.T) {
	for _, f := range files()[:2] {
		names := newNames(rand.New(rand.NewPCG(seed, 0)))
		known, strange := names.familiar, names.strange
		if f.name == "unseen.json" {
			known, strange = strange, known
		}
		words := map[string]bool{}
		for _, word := range plain(t, string(f.text)) {
			words[word] = true
		}
		found := 0
		for k := range kinds {
			for _, name := range strange[k] {
				assert.False(t, words[strings.ToLower(name)], "%s has %s", f.name, name)
			}
			for _, name := range known[k] {
				if words[strings.ToLower(name)] {
					found++
				}
			}
		}
		assert.Greater(t, found, 100)
	}
}

// tokenizer is that of the committed vocabulary.
func tokenizer(t *testing.T) *wordpiece.Tokenizer {
	text, err := os.ReadFile("../vocab.txt")
	require.NoError(t, err)
	w, err := wordpiece.Parse("vocab.txt", text)
	require.NoError(t, err)
	return w
}

// plain are the words of a text as the tokenizer reads them: in small letters without marks.
func plain(t *testing.T, text string) []string {
	w := tokenizer(t)
	var words []string
	for _, token := range w.Encode(nil, text) {
		if part, goesOn := strings.CutPrefix(w.Token(token.ID), "##"); goesOn {
			words[len(words)-1] += part
		} else {
			words = append(words, part)
		}
	}
	return words
}

// The vocabulary has all words and names, but for the signs of some asides.
func TestVocabularyIsWhole(t *testing.T) {
	w := tokenizer(t)
	var unknown []string
	list := files()
	for _, a := range slices.Concat(written(t, list[0]), written(t, list[1])) {
		for _, p := range a.Paragraphs {
			texts := []string{p.Context}
			for _, q := range p.Questions {
				texts = append(texts, q.Question)
			}
			for _, text := range texts {
				for _, token := range w.Encode(nil, text) {
					if token.ID == w.Unknown() {
						unknown = append(unknown, text[token.Start:token.End])
					}
				}
			}
		}
	}
	slices.Sort(unknown)
	assert.Equal(t, []string{"…", "☀", "京", "東", "🎶"}, slices.Compact(unknown))
}
