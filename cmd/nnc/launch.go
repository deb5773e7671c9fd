package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/nnc-lang/nnc/compiler"
)

// launch has the model's program do the job, in this folder and on this terminal, and takes over its exit code.
func (s *session) launch(sp spec, out *compiler.Output, j job) error {
	if terminal(s.stderr) {
		j.Progress, j.Width, j.Color = "line", columns(), s.color
	}
	j.about(out)
	signals, stop := catch()
	defer stop()
	c, err := openCache()
	if err != nil {
		return err
	}
	defer c.close()
	path, err := s.program(c, sp, out, signals)
	if err != nil {
		return err
	}
	_, err = s.execute(c, path, j, signals)
	return err
}

// execute has a program do a job, to its end, and returns the first signal that arrived meanwhile.
func (s *session) execute(c cache, path string, j job, signals <-chan os.Signal) (caught os.Signal, err error) {
	text, err := j.text()
	if err != nil {
		return nil, err
	}
	arg, remove, err := argument(text, c.dir)
	if err != nil {
		return nil, err
	}
	defer remove()
	caught, err = s.start(path, arg, signals)
	if errors.Is(err, fs.ErrPermission) && !c.temporary {
		caught, err = s.startElsewhere(path, arg, signals)
	}
	if errors.Is(err, fs.ErrPermission) {
		return caught, fmt.Errorf("programs may not be run in %s, nor in %s (are they mounted noexec?): name a folder where they may with XDG_CACHE_HOME or TMPDIR", filepath.Dir(filepath.Dir(path)), os.TempDir())
	}
	return caught, ended(err, path)
}

// start runs the program to its end.
func (s *session) start(path, arg string, signals <-chan os.Signal) (caught os.Signal, err error) {
	cmd := exec.Command(path, arg)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.stdin, s.stdout, s.stderr
	return relay(cmd, signals)
}

// startElsewhere runs a copy of the program in a temporary folder: where homes forbid to run programs, that one may
// allow it.
func (s *session) startElsewhere(path, arg string, signals <-chan os.Signal) (caught os.Signal, err error) {
	dir, err := os.MkdirTemp("", "nnc-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	there := filepath.Join(dir, programName())
	if err := os.WriteFile(there, text, 0o700); err != nil {
		return nil, err
	}
	return s.start(there, arg, signals)
}

// ended is the error of a program that ended so.
func ended(err error, path string) error {
	var end *exec.ExitError
	if !errors.As(err, &end) {
		return err
	}
	status, ok := end.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return exit{code: end.ExitCode()}
	}
	sig := status.Signal()
	code := signalCode(sig)
	switch sig {
	case brokenPipe: // whoever read the output has seen enough
		return exit{code: code}
	case syscall.SIGKILL:
		return exit{code, errors.New("the program was killed from outside, as systems do when memory runs out")}
	case hangUp, syscall.SIGINT, syscall.SIGTERM:
		return exit{code, fmt.Errorf("the program ended by a signal: %s", sig)}
	}
	return exit{code, fmt.Errorf("the program ended by a signal: %s; remove %s to have it built anew, and if that changes nothing, please report it with the spec", sig, path)}
}
