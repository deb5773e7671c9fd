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
	Characters int
	Different  int
	List       string   // the different ones, the first few of many
	Notes      []string // remarks for the user
}

// tableNames are endings of the names of tables.
var tableNames = []string{".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".json"}

// InspectRunning reads a text of characters that a model shall continue. The summary is nil where the file is a table, by
// its name or since its first lines have as many cells each, or holds arrays.
func InspectRunning(path string) (*RunningSummary, error) {
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
	texts, err := readTexts([]*format.File{f}, data.Chars)
	if err != nil {
		return nil, err
	}
	text := texts[0]
	if inCells(text.text) {
		return nil, nil
	}
	n := data.NewSymbolCount(data.Chars)
	n.Add(text.text)
	if n.Different() == 0 {
		return nil, fmt.Errorf("%s: the file is empty: there is nothing to learn from", text.name)
	}
	v, err := n.Closed()
	if err != nil {
		return nil, err
	}
	return &RunningSummary{Name: text.name, Shown: phrase.Visible(text.name), Characters: data.Chars.Count(text.text), Different: v.Size(), List: v.List(), Notes: text.remarks}, nil
}

// inCells reports whether the first lines of a text look like those of a table: one sign stands in each of them equally
// often.
func inCells(text string) bool {
	const lines = 5
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
		if n > 0 && !slices.ContainsFunc(first, func(line string) bool { return strings.Count(line, sign) != n }) {
			return true
		}
	}
	return false
}
