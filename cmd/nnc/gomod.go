package main

import (
	"os"
	"strings"
)

// unreleased is the version that a module requires whose source is a clone.
const unreleased = "v0.0.0"

// lackedBy is the command with which a module finds the runtime, by its go.mod; empty where it does already. To one that
// cannot be read it does not.
func (o origin) lackedBy(gomod string) string {
	text, err := os.ReadFile(gomod)
	if err != nil {
		return o.command()
	}
	required, replaced := "", false
	block := "" // the word in front of the brackets that a line is in
	for _, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "//")
		words, what := strings.Fields(line), block
		if block == "" && len(words) > 0 {
			what, words = words[0], words[1:]
		}
		switch {
		case len(words) == 0:
		case words[0] == "(":
			block = what
		case words[0] == ")":
			block = ""
		case strings.Trim(words[0], "\"`") != modulePath:
		case what == "module":
			return ""
		case what == "require" && len(words) > 1:
			required = words[1]
		case what == "replace":
			replaced = true
		}
	}
	switch {
	case required == "" && replaced:
		return "go mod edit -require " + modulePath + "@" + unreleased
	case required == "", required == unreleased && !replaced:
		return o.command()
	}
	return ""
}
