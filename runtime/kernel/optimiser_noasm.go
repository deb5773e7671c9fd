//go:build !amd64 || purego

package kernel

// Each of these does the step if there is assembly for it.

func (c *coefficients) sgd(w, g []float32) bool { return false }

func (c *coefficients) withMomentum(w, v, g []float32, nesterov bool) bool { return false }

func (c *coefficients) adam(w, m, v, g []float32) bool { return false }

func (c *coefficients) amsgrad(w, m, v, most, g []float32) bool { return false }

func (c *coefficients) nadam(w, m, v, g []float32) bool { return false }

func (c *coefficients) adamax(w, m, u, g []float32) bool { return false }

func (c *coefficients) rmsprop(w, v, mean, buffer, g []float32) bool { return false }

func (c *coefficients) adagrad(w, sum, g []float32) bool { return false }

func (c *coefficients) adadelta(w, v, delta, g []float32) bool { return false }

func (c *coefficients) lion(w, m, g []float32) bool { return false }
