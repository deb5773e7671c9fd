package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/internal/shared"
)

// TestAnswersArePyTorchs answers 177 questions about articles that a model has not seen, with weights that were fine-tuned
// by PyTorch: all answers are those that PyTorch's float32 finds, and so are EM, F1 and the loss.
func TestAnswersArePyTorchs(t *testing.T) {
	if testing.Short() {
		t.Skip("a BERT of six layers reads 378 windows")
	}
	spec, err := filepath.Abs("../../examples/answer/bert-qa.nn")
	require.NoError(t, err)
	vocabulary, tuned := shared.File(t, "data/minilm/vocab.txt"), shared.File(t, "qa/trained/minilm-l6-xquad.fp16.safetensors")
	var questions map[string]any
	readJSON(t, shared.File(t, "data/xquad.en.json"), &questions)
	var expected struct {
		EM, F1  float64
		Answers map[string]string
	}
	readJSON(t, shared.File(t, "qa/trained/predictions.json"), &expected)
	require.Len(t, expected.Answers, 177)

	dir := t.TempDir()
	questions["data"] = questions["data"].([]any)[40:]
	held, err := json.Marshal(questions)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "held.json"), held, 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tuned.map"), tunedMap(t), 0o666))

	command, err := exec.LookPath("nnc")
	require.NoError(t, err)
	environment := append(os.Environ(), cacheDirs(t)...)
	run := func(name string) []byte {
		var stderr bytes.Buffer
		cmd := exec.Command(command, name, spec, "--weights", tuned, "--map", "tuned.map", "--tokenizer", "wordpiece:"+vocabulary, "--data", "held.json", "--json")
		cmd.Dir, cmd.Env, cmd.Stderr = dir, environment, &stderr
		stdout, err := cmd.Output()
		require.NoError(t, err, "%s", &stderr)
		return stdout
	}

	answers := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(run("predict")))
	for lines.Scan() {
		var line struct{ ID, Answer string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
		answers[line.ID] = line.Answer
	}
	assert.Equal(t, expected.Answers, answers)

	var record struct {
		Rows, Questions int
		Loss            float64
		Metrics         struct{ EM, F1 float64 }
	}
	require.NoError(t, json.Unmarshal(run("eval"), &record))
	assert.Equal(t, 189, record.Rows)
	assert.Equal(t, 177, record.Questions)
	assert.InDelta(t, expected.EM, record.Metrics.EM, 1e-9)
	assert.InDelta(t, expected.F1, record.Metrics.F1, 1e-9)
	assert.InDelta(t, 2.510691319, record.Loss, 1e-5, "as PyTorch computes it from its scores in float64")
}

// tunedMap is the example's map for weights that have been fine-tuned: their head is taken over.
func tunedMap(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../../examples/answer/bert.map")
	require.NoError(t, err)
	var lines []string
	for _, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, "pooler.") && !strings.HasPrefix(line, "- ") {
			lines = append(lines, line)
		}
	}
	return []byte(strings.Join(lines, "\n") + "qa_outputs.* = linear1.*\n")
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, v))
}
