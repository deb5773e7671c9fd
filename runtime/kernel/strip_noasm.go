//go:build (!amd64 && !arm64) || purego

package kernel

// segmented reports whether the terms of a strip may lie in segments.
func segmented() bool { return false }

// assembly computes the strip if there is assembly for it.
func (s *strip) assembly(c, a, b, bias []float32) bool { return false }

// sumRows adds up the columns of one block of rows if there is assembly for it.
func sumRows(dst, x []float32, columns, rows, stride int, first bool) bool { return false }

// transposeEights transposes that many eights of terms of 8 columns if there is assembly for it.
func transposeEights(dst, src []float32, eights, apart, stride int) bool { return false }

// copyWhole copies whole panels of rows if there is assembly for it.
func copyWhole(dst, src []float32, panels, rows, stride int) bool { return false }
