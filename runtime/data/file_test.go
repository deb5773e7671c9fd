package data

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

func TestGzip(t *testing.T) {
	load := func(text string) (*Loaded, error) {
		return Load(Training{
			Data: []string{writeFile(t, "t.csv.gz", text)}, Select: Select{Target: []string{"y"}}, Scale: ScaleNone,
			Inputs: features(1), Targets: regression(1),
		})
	}
	whole := gzipped(t, "\xef\xbb\xbfx,y\n1,2\n")
	l, err := load(whole)
	require.NoError(t, err)
	in, out := gather(l.Train)
	assert.Equal(t, []float32{1}, in[0].Float)
	assert.Equal(t, []float32{2}, out[0].Float)

	flipped := []byte(whole)
	flipped[len(flipped)-8] ^= 1 // the first byte of the checksum
	for name, tt := range map[string]struct{ file, want string }{
		"truncated":     {whole[:len(whole)-5], "truncated"},
		"only a header": {whole[:5], "truncated"},
		"checksum":      {string(flipped), "the file is damaged: its checksum is wrong"},
		"no gzip":       {"\x1f\x8bthis is no gzip at all", "the file is damaged: it begins like a gzip file"},
		"bad row":       {gzipped(t, "x,y\n1,2\n1,two\n"), `t.csv.gz:3:3: column "y": "two" is not a number`},
		"archive":       {gzipped(t, "PK\x03\x04 and more"), "an .npz archive inside gzip: unzip it first"},
		"empty":         {gzipped(t, ""), "the file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(tt.file)
			assert.ErrorContains(t, err, tt.want)
			assert.ErrorContains(t, err, "t.csv.gz")
		})
	}

	l, err = Load(Training{
		Data: []string{
			writeFile(t, "x.npy.gz", gzipped(t, string(npyText(t, facets)))),
			"kind=" + writeFile(t, "y.npy.gz", gzipped(t, string(npyText(t, labels)))),
		},
		Inputs: []Port{facts}, Targets: []Port{kind},
	})
	require.NoError(t, err)
	in, out = gather(l.Train)
	assert.Equal(t, []float32{1, 2, 3}, in[0].Float)
	assert.Equal(t, []int32{2, 0, 1}, out[0].Int)
}

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
	_, err = openFile(t.TempDir() + "/none")
	assert.ErrorIs(t, err, os.ErrNotExist)
}
