package main

import (
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/answer"
)

// around is how much of the passage is shown on either side of an answer, in bytes, and at most that.
const around = 60

// marked is the answer in brackets with what stands around it in the passage, cut between words, in one line.
func marked(passage string, a answer.Answer) string {
	before, behind := passage[:a.Start], passage[a.End:]
	if len(before) > around {
		before = before[len(before)-around:]
		for !utf8.RuneStart(before[0]) {
			before = before[1:]
		}
		_, whole, _ := strings.Cut(before, " ")
		before = "… " + whole
	}
	if len(behind) > around {
		behind = behind[:around]
		for last, size := utf8.DecodeLastRuneInString(behind); last == utf8.RuneError && size == 1; last, size = utf8.DecodeLastRuneInString(behind) {
			behind = behind[:len(behind)-1]
		}
		behind = behind[:max(0, strings.LastIndexByte(behind, ' '))] + " …"
	}
	return inLine(before + "[" + a.Text + "]" + behind)
}

// inLine is the text in one line: with spaces where it has line ends and tabs.
func inLine(text string) string {
	return strings.Map(func(c rune) rune {
		if c == '\n' || c == '\r' || c == '\t' {
			return ' '
		}
		return c
	}, text)
}
