package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/answer"
)

// around is how much of the passage is shown on either side of an answer, in bytes, and at most that.
const around = 60

// marked is the answer in brackets with what stands around it in the passage, in one line, cut between words where there are any.
func marked(passage string, a answer.Answer) string {
	before, behind := passage[:a.Start], passage[a.End:]
	if at := len(before) - around; at > 0 {
		for at < len(before) && !utf8.RuneStart(before[at]) {
			at++
		}
		if space := strings.IndexByte(before[at:], ' '); space >= 0 {
			at += space + 1
		}
		before = "… " + before[at:]
	}
	if at := around; at < len(behind) {
		for at > 0 && !utf8.RuneStart(behind[at]) {
			at--
		}
		if space := strings.LastIndexByte(behind[:at], ' '); space >= 0 {
			at = space
		}
		behind = behind[:at] + " …"
	}
	return strings.TrimSpace(inLine(before + "[" + a.Text + "]" + behind))
}

// inLine is the text in one line: with spaces where it has line ends, tabs and what else a terminal would obey.
func inLine(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, text)
}
