package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// texts are the files of a folder by their names.
func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	all := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		all[e.Name()] = string(text)
	}
	return all
}

// The best takes the place of the best before; what stood there before the sweep stays, and comes back where the best
// goes elsewhere.
func TestTheBestFile(t *testing.T) {
	dir, from := t.TempDir(), filepath.Join(t.TempDir(), "weights")
	at := func(name string) string { return filepath.Join(dir, name) }
	put(t, at("a.safetensors"), "earlier", 0o644)
	put(t, at("a.1.safetensors"), "earliest", 0o644)
	var best bestFile

	put(t, from, "first", 0o600)
	require.NoError(t, best.put(from, at("a.safetensors"), true))
	assert.Equal(t, at("a.2.safetensors"), best.earlier)
	assert.Equal(t, map[string]string{"a.safetensors": "first", "a.1.safetensors": "earliest", "a.2.safetensors": "earlier"}, texts(t, dir))

	put(t, from, "second", 0o600)
	require.NoError(t, best.put(from, at("a.safetensors"), true))
	assert.Equal(t, map[string]string{"a.safetensors": "second", "a.1.safetensors": "earliest", "a.2.safetensors": "earlier"}, texts(t, dir))

	put(t, from, "third", 0o600)
	require.NoError(t, best.put(from, at("b.safetensors"), true))
	assert.Empty(t, best.earlier)
	assert.Equal(t, map[string]string{"a.safetensors": "earlier", "a.1.safetensors": "earliest", "b.safetensors": "third"}, texts(t, dir))

	put(t, from, "fourth", 0o600)
	require.NoError(t, best.put(from, at("a.safetensors"), false))
	assert.Equal(t, map[string]string{"a.safetensors": "fourth", "a.1.safetensors": "earliest"}, texts(t, dir))

	require.NoError(t, os.Remove(from))
	assert.Error(t, best.put(from, at("a.safetensors"), false))
	assert.Equal(t, map[string]string{"a.safetensors": "fourth", "a.1.safetensors": "earliest"}, texts(t, dir))
}

// Where the best cannot take its place, what stands there is as it was, without a second name.
func TestTheBestFileThatCannotBePut(t *testing.T) {
	dir := t.TempDir()
	at := filepath.Join(dir, "a.safetensors")
	put(t, at, "earlier", 0o644)
	var best bestFile
	s, err := stage(at, []byte("first"))
	require.NoError(t, err)
	require.NoError(t, os.Remove(s.temporary))
	assert.ErrorIs(t, best.replace(s, at, true), fs.ErrNotExist)
	assert.Equal(t, map[string]string{"a.safetensors": "earlier"}, texts(t, dir))
	assert.Empty(t, best)
}
