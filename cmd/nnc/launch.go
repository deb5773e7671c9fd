package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/nnc-lang/nnc/compiler"
)

// launch has the model's program do the job, in this folder and on this terminal, and takes over its exit code.
func (s *session) launch(sp spec, out *compiler.Output, j job) error {
	if terminal(s.stderr) {
		j.Progress, j.Width, j.Color = "line", columns(), s.color
	}
	text, err := j.text()
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	c, err := openCache()
	if err != nil {
		return err
	}
	defer c.close()
	path, err := s.program(c, sp, out, signals)
	if err != nil {
		return err
	}
	cmd := exec.Command(path, text)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.stdin, s.stdout, s.stderr
	_, err = relay(cmd, signals)
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return err
	}
	if status, ok := ended.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		if status.Signal() == brokenPipe { // whoever read the output has seen enough
			return exit{signalCode(status.Signal()), nil}
		}
		return exit{signalCode(status.Signal()), fmt.Errorf("the program ended by a signal: %s", status.Signal())}
	}
	return exit{code: ended.ExitCode()}
}

// relay runs a command to its end and passes on the signals that arrive meanwhile. It returns the first of these.
func relay(cmd *exec.Cmd, signals <-chan os.Signal) (caught os.Signal, err error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case err := <-done:
			return caught, err
		case sig := <-signals:
			if caught == nil {
				caught = sig
			}
			// Where an interrupt cannot be sent, the terminal has sent it to the whole group already.
			if cmd.Process.Signal(sig) != nil && sig != os.Interrupt {
				cmd.Process.Kill() // it may just have ended
			}
		}
	}
}

// signalCode is the exit code of a process that a signal ended, as shells give it.
func signalCode(sig os.Signal) int {
	if n, ok := sig.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return exitUsage
}

// brokenPipe is SIGPIPE, which package syscall does not name on every platform that the command builds for.
const brokenPipe = syscall.Signal(13)
