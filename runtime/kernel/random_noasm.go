//go:build !amd64 || purego

package kernel

import "github.com/nnc-lang/nnc/runtime/rng"

// assembly fills the array if there is assembly for it.
func (f *filling) assembly(stream rng.Stream, step, block uint64) bool { return false }
