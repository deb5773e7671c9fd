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
		require.NoError(t, run(&printed, "digits", weights, images, labels, 3))
		assert.Contains(t, string(readme), printed.String())
	})

	t.Run("as nnc predict", func(t *testing.T) {
		lines := strings.Split(strings.TrimSpace(nnctest.Run(t, "predict", "digits.nn", "--weights", weights, "--data", images)), "\n")
		require.Equal(t, "target,probability", lines[0])
		guesses, _, err := classify("digits", weights, images)
		require.NoError(t, err)
		require.Len(t, guesses, len(lines)-1)
		for i, g := range guesses {
			got := strconv.Itoa(g.digit) + "," + strconv.FormatFloat(float64(g.probability), 'g', -1, 32)
			require.Equal(t, lines[i+1], got, "image %d", i)
		}
	})

	// The other two models, as far as the README shows what becomes of them. The residual one takes half a minute:
	// NNC_LONG=1 tries it.
	for _, other := range []struct {
		model string
		flags []string
		long  bool
	}{{"cnn", nil, false}, {"resnet", []string{"--epochs", "3"}, true}} {
		t.Run(other.model, func(t *testing.T) {
			if testing.Short() || other.long && os.Getenv("NNC_LONG") == "" {
				t.Skip("training takes too long: set NNC_LONG=1, and leave out -short")
			}
			readme, err := os.ReadFile("README.md")
			require.NoError(t, err)
			weights := in(other.model + ".safetensors")
			said := nnctest.Run(t, append([]string{"train", other.model + ".nn", "--data", in("train-images.idx"), "--data", "target=" + in("train-labels.idx"), "--save", weights}, other.flags...)...)
			result, _, found := strings.Cut(said, "saved ")
			assert.True(t, found)
			assert.Contains(t, string(readme), result)
			var printed bytes.Buffer
			require.NoError(t, run(&printed, other.model, weights, images, labels, 0))
			assert.Contains(t, string(readme), "-model "+other.model+" -show 0 -images /tmp/digits/test-images.idx -labels /tmp/digits/test-labels.idx\n"+printed.String())
		})
	}

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
			assert.ErrorContains(t, run(&bytes.Buffer{}, "digits", test.weights, test.images, test.labels, 0), test.says)
		}
		assert.ErrorContains(t, run(&bytes.Buffer{}, "cnn", weights, images, "", 0), "conv1.weight")
		assert.ErrorContains(t, run(&bytes.Buffer{}, "dnn", weights, images, "", 0), `there is no model "dnn"`)
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
