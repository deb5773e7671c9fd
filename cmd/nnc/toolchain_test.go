package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Go's cache is used where it can be written, and made where it is missing; a folder that cannot be made, or none,
// is done without.
func TestGoCache(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	cache := filepath.Join(dir, "new", "cache")
	for value, want := range map[string]string{cache: cache, filepath.Join(file, "cache"): "", file: "", "off": ""} {
		t.Setenv("GOCACHE", value)
		found, err := findGo()
		require.NoError(t, err)
		assert.Equal(t, want, found.cache, value)
		var used string
		for _, line := range found.env("/scratch") {
			if v, ok := strings.CutPrefix(line, "GOCACHE="); ok {
				used = v // the last one counts
			}
		}
		if want == "" {
			want = "/scratch"
		}
		assert.Equal(t, want, used, value)
	}
	assert.DirExists(t, cache)
}
