package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/grammar"
)

// dataEndings are those of files that people keep data in, and no spec.
var dataEndings = []string{".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".npy", ".npz", ".idx", ".gz", ".png", ".jpg", ".jpeg", ".parquet", ".xls", ".xlsx"}

// noSpec says what a file is that was named as a spec and is none, so that its lines are not taken for statements; nil
// where it may be one.
func noSpec(path string, text []byte) error {
	ending := strings.ToLower(filepath.Ext(path))
	if ending == ".nn" {
		return nil
	}
	if _, list := grammar.Parse(path, text); !list.HasErrors() {
		return nil
	}
	word := shellWord(path)
	switch {
	case ending == ".safetensors":
		return fmt.Errorf("%s: these are weights, not a spec: the spec comes first, and the weights after --weights", path)
	case isTable(text):
		return fmt.Errorf("%s: this is a table, not a spec: the spec comes first, and the table after --data, as in nnc train model.nn --data %s; nnc init %[2]s --target COLUMN writes a first spec of it", path, word)
	case slices.Contains(dataEndings, ending):
		return fmt.Errorf("%s: this is data, not a spec: the spec comes first, and the data after --data, as in nnc train model.nn --data %s", path, word)
	case bytes.IndexByte(text[:min(len(text), 512)], 0) >= 0:
		return fmt.Errorf("%s: this is no text, so it is no spec", path)
	}
	return nil
}

// isTable reports whether a text looks like CSV or JSON lines: its first lines begin an object, or have the same number
// of commas, semicolons or tabs.
func isTable(text []byte) bool {
	lines := bytes.SplitN(bytes.TrimSpace(text), []byte("\n"), 4)
	if len(lines) < 2 {
		return false
	}
	lines = lines[:min(len(lines), 3)]
	if bytes.HasPrefix(lines[0], []byte("{")) {
		return bytes.HasPrefix(lines[1], []byte("{"))
	}
	for _, sep := range []string{",", ";", "\t"} {
		n := bytes.Count(lines[0], []byte(sep))
		if n > 0 && !slices.ContainsFunc(lines, func(line []byte) bool { return bytes.Count(line, []byte(sep)) != n }) {
			return true
		}
	}
	return false
}
