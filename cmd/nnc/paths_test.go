package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A file that cannot be written is refused before anything is trained, and trying leaves nothing behind.
func TestWritable(t *testing.T) {
	dir := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	for _, name := range []string{"old", "data", "model.nn"} {
		require.NoError(t, os.WriteFile(at(name), []byte(name), 0o600))
	}
	sp, inputs := spec{file: at("model.nn")}, []string{"x=" + at("data")}
	entries := func() (names []string) {
		list, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, e := range list {
			names = append(names, e.Name())
		}
		return names
	}
	before := entries()
	for _, path := range []string{"", at("new"), at("old")} {
		assert.NoError(t, writable("--save", path, sp, inputs), path)
	}
	long := at(strings.Repeat("w", 250))
	for path, want := range map[string]string{
		at("none", "w"):     ": no such file or directory",
		at("old", "w"):      at("old") + " is not a folder",
		at("old", "x", "w"): ": not a directory",
		dir:                 ": is a directory",
		at("model.nn"):      ": this is the spec",
		at("data"):          ": this file is read, and would be lost",
		long:                ": cannot be written: ", // the name fits, that of the temporary file does not
	} {
		if runtime.GOOS == "windows" && (path == long || strings.Contains(want, "directory")) {
			continue // in other words, or allowed
		}
		err := writable("--save", path, sp, inputs)
		assert.ErrorContains(t, err, want, path)
		assert.ErrorContains(t, err, "--save "+path+": ")
	}
	assert.Equal(t, before, entries())

	if os.Symlink(at("nowhere"), at("link")) == nil {
		assert.ErrorContains(t, writable("--out", at("link"), sp, inputs), "it is a symbolic link that leads nowhere")
	}
	if os.Symlink(at("old"), at("good")) == nil {
		assert.NoError(t, writable("--out", at("good"), sp, inputs))
	}
}

// Which files an item with an equals sign may mean, by those that are there.
func TestDataFiles(t *testing.T) {
	dir, err := os.Getwd()
	require.NoError(t, err)
	defer func() { require.NoError(t, os.Chdir(dir)) }()
	require.NoError(t, os.Chdir(t.TempDir()))
	for _, name := range []string{"a=alone", "a=both", "both", "only", "b=", "x=y=z"} {
		require.NoError(t, os.WriteFile(name, nil, 0o600))
	}
	require.NoError(t, os.Mkdir("a=folder", 0o700))
	for item, want := range map[string][]string{
		"plain": {"plain"}, "a=alone": {"a=alone"}, "a=both": {"a=both", "both"}, "a=only": {"only"}, "a=none": {"none"},
		"b=": {"b="}, "c=": {"c="}, "a=x=y=z": {"x=y=z"}, "a=folder": {"a=folder"},
	} {
		assert.Equal(t, want, dataFiles(item), item)
	}
}
