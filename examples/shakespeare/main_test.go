package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/examples/internal/nnctest"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// tiny is 40,000 lines of Shakespeare's plays, 65 different characters.
const tiny = "../../../shared/data/tinyshakespeare.txt"

func TestMain(m *testing.M) { os.Exit(nnctest.Main(m)) }

// losses are those of the first steps on a text.
func losses(t *testing.T, path string, steps int) []float32 {
	t.Helper()
	read, err := readText(path)
	require.NoError(t, err)
	c := newCourse(read, steps, 2000)
	for i := range steps {
		require.NoError(t, c.step(i))
	}
	return c.losses
}

// What PyTorch's are in float64, compare.py wrote: run -data rhyme.txt -steps 30, with --wide.
func TestLossesArePyTorchs(t *testing.T) {
	if testing.Short() {
		t.Skip("without assembly, under the race detector, a step takes seconds")
	}
	text, err := os.ReadFile("testdata/rhyme.json")
	require.NoError(t, err)
	var want []float64
	require.NoError(t, json.Unmarshal(text, &want))
	require.Len(t, want, 30)
	for i, loss := range losses(t, "rhyme.txt", len(want)) {
		assert.InEpsilon(t, want[i], loss, 1e-4, "step %d", i+1)
	}
}

// Untrained, all characters are about as probable: a loss of 4.2 to 4.5, the logarithm of 65 being 4.17. PyTorch's, on the
// same batches, is below 2.7 after 200 steps too.
func TestLearnsFromShakespeare(t *testing.T) {
	if testing.Short() {
		t.Skip("200 steps take seconds, too long for -short")
	}
	if _, err := os.Stat(tiny); err != nil {
		t.Skipf("the text is not here: %v", err)
	}
	got := losses(t, tiny, 200)
	assert.Greater(t, got[0], float32(4.2))
	assert.Less(t, got[0], float32(4.5))
	assert.Less(t, got[199], float32(2.7))
}

// A file for compare.py has the start and not the end.
func TestFile(t *testing.T) {
	out := filepath.Join(t.TempDir(), "run.safetensors")
	var said bytes.Buffer
	require.NoError(t, run(&said, "rhyme.txt", 1, 2000, out))
	assert.Regexp(t, `^step 1: loss 4\.[2-5]\d*\n$`, said.String())
	f, err := weights.Read(out)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"total": "2000"}, f.Meta)
	fresh := NewShakespeare()
	for _, p := range fresh.Params() {
		got, ok := f.Tensor(p.Name)
		require.True(t, ok, p.Name)
		want := make([]float32, p.Len())
		require.NoError(t, p.Get(want))
		require.Equal(t, want, got.F32, p.Name)
	}
	tokens, _ := f.Tensor("tokens")
	targets, _ := f.Tensor("targets")
	assert.Equal(t, []int{1, batch, context}, tokens.Shape)
	for row := range batch {
		at := row * context
		assert.Equal(t, tokens.I64[at+1:at+context], targets.I64[at:at+context-1], "a target is the next character")
	}
}

func TestTextsThatDoNotFit(t *testing.T) {
	in := func(content string) string {
		path := filepath.Join(t.TempDir(), "text")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	var many strings.Builder
	for c := range rune(66) {
		many.WriteRune('A' + c)
	}
	for want, path := range map[string]string{
		"66 different characters, and the model knows 65": in(many.String()),
		"64 characters: a window":                         in(strings.Repeat("ab", 32)),
		"is no UTF-8":                                     in("\xff"),
		"no such file":                                    in("") + ".not",
	} {
		assert.ErrorContains(t, run(&bytes.Buffer{}, path, 1, 1, ""), want)
	}
	assert.ErrorContains(t, run(&bytes.Buffer{}, "rhyme.txt", 3, 2, ""), "3 steps: must be from 1 to the schedule's 2")
}

// As README.md says: the spec learns any text, if its vocabulary is set, and writes on.
func TestTrainAndGenerate(t *testing.T) {
	if testing.Short() {
		t.Skip("training takes seconds, too long for -short")
	}
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	trained := filepath.Join(t.TempDir(), "rhyme.safetensors")
	said := nnctest.Run(t, "train", "shakespeare.nn", "--set", "vocab=33", "--data", "rhyme.txt", "--valid", "0", "--steps", "150", "--lr", "0.003", "--save", trained)
	found := regexp.MustCompile(`(?m)^trained on 43 rows, 150 steps: loss (\d\.\d+)$`).FindStringSubmatch(said)
	require.NotNil(t, found, said)
	assert.Regexp(t, `^0\.[0-4]`, found[1], "from 3.5")
	written := nnctest.Run(t, "generate", "shakespeare.nn", "--set", "vocab=33", "--weights", trained, "--prompt", "Here is the ", "--length", "160", "--temperature", "0")
	assert.Contains(t, string(readme), "--temperature 0\n"+strings.TrimSpace(written)+"\n```")
}

// The two thousand steps take minutes: NNC_LONG=1 tries them.
func TestReadme(t *testing.T) {
	if os.Getenv("NNC_LONG") == "" {
		t.Skip("training takes minutes: set NNC_LONG=1")
	}
	if _, err := os.Stat(tiny); err != nil {
		t.Skipf("the text is not here: %v", err)
	}
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	trained := filepath.Join(t.TempDir(), "shakespeare.safetensors")
	result, _, found := strings.Cut(nnctest.Run(t, "train", "shakespeare.nn", "--data", tiny, "--save", trained), "saved ")
	require.True(t, found)
	_, end, found := strings.Cut(result, "epoch 1/3")
	require.True(t, found)
	assert.Contains(t, string(readme), end)
	written := nnctest.Run(t, "generate", "shakespeare.nn", "--weights", trained, "--prompt", "ROMEO:", "--length", "400")
	assert.Contains(t, string(readme), "--length 400\n"+strings.TrimSpace(written)+"\n```")
}
