package format

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A text is read as it stands, and one that a small file expands to only up to a bound.
func TestTextIsBounded(t *testing.T) {
	read := func(content string) (string, error) {
		path := filepath.Join(t.TempDir(), "book.txt")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		f, err := OpenText(path)
		require.NoError(t, err)
		defer f.Close()
		return f.Text()
	}
	for _, n := range []int{1, smallText, smallText + 1} {
		text := strings.Repeat("a", n)
		got, err := read(text)
		require.NoError(t, err)
		assert.True(t, got == text)
		got, err = read(gzipped(t, text))
		if n > smallText {
			assert.ErrorContains(t, err, "book.txt: the text has more than 16 MiB: decompress it first")
			continue
		}
		require.NoError(t, err)
		assert.True(t, got == text)
	}
}
