package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Where neither the cache's folder nor the temporary one lets programs run, the message says what to set. Only root
// can mount a file system of that kind.
func TestNoFolderLetsProgramsRun(t *testing.T) {
	vars := cacheDirs(t)
	dir := t.TempDir()
	forbids := filepath.Join(dir, "forbids")
	require.NoError(t, os.Mkdir(forbids, 0o755))
	if err := syscall.Mount("tmpfs", forbids, "tmpfs", syscall.MS_NOEXEC, "size=64m"); err != nil {
		t.Skip("no file system can be mounted: ", err)
	}
	defer func() { assert.NoError(t, syscall.Unmount(forbids, syscall.MNT_DETACH)) }()
	put(t, filepath.Join(dir, "plane.nn"), plane, 0o644)
	put(t, filepath.Join(dir, "plane.csv"), "a,b,y\n1,2,3\n2,3,5\n4,4,8\n", 0o644)
	train := func(temporary string) (string, error) {
		cmd := exec.Command("nnc", "train", "plane.nn", "--data", "plane.csv", "--target", "y", "--save=")
		cmd.Dir = dir
		cmd.Env = append(append(os.Environ(), vars...), "XDG_CACHE_HOME="+forbids, "TMPDIR="+temporary, "GOTMPDIR="+dir)
		text, err := cmd.CombinedOutput()
		return string(text), err
	}
	text, err := train(dir)
	require.NoError(t, err, text)
	text, err = train(forbids)
	require.Error(t, err)
	assert.Contains(t, text, "programs may not be run in "+filepath.Join(forbids, "nnc")+", nor in "+forbids)
	assert.Contains(t, text, "name a folder where they may with XDG_CACHE_HOME or TMPDIR")
	left, err := filepath.Glob(filepath.Join(dir, "nnc-*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}
