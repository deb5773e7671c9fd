//go:build !purego

package main

// fmaLoop goes through the loop of fused multiply-adds so many times.
//
//go:noescape
func fmaLoop(turns int)

func cpuid(leaf, subleaf uint32) (a, b, c, d uint32)
func xgetbv() (a, d uint32)

const (
	fmaTurns = 8000       // 40 µs: what is in assembly cannot be interrupted
	fmaFLOP  = 24 * 8 * 2 // of a turn
)

// hasFMA says that there are registers of 256 bits and fused multiply-adds, and that the operating system saves them.
var hasFMA = func() bool {
	const fma, osxsave, avx, ymm = 1 << 12, 1 << 27, 1 << 28, 6
	_, _, features, _ := cpuid(1, 0)
	if features&(fma|osxsave|avx) != fma|osxsave|avx {
		return false
	}
	saved, _ := xgetbv()
	return saved&ymm == ymm
}()
