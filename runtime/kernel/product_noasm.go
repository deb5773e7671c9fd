//go:build !amd64 || purego

package kernel

// assembly computes the strip if there is assembly for it.
func (s *strip) assembly(c, a, b []float32) bool { return false }
