package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// completionFor writes the completions for a shell to a file.
func completionFor(t *testing.T, shell string) string {
	t.Helper()
	var out, errs bytes.Buffer
	require.Zero(t, run([]string{"completion", shell}, strings.NewReader(""), &out, &errs), errs.String())
	path := filepath.Join(t.TempDir(), "nnc."+shell)
	require.NoError(t, os.WriteFile(path, out.Bytes(), 0o644))
	return path
}

// Bash is asked as it asks itself when the tabulator is pressed.
func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	path := completionFor(t, "bash")
	dir := t.TempDir()
	for _, name := range []string{"house.nn", "house.csv", "other.nn"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "models"), 0o755))
	for line, want := range map[string]string{
		"nnc che":                        "check",
		"nnc words oneh":                 "onehot",
		"nnc explain NN01":               "NN010 NN011 NN012 NN013 NN014 NN015 NN016 NN017 NN018 NN019",
		"nnc check --error-format j":     "json",
		"nnc --error-format json che":    "check",
		"nnc --error-format j":           "json",
		"nnc --max":                      "--max-memory",
		"nnc check --error-format = j":   "json",
		"nnc check --error-format =":     "text json github",
		"nnc stats --j":                  "--json",
		"nnc dump --after p":             "parse plan",
		"nnc eval --metric p":            "perplexity precision",
		"nnc fmt h":                      "house.nn",
		"nnc init hous":                  "house.nn house.csv",
		"nnc weights hous":               "house.nn house.csv",
		"nnc weights --ex":               "--export",
		"nnc fmt m":                      "models",
		"nnc train house.nn --data hous": "house.nn house.csv",
		"nnc completion z":               "zsh",
		"nnc help tr":                    "train",
		"nnc --vers":                     "--version",
		"nnc version h":                  "",
	} {
		words := strings.Fields(line)
		ask := "source " + path + "; COMP_WORDS=(" + line + "); COMP_CWORD=" + string(rune('0'+len(words)-1)) + `; _nnc; echo "${COMPREPLY[@]}"`
		cmd := exec.Command(bash, "--norc", "-c", ask)
		cmd.Dir = dir
		text, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", text)
		assert.ElementsMatch(t, strings.Fields(want), strings.Fields(string(text)), line)
	}
}

// The other shells, where they are installed, find nothing wrong with their scripts.
func TestShellsReadTheirScripts(t *testing.T) {
	for _, shell := range []string{"zsh", "fish"} {
		path := completionFor(t, shell)
		if program, err := exec.LookPath(shell); err == nil {
			text, err := exec.Command(program, "-n", path).CombinedOutput()
			assert.NoError(t, err, "%s", text)
		}
	}
}

func TestHelpsOfAllFlagsAreOneShellWord(t *testing.T) {
	assert.Equal(t, `'it'\''s'`, quoted("it's"))
	text, err := os.ReadFile(completionFor(t, "fish"))
	require.NoError(t, err)
	for _, line := range strings.Split(string(text), "\n") {
		assert.Zero(t, strings.Count(strings.ReplaceAll(line, `\'`, ""), "'")%2, line)
	}
}
