package dataset

import "fmt"

// UsageError is a mistake in what was asked for rather than in the data.
type UsageError struct{ err error }

func (e UsageError) Error() string { return e.err.Error() }

func (e UsageError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return UsageError{fmt.Errorf(format, args...)}
}
