//go:build unix

package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/weights"
)

const plane = "linear 2->1; loss mse; sgd 0.1; batch 8; epochs 30\n"

func put(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), mode))
}

// group makes the command the leader of a process group, which is killed if it outlives a minute or the test: a
// signal that is not passed on must not leave a training behind.
func group(t *testing.T, cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	kill := func() {
		if cmd.Process != nil {
			syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
	}
	timer := time.AfterFunc(time.Minute, kill)
	t.Cleanup(func() {
		timer.Stop()
		if t.Failed() {
			kill()
		}
	})
}

// A signal to the command alone ends the training after its step; the weights are saved, and the exit code is
// that of a process that the signal ended.
func TestSignalWhileTraining(t *testing.T) {
	env := append(os.Environ(), cacheDirs(t)...)
	dir := t.TempDir()
	put(t, filepath.Join(dir, "plane.nn"), plane, 0o644)
	put(t, filepath.Join(dir, "plane.csv"), "a,b,y\n1,2,3\n2,3,5\n4,4,8\n", 0o644)
	codes := map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143}
	if !signal.Ignored(syscall.SIGHUP) { // the tests themselves may run under nohup
		codes[syscall.SIGHUP] = 129
	}
	for sig, code := range codes {
		cmd := exec.Command("nnc", "train", "plane.nn", "--data", "plane.csv", "--target", "y", "--epochs", "100000000")
		cmd.Dir, cmd.Env = dir, env
		stderr, err := cmd.StderrPipe()
		require.NoError(t, err)
		group(t, cmd)
		require.NoError(t, cmd.Start())
		rest := ""
		lines := bufio.NewScanner(stderr)
		sent := false
		for lines.Scan() {
			if !sent && strings.HasPrefix(lines.Text(), "epoch 3/") {
				sent = true
				require.NoError(t, cmd.Process.Signal(sig))
			}
			rest = lines.Text()
		}
		cmd.Wait()
		assert.True(t, sent)
		assert.Equal(t, code, cmd.ProcessState.ExitCode())
		assert.Contains(t, rest, "interrupted after step")
		_, err = weights.Read(filepath.Join(dir, "plane.safetensors"))
		assert.NoError(t, err)
		require.NoError(t, os.Remove(filepath.Join(dir, "plane.safetensors")))
	}
}

// A training that was started so that a closed terminal does not end it goes on when the terminal is closed.
func TestHangUpIsIgnoredUnderNohup(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "plane.nn"), plane, 0o644)
	put(t, filepath.Join(dir, "plane.csv"), "a,b,y\n1,2,3\n2,3,5\n4,4,8\n", 0o644)
	cmd := exec.Command("sh", "-c", "trap '' HUP; exec nnc train plane.nn --data plane.csv --target y --epochs 100000000")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), cacheDirs(t)...)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	group(t, cmd)
	require.NoError(t, cmd.Start())
	lines, epochs := bufio.NewScanner(stderr), 0
	for lines.Scan() {
		if !strings.HasPrefix(lines.Text(), "epoch ") {
			continue
		}
		switch epochs++; epochs {
		case 3:
			require.NoError(t, syscall.Kill(-cmd.Process.Pid, syscall.SIGHUP))
		case 10_000:
			require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
		}
	}
	cmd.Wait()
	assert.GreaterOrEqual(t, epochs, 10_000)
	assert.Equal(t, 130, cmd.ProcessState.ExitCode())
}

// A signal while the program is being built ends the build, and nothing of it stays.
func TestSignalWhileBuilding(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "bin", "go"), `#!/bin/sh
case $1 in
env) echo go1.99; echo /tmp ;;
*) echo started > "$STARTED"; exec sleep 60 ;;
esac
`, 0o755)
	put(t, filepath.Join(dir, "plane.nn"), plane, 0o644)
	put(t, filepath.Join(dir, "plane.csv"), "a,b,y\n1,2,3\n", 0o644)
	cmd := exec.Command("nnc", "train", "plane.nn", "--data", "plane.csv", "--target", "y")
	started := filepath.Join(dir, "started")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "STARTED="+started,
		"HOME="+dir, "XDG_CACHE_HOME="+filepath.Join(dir, "cache"))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	group(t, cmd)
	require.NoError(t, cmd.Start())
	for i := 0; ; i++ {
		if _, err := os.Stat(started); err == nil {
			break
		}
		require.Less(t, i, 1000, "no build")
		time.Sleep(10 * time.Millisecond)
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	cmd.Wait()
	assert.Equal(t, 130, cmd.ProcessState.ExitCode(), stderr.String())
	left, err := filepath.Glob(filepath.Join(dir, "*ache*", "*", "*"))
	require.NoError(t, err)
	assert.Empty(t, left)
	assert.NoFileExists(t, filepath.Join(dir, "plane.safetensors"))
}

