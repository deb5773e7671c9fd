package weights

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKeepEarlier(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	read := func(name string) string {
		content, err := os.ReadFile(at(name))
		require.NoError(t, err)
		return string(content)
	}
	for _, none := range []string{at("w.safetensors"), dir} {
		name, err := KeepEarlier(none)
		require.NoError(t, err)
		assert.Empty(t, name)
	}

	require.NoError(t, os.WriteFile(at("w.safetensors"), []byte("first"), 0o644))
	require.NoError(t, os.WriteFile(at("w.2.safetensors"), []byte("taken"), 0o644))
	for _, want := range []string{"w.1.safetensors", "w.3.safetensors"} {
		name, err := KeepEarlier(at("w.safetensors"))
		require.NoError(t, err)
		assert.Equal(t, at(want), name)
		require.NoError(t, WriteAtomic(at("w.safetensors"), text("next")))
	}
	assert.Equal(t, "first", read("w.1.safetensors"))
	assert.Equal(t, "taken", read("w.2.safetensors"))
	assert.Equal(t, "next", read("w.3.safetensors"))

	if err := os.Symlink(at("w.1.safetensors"), at("link")); err == nil {
		name, err := KeepEarlier(at("link"))
		require.NoError(t, err)
		assert.Equal(t, at("link.1"), name)
		info, err := os.Lstat(name)
		require.NoError(t, err)
		assert.True(t, info.Mode().IsRegular(), "the file is kept, not the link")
	}
}

// Where a file system has no second names the earlier file is copied.
func TestCopyFile(t *testing.T) {
	from, to := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	require.NoError(t, os.WriteFile(from, []byte("content"), 0o644))
	require.NoError(t, copyFile(from, to))
	content, err := os.ReadFile(to)
	require.NoError(t, err)
	assert.Equal(t, "content", string(content))
	assert.Error(t, copyFile(to+"x", to))
}
