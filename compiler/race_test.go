package compiler_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheRaceDetectorSeesMisuse: what goroutines may not do at once with a model, its kernels do in assembly, which the
// detector does not look at; so the generated code touches a field of its own.
func TestTheRaceDetectorSeesMisuse(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program with the race detector")
	}
	if cgo, err := exec.Command("go", "env", "CGO_ENABLED").Output(); err != nil || strings.TrimSpace(string(cgo)) != "1" {
		t.Skip("the race detector needs cgo")
	}
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("the race detector needs a C compiler")
	}
	t.Parallel()
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	folder := t.TempDir()
	source, err := os.ReadFile("testdata/race/main.go")
	require.NoError(t, err)
	for name, text := range map[string]string{
		"go.mod":    fmt.Sprintf("module race\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => %q\n", root),
		"main.go":   string(source),
		"net_nn.go": strings.Replace(compiled(t, "model Net\ninput x[6]\nlinear 64; tanh; linear 1\nloss mse; sgd 0.01"), "package model", "package main", 1),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666))
	}
	build := exec.Command("go", "build", "-race", "-mod=mod", "-o", "race.out", ".")
	build.Dir = folder
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for use, wrong := range map[string]bool{
		"apart": false, "one predictor": true, "one model": true, "beside training": true, "two trainings": true,
	} {
		out, err := exec.Command(filepath.Join(folder, "race.out"), use).CombinedOutput()
		if wrong {
			assert.Error(t, err, use)
			assert.Contains(t, string(out), "WARNING: DATA RACE", use)
		} else {
			assert.NoError(t, err, "%s: %s", use, out)
		}
	}
}
