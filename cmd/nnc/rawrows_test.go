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

	"github.com/nnc-lang/nnc/internal/shared"
)

// TestRawRows trains, exports and predicts, and lets ONNX Runtime predict of the same raw rows: the ten specs, and tables with
// every kind of column and target. It needs a Python that has onnx, onnxruntime and numpy, which NNC_PYTHON names.
func TestRawRows(t *testing.T) {
	python := os.Getenv("NNC_PYTHON")
	if python == "" {
		t.Skip("NNC_PYTHON names no Python with ONNX Runtime")
	}
	command, err := exec.LookPath("nnc")
	require.NoError(t, err)
	housing := shared.File(t, "data/california-housing.csv")
	house := shared.File(t, "design/specs/house.nn")
	for _, run := range [][]string{{"tables.py", command}, {"specs.py", command, filepath.Dir(house), filepath.Dir(housing)}} {
		script, err := filepath.Abs(filepath.Join("testdata", "onnx", run[0]))
		require.NoError(t, err)
		cmd := exec.Command(python, append([]string{script}, run[1:]...)...)
		var out, stderr bytes.Buffer
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = t.TempDir(), append(os.Environ(), cacheDirs(t)...), &out, &stderr
		assert.NoError(t, cmd.Run(), "%s", &stderr)
		t.Logf("| | rows | largest relative difference | labels equal |\n|---|---|---|---|\n%s", strings.TrimSpace(out.String()))
	}
}
