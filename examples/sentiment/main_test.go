package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/examples/internal/nnctest"
)

func TestMain(m *testing.M) { os.Exit(nnctest.Main(m)) }

// training is the command of the README.
var training = []string{"train", "sentiment.nn", "--data", "reviews.csv", "--target", "label", "--valid", "0.1", "--test", "0.2"}

// train runs it, and returns the weights and what the command wrote.
func train(t *testing.T, flags ...string) (weights, said string) {
	weights = filepath.Join(t.TempDir(), "sentiment.safetensors")
	return weights, nnctest.Run(t, append(append(training, "--save", weights), flags...)...)
}

// The program's judgements are those of nnc predict, digit for digit.
func TestJudgementsAreThoseOfPredict(t *testing.T) {
	weights, _ := train(t, "--epochs", "2")
	lines := strings.Split(strings.TrimSpace(nnctest.Run(t, "predict", "sentiment.nn", "--weights", weights, "--data", "reviews.csv")), "\n")
	require.Equal(t, "label,probability", lines[0])
	file, err := os.Open("reviews.csv")
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, len(rows))
	j, err := newJudge(weights)
	require.NoError(t, err)
	for i, row := range rows[1:] {
		label, probability, err := j.judge(row[0])
		require.NoError(t, err)
		require.Equal(t, lines[1+i], label+","+strconv.FormatFloat(float64(probability), 'f', -1, 32), row[0])
	}
}

// The README shows what the commands say: the LSTM has all right, and a bag of words hardly any more than half.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	readme := string(text)
	weights, said := train(t)
	saved := strings.Replace(said, weights, "sentiment.safetensors", 1)
	assert.Contains(t, readme, saved)
	typed := regexp.MustCompile(`(?s)-weights sentiment.safetensors\n(.*?)` + "```").FindStringSubmatch(readme)
	require.Len(t, typed, 2)
	var judged bytes.Buffer
	require.NoError(t, run(strings.NewReader(typed[1]), &judged, weights))
	assert.Contains(t, readme, "```\n"+judged.String()+"```")

	spec := regexp.MustCompile(`(?m)^input tokens.*mean.*$`).FindString(readme)
	path := filepath.Join(t.TempDir(), "bag.nn")
	require.NoError(t, os.WriteFile(path, []byte(spec), 0o600))
	bag, _, found := strings.Cut(nnctest.Run(t, append(append([]string{"train", path}, training[2:]...), "--save=")...), "\n\n")
	assert.True(t, found)
	assert.Contains(t, readme, "```\n"+bag+"\n```")
}

func TestRefusesOtherWeights(t *testing.T) {
	dir := t.TempDir()
	_, err := newJudge(filepath.Join(dir, "none.safetensors"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	plain := filepath.Join(dir, "plain.safetensors")
	require.NoError(t, NewSentiment().Save(plain))
	_, err = newJudge(plain)
	assert.ErrorContains(t, err, "not written by nnc train")
}
