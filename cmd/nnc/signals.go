package main

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// catch takes the signals that ask a process to end, so that the program can be told, until stop. Where the command
// was started so that a closed terminal does not end it, as nohup does, that stays so.
func catch() (signals chan os.Signal, stop func()) {
	signals = make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(hangUp) {
		signal.Notify(signals, hangUp)
	}
	return signals, func() { signal.Stop(signals) }
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

// Signals that package syscall does not name on every platform that the command builds for.
const (
	hangUp     = syscall.Signal(1)  // SIGHUP: the terminal was closed
	brokenPipe = syscall.Signal(13) // SIGPIPE
)
