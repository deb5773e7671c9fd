package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inFolder makes a temporary folder the current one, with Go's cache of the user and a new one of programs.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	for _, v := range cacheDirs(t) {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
	t.Chdir(t.TempDir())
	for name, text := range files {
		put(t, name, text, 0o644)
	}
}

// records runs the command, which must end well, and returns the records that it writes.
func records(t *testing.T, args ...string) []map[string]any {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.Equal(t, 0, run(args, nil, &stdout, &stderr), "%q\n%s", args, stderr.String())
	var all []map[string]any
	for d := json.NewDecoder(&stdout); d.More(); {
		var record map[string]any
		require.NoError(t, d.Decode(&record))
		all = append(all, record)
	}
	return all
}

// hill is a table of a quantity that a small network can learn.
func hill() string {
	var b strings.Builder
	b.WriteString("a,b,y\n")
	for i := range 80 {
		x, z := i%9, i*7%11
		fmt.Fprintf(&b, "%d,%d,%d\n", x, z, 100+5*x*z-z*z)
	}
	return b.String()
}

// Each run of a sweep is the training that nnc train makes of its settings, and the best is the one with the smallest
// held-out loss among them, or the greatest r2; its weights and its figures on test rows are those of the training.
func TestRunsOfASweepAreTrainings(t *testing.T) {
	inFolder(t, map[string]string{
		"hill.nn":  "const width = 3\nlinear 2->width; relu; linear 1; loss mse; metric r2; adam 0.03; batch 8; epochs 4",
		"hill.csv": hill(),
	})
	data := []string{"--data", "hill.csv", "--target", "y", "--valid", "0.2", "--test", "0.25", "--json"}
	sweep := records(t, append([]string{"sweep", "hill.nn", "--lr", "0.03,0.003", "--batch", "4,16", "--set", "width=3,5", "--seed", "1..2", "--by", "r2", "--save", "best.safetensors"}, data...)...)
	require.Len(t, sweep, 17)
	best := sweep[16]
	for _, r := range sweep[:16] {
		require.Equal(t, "run", r["event"])
		assert.NotContains(t, r, "test_loss")
		assert.NotContains(t, r, "test_metrics")
		settings := r["settings"].(map[string]any)
		text := func(name string) string { return settings[name].(string) }
		alone := records(t, append([]string{"train", "hill.nn", "--lr", text("lr"), "--batch", text("batch"), "--set", "width=" + text("width"), "--seed", text("seed"), "--metric", "r2", "--save=alone.safetensors"}, data...)...)
		want := alone[len(alone)-1]
		for _, name := range []string{"valid_loss", "metrics", "epochs", "kept_epoch"} {
			assert.Equal(t, want[name], r[name], "%s of %v", name, settings)
		}
		score := func(r map[string]any) float64 { return r["metrics"].(map[string]any)["r2"].(float64) }
		assert.LessOrEqual(t, score(r), score(best))
		if r["run"] != best["run"] {
			continue
		}
		for _, name := range []string{"test_rows", "test_loss", "test_metrics"} {
			assert.Equal(t, want[name], best[name], name)
		}
		a, err := os.ReadFile("alone.safetensors")
		require.NoError(t, err)
		b, err := os.ReadFile("best.safetensors")
		require.NoError(t, err)
		assert.True(t, bytes.Equal(a, b), "the weights of the best run")
	}
	assert.Equal(t, "best", best["event"])
	assert.Equal(t, "r2", best["by"])

	// Its command gives the same file again.
	before, err := os.ReadFile("best.safetensors")
	require.NoError(t, err)
	require.NoError(t, os.Remove("best.safetensors"))
	var command []string
	for _, word := range best["command"].([]any)[1:] {
		command = append(command, word.(string))
	}
	var stdout, stderr bytes.Buffer
	require.Equal(t, 0, run(command, nil, &stdout, &stderr), "%q\n%s", command, stderr.String())
	after, err := os.ReadFile("best.safetensors")
	require.NoError(t, err)
	assert.True(t, bytes.Equal(before, after), "%q", command)
}

// What decides is the smaller loss or the higher score, the first of equals; what has no number has no rank.
func TestRanks(t *testing.T) {
	trials := func() []*trial {
		metrics := []metricInfo{{"accuracy", true}, {"mae", false}}
		var all []*trial
		for i, f := range []map[string]float64{
			{"loss": 0.5, "accuracy": 0.8, "mae": 3},
			{"loss": 0.4, "accuracy": 0.8, "mae": 4},
			{"mae": 1},
			{"loss": 0.4, "accuracy": 0.9},
			{"loss": 0.1, "accuracy": 1, "mae": 0},
			{},
		} {
			all = append(all, &trial{number: i + 1, state: done, result: result{figures: f, metrics: metrics}})
		}
		all[4].state = failed // its figures are of weights that it kept
		all[5].state = waiting
		return all
	}
	for by, want := range map[string][]int{
		"loss":     {2, 4, 1, 3, 5},
		"accuracy": {4, 1, 2, 3, 5},
		"mae":      {3, 1, 2, 4, 5},
	} {
		w := &sweeping{trials: trials(), by: by, save: new(string)}
		var got []int
		all, ranks := w.ranked()
		for _, t := range all {
			got = append(got, t.number)
		}
		assert.Equal(t, want, got, by)
		assert.Equal(t, 3, ranks, by)
		for _, trial := range w.trials {
			if trial.state == done {
				require.NoError(t, w.compare(trial))
			}
		}
		assert.Equal(t, want[0], w.best.number, by)
	}
}

// A run whose weights cannot be saved is not the best, and the sweep says so; of the one before, all stays.
func TestASweepThatCannotSave(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "weights.safetensors"), "weights", 0o600)
	save := filepath.Join(dir, "none", "best.safetensors")
	for _, s := range []trialState{done, interrupted} {
		last := &trial{number: 2, state: s, result: result{whole: true, figures: map[string]float64{"loss": 1}}}
		var out bytes.Buffer
		w := &sweeping{session: &session{stdout: &out, stderr: &out}, trials: []*trial{{number: 1, state: failed}, last}, by: byLoss, save: &save, dir: dir, caught: os.Interrupt}
		var err error
		if s == done {
			err = w.compare(last)
		} else {
			err = w.settle()
		}
		require.ErrorIs(t, err, fs.ErrNotExist)
		assert.ErrorContains(t, err, "the weights of run 2/2 cannot be saved: ")
		assert.Equal(t, exitUsage, code(err))
		assert.Nil(t, w.best)
	}
}
