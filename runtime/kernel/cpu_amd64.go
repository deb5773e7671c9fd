//go:build !purego

package kernel

//go:generate go run -C _asm . -file cpu -out ../cpu_amd64.s -stubs ../cpu_stubs_amd64.go -pkg kernel

// avx2 says that there are registers of 256 bits and fused multiply-adds, and that the operating system saves them.
var avx2 = hasAVX2()

func hasAVX2() bool {
	const fma, osxsave, avx, avx2, ymm = 1 << 12, 1 << 27, 1 << 28, 1 << 5, 6
	if most, _, _, _ := cpuid(0, 0); most < 7 {
		return false
	}
	_, _, features, _ := cpuid(1, 0)
	if features&(fma|osxsave|avx) != fma|osxsave|avx {
		return false
	}
	if saved, _ := xgetbv(); saved&ymm != ymm {
		return false
	}
	_, extended, _, _ := cpuid(7, 0)
	return extended&avx2 != 0
}
