//go:build !amd64 || purego

package kernel

// acrossEights is there only with assembly.
func acrossEights(c, a, b []float32, rows, columns, terms, columnB, rowC int, fresh bool) {}
