package main

import (
	"errors"
	"fmt"
	"io/fs"
)

// The exit codes other than 0.
const (
	exitProblem = 1 // in the model or the data, or a difference under --check
	exitUsage   = 2 // usage, I/O or internal
)

// exit is an error that decides the exit code; any other error means exitUsage. Its err is nil where all that is
// to be said has been said.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// problem is an error of the model or the data.
func problem(format string, args ...any) error {
	return exit{exitProblem, fmt.Errorf(format, args...)}
}

// reported is the error of a model whose mistakes have been shown.
var reported = exit{code: exitProblem}

// plain words a failed file operation as "house.nn: no such file or directory", without the system call's name.
func plain(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) && path == err {
		return fmt.Errorf("%s: %w", path.Path, path.Err)
	}
	return err
}

// cause is what is wrong with a path, without the path.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
