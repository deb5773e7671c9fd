package format

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a compressed file expands to is bounded.
func TestGzipIsBounded(t *testing.T) {
	text := gzipped(t, strings.Repeat("1,2\n", 1000))
	z, err := gzip.NewReader(strings.NewReader(text))
	require.NoError(t, err)
	read, err := io.ReadAll(&gzipReader{z, 4000})
	require.NoError(t, err)
	assert.Len(t, read, 4000)
	z, err = gzip.NewReader(strings.NewReader(text))
	require.NoError(t, err)
	_, err = io.ReadAll(&gzipReader{z, 3999})
	assert.ErrorContains(t, err, "expands to more than a hundred times its size")

	_, limit, err := unzip(bytes.NewReader([]byte(text)), int64(len(text)))
	require.NoError(t, err)
	assert.Equal(t, maxExpansion(int64(len(text))), limit)
	_, err = Open(t.TempDir() + "/none")
	assert.ErrorIs(t, err, os.ErrNotExist)
}
