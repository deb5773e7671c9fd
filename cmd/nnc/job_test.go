package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A job that is longer than systems let an argument be goes by a file, which does not stay.
func TestLongJob(t *testing.T) {
	dir := t.TempDir()
	arg, remove, err := argument("{}", dir)
	require.NoError(t, err)
	assert.Equal(t, "{}", arg)
	remove()

	text := strings.Repeat("x", maxArgument+1)
	arg, remove, err = argument(text, dir)
	require.NoError(t, err)
	path, ok := strings.CutPrefix(arg, jobFile)
	require.True(t, ok)
	assert.Equal(t, dir, filepath.Dir(path))
	assert.Less(t, len(arg), 1000)
	read, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, text, string(read))
	remove()
	assert.NoFileExists(t, path)
	_, _, err = argument(text, filepath.Join(dir, "none"))
	assert.Error(t, err)
}
