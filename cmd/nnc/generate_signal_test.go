//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A text without an end comes as it is made; it ends with an interrupt, or when nobody reads any more.
func TestATextEndsByItsReader(t *testing.T) {
	env := append(os.Environ(), cacheDirs(t)...)
	dir := t.TempDir()
	put(t, filepath.Join(dir, "abc.nn"), "input t[4] of 3\nembedding 4\nlinear 3\nloss cross_entropy\nsgd 0.1\n", 0o644)
	put(t, filepath.Join(dir, "abc.txt"), strings.Repeat("abc", 100), 0o644)
	train := exec.Command("nnc", "train", "abc.nn", "--data", "abc.txt", "--quiet")
	train.Dir, train.Env = dir, env
	out, err := train.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, interrupts := range []bool{true, false} {
		cmd := exec.Command("nnc", "generate", "abc.nn", "--weights", "abc.safetensors", "--prompt", "a", "--length", "0")
		cmd.Dir, cmd.Env = dir, env
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		group(t, cmd)
		require.NoError(t, cmd.Start())
		text := make([]byte, 1000)
		_, err = io.ReadFull(stdout, text)
		require.NoError(t, err)
		assert.Equal(t, "a", string(text[:1]))
		assert.Empty(t, strings.Trim(string(text), "abc"))
		code := 128 + int(syscall.SIGPIPE)
		if interrupts {
			code = 130
			require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
			_, err = io.Copy(io.Discard, stdout)
			require.NoError(t, err)
		} else {
			require.NoError(t, stdout.Close())
		}
		cmd.Wait()
		assert.Equal(t, code, cmd.ProcessState.ExitCode())
	}
}
