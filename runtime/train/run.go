package train

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// Run does the job with m and returns the process's exit code: 0 fine, 1 a problem in the data or the numbers,
// 2 usage, I/O or internal, 128 and more a signal (see Interrupted). Results go to stdout, everything else to
// stderr. When ctx ends, training finishes its step, saves and returns.
func Run(ctx context.Context, m Model, job Job, stdout, stderr io.Writer) int {
	r := &run{m: m, job: job, stdout: unheard{ctx, stdout}, stderr: stderr}
	if job.Quiet {
		r.stderr = io.Discard
	}
	err := r.do(ctx)
	if err == nil {
		return 0
	}
	var stop stopped
	if errors.As(err, &stop) {
		return stop.code
	}
	fmt.Fprintf(stderr, "nnc %s: %v\n", job.Command, err)
	return exitCode(err)
}

// Main runs the job of the process's only argument, see OpenJob, with the model that newModel makes for it, and exits.
// It is all that a generated main does.
func Main(newModel func(options ...nnrt.Option) Model) {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: the only argument is a job in JSON, or @ and the name of the file that holds one")
		os.Exit(2)
	}
	job, err := OpenJob(os.Args[1])
	workers := runtime.GOMAXPROCS(0)
	if err == nil && job.Workers != nil {
		if workers = *job.Workers; workers < 1 {
			err = fmt.Errorf("job: %d workers, but one at least computes", workers)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	ctx, stop := watchSignals(context.Background())
	code := Run(ctx, newModel(nnrt.Workers(workers)), job, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is one job under way.
type run struct {
	m              Model
	job            Job
	stdout, stderr io.Writer

	classWeights []float32 // of the weight file that was opened: of rows by their class; nil: all count alike
}

func (r *run) do(ctx context.Context) error {
	if err := r.m.verify(); err != nil {
		return usage{err}
	}
	r.m.named(r.job.Limits)
	switch r.job.Command {
	case "train":
		return r.train(ctx)
	case "predict":
		return r.predict(ctx)
	case "eval":
		return r.eval(ctx)
	case "generate":
		return r.generate(ctx)
	}
	return usage{fmt.Errorf("unknown command %q", r.job.Command)}
}

// note writes a remark for the user.
func (r *run) note(format string, args ...any) {
	fmt.Fprintf(r.stderr, format+"\n", args...)
}

// usage marks an error of the command line or of the program, not of the data.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

func exitCode(err error) int {
	var u usage
	var flags dataset.UsageError
	var path *fs.PathError
	var link *os.LinkError
	if errors.As(err, &u) || errors.As(err, &flags) || errors.As(err, &path) || errors.As(err, &link) {
		return 2
	}
	return 1
}
