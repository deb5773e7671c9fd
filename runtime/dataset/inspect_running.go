package dataset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// RunningSummary is what a text holds for a model that continues it and is yet to be written.
type RunningSummary struct {
	Name       string
	Shown      string // the name as it may go to a terminal
	Kind       data.Tokens
	Symbols    int      // characters, or bytes
	Different  int      // symbols
	Vocabulary int      // integers that stand for symbols: of bytes all
	List       string   // the different ones, as many as a line bears; "" of bytes
	Notes      []string // remarks for the user
}

// tableNames are endings of the names of tables.
var tableNames = []string{".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".json"}

// InspectRunning reads a text that a model shall continue, of symbols as --tokens has it. The summary is nil where the file
// is a table, by its name or since its first lines have as many cells each, or holds arrays.
func InspectRunning(path, tokens string) (*RunningSummary, error) {
	name := strings.ToLower(strings.TrimSuffix(path, ".gz"))
	if path == format.Stdin || slices.ContainsFunc(tableNames, func(end string) bool { return strings.HasSuffix(name, end) }) {
		return nil, nil
	}
	f, err := format.OpenText(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if f.Kind != format.KindText {
		return nil, nil
	}
	kind, err := textTokens(tokens)
	if err != nil {
		return nil, err
	}
	texts, err := readTexts([]*format.File{f}, kind)
	if err != nil {
		return nil, err
	}
	text := texts[0]
	if inCells(text.text) {
		return nil, nil
	}
	n := data.NewSymbolCount(kind)
	n.Add(text.text)
	if n.Different() == 0 {
		return nil, fmt.Errorf("%s: the file is empty: there is nothing to learn from", text.name)
	}
	v, err := n.Closed()
	if err != nil {
		return nil, err
	}
	s := &RunningSummary{Name: text.name, Shown: phrase.Visible(text.name), Kind: kind, Symbols: kind.Count(text.text), Different: n.Different(), Vocabulary: v.Size(), Notes: text.remarks}
	if kind == data.Chars {
		s.List = v.List()
	}
	return s, nil
}

// inCells reports whether the first lines of a text look like those of a table: one sign stands in each of them equally
// often, and commas and semicolons, which prose has too, part no more than two words each.
func inCells(text string) bool {
	const lines = 20
	first := strings.SplitN(text, "\n", lines+1)
	if len(first) > lines {
		first = first[:lines]
	}
	first = slices.DeleteFunc(first, func(line string) bool { return strings.TrimSpace(line) == "" })
	if len(first) < 2 {
		return false
	}
	for _, sign := range []string{",", ";", "\t", "|"} {
		n := strings.Count(first[0], sign)
		if prose := sign == "," || sign == ";"; prose && len(strings.Fields(strings.ReplaceAll(strings.Join(first, " "), sign, " "))) > 2*(n+1)*len(first) {
			continue
		}
		if n > 0 && !slices.ContainsFunc(first, func(line string) bool { return strings.Count(line, sign) != n }) {
			return true
		}
	}
	return false
}
