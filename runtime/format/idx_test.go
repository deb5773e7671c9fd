package format

import (
	"bytes"
	"compress/gzip"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func gzipped(t testing.TB, content string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

func TestReadIDX(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want Array
	}{
		"uint8":   {"\x00\x00\x08\x01\x00\x00\x00\x02\x01\xff", Array{Shape: []int{2}, Uint8: []uint8{1, 255}}},
		"int8":    {"\x00\x00\x09\x02\x00\x00\x00\x02\x00\x00\x00\x01\x01\xff", Array{Shape: []int{2, 1}, Int: []int32{1, -1}}},
		"int16":   {"\x00\x00\x0b\x01\x00\x00\x00\x02\x01\x02\xff\xfe", Array{Shape: []int{2}, Int: []int32{0x102, -2}}},
		"int32":   {"\x00\x00\x0c\x01\x00\x00\x00\x02\x01\x02\x03\x04\xff\xff\xff\xfe", Array{Shape: []int{2}, Int: []int32{0x1020304, -2}}},
		"float32": {"\x00\x00\x0d\x01\x00\x00\x00\x01\x3f\xc0\x00\x00", Array{Shape: []int{1}, Float: []float32{1.5}}},
		"float64": {"\x00\x00\x0e\x01\x00\x00\x00\x01\xc0\x04\x00\x00\x00\x00\x00\x00", Array{Shape: []int{1}, Float: []float32{-2.5}}},
		"no rows": {"\x00\x00\x08\x02\x00\x00\x00\x00\x00\x00\x00\x09", Array{Shape: []int{0, 9}, Uint8: []uint8{}}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, file := range []string{c.file, gzipped(t, c.file)} {
				path := filepath.Join(t.TempDir(), "x.idx")
				require.NoError(t, os.WriteFile(path, []byte(file), 0o666))
				a, err := ReadIDX(path)
				require.NoError(t, err)
				assert.Equal(t, &c.want, a)

				for n := range file {
					require.NoError(t, os.WriteFile(path, []byte(file[:n]), 0o666))
					_, err := ReadIDX(path)
					require.ErrorContains(t, err, "truncated", "%d bytes", n)
				}
			}
		})
	}
}

func TestReadIDXRefuses(t *testing.T) {
	one := "\x00\x00\x08\x01\x00\x00\x00\x01\x07"
	huge := "\x00\x00\x08\x01\x7f\xff\xff\xff"
	flipped := []byte(gzipped(t, one))
	flipped[len(flipped)-8] ^= 1 // the first byte of the checksum
	for name, c := range map[string]struct{ file, want string }{
		"magic":          {"\x01\x00\x08\x01", "this is not an IDX file: it begins with 01 00 instead of two zeros"},
		"a page of HTML": {"<html>", "this is not an IDX file"},
		"type":           {"\x00\x00\x0a\x01", "the element type 0x0a is not one of the IDX format"},
		"no axes":        {"\x00\x00\x08\x00\x07", "a single number without axes"},
		"empty rows":     {"\x00\x00\x08\x02\x00\x00\x00\x01\x00\x00\x00\x00", "axis 1 has size 0"},
		"product":        {"\x00\x00\x08\x03" + strings.Repeat("\x7f\xff\xff\xff", 3), "more elements than memory can address"},
		"surplus":        {one + "\x00", "more bytes follow after the 1 that [1] takes"},
		"surplus gzip":   {gzipped(t, one+"\x00"), "more bytes follow after the 1 that [1] takes"},
		"two members":    {gzipped(t, one) + gzipped(t, one), "more bytes follow"},
		"after gzip":     {gzipped(t, one) + "!", "invalid header"},
		"missing":        {huge, "truncated: [2147483647] takes 2147483647 bytes, there are 0"},
		"bomb":           {gzipped(t, huge), "would expand to more than a hundred times the file"},
		"checksum":       {string(flipped), "its checksum is wrong"},
		"float64 range":  {"\x00\x00\x0e\x01\x00\x00\x00\x01\x7f\xe0\x00\x00\x00\x00\x00\x00", "element 0 is beyond the range of float32"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "missing" && math.MaxInt == math.MaxInt32 {
				t.Skip("refused by size alone")
			}
			path := filepath.Join(t.TempDir(), "x.idx")
			require.NoError(t, os.WriteFile(path, []byte(c.file), 0o666))
			a, err := ReadIDX(path)
			assert.Nil(t, a)
			if name == "after gzip" {
				require.Error(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
			assert.ErrorContains(t, err, path)
		})
	}
	_, err := ReadIDX(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	broken := errors.New("I/O error")
	_, err = readIDXFile(iotest.ErrReader(broken), 0)
	assert.ErrorIs(t, err, broken)
}

func TestReadIDXOfMNIST(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "data") // beside the project's root
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("%s is not there", folder)
	}
	images, err := ReadIDX(filepath.Join(folder, "mnist-10k-images-idx3-ubyte.gz"))
	require.NoError(t, err)
	assert.Equal(t, []int{10_000, 28, 28}, images.Shape)
	checkArray(t, images)
	labels, err := ReadIDX(filepath.Join(folder, "mnist-10k-labels-idx1-ubyte.gz"))
	require.NoError(t, err)
	assert.Equal(t, []int{10_000}, labels.Shape)
	// The well-known beginning of the test set, and its mean pixel.
	assert.Equal(t, []uint8{7, 2, 1, 0, 4, 1, 4, 9, 5, 9}, labels.Uint8[:10])
	sum := 0
	for _, v := range images.Uint8 {
		sum += int(v)
	}
	assert.InDelta(t, 0.1325, float64(sum)/255/float64(images.Len()), 5e-5)
}

func FuzzReadIDX(f *testing.F) {
	for _, file := range []string{
		"\x00\x00\x08\x01\x00\x00\x00\x02\x01\xff",
		"\x00\x00\x0b\x02\x00\x00\x00\x01\x00\x00\x00\x02\x01\x02\xff\xfe",
		"\x00\x00\x0e\x01\x00\x00\x00\x01\xc0\x04\x00\x00\x00\x00\x00\x00",
		"\x00\x00\x0d\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		f.Add([]byte(file))
		f.Add([]byte(gzipped(f, file)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := readIDXFile(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			require.Nil(t, a)
			return
		}
		checkArray(t, a)
	})
}
