package train

import (
	"context"
	"fmt"
	"io"
)

// Run does the job with m and returns the process's exit code: 0 fine, 1 a problem in the data or the numbers,
// 2 usage, I/O or internal, 128 and more a signal (see Interrupted). Results go to stdout, everything else to
// stderr. When ctx ends, training finishes its step, saves and returns.
func Run(ctx context.Context, m Model, job Job, stdout, stderr io.Writer) int {
	fmt.Fprintf(stderr, "unknown command %q\n", job.Command)
	return 2
}

// Main runs the job whose JSON is the process's only argument and exits. It is all that a generated main does.
func Main(m Model) {
}
