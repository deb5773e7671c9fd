//go:build !amd64 || purego

package kernel

// assembled is there only with assembly.
func (w *windows) assembled(first, lines, window, count, top, rows int) bool { return false }
