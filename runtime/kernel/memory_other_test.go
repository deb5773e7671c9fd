//go:build !linux

package kernel

// guarded says that memory of mapped lies between pages that fault.
const guarded = false

// mapped returns memory for so many floats.
func mapped(floats int) []float32 { return make([]float32, max(1024, floats)) }
