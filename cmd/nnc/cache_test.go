package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// putProgram puts a program of so many bytes into a cache, last used so long ago.
func putProgram(t *testing.T, c cache, key string, size int, age time.Duration) {
	t.Helper()
	dir := filepath.Join(c.dir, key)
	require.NoError(t, os.Mkdir(dir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, programName()), make([]byte, size), 0o700))
	require.NoError(t, seal(dir))
	then := time.Now().Add(-age)
	require.NoError(t, os.Chtimes(dir, then, then))
}

func (c cache) keys(t *testing.T) (names []string) {
	entries, err := os.ReadDir(c.dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

const day = 24 * time.Hour

// Programs that nobody ran for long go, and so do the remains of builds that were killed; a build under way and a
// program in use stay.
func TestSweep(t *testing.T) {
	c := cache{dir: t.TempDir()}
	for key, age := range map[string]time.Duration{"old": 29 * day, "older": 31 * day, "build-now": time.Hour, "build-killed": 25 * time.Hour} {
		putProgram(t, c, key, 10, age)
	}
	require.NoError(t, os.WriteFile(filepath.Join(c.dir, "build-job-1"), nil, 0o600))
	c.evict(maxCache, "")
	assert.Equal(t, []string{"build-job-1", "build-now", "old"}, c.keys(t))

	assert.NotEmpty(t, c.find("old"))
	info, err := os.Stat(filepath.Join(c.dir, "old"))
	require.NoError(t, err)
	assert.Less(t, time.Since(info.ModTime()), time.Hour, "use counts")
	assert.Empty(t, c.find("older"))
	cache{dir: filepath.Join(c.dir, "nowhere")}.evict(maxCache, "")

	// Two runs have built the same program: the second takes the first one's.
	path, err := c.keep(filepath.Join(c.dir, "build-now"), "old")
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(c.dir, "old", programName()), path)
	_, err = c.keep(filepath.Join(c.dir, "nowhere"), "other")
	assert.Error(t, err)
}

// The programs that were used least recently go until the others fit. The one in use stays, however big, and
// builds under way count for nothing.
func TestSweepBoundsTheCache(t *testing.T) {
	c := cache{dir: t.TempDir()}
	putProgram(t, c, "first", 1000, 4*day)
	putProgram(t, c, "second", 1000, 3*day)
	putProgram(t, c, "third", 1000, 2*day)
	putProgram(t, c, "build-x", 9000, time.Hour)
	c.evict(3300, "")
	assert.Len(t, c.keys(t), 4, "they fit, their checksums of 64 bytes included")
	c.evict(3100, "first")
	assert.Equal(t, []string{"build-x", "first", "third"}, c.keys(t))
	c.evict(10, "first")
	assert.Equal(t, []string{"build-x", "first"}, c.keys(t))
}

// A program that is not what was kept is not found: cut short, changed at the same length, or without its
// checksum, as a crash of the machine or an older nnc leaves it. Keeping it again mends it.
func TestDamagedProgramIsNotFound(t *testing.T) {
	c := cache{dir: t.TempDir()}
	putProgram(t, c, "p", 1000, time.Hour)
	require.NotEmpty(t, c.find("p"))
	program, sum := filepath.Join(c.dir, "p", programName()), filepath.Join(c.dir, "p", checksum)
	for name, damage := range map[string]func() error{
		"short":        func() error { return os.Truncate(program, 999) },
		"empty":        func() error { return os.Truncate(program, 0) },
		"changed":      func() error { return os.WriteFile(program, []byte(strings.Repeat("x", 1000)), 0o700) },
		"missing":      func() error { return os.Remove(program) },
		"no checksum":  func() error { return os.Remove(sum) },
		"short of sum": func() error { return os.Truncate(sum, 10) },
		"zeros of sum": func() error { return os.WriteFile(sum, make([]byte, 64), 0o600) },
	} {
		require.NoError(t, damage(), name)
		assert.Empty(t, c.find("p"), name)
		putProgram(t, c, "build-p", 1000, time.Hour)
		path, err := c.keep(filepath.Join(c.dir, "build-p"), "p")
		require.NoError(t, err, name)
		assert.Equal(t, program, path)
		assert.Equal(t, []string{"p"}, c.keys(t))
	}
}
