// Package nnctest runs the nnc command for the tests of the examples, as a user would.
//
// What comes in are the command's arguments; what goes out is what it printed. The command is built from this
// module when the first test needs it, and keeps the programs of its models apart from the user's own.
package nnctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// dir holds the command and its cache while the tests run; empty if no test needed them.
var dir string

// Main runs a package's tests and removes what they built. TestMain gives its result to os.Exit.
func Main(m *testing.M) int {
	defer func() {
		if dir != "" {
			os.RemoveAll(dir)
		}
	}()
	return m.Run()
}

// Run runs nnc in the test's folder and returns its standard output. The test fails if the command does.
func Run(t testing.TB, args ...string) string {
	t.Helper()
	env, err := build()
	require.NoError(t, err)
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program(), args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &stdout, &stderr
	require.NoError(t, cmd.Run(), "nnc %s\n%s", strings.Join(args, " "), &stderr)
	return stdout.String()
}

// Metric trains with nnc train --json and these arguments and returns a metric of the held-out rows at the end.
func Metric(t testing.TB, name string, args ...string) float64 {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(Run(t, append([]string{"train", "--json", "--metric", name}, args...)...)), "\n")
	var result struct {
		Event   string
		Metrics map[string]float64
	}
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &result))
	require.Equal(t, "result", result.Event)
	require.Contains(t, result.Metrics, name)
	return result.Metrics[name]
}

func program() string { return filepath.Join(dir, "nnc.exe") } // no system minds the ending, and one wants it

// build makes the command and returns the environment for it.
var build = sync.OnceValues(func() (env []string, err error) {
	// Go's own cache stays the user's, or each model would have to build the standard library first.
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	if dir, err = os.MkdirTemp("", "nnctest-"); err != nil {
		return nil, err
	}
	log, err := exec.Command("go", "build", "-o", program(), "github.com/nnc-lang/nnc/cmd/nnc").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, log)
	}
	return append(os.Environ(), "XDG_CACHE_HOME="+dir, "GOCACHE="+strings.TrimSpace(string(cache))), nil
})
