package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/format"
)

func TestFiles(t *testing.T) {
	images, labels := files(1, 200)
	again, _ := files(1, 200)
	assert.True(t, bytes.Equal(images, again), "the same seed draws the same digits")
	other, _ := files(2, 200)
	assert.False(t, bytes.Equal(images, other), "another seed draws others")

	path := filepath.Join(t.TempDir(), "digits.idx")
	require.NoError(t, os.WriteFile(path, images, 0o600))
	a, err := format.ReadIDX(path)
	require.NoError(t, err)
	assert.Equal(t, "uint8 [200, 28, 28]", a.String())
	require.NoError(t, os.WriteFile(path, labels, 0o600))
	a, err = format.ReadIDX(path)
	require.NoError(t, err)
	assert.Equal(t, "uint8 [200]", a.String())
	seen := map[byte]bool{}
	for _, digit := range a.Uint8 {
		require.Less(t, digit, byte(10))
		seen[digit] = true
	}
	assert.Len(t, seen, 10)
}

// An eight lights all segments, a one the two on the right: of the same size, it has less ink.
func TestDraw(t *testing.T) {
	ink := func(digit int) (n int) {
		for seed := range uint64(100) {
			for _, p := range draw(rand.New(rand.NewPCG(seed, 0)), digit) {
				if p >= 150 {
					n++
				}
			}
		}
		return n
	}
	least, most := ink(1), ink(8)
	assert.Less(t, 2*least, most)
	for digit := range 10 {
		assert.GreaterOrEqual(t, ink(digit), least)
		assert.LessOrEqual(t, ink(digit), most)
	}
}
