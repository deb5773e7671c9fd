package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
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

// TestListing goes the way of the README.
func TestListing(t *testing.T) {
	dir := t.TempDir()
	in := func(names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
	out, err := exec.Command("go", "run", "./makedata", dir).CombinedOutput()
	require.NoError(t, err, "%s", out)
	weights := in("listing.safetensors")
	said := nnctest.Run(t, "train", "listing.nn", "--data", "photo="+in("photos"), "--data", "facts="+in("facts.npy"),
		"--data", "price="+in("price.npy"), "--data", "kind="+in("kind.npy"), "--epochs", "60", "--lr", "0.01", "--save", weights)

	t.Run("README", func(t *testing.T) {
		readme, err := os.ReadFile("README.md")
		require.NoError(t, err)
		result, _, found := strings.Cut(said, "saved ")
		assert.True(t, found)
		assert.Contains(t, string(readme), result)
		var printed bytes.Buffer
		require.NoError(t, run(&printed, weights, in("new")))
		assert.Contains(t, string(readme), printed.String())
	})

	// The program and the command say the same.
	t.Run("as nnc predict", func(t *testing.T) {
		text := nnctest.Run(t, "predict", "listing.nn", "--weights", weights, "--data", "photo="+in("new", "photos"), "--data", "facts="+in("new", "facts.npy"))
		records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		require.NoError(t, err)
		require.Equal(t, []string{"file", "price", "kind", "kind.probability"}, records[0])
		var printed bytes.Buffer
		require.NoError(t, run(&printed, weights, in("new")))
		lines := strings.Split(strings.TrimSpace(printed.String()), "\n")
		require.Len(t, lines, 8)
		for i, r := range records[1:] {
			number := func(s string) float64 {
				v, err := strconv.ParseFloat(s, 64)
				require.NoError(t, err)
				return v
			}
			k, err := strconv.Atoi(r[2])
			require.NoError(t, err)
			assert.Equal(t, fmt.Sprintf("%s  %5.2f million  %s, %.1f %% sure", filepath.Base(r[0]), number(r[1]), kinds[k], 100*number(r[3])), lines[i])
		}
	})

	t.Run("wrong files", func(t *testing.T) {
		plain := in("plain.safetensors")
		require.NoError(t, NewListing().Save(plain))
		broken := in("broken")
		require.NoError(t, os.MkdirAll(filepath.Join(broken, "photos"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(broken, "photos", "1.png"), []byte("no image"), 0o600))
		for _, test := range []struct{ weights, folder, says string }{
			{in("none"), in("new"), "none"},
			{plain, in("new"), "not written by nnc train"},
			{weights, in("none"), "facts.npy"},
			{weights, broken, "facts.npy"},
		} {
			assert.ErrorContains(t, run(&bytes.Buffer{}, test.weights, test.folder), test.says)
		}
		facts, err := os.ReadFile(in("new", "facts.npy"))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(broken, "facts.npy"), facts, 0o600))
		assert.ErrorContains(t, run(&bytes.Buffer{}, weights, broken), "facts are numbers [1, 6], a row for each photo, but this is float32 [8, 6]")
		photo := filepath.Join(broken, "photos", "1.png")
		assert.ErrorContains(t, readPhoto(nil, photo, nil), photo+": this is no PNG and no JPEG image")
	})
}
