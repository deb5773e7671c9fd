package format

import (
	"bufio"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a compressed file expands to is bounded by what was read of it, whatever its size: of a pipe it is not known.
func TestGzipIsBounded(t *testing.T) {
	zeros := func(n int64) *gzipReader {
		in := bufio.NewReader(strings.NewReader(gzipped(t, strings.Repeat("1,2\n", 1000))))
		z, err := gzip.NewReader(in)
		require.NoError(t, err)
		z.Multistream(false)
		return &gzipReader{z: z, in: in, packed: &countingReader{n: n}, n: maxExpansion(n) - 4000}
	}
	for _, packed := range []int64{0, 1 << 30} {
		read, err := io.ReadAll(zeros(packed))
		require.NoError(t, err)
		assert.Len(t, read, 4000)
		over := zeros(packed)
		over.n++
		_, err = io.ReadAll(over)
		assert.ErrorContains(t, err, "expands to more than a hundred times its size")
	}
	text := gzipped(t, "x,y\n")
	_, limit, err := unzip(strings.NewReader(text), int64(len(text)))
	require.NoError(t, err)
	assert.Equal(t, maxExpansion(int64(len(text))), limit)
	_, err = Open(t.TempDir() + "/none")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// Members follow one another, zeros behind the last are padding, and anything else is said to be there.
func TestBehindGzip(t *testing.T) {
	a, b := gzipped(t, "x,y\n"), gzipped(t, "1,2\n")
	for name, tt := range map[string]struct{ file, text, err string }{
		"two members":         {a + b, "x,y\n1,2\n", ""},
		"zeros":               {a + strings.Repeat("\x00", 1000), "x,y\n", ""},
		"zeros between":       {a + "\x00\x00" + b, "x,y\n1,2\n", ""},
		"one zero":            {a + "\x00", "x,y\n", ""},
		"others":              {a + "tail", "", "bytes that are no gzip stand after the compressed data"},
		"zeros and others":    {a + "\x00\x00z", "", "bytes that are no gzip stand after the compressed data"},
		"a member cut short":  {a + b[:len(b)-3], "", "truncated"},
		"a header cut short":  {a + b[:5], "", "truncated"},
		"one byte of a magic": {a + "\x1f", "", "bytes that are no gzip stand"},
	} {
		t.Run(name, func(t *testing.T) {
			in, _, err := unzip(strings.NewReader(tt.file), int64(len(tt.file)))
			require.NoError(t, err)
			text, err := io.ReadAll(in)
			if tt.err != "" {
				assert.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.text, string(text))
		})
	}
}

// A format that is not read is named, with what to do.
func TestOtherFormatsAreNamed(t *testing.T) {
	for head, want := range map[string]string{
		"PAR1\x15\x04\x15":                        "Parquet",
		"\xff\xfea\x00,\x00b\x00":                 "UTF-16",
		"\xfe\xff\x00a":                           "UTF-16",
		"BZh91AY&SY\x1b\x01":                      "bunzip2",
		"\xfd7zXZ\x00\x00":                        "unxz",
		"\x28\xb5\x2f\xfd\x24":                    "unzstd",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":        "Excel",
		"[{\"a\": 1}]":                            "JSON lines",
		"\xef\xbb\xbf [\n":                        "JSON lines",
		"a,b\x00c\n":                              "this is no text",
		"<!DOCTYPE html><html>":                   "a web page",
		"<table border=\"1\">":                    "a table in HTML",
		"SQLite format 3\x00\x10\x00\x01\x01\x00": "SQLite",
	} {
		path := filepath.Join(t.TempDir(), "t.csv")
		require.NoError(t, os.WriteFile(path, []byte(head), 0o600))
		_, err := Open(path)
		require.ErrorContains(t, err, want, "%q", head)
		assert.ErrorContains(t, err, "t.csv: ")
	}
	for head, want := range map[string]Kind{"a,b\n": KindCSV, "": KindCSV, "\n {\"a\": 1}\n": KindJSONL, "PAR,1\n": KindCSV, "PAR1,PAR2,y\n1,2,3\n": KindCSV, "ORCID,b\n": KindCSV, "BZh,b\n": KindCSV, "\x93NUMPY\x01": KindNPY} {
		got, err := kindOf([]byte(head))
		require.NoError(t, err)
		assert.Equal(t, want, got, "%q", head)
	}
	book := writeZip(t, "[Content_Types].xml", "<xml/>", "xl/workbook.xml", "<xml/>")
	_, err := NPZNames(book)
	assert.ErrorContains(t, err, "Excel workbook (.xlsx)")
	_, err = NPZNames(writeZip(t, "houses.csv", "area,price\n1,2\n"))
	assert.ErrorContains(t, err, "this is a ZIP archive without NumPy arrays: unpack it")
}

// Nobody waits for the rows of a regular file, whatever is in memory of it.
func TestRowsThatAreThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	require.NoError(t, os.WriteFile(path, []byte("a\n1\n2\n"), 0o600))
	f, err := Open(path)
	require.NoError(t, err)
	defer f.Close()
	table, err := f.Table(Layout{})
	require.NoError(t, err)
	for range 3 {
		assert.True(t, table.Ready())
		_, err = table.Next()
	}
	assert.ErrorIs(t, err, io.EOF)

	in, out := io.Pipe()
	go func() {
		_, _ = io.WriteString(out, "a,b\n1,2\n3,")
		_, _ = io.WriteString(out, "4\n")
		out.Close()
	}()
	table, err = NewCSV(in, "pipe", Layout{})
	require.NoError(t, err)
	assert.True(t, table.Ready())
	_, err = table.Next()
	require.NoError(t, err)
	assert.False(t, table.Ready(), "half a line")
	_, err = table.Next()
	require.NoError(t, err)
}
