package format

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadNPZ(t *testing.T) {
	want := map[string]*Array{
		"images": {Shape: []int{2, 3}, Uint8: []uint8{7, 7, 7, 7, 7, 7}},
		"labels": {Shape: []int{2}, Int: []int32{1, 0}},
	}
	got, err := ReadNPZ("testdata/arrays/deflated.npz")
	require.NoError(t, err)
	assert.Equal(t, want, got)
	got, err = ReadNPZ("testdata/arrays/stored.npz", "labels", "images", "labels")
	require.NoError(t, err)
	assert.Equal(t, want, got)
	got, err = ReadNPZ("testdata/arrays/stored.npz", "labels")
	require.NoError(t, err)
	assert.Len(t, got, 1)

	_, err = ReadNPZ("testdata/arrays/stored.npz")
	assert.ErrorContains(t, err, "testdata/arrays/stored.npz: names: the elements are text")
	_, err = ReadNPZ("testdata/arrays/deflated.npz", "image")
	assert.EqualError(t, err, `testdata/arrays/deflated.npz: there is no array "image"; there are ["images" "labels"]`)
	_, err = ReadNPZ("testdata/arrays/u1.npy")
	assert.ErrorContains(t, err, "this is not a whole .npz file")
	_, err = ReadNPZ("testdata/arrays/none.npz")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// writeZip makes an archive of members in turn: names and contents.
func writeZip(t *testing.T, members ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.Create(members[i])
		require.NoError(t, err)
		_, err = w.Write([]byte(members[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	path := filepath.Join(t.TempDir(), "x.npz")
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o666))
	return path
}

func TestReadNPZMembers(t *testing.T) {
	good := string(npyFile(npyHeaderOf("|u1", "(2,)"), "\x01\x02"))
	got, err := ReadNPZ(writeZip(t, "README", "no array", "a.npy", good))
	require.NoError(t, err)
	assert.Equal(t, map[string]*Array{"a": {Shape: []int{2}, Uint8: []uint8{1, 2}}}, got)

	_, err = ReadNPZ(writeZip(t, "a.npy", good, "a.npy", good))
	assert.ErrorContains(t, err, `the array "a" occurs twice`)
	_, err = ReadNPZ(writeZip(t, "a.npy", good[:len(good)-1]))
	assert.ErrorContains(t, err, "a: the file is truncated: [2] takes 2 bytes, there are 1")
	_, err = ReadNPZ(writeZip(t, "a.npy", good+"!"))
	assert.ErrorContains(t, err, "a: more bytes follow after the 2 that [2] takes")
}

// Flipped bits anywhere are an error or change nothing, since the checksum is
// compared.
func TestReadNPZDamaged(t *testing.T) {
	for _, name := range []string{"stored.npz", "deflated.npz"} {
		file, err := os.ReadFile(filepath.Join("testdata", "arrays", name))
		require.NoError(t, err)
		want, err := ReadNPZ(filepath.Join("testdata", "arrays", name), "images", "labels")
		require.NoError(t, err)
		path := filepath.Join(t.TempDir(), name)
		for i := 0; i < len(file); i += 2 {
			damaged := bytes.Clone(file)
			damaged[i] ^= 0x10
			damaged[min(i+1, len(file)-1)] ^= 0x01
			require.NoError(t, os.WriteFile(path, damaged, 0o666))
			got, err := ReadNPZ(path, "images", "labels")
			if err == nil {
				require.Equal(t, want, got, "%s, byte %d", name, i)
			} else {
				require.ErrorContains(t, err, path)
			}
		}
		for n := 0; n < len(file); n += 13 {
			require.NoError(t, os.WriteFile(path, file[:n], 0o666))
			_, err := ReadNPZ(path, "images", "labels")
			require.ErrorContains(t, err, path, "%s, %d bytes", name, n)
		}
	}
}

// An archive whose members together claim to expand beyond measure is refused
// unread.
func TestReadNPZExpansion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npz")
	file, err := os.Create(path)
	require.NoError(t, err)
	z := zip.NewWriter(file)
	content := string(npyFile(npyHeaderOf("|u1", "(500000000,)"), ""))
	for _, name := range []string{"a.npy", "b.npy"} {
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Store, CompressedSize64: uint64(len(content)), UncompressedSize64: 1<<29 + 1})
		require.NoError(t, err)
		_, err = w.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	require.NoError(t, file.Close())
	_, err = ReadNPZ(path, "a")
	require.ErrorContains(t, err, "truncated") // one alone is within measure
	_, err = ReadNPZ(path)
	require.ErrorContains(t, err, "the arrays would expand to more than a hundred times the file")

	assert.Equal(t, int64(1<<30), maxExpansion(1000))
	assert.Equal(t, int64(100<<30), maxExpansion(1<<30))
	assert.Positive(t, maxExpansion(1<<62))
}

func FuzzReadNPZ(f *testing.F) {
	for _, name := range []string{"stored", "deflated"} {
		file, err := os.ReadFile("testdata/arrays/" + name + ".npz")
		require.NoError(f, err)
		f.Add(file)
	}
	path := filepath.Join(f.TempDir(), "x.npz")
	f.Fuzz(func(t *testing.T, file []byte) {
		require.NoError(t, os.WriteFile(path, file, 0o600))
		names, err := NPZNames(path)
		arrays, failed := ReadNPZ(path)
		if failed != nil {
			require.Nil(t, arrays)
			return
		}
		if err == nil {
			require.Len(t, arrays, len(names))
		}
		for _, a := range arrays {
			checkArray(t, a)
		}
	})
}
