package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/format"
)

// The same seed gives the same files, and another seed others.
func TestSameFiles(t *testing.T) {
	sum := func(seed uint64) string {
		dir := t.TempDir()
		require.NoError(t, write(dir, seed, 5))
		h := sha256.New()
		require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			h.Write(text)
			return err
		}))
		return hex.EncodeToString(h.Sum(nil))
	}
	assert.Equal(t, sum(1), sum(1))
	assert.NotEqual(t, sum(1), sum(2))
}

// Facts are around 1, prices follow from them and from the kind.
func TestListings(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, write(dir, 1, 50))
	array := func(name string) *format.Array {
		f, err := os.Open(filepath.Join(dir, name))
		require.NoError(t, err)
		defer f.Close()
		a, err := format.ReadNPY(f, name)
		require.NoError(t, err)
		return a
	}
	facts, price, kind := array("facts.npy"), array("price.npy"), array("kind.npy")
	require.Equal(t, []int{50, 6}, facts.Shape)
	for i := range 50 {
		f := facts.Float[6*i : 6*i+6]
		want := 0.06 + 0.1*float64(f[0])*float64(kinds[kind.Uint8[i]]) - 0.05*float64(f[3]) - 0.045*float64(f[4]) + 0.05*float64(f[5])
		assert.InDelta(t, want, float64(price.Float[i]), 1e-3, "listing %d: a fifth of a garden is rounded down", i)
		for _, v := range f {
			assert.True(t, v > 0 && v <= 2.5)
		}
	}
	photos, err := filepath.Glob(filepath.Join(dir, "photos", "*.png"))
	require.NoError(t, err)
	assert.Len(t, photos, 50)
	assert.Error(t, write(filepath.Join(dir, "facts.npy"), 1, 1))
}