// Of runs at the same time each may build; all of them work, and one program is left.
func TestRunsAtTheSameTime(t *testing.T) {
	vars := cacheDirs(t)
	dir := t.TempDir()
	put(t, filepath.Join(dir, "plane.nn"), plane, 0o644)
	put(t, filepath.Join(dir, "plane.csv"), "a,b,y\n1,2,3\n2,3,5\n4,4,8\n", 0o644)
	var runs []*exec.Cmd
	for range 3 {
		cmd := exec.Command("nnc", "train", "plane.nn", "--data", "plane.csv", "--target", "y", "--save=")
		cmd.Dir, cmd.Env = dir, append(os.Environ(), vars...)
		require.NoError(t, cmd.Start())
		runs = append(runs, cmd)
	}
	for _, cmd := range runs {
		assert.NoError(t, cmd.Wait())
	}
	var cache string
	for _, v := range vars {
		if path, ok := strings.CutPrefix(v, "HOME="); ok {
			cache = path
		}
	}
	programs, err := filepath.Glob(filepath.Join(cache, "nnc", "*"))
	require.NoError(t, err)
	if len(programs) == 0 { // macOS
		programs, err = filepath.Glob(filepath.Join(cache, "Library", "Caches", "nnc", "*"))
		require.NoError(t, err)
	}
	assert.Len(t, programs, 1)
}

// A signal to a sweep ends the run at hand and with it the sweep: what came to its end is ranked, and the best is saved;
// where nothing did, the run that was interrupted is. No other weights stay.
func TestSignalWhileSweeping(t *testing.T) {
	env := append(os.Environ(), cacheDirs(t)...)
	codes := map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143}
	if !signal.Ignored(syscall.SIGHUP) {
		codes[syscall.SIGHUP] = 129
	}
	for sig, code := range codes {
		for epochs, want := range map[string]struct{ after, row, said string }{
			"2,100000000": {"run 1/2", `(?m)^ +1 +2 .* [12] of 2$`, "interrupted: 1 of 2 runs came to their end"},
			"100000000":   {"target y: standardised", `(?m)^ *interrupted +100000000 .* of \d+$`, "interrupted: 0 of 1 runs came to their end"},
		} {
			dir, temporary := t.TempDir(), t.TempDir()
			put(t, filepath.Join(dir, "plane.nn"), plane, 0o644)
			put(t, filepath.Join(dir, "plane.csv"), hill(), 0o644)
			cmd := exec.Command("nnc", "sweep", "plane.nn", "--data", "plane.csv", "--target", "y", "--epochs", epochs)
			cmd.Dir, cmd.Env = dir, append(env, "TMPDIR="+temporary)
			var stdout bytes.Buffer
			cmd.Stdout = &stdout
			stderr, err := cmd.StderrPipe()
			require.NoError(t, err)
			group(t, cmd)
			require.NoError(t, cmd.Start())
			var all strings.Builder
			lines, sent := bufio.NewScanner(stderr), false
			for lines.Scan() {
				all.WriteString(lines.Text() + "\n")
				if !sent && strings.HasPrefix(lines.Text(), want.after) {
					sent = true
					time.Sleep(300 * time.Millisecond) // so that a run is under way
					require.NoError(t, cmd.Process.Signal(sig))
				}
			}
			cmd.Wait()
			assert.Equal(t, code, cmd.ProcessState.ExitCode(), all.String())
			assert.Contains(t, all.String(), want.said)
			assert.Regexp(t, want.row, stdout.String())
			assert.Contains(t, stdout.String(), "saved plane.safetensors")
			_, err = weights.Read(filepath.Join(dir, "plane.safetensors"))
			assert.NoError(t, err)
			assert.Empty(t, texts(t, temporary))
		}
	}
}
