//go:build !amd64 || purego

package kernel

import "github.com/nnc-lang/nnc/runtime/rng"

// fill fills z if there is assembly for it.
func (f *filling) fill(z []float32, stream rng.Stream, step, block uint64) bool { return false }
