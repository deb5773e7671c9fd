//go:build !amd64 || purego

package kernel

// Each of these does the step if there is assembly for it.

func (c *coefficients) sgd(w, g []float32) bool { return false }

func (c *coefficients) withMomentum(w, v, g []float32, nesterov bool) bool { return false }

func (c *coefficients) adam(w, m, v, g []float32) bool { return false }
