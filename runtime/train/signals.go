package train

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Interrupted is the cause of a context that a signal ended. The exit code is 128 and the signal's number: 130
// for an interrupt, 143 for a request to terminate, 129 for a terminal that was closed.
type Interrupted struct{ Signal syscall.Signal }

func (i Interrupted) Error() string { return "interrupted by " + i.Signal.String() }

// sameSignal is how close two signals must be to count as one: a terminal sends an interrupt to the whole group,
// and the command that started this process passes on its own.
const sameSignal = 300 * time.Millisecond

// hangUp is SIGHUP, which package syscall does not name on every platform that models run on.
const hangUp = syscall.Signal(1)

// watchSignals returns a context that the first SIGINT, SIGTERM or SIGHUP ends. A second one exits at once. Where
// the process was started so that a closed terminal does not end it, as nohup does, that stays so.
func watchSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	if !signal.Ignored(hangUp) {
		signal.Notify(signals, hangUp)
	}
	go func() {
		var first time.Time
		for s := range signals {
			cause := Interrupted{s.(syscall.Signal)}
			if first.IsZero() {
				first = time.Now()
				cancel(cause)
				continue
			}
			if time.Since(first) > sameSignal {
				os.Exit(cause.code())
			}
		}
	}()
	return ctx, func() { signal.Stop(signals) }
}

// unheard is standard output once the terminal may have been closed: what can no longer be shown there is no failure
// of the run, which ends because of that.
type unheard struct {
	ctx context.Context
	w   io.Writer
}

func (u unheard) Write(p []byte) (int, error) {
	n, err := u.w.Write(p)
	var i Interrupted
	if err != nil && errors.As(context.Cause(u.ctx), &i) && i.Signal == hangUp {
		return len(p), nil
	}
	return n, err
}

func (i Interrupted) code() int { return 128 + int(i.Signal) }

// stopped is the error of a run that its context ended; all that is to be said has been said.
type stopped struct{ code int }

func (s stopped) Error() string { return fmt.Sprintf("stopped with exit code %d", s.code) }

// stoppedBy is the error for a context that has ended.
func stoppedBy(ctx context.Context) stopped {
	var i Interrupted
	if errors.As(context.Cause(ctx), &i) {
		return stopped{i.code()}
	}
	return stopped{Interrupted{syscall.SIGINT}.code()}
}
