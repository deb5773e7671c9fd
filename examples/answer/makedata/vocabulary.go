package main

import (
	"slices"
	"strings"
	"unicode"
)

// vocabulary is vocab.txt: the special tokens, every letter and digit as the beginning and as the rest of a word (so that any
// word of them can be spelt), the syllables of names, the words of the sentences and questions.
func vocabulary() []byte {
	tokens := []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]"}
	for c := 'a'; c <= 'z'; c++ {
		tokens = append(tokens, string(c), "##"+string(c))
	}
	for c := '0'; c <= '9'; c++ {
		tokens = append(tokens, string(c), "##"+string(c))
	}
	tokens = append(tokens, "15", "16", "17", "18", "19")
	tokens = append(tokens, firsts...)
	for _, list := range [][]string{seconds, towns, rivers, ships} {
		for _, syllable := range list {
			tokens = append(tokens, "##"+syllable)
		}
	}
	tokens = append(tokens, words()...)
	seen := map[string]bool{}
	tokens = slices.DeleteFunc(tokens, func(token string) bool {
		again := seen[token]
		seen[token] = true
		return again
	})
	return []byte(strings.Join(tokens, "\n") + "\n")
}

// words are the words and signs of all that is ever said or asked, sorted, but for names and what is not ASCII (save the
// quotation marks and the dash).
func words() []string {
	var texts []string
	for _, s := range subjects {
		for _, r := range s.relations {
			texts = slices.Concat(texts, r.says, r.asks, r.whose)
		}
	}
	for _, list := range lists {
		texts = append(texts, list...)
	}
	texts = append(texts, sayings...)
	all := strings.NewReplacer("{s}", " ", "{o}", " ").Replace(strings.ToLower(strings.Join(texts, " ")))
	var found []string
	for _, field := range strings.Fields(all) {
		word := strings.TrimFunc(field, func(c rune) bool { return !unicode.IsLetter(c) })
		if word != "" && word[0] < 0x80 {
			found = append(found, word)
		}
	}
	found = append(found, ".", ",", "?", "“", "”", "—")
	slices.Sort(found)
	return slices.Compact(found)
}
