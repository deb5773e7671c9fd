package dataset

import (
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

func TestGzip(t *testing.T) {
	load := func(text string) (*Loaded, error) {
		return Load(Training{
			Data: []string{writeFile(t, "t.csv.gz", text)}, Select: Select{Target: []string{"y"}}, Scale: data.ScaleNone,
			Inputs: features(1), Targets: regression(1),
		})
	}
	whole := gzippedFile(t, "\xef\xbb\xbfx,y\n1,2\n")
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
		"bad row":       {gzippedFile(t, "x,y\n1,2\n1,two\n"), `t.csv.gz:3:3: column "y": "two" is not a number`},
		"archive":       {gzippedFile(t, "PK\x03\x04 and more"), "an .npz archive inside gzip: unzip it first"},
		"empty":         {gzippedFile(t, ""), "the file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(tt.file)
			assert.ErrorContains(t, err, tt.want)
			assert.ErrorContains(t, err, "t.csv.gz")
		})
	}

	l, err = Load(Training{
		Data: []string{
			writeFile(t, "x.npy.gz", gzippedFile(t, string(npyText(t, facets)))),
			"kind=" + writeFile(t, "y.npy.gz", gzippedFile(t, string(npyText(t, labels)))),
		},
		Inputs: []data.Port{facts}, Targets: []data.Port{kind},
	})
	require.NoError(t, err)
	in, out = gather(l.Train)
	assert.Equal(t, []float32{1, 2, 3}, in[0].Float)
	assert.Equal(t, []int32{2, 0, 1}, out[0].Int)
}

func gzippedFile(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}
