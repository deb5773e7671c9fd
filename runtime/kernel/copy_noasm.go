//go:build !amd64 || purego

package kernel

// copyRowsAssembled copies rows if there is assembly for it: see copyRows.
func copyRowsAssembled(dst, src []float32, rows, columns, apart, stride int) bool { return false }
