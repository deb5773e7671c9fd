package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/nnc-lang/nnc/compiler"
)

type wordsCommand struct {
	JSON  bool     `help:"Write one line of JSON for each word, for editors and other tools."`
	Words []string `arg:"" optional:"" name:"word" help:"The words to explain; without any, all are listed."`
}

func (wordsCommand) Help() string {
	return "The words of the language, their arguments, ranges and defaults.\n\n" +
		"    nnc words\n" +
		"    nnc words linear sgd"
}

func (c *wordsCommand) Run(s *session) error {
	words := compiler.Words()
	if len(c.Words) > 0 {
		words = nil
		for _, name := range c.Words {
			found, err := compiler.FindWords(name)
			if err != nil {
				return err
			}
			words = append(words, found...)
		}
	}
	switch {
	case c.JSON:
		lines := json.NewEncoder(s.stdout)
		lines.SetEscapeHTML(false)
		for _, w := range words {
			if err := lines.Encode(w); err != nil {
				return err
			}
		}
		return nil
	case len(c.Words) == 0:
		return listWords(s.stdout, words)
	}
	for i, w := range words {
		if i > 0 {
			fmt.Fprintln(s.stdout)
		}
		if err := explainWord(s.stdout, w); err != nil {
			return err
		}
	}
	return nil
}

// listWords writes a line for each word, under a heading for each kind.
func listWords(out io.Writer, words []compiler.Word) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	kind := ""
	for _, word := range words {
		if word.Kind != kind {
			if kind != "" {
				fmt.Fprintln(w)
			}
			kind = word.Kind
			fmt.Fprintf(w, "%s\n", kind)
		}
		first, _, _ := strings.Cut(word.Doc, ". ")
		fmt.Fprintf(w, "  %s\t%s\n", word.Name, strings.TrimSuffix(first, "."))
	}
	return w.Flush()
}

// explainWord writes all that is declared of a word.
func explainWord(out io.Writer, word compiler.Word) error {
	fmt.Fprintf(out, "%s\n\n", word.Usage)
	for _, line := range wrap(word.Kind+": "+word.Doc, 78) {
		fmt.Fprintf(out, "  %s\n", line)
	}
	if len(word.Args) == 0 {
		return nil
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, a := range word.Args {
		otherwise := a.Otherwise()
		if a.Default != "" {
			otherwise = "otherwise " + a.Default
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", a.Name, a.Type, otherwise, a.Doc)
	}
	return w.Flush()
}

// wrap breaks a text into lines of at most so many letters, where words allow.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
