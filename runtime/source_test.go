package source

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is embedded is exactly what `go build` takes from the folders: a file that is missing here is missing on
// the user's machine.
func TestFilesAreTheFoldersWithoutTests(t *testing.T) {
	var want []string
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		switch name := d.Name(); {
		case path == ".":
		case d.IsDir() && (name == "testdata" || strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".")):
			return fs.SkipDir
		case d.IsDir() || !strings.Contains(path, "/") || strings.HasSuffix(name, "_test.go"):
		case strings.HasSuffix(name, ".go"), strings.HasSuffix(name, ".s"), strings.HasSuffix(name, ".h"):
			want = append(want, path)
		}
		return nil
	})
	require.NoError(t, err)

	var got []string
	err = fs.WalkDir(Files, ".", func(path string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			got = append(got, path)
		}
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, want, got, "change the patterns above Files")
	for _, path := range got {
		text, err := fs.ReadFile(Files, path)
		require.NoError(t, err)
		disk, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(disk), string(text), path)
	}
}
