//go:build !amd64 || purego

package kernel

// assembly computes the strip if there is assembly for it.
func (s *strip) assembly(c, a, b []float32) bool { return false }

// oneRow computes one row y = x·Wᵀ for the panels for which there is assembly, and returns how many.
func oneRow(y, x, w []float32, in, out int) (panels int) { return 0 }

// transpose copies the terms of 16 columns for which there is assembly, and returns how many.
func transpose(dst, src []float32, terms, stride int) int { return 0 }
