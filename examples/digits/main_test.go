package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/examples/internal/nnctest"
)

func TestMain(m *testing.M) { os.Exit(nnctest.Main(m)) }

// TestMadeUpDigits goes the way of the README.
func TestMadeUpDigits(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	out, err := exec.Command("go", "run", "./makedata", dir).CombinedOutput()
	require.NoError(t, err, "%s", out)
	weights, images, labels := in("digits.safetensors"), in("test-images.idx"), in("test-labels.idx")
	said := nnctest.Run(t, "train", "digits.nn", "--data", in("train-images.idx"), "--data", "target="+in("train-labels.idx"), "--save", weights)

	t.Run("README", func(t *testing.T) {
		readme, err := os.ReadFile("README.md")
		require.NoError(t, err)
		result, _, found := strings.Cut(said, "saved ")
		assert.True(t, found)
		assert.Contains(t, string(readme), result)
		var printed bytes.Buffer
		require.NoError(t, run(&printed, weights, images, labels, 3))
		assert.Contains(t, string(readme), printed.String())
	})

	t.Run("as nnc predict", func(t *testing.T) {
		lines := strings.Split(strings.TrimSpace(nnctest.Run(t, "predict", "digits.nn", "--weights", weights, "--data", images)), "\n")
		require.Equal(t, "target,probability", lines[0])
		guesses, _, err := classify(weights, images)
		require.NoError(t, err)
		require.Len(t, guesses, len(lines)-1)
		for i, g := range guesses {
			got := strconv.Itoa(g.digit) + "," + strconv.FormatFloat(float64(g.probability), 'g', -1, 32)
			require.Equal(t, lines[i+1], got, "image %d", i)
		}
	})

	t.Run("wrong files", func(t *testing.T) {
		plain, other := in("plain.safetensors"), in("other.idx")
		require.NoError(t, NewDigits().Save(plain))
		require.NoError(t, os.WriteFile(other, []byte{0, 0, 8, 1, 0, 0, 0, 2, 3, 4}, 0o600)) // two labels
		for _, test := range []struct{ weights, images, labels, says string }{
			{in("none"), images, "", "none"},
			{plain, images, "", "not written by nnc train"},
			{weights, in("none"), "", "none"},
			{weights, labels, "", "images are bytes [n, 28, 28], but this is uint8 [500]"},
			{weights, weights, "", "not an IDX file"},
			{weights, images, in("none"), "none"},
			{weights, images, images, "labels are bytes, one per image, but this is uint8 [500, 28, 28]"},
			{weights, images, other, "has 2 labels"},
		} {
			assert.ErrorContains(t, run(&bytes.Buffer{}, test.weights, test.images, test.labels, 0), test.says)
		}
	})
}

func TestDraw(t *testing.T) {
	pixels := make([]byte, 2*size)
	pixels[0], pixels[side] = 255, 255 // the first image's corner, two pixels high
	pixels[size+side+1] = 255          // in the second one, below the first row
	var text bytes.Buffer
	draw(&text, pixels)
	lines := strings.Split(text.String(), "\n")
	require.Len(t, lines, side/2+1)
	assert.Equal(t, "@"+strings.Repeat(" ", side-1+gap+1)+"=", lines[0])
	assert.Empty(t, strings.Join(lines[1:], ""))
}
